"""Say in words how far a county is from main roads, railway lines, ports, airports and hubs."""

from __future__ import annotations

import pandas as pd

from clusters.distances.road_access import HUBS, LINES, county_access
from clusters.distances.seats import area_seats
from data.loader import Province
from data.text import Language, number, say
from layers.words.plan_words import hub_name


def access_words(province: Province, adcode: int, language: Language) -> list[tuple[str, str]]:
    """Return what is measured and what came out, for each distance of a county that is known."""
    row = county_access(province).loc[adcode]
    field = f"name_{language}"
    told = []
    if "hub" in row:
        name = str(province.cities.at[int(row["hub-code"]), field])
        told.append((hub_name(province, language), _to(name, row["hub"], language)))
    for hub in HUBS:
        if hub in row:
            name = str(getattr(province.ground, HUBS[hub]).at[row[f"{hub}-code"], field] or "")
            told.append((say(f"accessibility.{hub}", language), _to(name, row[hub], language)))
    for line in LINES:
        if line in row:
            km = number(row[line], language, decimals=1)
            told.append(
                (say(f"accessibility.{line}", language), say("accessibility.line", language, km=km))
            )
    return told


def measured_from(province: Province, adcode: int, language: Language) -> str:
    """Say from where in a county its distances are measured."""
    basis = "seat" if area_seats(province).at[adcode, "is_seat"] else "label"
    return say(f"accessibility.from_{basis}", language)


def _to(name: str, km: float, language: Language) -> str:
    return say("accessibility.to", language, name=name, km=number(km, language))


def access_columns(province: Province, language: Language) -> pd.DataFrame:
    """Return ``county_access`` by county (adcode), with the names of the nearest and ``seat``.

    Columns: ``seat`` (measured from a known seat), ``hub, hub_km, port, port_km, airport,
    airport_km`` (the nearest by road, and how far), ``main_road_km, railway_km`` (straight).
    """
    found = county_access(province)
    field = f"name_{language}"
    table = pd.DataFrame({"seat": area_seats(province)["is_seat"].reindex(found.index)})
    names = {"hub": province.cities[field]}
    names |= {one: getattr(province.ground, HUBS[one])[field] for one in HUBS}
    for one, words in names.items():
        if one in found:
            table[one] = found[f"{one}-code"].map(words)
            table[f"{one}_km"] = found[one]
    for one in LINES:
        if one in found:
            table[f"{one.replace('-', '_')}_km"] = found[one]
    return table
