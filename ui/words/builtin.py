"""Put the words of the catalogue where Streamlit's own controls speak English.

Lists, tables, charts and uploads have words of their own that no parameter changes. A script
of the page exchanges them, there and in names for screen readers, and tells the browser which
language the page is in (WCAG 3.1.1).
"""

from __future__ import annotations

import html
import json
import tomllib
from functools import cache
from pathlib import Path

import streamlit as st

from data.text import LANGUAGES, Language, say
from ui.page_scripts import WORDS

_FILE = Path(__file__).parent / "builtin.toml"


def speak(language: Language) -> None:
    """Let Streamlit's own controls speak ``language`` from now on."""
    words = html.escape(json.dumps(builtin_words(language), ensure_ascii=False))
    spoken = {"zh": "zh-Hans", "en": "en"}[language]
    with st.container(key="builtin-words"):
        st.html(f'<div hidden data-atlas-lang="{spoken}" data-atlas-words="{words}">&nbsp;</div>')
        st.html(WORDS, unsafe_allow_javascript=True)


@cache
def builtin_words(language: Language) -> list[list[str]]:
    """Return for each of Streamlit's phrases what is said in its place, and what it replaces."""
    own = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return [
        [
            say(f"builtin.{key}", language),
            phrase,
            *(say(f"builtin.{key}", other) for other in LANGUAGES if other != language),
        ]
        for key, phrase in own.items()
    ]
