"""Tell which area each row names: by adcode, by names of city and county, by its address."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from data.uploads.row_faults import RowFault, row_fault
from data.uploads.sites.area_names import AreaNames, NamedArea
from data.uploads.sites.mapping import Field, Mapping
from data.uploads.sites.vocabulary import cell_text, is_blank_word

_FIELDS: tuple[Field, ...] = ("adcode", "city", "county")


@dataclass(frozen=True)
class _Answer:
    """An area (``None``: not told), and what to say of it: at which column, and how grave."""

    area: NamedArea | None
    code: str = ""
    at: int = 0
    details: tuple[tuple[str, str], ...] = ()
    warning: bool = False


def named_areas(
    frame: pd.DataFrame, mapping: Mapping, names: AreaNames
) -> tuple[pd.DataFrame, list[RowFault]]:
    """Return ``city`` and ``county`` (adcodes, NaN where not named) of each row, and faults.

    An adcode goes before names, these before an address, which is looked at where no column has
    any of them. A name that is unknown, that fits several areas, or a county that is not in the
    city named is a fault; one that is understood as something else than it says is a warning.
    What is looked up is each different answer, not each row.
    """
    columns = [mapping.column(field) for field in _FIELDS]
    address = mapping.column("address") if is_by_address(mapping) else None
    keys = pd.DataFrame(
        {at: frame[name] if name else None for at, name in enumerate([*columns, address])},
        index=frame.index,
        dtype=object,
    )
    keys = keys.map(_filled)
    area = pd.DataFrame(index=frame.index, columns=["city", "county"], dtype="float64")
    faults: list[RowFault] = []
    for told, rows in keys.groupby([0, 1, 2, 3], sort=False).groups.items():
        code, city, county, place = told
        answer = _answer(code, city, county, place, names)
        if answer.area is not None:
            area.loc[rows, "city"] = answer.area.city
            if answer.area.county is not None:
                area.loc[rows, "county"] = answer.area.county
        if answer.code:
            column, value = [*columns, address][answer.at] or "", told[answer.at]
            details = dict(answer.details)
            faults += [
                row_fault(row, column, value, answer.code, answer.warning, **details)
                for row in rows
            ]
    return area, faults


def is_by_address(mapping: Mapping) -> bool:
    """Tell whether nothing but an address tells the area of rows."""
    named = any(mapping.column(field) for field in _FIELDS)
    return mapping.column("address") is not None and not named


def _filled(cell: object) -> str:
    text = cell_text(cell)
    return "" if is_blank_word(text) else text


def _answer(adcode: str, city: str, county: str, address: str, names: AreaNames) -> _Answer:
    if address:
        found = names.loosely(address)
        return _remarked(found, 3) if found else _Answer(None, "no_area", 3, warning=True)
    by_name = _by_names(city, county, names)
    if not adcode:
        return by_name
    found = names.by_adcode(adcode)
    if found is None:
        # One odd cell does not cost the row where its names tell the same.
        is_told = by_name.area is not None
        return _Answer(by_name.area, "adcode", 0, warning=is_told)
    other = by_name.area
    if other is not None and not _agree(found, other):
        label = names.label(found.county or found.city)
        return _Answer(found, "code_name", 2 if county else 1, (("now", label),), warning=True)
    return _remarked(found, 0)


def _agree(one: NamedArea, other: NamedArea) -> bool:
    counties = {one.county, other.county} - {None}
    return one.city == other.city and len(counties) < 2


def _by_names(city: str, county: str, names: AreaNames) -> _Answer:
    """Return the area by the names of city and county, each of which may be empty."""
    cities = names.cities(city) if city else ()
    if city and not cities and (by_code := names.by_adcode(city)) is not None:
        cities = (by_code,)
    if city and len(cities) != 1:
        if not cities and (found := names.loosely(city)) is not None:
            within = _by_names("", county, names) if county else _Answer(None)
            return within if within.area and within.area.city == found.city else _remarked(found, 1)
        return _Answer(None, "several" if cities else "city", 1, _choices(cities, names))
    if not county:
        return _remarked(cities[0], 1) if cities else _Answer(None)
    if cities and cities[0].county is not None:
        same = names.counties(county, cities[0].city)
        if len(same) == 1:
            return _remarked(same[0], 2)
        return _Answer(None, "county_of", 2, (("choices", city),))
    return _of_county(county, cities[0].city if cities else None, names)


def _of_county(county: str, city: int | None, names: AreaNames) -> _Answer:
    whole = names.city_in_full(county)
    if whole is not None and city in (None, whole):
        return _Answer(NamedArea(whole))
    found = names.counties(county, city) or names.counties_with_city(county)
    found = tuple(one for one in found if city in (None, one.city))
    if len(set(found)) == 1:
        return _remarked(found[0] if city is not None else names.or_city(found[0], county), 2)
    if found:
        return _Answer(None, "several", 2, _choices(found, names))
    if city is not None and names.counties(county):
        return _Answer(None, "county_of", 2, (("choices", names.label(city)),))
    loose = names.loosely(county, city)
    if loose is not None:
        return _remarked(loose, 2)
    if city is not None:
        return _remarked(names.of_city(city, county), 2)
    return _Answer(None, "county", 2)


def _remarked(area: NamedArea, at: int) -> _Answer:
    return _Answer(area, area.remark, at, area.details, warning=True)


def _choices(areas: tuple[NamedArea, ...], names: AreaNames) -> tuple[tuple[str, str], ...]:
    labels = (
        names.label(one.city)
        if one.county is None
        else f"{names.label(one.city)} {names.label(one.county)}"
        for one in areas
    )
    return (("choices", "; ".join(labels)),)
