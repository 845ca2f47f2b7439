"""Check a province's folder: its files, and its evidence against the map."""

from __future__ import annotations

from pathlib import Path

from data.company_list import owner_faults
from data.errors import DataError, Fault
from data.evidence_files import read_rows
from data.evidence_rows import CompanyRow, SiteRow
from data.ground_layers import ground_faults
from data.loader import load_folder
from data.plausibility import capacity_faults
from data.site_places import place_sites, site_faults, sites_geojson


def folder_faults(folder: Path) -> list[Fault]:
    """Return every fault of a province's folder; an empty list means that all is well.

    Checked are the files themselves (as the atlas reads them), each site's place against its
    county, its owner against the companies, its capacity against what can be, doubles, the ground
    under the map, and that ``sites.geojson`` is what ``sites.csv`` gives.
    """
    rows, faults = read_rows(folder / "sites.csv", SiteRow)
    try:
        province = load_folder(folder)
    except DataError as error:
        return sorted({*faults, *error.faults})
    if faults:
        return sorted(faults)
    segments = {
        sector.id: tuple(segment.id for segment in sector.segments)
        for sector in province.plan.sectors
    }
    metric_crs = province.settings.metric_crs
    faults = site_faults(rows, province.cities, province.counties, metric_crs, segments)
    companies, _ = read_rows(folder / "companies.csv", CompanyRow)
    faults += owner_faults(rows, companies) + capacity_faults(rows, province.plausibility)
    faults += ground_faults(province.ground, set(province.counties.index))
    if faults or (not rows and province.sites.empty):
        return sorted(faults)
    made = sites_geojson(place_sites(rows))
    path = folder / "sites.geojson"
    if not path.exists() or path.read_text(encoding="utf-8") != made:
        problem = "is not what sites.csv gives; run `python -m data.site_places` on the folder"
        return [Fault("sites.geojson", "", "", problem)]
    return []
