"""The atlas with a hostile province in the place of each real one: ``streamlit run`` this."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)

from data.loader import load_province  # noqa: E402
from tests.hostile.corpus import hostile_province  # noqa: E402
from ui import library  # noqa: E402

START = int(os.environ.get("CORPUS_START", "0"))
library.load_province = lambda name: hostile_province(load_province(name), START)

import app as atlas  # noqa: E402

app = atlas.app
