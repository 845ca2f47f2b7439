"""Describe the rows of the evidence files: what each column holds, and in which unit."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints, model_validator

from data.model import Adcode, Grade, Identifier, NonEmpty, Plan, Record, UnitId

Status = Literal[
    "operating", "building", "announced", "suspended", "closed", "insolvent", "unknown"
]
Precision = Literal["site", "town", "county", "city"]
Qualifier = Literal["exact", "about", "above", "at least", "derived"]
YearMeaning = Literal[
    "founded",
    "announced",
    "signed",
    "construction",
    "completed",
    "opened",
    "production",
    "reported",
    "closed",
    "unclear",
]
CapacityMeaning = Literal["built", "phase", "planned", "output", "unclear"]

KINDS = ("plant", "supplier", "rd-centre", "station", "recycler")
"""The usual kinds of sites; a plan may name others."""

UNITS = (
    "tonnes-a-year",
    "square-metres-a-year",
    "sets-a-year",
    "pieces-a-year",
    "kg-a-day",
    "CNY-invested",
)
"""The usual units of capacity; a plan may name others."""

STATUSES: tuple[Status, ...] = get_args(Status)
PRECISIONS: tuple[Precision, ...] = get_args(Precision)

PLACED: tuple[Precision, ...] = ("site", "town")
"""The precisions of sites that have a point of their own."""

SiteId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}\d{3,5}$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
Year = Annotated[int, Field(ge=1950, le=2100)]
Ids = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(;[a-z0-9-]+)*$")]

ListedCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{1,8}\.[A-Z]{2,3}$")]


def kind_ids(plan: Plan) -> tuple[str, ...]:
    """Return the kinds of sites that a province knows: the usual ones, then its plan's own."""
    return tuple(dict.fromkeys((*KINDS, *(kind.id for kind in plan.kinds))))


def unit_ids(plan: Plan) -> tuple[str, ...]:
    """Return the units of capacity that a province knows: its plan's own, then the usual ones."""
    return tuple(dict.fromkeys((*(unit.id for unit in plan.units), *UNITS)))


EARLIER_NOTES = "notes"
LATER_COLUMNS = frozenset({"note_zh", "note_en", "checked"})
"""Columns that files of an earlier release lack: their cells are empty there."""


class NotedRow(Record):
    """A row whose notes, ``note_zh`` and ``note_en``, stand in both languages or in none.

    An earlier release had one column ``notes``: it is read as the note of both.
    """

    @model_validator(mode="before")
    @classmethod
    def _earlier(cls, cells: object) -> object:
        if not isinstance(cells, dict) or EARLIER_NOTES not in cells:
            return cells
        kept = {name: cell for name, cell in cells.items() if name != EARLIER_NOTES}
        note = cells[EARLIER_NOTES]
        return {"note_zh": note, "note_en": note} | kept

    @model_validator(mode="after")
    def _in_both_languages(self) -> NotedRow:
        lacking = [name for name in ("note_zh", "note_en") if getattr(self, name) is None]
        if len(lacking) == 1:
            raise ValueError(f"{lacking[0]} is empty; expected the note in both languages")
        return self


class SourceRow(Record):
    """A row of ``sources.csv``. ``address`` is as exact as it was recorded."""

    id: Identifier
    title_zh: NonEmpty
    title_en: NonEmpty
    publisher: NonEmpty
    address: NonEmpty
    date: Day | None = None
    grade: Grade
    note_zh: NonEmpty | None = None
    note_en: NonEmpty | None = None


