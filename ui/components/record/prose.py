"""Write a page's text, tables and sources as one piece of HTML, which a browser draws at once.

Streamlit reads every paragraph and every cell of a table as Markdown of its own. All that is
given here is plain text and is escaped.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from data.model import Source
from ui.components.record.source_notes import has_link, link, source_facts
from ui.state.session import Session


def show_prose(*parts: str, record: str = "") -> None:
    """Show what the functions of this module have written; ``record`` is whom it tells of."""
    told = f' data-atlas-record="{html.escape(record)}"' if record else ""
    st.html(f'<div class="atlas-prose"{told}>{"".join(parts)}</div>')


def figures(pairs: Iterable[tuple[str, str]], *, wide: bool = False) -> str:
    """Return names and values as cells side by side; ``wide`` is for a page, not for a panel."""
    told = "".join(
        f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd></div>"
        for name, value in pairs
    )
    kind = "atlas-figures atlas-figures-wide" if wide else "atlas-figures"
    return f'<dl class="{kind}">{told}</dl>'


def fact_list(pairs: Iterable[tuple[str, str]]) -> str:
    """Return names and what is known under each, one below the other."""
    lines = [f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>" for name, value in pairs]
    return f'<dl class="atlas-facts">{"".join(lines)}</dl>'


def heading(text: str, level: int = 2) -> str:
    """Return a heading; ``level`` is 1 for the page's title."""
    return f"<h{level}>{html.escape(text)}</h{level}>"


def record_head(name: str, other: str | None, way_back: str, place: int | str | None) -> str:
    """Return the head of a record beside the map: its name in both languages, and the way back.

    The map opens ``place`` when the button with the words ``way_back`` is clicked; ``None`` closes
    the record. A button of Streamlit here would hold up the panel by its styles.
    """
    target = "" if place is None else html.escape(str(place))
    button = f'<button type="button" data-atlas-back="{target}">{html.escape(way_back)}</button>'
    quiet = remark(other) if other else ""
    return f'<div class="atlas-record">{heading(name, level=3)}{button}</div>{quiet}'


def paragraph(*lines: str, lead: str | None = None) -> str:
    """Return a paragraph of ``lines``, after a bold line ``lead`` where there is one."""
    first = [] if lead is None else [f"<b>{html.escape(lead)}</b>"]
    return f"<p>{'<br>'.join((*first, *map(html.escape, lines)))}</p>"


def remark(text: str) -> str:
    """Return a quiet line that belongs to what stands above it."""
    return f'<p class="atlas-remark">{html.escape(text)}</p>'


def notice(text: str) -> str:
    """Return a line in a box, which a reader shall not miss."""
    return f'<p class="atlas-notice">{html.escape(text)}</p>'


def table(rows: Sequence[Mapping[str, str]]) -> str:
    """Return a table; the keys of the first row are its heads, and a row is named by its first."""
    heads = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in (rows or [{}])[0])
    body = "".join(_row(list(row.values())) for row in rows)
    return (
        '<div class="atlas-table"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(cells: Sequence[str]) -> str:
    first, *others = map(html.escape, cells)
    told = "".join(f"<td>{cell}</td>" for cell in others)
    return f'<tr><th scope="row">{first}</th>{told}</tr>'


def source_entry(session: Session, source: Source) -> str:
    """Return a source: its title, which leads to it, publisher, date and grade, and its note."""
    note = remark(source.note.say(session.language)) if source.note else ""
    return f"<p>{source_reference(session, source)}</p>{note}"


def source_reference(session: Session, source: Source) -> str:
    """Return the title of a source, which leads to it, and below it publisher, date and grade."""
    title = html.escape(source.title.say(session.language))
    if has_link(source):
        address = html.escape(link(source))
        title = f'<a href="{address}" target="_blank" rel="noopener noreferrer">{title}</a>'
    return f"{title}<br>{html.escape(source_facts(session, source))}"
