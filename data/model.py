"""Describe what the data files hold: the province, its plan, and where each fact comes from.

These are the records of the TOML files; unknown keys are faults. Tables of areas and
sites stay GeoDataFrames; their rows are described in ``data.schema``.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from data.text import Language

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)]
Adcode = Annotated[int, Field(ge=110000, le=829999)]
NonEmpty = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
UnitId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]*$", max_length=60)]
Color = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]

RoleForm = Literal["fill", "hatch", "band", "glyph"]
ROLE_FORMS: tuple[RoleForm, ...] = get_args(RoleForm)
SiteShape = Literal["square", "circle", "diamond", "triangle", "hexagon"]
SITE_SHAPES: tuple[SiteShape, ...] = get_args(SiteShape)
Grade = Literal["official", "company", "press", "secondary", "own"]
GRADES: tuple[Grade, ...] = get_args(Grade)


class Record(BaseModel):
    """Base of all records: frozen, and strict about keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Record):
    """A phrase in both languages."""

    zh: NonEmpty
    en: NonEmpty

    def say(self, language: Language) -> str:
        """Return the phrase in ``language``."""
        return self.zh if language == "zh" else self.en


class Source(Record):
    """A page, file or book that facts were read in.

    ``date`` is as exact as the source allows: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.
    """

    id: Identifier
    title: Text
    publisher: NonEmpty
    address: NonEmpty
    date: Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")] | None = None
    grade: Grade
    note: Text | None = None

    @property
    def year(self) -> str:
        """The year of the source, or an empty string where none is stated."""
        return self.date[:4] if self.date else ""

    @property
    def has_page(self) -> bool:
        """Whether the address leads to a page, and does not only name a site or a book."""
        return self.address.startswith(("https://", "http://"))


Share = Annotated[float, Field(ge=0, le=1)]
SourceIds = Annotated[tuple[Identifier, ...], Field(min_length=1)]


class Search(Record):
    """A search in vain: on which day, and with which words."""

    date: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    words: NonEmpty


class Segment(Record):
    """A link of a sector's chain. ``named`` is false where the plan does not name it.

    ``searched`` says of one with few sites how more were looked for in vain.
    """

    id: Identifier
    name: Text
    named: bool = True
    searched: Search | None = None


class SectorSign(Record):
    """How a map draws the sites of a sector; what is left out is the next that is free.

    ``icon`` is the name of a drawing in ``data/icon_drawings``.
    """

    shape: SiteShape | None = None
    color: Color | None = None
    icon: Identifier | None = None


class RoleSign(Record):
    """How a map draws a role; what is left out is the next that is free.

    ``letters`` stand in a glyph. ``outline`` is the colour of the line that is left of a fill
    where a theme colours the cities. ``icon`` is the name of a drawing in
    ``data/icon_drawings``, which stands beside the role's name.
    """

    form: RoleForm | None = None
    color: Color | None = None
    outline: Color | None = None
    letters: Annotated[str, StringConstraints(min_length=1, max_length=3)] | None = None
    icon: Identifier | None = None


class Sector(Record):
    """A sector of the chain, with its segments: those that the plan names, and others."""

    id: Identifier
    name: Text
    note: Text | None = None
    sign: SectorSign = SectorSign()
    segments: tuple[Segment, ...] = ()
    sources: SourceIds

    @property
    def named_segments(self) -> tuple[Segment, ...]:
        """The segments that the plan names."""
        return tuple(segment for segment in self.segments if segment.named)


class Role(Record):
    """A role that the plan gives to cities, and the sectors that it concerns.

    ``open_list`` is true where the source closes the list of cities with "etc.". Distances
    are measured from the cities of the role with ``hub``: what such a city is called, in the
    singular and with small letters ("assembly hub").
    """

    id: Identifier
    name: Text
    aim: Text
    note: Text | None = None
    cities: tuple[Adcode, ...]
    sectors: tuple[Identifier, ...]
    open_list: bool
    hub: Text | None = None
    sign: RoleSign = RoleSign()
    sources: SourceIds


