"""Say in words which area is asked about, and how much of a site's place is known to be in it."""

from __future__ import annotations

import shapely

from clusters.area_of_interest import AreaOfInterest, Position, area_km2, site_positions
from clusters.area_population import AreaPopulation
from clusters.matching import Matching
from data.loader import Province
from data.text import Language, join, number, say


def area_words(area: AreaOfInterest, province: Province, language: Language) -> str:
    """Name an area: what it is, how far it reaches, and in which county its centre lies."""
    if area.form == "polygon":
        size = number(area_km2(province, area), language)
        return say("area.polygon", language, count=len(area.points), area=size)
    if area.form == "box":
        (south, west), (north, east) = area.points
        return say("area.box", language, south=south, west=west, north=north, east=east)
    km = number(float(area.km or 0), language, decimals=0 if area.km == int(area.km or 0) else 1)
    if area.form == "corridor":
        return say("area.corridor", language, km=km)
    latitude, longitude = area.points[0]
    name = _county_name(province, latitude, longitude, language)
    place = say("area.place", language, lat=latitude, lon=longitude)
    if name:
        place = say("label.note", language, text=place, note=name)
    return say(f"area.{area.form}", language, km=km, place=place)


def _county_name(province: Province, latitude: float, longitude: float, language: Language) -> str:
    """Return the name of the county in which a point lies; empty outside the province."""
    counties = province.counties
    (inside,) = counties.sindex.query([shapely.Point(longitude, latitude)], "intersects")[1:]
    return str(counties[f"name_{language}"].iloc[inside[0]]) if len(inside) else ""


def positions_counted(
    found: Matching, area: AreaOfInterest, province: Province
) -> dict[Position, int]:
    """Return how many of the matching sites are inside an area, and how many perhaps are."""
    positions = site_positions(province, area).reindex(found.sites.index)
    return {
        "inside": int((positions == "inside").sum()),
        "perhaps": int((positions == "perhaps").sum()),
    }


_FIGURES_KEPT = 3
_ALL_COVERED = 0.995


def about_residents(population: AreaPopulation, language: Language) -> str:
    """Write an estimate of residents with three figures: more would not be known."""
    digits = len(str(int(population.residents)))
    rounded = round(population.residents, min(0, _FIGURES_KEPT - digits))
    return say("area.about", language, value=number(rounded, language))


def residents_note(population: AreaPopulation, province: Province, language: Language) -> str:
    """Say how residents were estimated, from what, and who is not among them."""
    named = [province.sources[name].title.say(language) for name in population.sources]
    told = [
        say("area.residents_note", language, year=population.year, sources=join(named, language))
    ]
    apart = [
        say("area.residents_of", language, city=name, count=number(people, language))
        for city, people in population.apart.items()
        if (name := str(province.cities.at[city, f"name_{language}"]))
    ]
    if apart:
        told.append(say("area.residents_apart", language, cities=join(apart, language)))
    if population.covered < _ALL_COVERED:
        share = number(100 * population.covered, language)
        told.append(say("area.residents_covered", language, share=share))
    if population.unknown:
        names = province.counties.loc[list(population.unknown), f"name_{language}"]
        told.append(
            say(
                "area.residents_unknown",
                language,
                counties=join([str(name) for name in names], language),
            )
        )
    return say("area.sentences", language).join(told)
