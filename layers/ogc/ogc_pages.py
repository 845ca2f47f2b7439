"""Write the documents of OGC API - Features as pages: no script, nothing from outside."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from data.text import Language, say

_STYLE = (
    'body{font:16px/1.5 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;'
    "color:#20252d;max-width:75rem;margin:2rem auto;padding:0 1rem}a{color:#1f5f8b}"
    "table{border-collapse:collapse;font-size:14px;width:max-content}"
    "td{max-width:24rem}nav a{margin-right:1rem}"
    "th,td{border-bottom:1px solid #e4e1da;padding:.3rem .7rem .3rem 0;text-align:left;"
    "vertical-align:top}.scroll{overflow-x:auto}"
)


def page(
    title: str,
    body: Iterable[str],
    links: Iterable[dict[str, Any]],
    language: Language,
    same_elsewhere: str,
) -> str:
    """Return a page with its links; ``body`` is markup already, ``title`` is not.

    ``same_elsewhere`` is the address of the page in the other language.
    """
    other: Language = "en" if language == "zh" else "zh"
    named = "".join(
        f'<a href="{escape(one["href"])}" rel="{escape(one["rel"])}">{escape(label)}</a>'
        for one, label in _labelled(links, language)
    )
    named += (
        f'<a href="{escape(same_elsewhere)}" lang="{other}" hreflang="{other}">'
        f"{escape(say(f'language.{other}', language))}</a>"
    )
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1><nav>{named}</nav>{''.join(body)}</body></html>"
    )


def _labelled(
    links: Iterable[dict[str, Any]], language: Language
) -> list[tuple[dict[str, Any], str]]:
    """Return the links that a reader of the page wants, and what they are called.

    The page itself is none of them; where a link has a page and a file, it is the page.
    """
    found: dict[str, tuple[dict[str, Any], str]] = {}
    for one in links:
        relation, as_page = str(one["rel"]), one["type"] == "text/html"
        if relation == "alternate" or (relation in found and not as_page):
            continue
        found[relation] = (one, say(f"ogc.link_{relation.replace('-', '_')}", language))
    return list(found.values())


def paragraph(text: str) -> str:
    """Return a paragraph of plain text."""
    return f"<p>{escape(text)}</p>"


def address_list(addresses: Iterable[str]) -> str:
    """Return addresses as a list of links."""
    rows = "".join(f'<li><a href="{escape(one)}">{escape(one)}</a></li>' for one in addresses)
    return f"<ul>{rows}</ul>"


def request_table(document: dict[str, Any], language: Language) -> str:
    """Return the requests of an OpenAPI document as a table of paths and their parameters."""
    heads = ("path", "answer", "parameters")
    head = "".join(f"<th>{escape(say(f'ogc.api_{name}', language))}</th>" for name in heads)
    rows = "".join(
        f"<tr><td><code>{escape(path)}</code></td><td>{escape(what['get']['summary'])}</td>"
        f"<td>{escape(', '.join(one['name'] for one in what['get']['parameters']))}</td></tr>"
        for path, what in document["paths"].items()
    )
    return f'<div class="scroll"><table><tr>{head}</tr>{rows}</table></div>'


def collection_list(collections: Iterable[dict[str, Any]]) -> str:
    """Return the collections as a list of links."""
    rows = "".join(
        f'<li><a href="{escape(_page_of(one))}">{escape(one["title"])}</a>: '
        f"{escape(one['description'])}</li>"
        for one in collections
    )
    return f"<ul>{rows}</ul>"


def _page_of(collection: dict[str, Any]) -> str:
    return next(str(one["href"]) for one in collection["links"] if one["type"] == "text/html")


def features_table(features: list[dict[str, Any]], language: Language) -> str:
    """Return features as a table of their properties, without geometry."""
    if not features:
        return paragraph(say("ogc.none", language))
    names = [name for name in features[0]["properties"] if name != "id"]
    head = "".join(f"<th>{escape(name)}</th>" for name in ("id", *names))
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{escape('' if value is None else str(value))}</td>"
            for value in (one["id"], *(one["properties"][name] for name in names))
        )
        + "</tr>"
        for one in features
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="scroll">{table}</div>'