class Target(Record):
    """A target: above ``value_low``, or between both values, by ``year`` where one is stated.

    ``document`` is the id of another document than the plan itself; ``indicator`` names the
    figures that tell how far it has come, ``area`` the city or province that they are of.
    """

    id: Identifier
    document: Identifier | None = None
    indicator: Identifier | None = None
    area: Adcode | None = None
    name: Text
    comparison: Literal["above", "between"]
    value_low: float
    value_high: float | None = None
    unit: Text
    year: Annotated[int, Field(ge=1950, le=2100)] | None = None
    interim: bool = False
    sources: SourceIds


class Instrument(Record):
    """A means by which the plan wants to reach its targets."""

    id: Identifier
    name: Text
    text: Text
    sources: SourceIds


class PlanDocument(Record):
    """The document that the plan is."""

    title: Text
    issuer: Text
    publisher: Text
    published: dt.date
    note: Text | None = None
    sources: SourceIds


class Kind(Record):
    """A kind of site: one that no other plan has, or what a usual one is called here."""

    id: Identifier
    name: Text


class Capacity(Record):
    """What is summed of the sites that state a unit: a measure of cities, with its quotient.

    ``id`` is that of the measure in addresses; ``name`` is written with small letters.
    """

    id: Identifier
    name: Text


