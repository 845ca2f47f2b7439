"""Tell which area each row names: by adcode, or by the names of its city and county."""

from __future__ import annotations

import pandas as pd

from data.uploads.row_faults import RowFault, row_fault
from data.uploads.sites.area_names import AreaNames, NamedArea
from data.uploads.sites.mapping import Mapping
from data.uploads.sites.vocabulary import cell_text


def named_areas(
    frame: pd.DataFrame, mapping: Mapping, names: AreaNames
) -> tuple[pd.DataFrame, list[RowFault]]:
    """Return ``city`` and ``county`` (adcodes, NaN where not named) of each row, and faults.

    An adcode goes before names. A name that is unknown, that fits several areas, or a county
    that is not in the city named is a fault. What is looked up is each different answer, not
    each row.
    """
    columns = [mapping.column(field) for field in ("adcode", "city", "county")]
    keys = pd.DataFrame(
        {at: frame[name] if name else None for at, name in enumerate(columns)},
        index=frame.index,
        dtype=object,
    )
    keys = keys.map(cell_text)
    area = pd.DataFrame(index=frame.index, columns=["city", "county"], dtype="float64")
    faults: list[RowFault] = []
    for (adcode, city, county), rows in keys.groupby([0, 1, 2], sort=False).groups.items():
        found, code, at, choices = _resolve(adcode, city, county, names)
        if found is not None:
            area.loc[rows, "city"] = found.city
            if found.county is not None:
                area.loc[rows, "county"] = found.county
        if code:
            value = (adcode, city, county)[at]
            faults += [
                row_fault(row, columns[at] or "", value, code, choices=choices) for row in rows
            ]
    return area, faults


def _resolve(
    adcode: str, city: str, county: str, names: AreaNames
) -> tuple[NamedArea | None, str, int, str]:
    """Return (area, code of the fault or "", its column's place, choices)."""
    if adcode:
        found = names.by_adcode(adcode)
        return (found, "", 0, "") if found else (None, "adcode", 0, "")
    cities = names.cities(city) if city else ()
    if city and len(cities) != 1:
        return None, "several" if cities else "city", 1, _labels(cities, names)
    if not county:
        return (cities[0] if cities else None), "", 1, ""
    if cities and cities[0].county is not None:
        same = names.counties(county, cities[0].city)
        return (same[0], "", 2, "") if len(same) == 1 else (None, "county_of", 2, city)
    counties = names.counties(county, cities[0].city if cities else None)
    counties = counties or names.counties_with_city(county)
    if cities:
        counties = tuple(one for one in counties if one.city == cities[0].city)
    if len(counties) == 1:
        return counties[0], "", 2, ""
    if counties:
        return None, "several", 2, _labels(counties, names)
    elsewhere = names.counties(county)
    if elsewhere and cities:
        return None, "county_of", 2, names.label(cities[0].city)
    return None, "county", 2, ""


def _labels(areas: tuple[NamedArea, ...], names: AreaNames) -> str:
    return "; ".join(
        names.label(one.city)
        if one.county is None
        else f"{names.label(one.city)} {names.label(one.county)}"
        for one in areas
    )