class SiteRow(NotedRow):
    """A row of ``sites.csv``: one place of the chain.

    ``longitude`` and ``latitude`` (WGS-84, decimal degrees) are given with the precision
    ``site`` or ``town``; without them the site is its county's as a whole (precision
    ``county``), or its city's where the county is not known (``city``): it has no point.
    ``capacity`` is in whole units (one tonne, square metre, set; CNY, not millions).
    ``kind`` and ``capacity_unit`` are usual ones or those of the plan. ``segments`` and
    ``sources`` are ids joined by semicolons. ``status_date`` is the date of the source that
    tells the status, ``checked`` the day on which the row was last held against pages.
    """

    id: SiteId
    name_zh: NonEmpty
    name_en: NonEmpty
    owner: NonEmpty | None = None
    city_adcode: Adcode
    county_adcode: Adcode | None = None
    place: NonEmpty | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    precision: Precision
    kind: Identifier
    sector: Identifier
    segments: Ids | None = None
    capacity: Annotated[float, Field(ge=0)] | None = None
    capacity_unit: UnitId | None = None
    capacity_meaning: CapacityMeaning | None = None
    year: Year | None = None
    year_meaning: YearMeaning | None = None
    status: Status
    status_date: Day | None = None
    sources: Ids
    note_zh: NonEmpty | None = None
    note_en: NonEmpty | None = None
    checked: Day | None = None

    @property
    def segment_ids(self) -> tuple[str, ...]:
        """The ids of the segments."""
        return tuple(self.segments.split(";")) if self.segments else ()

    @property
    def source_ids(self) -> tuple[str, ...]:
        """The ids of the sources."""
        return tuple(self.sources.split(";"))

    @model_validator(mode="after")
    def _agree(self) -> SiteRow:
        has_point = self.longitude is not None and self.latitude is not None
        if (self.longitude is None) != (self.latitude is None):
            raise ValueError("longitude and latitude go together")
        if has_point != (self.precision in PLACED):
            raise ValueError("precision site or town needs a point; county or city has none")
        if (self.precision == "city") != (self.county_adcode is None):
            raise ValueError("precision city is for sites without a county, and only for them")
        if self.capacity is not None and self.capacity_unit is None:
            raise ValueError("a capacity needs a unit")
        if self.status != "unknown" and self.status_date is None:
            raise ValueError("a status needs its date")
        return self


class PlausibilityRow(NotedRow):
    """A row of ``plausibility.csv``: between which limits a capacity in ``unit`` can be.

    ``segment`` is the id of one of the plan's; without it the row is for sites whose segments
    have no row of their own, and for those without segments. ``at_least`` and ``at_most`` are
    in the unit, as ``capacity`` of ``SiteRow``: both themselves can be.
    """

    unit: UnitId
    segment: Identifier | None = None
    at_least: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    at_most: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    note_zh: NonEmpty | None = None
    note_en: NonEmpty | None = None

    @model_validator(mode="after")
    def _agree(self) -> PlausibilityRow:
        if self.at_least > self.at_most:
            raise ValueError("at_least is more than at_most; expected the smaller one first")
        return self


class CompanyRow(NotedRow):
    """A row of ``companies.csv``: one company, whatever its sites call it.

    ``spellings`` are the values of ``owner`` in ``sites.csv`` that mean it, joined by
    semicolons, as are ``partners`` and ``sources``. ``partners`` are the names that stand
    beside it where its owner is recorded: of a joint venture, or a parent; they need not be
    companies of the file. ``group`` is the id of the company that it belongs to,
    ``listed_code`` its code at a stock exchange; both only where a source says so.
    """

    id: Identifier
    name_zh: NonEmpty
    name_en: NonEmpty
    group: Identifier | None = None
    partners: NonEmpty | None = None
    spellings: NonEmpty
    listed_code: ListedCode | None = None
    sources: Ids
    note_zh: NonEmpty | None = None
    note_en: NonEmpty | None = None

    @property
    def spelling_names(self) -> tuple[str, ...]:
        """The spellings one by one."""
        return tuple(name.strip() for name in self.spellings.split(";") if name.strip())


class FigureRow(NotedRow):
    """A row of ``figures.csv``: one value of an indicator, of a county, a city or the province.

    ``qualifier`` tells how the source gives the value: exact, about, above, at least, or
    derived from other figures (the note says how).
    """

    adcode: Adcode
    indicator: Identifier
    year: Year
    value: float
    qualifier: Qualifier
    source: Identifier
    note_zh: NonEmpty | None = None
    note_en: NonEmpty | None = None
