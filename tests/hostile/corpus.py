"""Texts that become a script, a formula or a template where somebody forgot to escape them."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd

from data.loader import Province
from data.model import Source, Text

MARK = "atlasHacked"
"""What every script of the corpus sets on ``window``, or calls for."""

OUTSIDE = "http://outside.invalid"

SCRIPTS = (
    f"<script>window.{MARK}=1</script>",
    f"</script><script>window.{MARK}=1</script>",
    f"</title></style></textarea></noscript><img src=x onerror=window.{MARK}=1>",
    f'"><svg onload=window.{MARK}=1>',
    f"'\"--><svg/onload=window.{MARK}=1>",
    f"<iframe srcdoc='<script>parent.{MARK}=1</script>'></iframe>",
    f"<a href=javascript:window.{MARK}=1>x</a>",
    f"[x](javascript:window.{MARK}=1)",
    f"![x]({OUTSIDE}/pixel.png)",
    f"<img src={OUTSIDE}/pixel.png>",
    f"<link rel=stylesheet href={OUTSIDE}/a.css>",
    f"<style>@import '{OUTSIDE}/a.css';</style>",
    f"\\u003cscript\\u003ewindow.{MARK}=1\\u003c/script\\u003e",
    f"&lt;script&gt;window.{MARK}=1&lt;/script&gt;",
    f"`${{window.{MARK}=1}}`",
    f"';window.{MARK}=1;//",
    f"\\';window.{MARK}=1;//",
    f"]]><script>window.{MARK}=1</script><![CDATA[",
    f"<!--<script>window.{MARK}=1//-->",
    f"\u2028window.{MARK}=1\u2029",
)
TEMPLATES = (
    "{{ 7 * 7 }}{% raw %}{# x #}",
    "${7*7}#{7*7}<%= 7*7 %>",
    "{name_zh} {0} %s %(x)s",
    "$x^2$ \\frac{a}{b} \\undefined{",
    "$\\unclosed",
)
FORMULAS = (
    f'=HYPERLINK("{OUTSIDE}","x")',
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\uff1d1+1",
    "\ufeff=1+1",
    '=DDE("cmd";"/C calc";"x")',
    '";=1+1;"',
    "x,=1+1",
    "x\n=1+1",
)
MARKS = (
    "\u202egnp.exe",
    "a\u2066b\u200b",
    "../../etc/passwd",
    "\x1b[31mred\x1b[0m",
    "line\r\nSet-Cookie: a=b",
    "\x0b\x0c\x01",
    "x" * 300,
    "\U0001f3ed\u6c5f\u82cf",
)
CORPUS = (*SCRIPTS, *TEMPLATES, *FORMULAS, *MARKS)


def cycled(table: gpd.GeoDataFrame, columns: tuple[str, ...], start: int = 0) -> gpd.GeoDataFrame:
    """Return ``table`` with the corpus, over and over, in its columns of text."""
    found = table.copy()
    for shift, column in enumerate(columns):
        texts = [CORPUS[(start + shift + row) % len(CORPUS)] for row in range(len(found))]
        found[column] = pd.Series(texts, index=found.index, dtype=object)
    return found


def phrase(at: int) -> Text:
    """Return two texts of the corpus as a phrase, unchecked, as a careless file has them."""
    return Text.model_construct(zh=CORPUS[at % len(CORPUS)], en=CORPUS[(at + 1) % len(CORPUS)])


def hostile_source(source: Source, at: int) -> Source:
    """Return ``source`` with texts of the corpus and an address that is a script or a trap."""
    addresses = (f"javascript:window.{MARK}=1", f"{OUTSIDE}/x?a=)<script>[x](y)")
    changes = {
        "title": phrase(at),
        "publisher": CORPUS[(at + 2) % len(CORPUS)],
        "note": phrase(at + 3),
        "address": addresses[at % 2],
    }
    return source.model_copy(update=changes)


def hostile_province(province: Province, start: int = 0) -> Province:
    """Return ``province`` with the corpus in every field that holds free text.

    ``start`` is where in the corpus to begin, so that few places can see all of it in turn.
    """
    names = ("name_zh", "name_en")
    sites = (*names, "owner", "place", "note_zh", "note_en", "status_date")
    companies = (*names, "partners", "listed_code", "note_zh", "note_en")
    plan, settings = province.plan, province.settings
    words = {
        "sectors": tuple(
            one.model_copy(update={"name": phrase(start + at)})
            for at, one in enumerate(plan.sectors)
        ),
        "roles": tuple(
            one.model_copy(
                update={
                    "name": phrase(start + at),
                    "aim": phrase(start + at + 2),
                    "hub": one.hub and phrase(start + at),
                    "sign": one.sign.model_copy(update={"letters": "<b>"}),
                }
            )
            for at, one in enumerate(plan.roles)
        ),
        "industry": phrase(start),
        "kinds": tuple(
            one.model_copy(update={"name": phrase(start + at)}) for at, one in enumerate(plan.kinds)
        ),
        "units": tuple(
            one.model_copy(
                update={
                    "name": phrase(start + at),
                    "capacity": one.capacity
                    and one.capacity.model_copy(update={"name": phrase(start + at + 1)}),
                }
            )
            for at, one in enumerate(plan.units)
        ),
        "sources": tuple(hostile_source(one, start + at) for at, one in enumerate(plan.sources)),
    }
    return replace(
        province,
        cities=cycled(province.cities, names, start),
        counties=cycled(province.counties, names, start),
        neighbours=cycled(province.neighbours, names, start),
        sites=cycled(province.sites, sites, start),
        companies=cycled(province.companies, companies, start),
        plan=plan.model_copy(update=words),
        settings=settings.model_copy(
            update={
                "name": phrase(start),
                "boundary_note": phrase(start + 1),
                "sources": tuple(hostile_source(one, start) for one in settings.sources),
            }
        ),
        evidence_sources=tuple(
            hostile_source(one, start + at) for at, one in enumerate(province.evidence_sources)
        ),
    )
