"""Put text from data into Markdown without letting it be Markdown."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$:])")


def escape(text: str) -> str:
    """Return ``text`` so that Streamlit's Markdown shows it letter by letter."""
    return _SPECIAL.sub(r"\\\1", text.replace("\n", " "))
