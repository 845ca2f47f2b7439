"""Serve the atlas with a hostile province in the place of each real one: ``python -m`` this."""

from __future__ import annotations

import os
import sys

from streamlit.web import cli

from data.loader import load_province
from tests.hostile.corpus import hostile_province
from ui.state import library

START = int(os.environ.get("CORPUS_START", "0"))

if __name__ == "__main__":
    library.load_province = lambda name: hostile_province(load_province(name), START)
    sys.argv = ["streamlit", "run", "app.py", *sys.argv[1:]]
    cli.main()
