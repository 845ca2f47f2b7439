"""The province at a glance: what there is, and which city has which role and sector."""

from __future__ import annotations

import html
from collections.abc import Iterator

from clusters.plan import role_membership
from data.text import number
from ui.components.record.prose import figures, heading, remark
from ui.components.record.signs import role_icon, role_sign, sector_icon
from ui.components.record.source_notes import source_list
from ui.state.session import Session


def overview(session: Session) -> Iterator[str]:
    """Write of the province what stands beside the map as long as nothing is open."""
    province = session.province
    yield heading(province.settings.name.say(session.language), level=3)
    yield remark(session.say("profile.hint"))
    named = role_membership(province).any(axis="columns")
    counts = (
        ("overview.cities", len(province.cities)),
        ("overview.counties", len(province.counties)),
        ("overview.roles_held", int(named.sum())),
        ("overview.no_role", int((~named).sum())),
        ("overview.sites", len(province.sites)),
        ("overview.sources", len(province.sources)),
    )
    yield figures((session.say(key), number(value, session.language)) for key, value in counts)
    without = tuple(int(adcode) for adcode in province.cities.index[~named])
    rows = [
        _row(session, role.name.say(session.language), role.cities, role.id)
        for role in province.plan.roles
    ]
    if without:
        rows.append(_row(session, session.say("legend.no_role"), without))
    yield f'<ul class="atlas-roles">{"".join(rows)}</ul>'
    if not province.sites.empty:
        yield _sectors(session)


def overview_sources(session: Session) -> None:
    """List the sources of the province's roles and borders."""
    province = session.province
    source_ids = dict.fromkeys(name for role in province.plan.roles for name in role.sources)
    own = [province.sources[name] for name in source_ids]
    every = [*own, province.sources[province.settings.boundary_source]]
    source_list(session, every, key="widget.overview.sources")


def _row(session: Session, title: str, adcodes: tuple[int, ...], role_id: str | None = None) -> str:
    """Return a role and the cities that hold it; the map opens a city whose name is clicked."""
    province = session.province
    cities = province.cities[session.name_field]
    icon = role_icon(province, role_id) if role_id else ""
    names = "".join(
        f'<button type="button" data-atlas-open="{adcode}">{_text(str(cities.at[adcode]))}</button>'
        for adcode in adcodes
    )
    return (
        f"<li>{role_sign(province, role_id)}<div>"
        f'<div class="atlas-role-name">{_text(title)}{icon}</div>'
        f'<div class="atlas-role-cities" data-role="{role_id or ""}">{names}</div></div>'
        f'<span class="atlas-role-count">{len(adcodes)}</span></li>'
    )


def _sectors(session: Session) -> str:
    """Return the sectors with a bar each: how many of the known sites they have."""
    province = session.province
    counts = province.sites["sector"].value_counts()
    most = int(counts.max())
    rows = []
    for sector in province.plan.sectors:
        count = int(counts.get(sector.id, 0))
        rows.append(
            f"<li>{sector_icon(province, sector.id)}<div>"
            f'<div class="atlas-role-name">{_text(sector.name.say(session.language))}</div>'
            f'<div class="atlas-bar-line"><i style="width:{100 * count / most:.1f}%"></i></div>'
            f'</div><span class="atlas-role-count">{count}</span></li>'
        )
    title = _text(session.say("legend.sites"))
    return f'<h6 class="atlas-part">{title}</h6><ul class="atlas-roles">{"".join(rows)}</ul>'


def _text(words: str) -> str:
    return html.escape(words)
