"""Write the reference pages from what the code knows: measures, and the columns of the files.

Run ``python -m layers.reference`` after a change; a test refuses pages that are behind.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel

from clusters.measures import measures_of
from data.evidence_rows import FigureRow, SiteRow, SourceRow
from data.loader import default_province_id, load_province
from data.schema import AreaRow, CityRow, CountyRow
from data.text import LANGUAGES, Language, say
from layers.measure_words import measure_formula, measure_name, measure_unit, sample_words

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
_FILES: dict[str, type[BaseModel]] = {
    "sites.csv": SiteRow,
    "figures.csv": FigureRow,
    "sources.csv": SourceRow,
    "cities.geojson": CityRow,
    "counties.geojson": CountyRow,
    "neighbours.geojson": AreaRow,
}

_WORDS = {"integer": "whole number", "number": "number", "string": "text", "boolean": "true, false"}


def reference_pages() -> dict[Path, str]:
    """Return each page with what it must hold, as Markdown."""
    pages = {FOLDER / f"measures.{language}.md": _measures(language) for language in LANGUAGES}
    pages[FOLDER / "files.md"] = _files()
    return pages


def _measures(language: Language) -> str:
    province = load_province(default_province_id())
    lines = [f"# {say('measures.title', language)}", "", say("measures.lead", language), ""]
    for measure in measures_of(province):
        if measure.indicator is not None:
            continue
        unit = measure_unit(province, measure, language)
        name = measure_name(province, measure, language)
        lines += [
            f"## {name} (`{measure.id}`{f', {unit}' if unit else ''})",
            measure_formula(measure, language),
            "",
            sample_words(province, measure, language),
            "",
        ]
    return "\n".join(lines).rstrip() + "\n"


def _files() -> str:
    lines = ["# The files of a province, column by column", ""]
    for file, row in _FILES.items():
        words = " ".join((row.__doc__ or "").split())
        lines += [f"## {file}", words, "", "| column | may be empty | what it takes |"]
        lines += ["| --- | --- | --- |"]
        schema = row.model_json_schema()
        required = set(schema["required"])
        lines += [
            _column(name, part, empty=name not in required)
            for name, part in schema["properties"].items()
        ]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _column(name: str, part: dict[str, Any], *, empty: bool) -> str:
    return f"| `{name}` | {'yes' if empty else ''} | {_taken(part)} |"


def _taken(part: dict[str, Any]) -> str:
    """Say what a column takes, from its JSON Schema."""
    kinds = [kind for kind in part.get("anyOf", [part]) if kind.get("type") != "null"]
    if "enum" in kinds[0]:
        return ", ".join(f"`{one}`" for one in kinds[0]["enum"])
    words = _WORDS[kinds[0]["type"]]
    if "minimum" in kinds[0]:
        words += f" from {kinds[0]['minimum']:g}"
    if "maximum" in kinds[0]:
        words += f" to {kinds[0]['maximum']:g}"
    return words


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path, text in reference_pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
