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

_FILE = Path(__file__).parent / "builtin.toml"
_SCRIPT = """<script>
if (!window.atlasWords) {
  const NAMES = ["aria-label", "title", "placeholder", "alt"];
  const NEVER = "script, style, textarea, input, code, [contenteditable], [data-atlas-words]";
  let exact = new Map();
  let patterns = [];
  const escaped = (text) => text.replace(/[.*+?^${}()|[\\]\\\\]/g, "\\\\$&");
  function learn(node) {
    exact = new Map();
    patterns = [];
    for (const [to, ...from] of JSON.parse(node.dataset.atlasWords)) {
      for (const one of from) {
        if (one === to) continue;
        if (!one.includes("{n}")) exact.set(one, to);
        else {
          const [before, after] = one.split("{n}");
          const form = new RegExp("^" + escaped(before) + "(\\\\S.*)" + escaped(after) + "$");
          patterns.push([form, to]);
        }
      }
    }
    document.documentElement.lang = node.dataset.atlasLang;
  }
  function said(text) {
    const bare = text.trim();
    if (!bare || bare.length > 90) return null;
    if (exact.has(bare)) return exact.get(bare);
    for (const [form, to] of patterns) {
      const found = form.exec(bare);
      if (found) return to.replace("{n}", () => found[1]);
    }
    return null;
  }
  function translate(node) {
    if (node.nodeType === Node.TEXT_NODE) {
      const parent = node.parentElement;
      if (!parent || parent.closest(NEVER)) return;
      const words = said(node.nodeValue);
      if (words !== null && words !== node.nodeValue.trim()) node.nodeValue = words;
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      for (const name of NAMES) {
        const words = node.hasAttribute(name) ? said(node.getAttribute(name)) : null;
        if (words !== null && words !== node.getAttribute(name)) node.setAttribute(name, words);
      }
      // A picture is heard by its caption; one without a caption is an ornament.
      if (node.tagName === "IMG" && !node.hasAttribute("alt")) {
        const framed = node.closest("[data-testid='stImage']");
        node.alt = framed ? framed.textContent.trim() : "";
      }
      for (const child of node.childNodes) translate(child);
    }
  }
  function whole() {
    const nodes = document.querySelectorAll("[data-atlas-words]");
    if (!nodes.length) return;
    learn(nodes[nodes.length - 1]);
    translate(document.body);
  }
  window.atlasWords = new MutationObserver((changes) => {
    const marks = "[data-atlas-words]";
    const told = (node) => node.nodeType === Node.ELEMENT_NODE
      && (node.matches(marks) || node.querySelector(marks));
    if (changes.some((one) => told(one.target) && one.type === "attributes"
      || [...one.addedNodes].some(told))) whole();
    for (const one of changes) {
      if (one.type === "childList") one.addedNodes.forEach(translate);
      else if (one.type === "characterData") translate(one.target);
      else {
        const words = said(one.target.getAttribute(one.attributeName) || "");
        if (words !== null && words !== one.target.getAttribute(one.attributeName)) {
          one.target.setAttribute(one.attributeName, words);
        }
      }
    }
  });
  window.atlasWords.observe(document.body, { childList: true, subtree: true, characterData: true,
    attributes: true, attributeFilter: [...NAMES, "data-atlas-words"] });
  whole();
}
</script>"""


def speak(language: Language) -> None:
    """Let Streamlit's own controls speak ``language`` from now on."""
    words = html.escape(json.dumps(builtin_words(language), ensure_ascii=False))
    spoken = {"zh": "zh-Hans", "en": "en"}[language]
    with st.container(key="builtin-words"):
        st.html(f'<div hidden data-atlas-lang="{spoken}" data-atlas-words="{words}">&nbsp;</div>')
        st.html(_SCRIPT, unsafe_allow_javascript=True)


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