class Unit(Record):
    """A unit of capacity beside the usual ones.

    ``words`` are other ways to write it, with the factor to it: those that uploads may hold.
    """

    id: UnitId
    name: Text
    words: dict[str, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    capacity: Capacity | None = None


_Named = TypeVar("_Named", Role, Sector, Segment)


class OtherDocument(Record):
    """A document beside the plan that sets targets of its own."""

    id: Identifier
    title: Text
    publisher: Text
    published: Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
    note: Text | None = None
    sources: SourceIds


class Plan(Record):
    """A province's plan: ``plan.toml``. ``document`` is ``None`` until a plan is filled in.

    ``industry`` stands in titles: written with small letters, as before "clusters".
    """

    schema_version: Literal[1] = Field(alias="schema")
    industry: Text | None = None
    document: PlanDocument | None = None
    other_documents: tuple[OtherDocument, ...] = ()
    sectors: tuple[Sector, ...] = ()
    roles: tuple[Role, ...] = ()
    targets: tuple[Target, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    kinds: tuple[Kind, ...] = ()
    units: tuple[Unit, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def hub(self) -> Role | None:
        """The role from whose cities distances are measured; ``None`` where no role is that."""
        return next((role for role in self.roles if role.hub is not None), None)

    def role(self, role_id: str) -> Role:
        """Return the role of that id; ``KeyError`` where there is none."""
        return _by_id(self.roles, role_id)

    def sector(self, sector_id: str) -> Sector:
        """Return the sector of that id; ``KeyError`` where there is none."""
        return _by_id(self.sectors, sector_id)

    def sector_of_segment(self, segment_id: str) -> Sector:
        """Return the sector that the segment belongs to; ``KeyError`` where there is none."""
        for sector in self.sectors:
            if any(segment.id == segment_id for segment in sector.segments):
                return sector
        raise KeyError(segment_id)

    def segments(self) -> tuple[Segment, ...]:
        """Return all segments in the order of the sectors."""
        return tuple(segment for sector in self.sectors for segment in sector.segments)

    def segment(self, segment_id: str) -> Segment:
        """Return the segment of that id; ``KeyError`` where there is none."""
        return _by_id(self.segments(), segment_id)


def _by_id(records: tuple[_Named, ...], record_id: str) -> _Named:
    for record in records:
        if record.id == record_id:
            return record
    raise KeyError(record_id)


class Indicator(Record):
    """What a figure measures. ``additive``: the province's value is the sum of its cities'."""

    id: Identifier
    name: Text
    unit: Text
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    additive: bool = False


class Indicators(Record):
    """All indicators: ``indicators.toml``."""

    schema_version: Literal[1] = Field(alias="schema")
    indicators: tuple[Indicator, ...]


class Preset(Record):
    """A view worth a start: ``query`` is that of a page's address, without ``?`` and language."""

    id: Identifier
    name: Text
    note: Text
    query: Annotated[NonEmpty, StringConstraints(max_length=500)]


class Presets(Record):
    """A province's presets, in the order in which they are offered: ``presets.toml``."""

    schema_version: Literal[1] = Field(alias="schema")
    presets: tuple[Preset, ...] = ()


class PointTable(Record):
    """A table of many points of a province, and where it is: ``[[tables]]`` of ``province.toml``.

    ``source`` is a CSV or GeoParquet file or a folder of GeoParquet (a path in the province's
    folder, or absolute), or ``postgresql://HOST/DATABASE?table=SCHEMA.TABLE``; ``evidence`` is
    the id of one of ``sources``. Only rows with the values of ``where`` (by column) and within
    ``bounds`` (west, south, east, north in decimal degrees) are read. ``categories`` are the
    columns to filter by; without them those of few values are taken.
    """

    id: Identifier
    name: Text
    source: NonEmpty
    evidence: Identifier
    where: dict[str, str] = Field(default_factory=dict)
    bounds: tuple[float, float, float, float] | None = None
    categories: tuple[str, ...] = ()


class EvidenceBars(Record):
    """How well a province wants its list of sites to stand; an empty bar wants nothing.

    ``sites``, ``sites_in_each_city`` and ``sites_of_each_segment`` (of those that the plan names
    and that were not searched in vain) are numbers to be reached. Shares, from 0 to 1:
    ``well_attested`` (two publishers, or an authority or the company itself) and ``placed`` (to a
    town or better) to be reached; ``undated``, ``not_followed_up``, ``without_page`` (of the
    sources) and ``unclear_capacity`` not to be passed.
    """

    sites: int | None = None
    sites_in_each_city: int | None = None
    sites_of_each_segment: int | None = None
    undated: Share | None = None
    not_followed_up: Share | None = None
    well_attested: Share | None = None
    without_page: Share | None = None
    unclear_capacity: Share | None = None
    placed: Share | None = None


class ProvinceSettings(Record):
    """A province's names and coordinate reference systems: ``province.toml``.

    ``default`` marks the province that opens when an address names none; ``window`` is
    (west, south, east, north) in decimal degrees. ``boundary_source`` and ``site_source`` are
    ids of ``sources``: where the boundaries come from, and the list of sites as a whole.
    ``tables`` are points that stand elsewhere, such as a register of enterprises.
    ``evidence_bars`` is how well its list of sites is wanted to stand. ``map_review`` is the number
    that the map authority gave the office's maps: it stands on them in place of ``boundary_note``.
    ``brief_template`` is a Word document of the folder with the office's letterhead and styles,
    ``slide_template`` a PowerPoint file with its layouts.
    """

    schema_version: Literal[1] = Field(alias="schema")
    id: Identifier
    default: bool = False
    adcode: Adcode
    name: Text
    metric_crs: NonEmpty
    area_crs: NonEmpty
    window: tuple[float, float, float, float]
    boundary_note: Text
    map_review: NonEmpty | None = None
    brief_template: Annotated[str, Field(pattern=r"^[^/\\\\]+\.docx$")] | None = None
    slide_template: Annotated[str, Field(pattern=r"^[^/\\\\]+\.pptx$")] | None = None
    boundary_source: Identifier
    site_source: Identifier | None = None
    sources: tuple[Source, ...]
    tables: tuple[PointTable, ...] = ()
    evidence_bars: EvidenceBars | None = None
