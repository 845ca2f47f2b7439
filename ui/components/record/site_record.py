"""The record of one site: everything that is known of it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from clusters.evidence import confidence
from data.text import day, join
from layers.words.plan_words import kind_name
from ui.components.record.figures import capacity_value
from ui.components.record.prose import fact_list, record_head, remark
from ui.state.session import Session


def site_record(session: Session, site_id: str) -> Iterator[str]:
    """Write the record of a site that stands beside the map."""
    site = session.province.sites.loc[site_id]
    other = "name_en" if session.language == "zh" else "name_zh"
    name = str(site[session.name_field])
    view = session.view
    yield record_head(
        name,
        str(site[other]) if site[other] != name else None,
        session.say("site.back"),
        view.county or view.profile,
    )
    yield fact_list((session.say(f"site.{key}"), value) for key, value in _facts(session, site))
    yield remark(session.say(f"precision.{site['precision']}"))
    note = site[f"note_{session.language}"]
    if _known(note):
        yield remark(session.label("site.note", str(note)))
    if _known(site["checked"]):
        yield remark(session.label("site.checked", day(str(site["checked"]), session.language)))


def _facts(session: Session, site: pd.Series) -> list[tuple[str, str]]:
    """Return what is known of a site, field by field; what is not known is left out."""
    plan, language = session.province.plan, session.language
    facts = [("kind", kind_name(session.province, str(site["kind"]), session.language))]
    if _known(site["owner"]):
        facts.append(("owner", _owner(session, site)))
    facts.append(("where", _where(session, site)))
    facts.append(("sector", plan.sector(site["sector"]).name.say(language)))
    if _known(site["segments"]):
        names = [plan.segment(name).name.say(language) for name in site["segments"].split(";")]
        facts.append(("segments", join(names, language)))
    if _known(site["capacity"]):
        facts.append(("capacity", _capacity(session, site)))
    if _known(site["year"]):
        meaning = session.say(f"year.{site['year_meaning'] or 'unclear'}")
        facts.append(("year", session.say("label.note", text=int(site["year"]), note=meaning)))
    status = session.say(f"status.{site['status']}")
    if _known(site["status_date"]):
        status = session.say(
            "site.as_of", status=status, date=day(str(site["status_date"]), language)
        )
    facts.append(("status", status))
    grade = confidence(session.province, str(site["id"]))
    facts.append(("confidence", session.say(f"grade.{grade}")))
    return facts


def _where(session: Session, site: pd.Series) -> str:
    province, field = session.province, session.name_field
    parts = [str(province.cities.at[site["city_adcode"], field])]
    if _known(site["county_adcode"]):
        parts.append(str(province.counties.at[int(site["county_adcode"]), field]))
    if _known(site["place"]):
        parts.append(str(site["place"]))
    return " · ".join(parts)


def _capacity(session: Session, site: pd.Series) -> str:
    meaning = session.say(f"capacity.{site['capacity_meaning'] or 'unclear'}")
    amount = capacity_value(session, float(site["capacity"]), str(site["capacity_unit"]))
    return session.say("label.note", text=amount, note=meaning)


def _owner(session: Session, site: pd.Series) -> str:
    """Return the company's name, and how the site writes it where that is something else."""
    written = str(site["owner"])
    name = str(session.province.companies.at[site["company"], session.name_field])
    return name if name == written else session.say("label.note", text=name, note=written)


def _known(value: object) -> bool:
    return value is not None and not pd.isna(value)
