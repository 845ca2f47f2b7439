"""Write the reference pages from what the code knows: measures, and the columns of the files.

Run ``python -m layers.words.reference`` after a change; a test refuses pages that are behind.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from clusters.measures import measures_of
from data.evidence_rows import CompanyRow, FigureRow, PlausibilityRow, SiteRow, SourceRow
from data.former_areas import FormerAreaRow
from data.loader import default_province_id, load_province
from data.schema import AreaRow, CityRow, CountyRow
from data.text import LANGUAGES, Language, say
from layers.words.evidence_words import edition_day, evidence_markdown
from layers.words.measure_words import measure_formula, measure_name, measure_unit, sample_words

_ROOT = Path(__file__).parents[2]
FOLDER = _ROOT / "docs" / "reference"
_EVIDENCE = re.compile(r"(?<=<!-- evidence -->\n).*?(?=<!-- /evidence -->)", re.DOTALL)
_FILES: dict[str, tuple[str, type[BaseModel]]] = {
    "sites.csv": ("sites", SiteRow),
    "companies.csv": ("companies", CompanyRow),
    "figures.csv": ("figures", FigureRow),
    "sources.csv": ("sources", SourceRow),
    "plausibility.csv": ("plausibility", PlausibilityRow),
    "former_areas.csv": ("former_areas", FormerAreaRow),
    "cities.geojson": ("areas", CityRow),
    "counties.geojson": ("areas", CountyRow),
    "neighbours.geojson": ("areas", AreaRow),
}
"""Each file with the section of the catalogue that tells its columns, and its row."""


def reference_pages() -> dict[Path, str]:
    """Return each page with what it must hold, as Markdown."""
    pages = {FOLDER / f"measures.{language}.md": _measures(language) for language in LANGUAGES}
    pages |= {FOLDER / f"files.{language}.md": _files(language) for language in LANGUAGES}
    return pages | {_ROOT / "README.md": _readme()}


def _readme() -> str:
    """Return the README with its table of the evidence made anew."""
    province = load_province(default_province_id())
    table = evidence_markdown(province, "en", edition_day(province))
    text = (_ROOT / "README.md").read_text(encoding="utf-8")
    made, count = _EVIDENCE.subn(lambda _: f"{table}\n", text)
    if count != 1:
        raise ValueError("README.md: expected one table of the evidence between its two marks")
    return made


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


def _files(language: Language) -> str:
    lines = [f"# {say('dictionary.title', language)}", "", say("dictionary.lead", language), ""]
    head = [say(f"dictionary.{name}", language) for name in ("column", "meaning", "empty", "takes")]
    for file, (section, row) in _FILES.items():
        words = say(f"dictionary.{file.replace('.', '_')}", language)
        lines += [f"## {file}", words, "", f"| {' | '.join(head)} |", "| --- | --- | --- | --- |"]
        schema = row.model_json_schema()
        required = set(schema["required"])
        for name, part in schema["properties"].items():
            meaning = say(f"dictionary.{section}.{name}", language)
            empty = "" if name in required else say("dictionary.yes", language)
            lines.append(f"| `{name}` | {meaning} | {empty} | {_taken(part, language)} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _taken(part: dict[str, Any], language: Language) -> str:
    """Say what a column takes, from its JSON Schema."""
    kind = next(one for one in part.get("anyOf", [part]) if one.get("type") != "null")
    if "enum" in kind:
        return ", ".join(f"`{one}`" for one in kind["enum"])
    words = say(f"dictionary.{kind['type']}", language)
    low, high = kind.get("minimum"), kind.get("maximum")
    if low is None:
        return words
    name = "low" if high is None else "both"
    high_words = "" if high is None else f"{high:g}"
    bounds = say(f"dictionary.{name}", language, low=f"{low:g}", high=high_words)
    return say("dictionary.of", language, kind=words, bounds=bounds)


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path, text in reference_pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
