"""A template is taken for its looks: what it tells of its old contents is in no brief."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from docx import Document
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI

from layers.address.query import parse_query
from layers.brief.brief_formats import BRIEF_FORMATS
from layers.brief.briefs import brief_of
from tests.contract.office_files import a_template, repacked, saved
from tests.places import PLACES

pytestmark = pytest.mark.usefixtures("home_at_hand")

OLD = "Synthetic secret"
PROPERTIES = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    'extended-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/'
    'docPropsVTypes"><Company>Synthetic office</Company><Slides>7</Slides><Notes>7</Notes>'
    "<HiddenSlides>7</HiddenSlides><Words>7</Words><HeadingPairs><vt:vector size='1' "
    "baseType='variant'><vt:variant><vt:i4>7</vt:i4></vt:variant></vt:vector></HeadingPairs>"
    f"<TitlesOfParts><vt:vector size='1' baseType='lpstr'><vt:lpstr>{OLD}</vt:lpstr></vt:vector>"
    "</TitlesOfParts></Properties>"
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def document() -> bytes:
    return saved(a_template())


def slides() -> bytes:
    """Return slides with what PowerPoint keeps of them elsewhere than in them."""
    house = Presentation()
    slide = house.slides.add_slide(house.slide_layouts[0])
    slide.shapes.title.text = OLD
    house.core_properties.keywords = house.core_properties.comments = OLD
    package = house.part.package
    for place, kind in enumerate(("commentAuthors", "tags", "customXml", "changesInfo")):
        body = f"<a>{OLD}</a>".encode()
        part = Part(PackURI(f"/ppt/{kind}{place}.xml"), "application/xml", package, body)
        house.part.relate_to(part, f"{OFFICE}/{kind}")
    custom = Part(PackURI("/docProps/custom.xml"), "application/xml", package, OLD.encode())
    package.relate_to(custom, f"{OFFICE}/custom-properties")
    view = next(one for one in package.iter_parts() if str(one.partname).endswith("viewProps.xml"))
    name = view.relate_to(slide.part, RELATIONSHIP_TYPE.SLIDE)
    seen = f'<p:sldLst><p:sld r:id="{name}"/></p:sldLst></p:cViewPr>'
    view.blob = view.blob.replace(b"</p:cViewPr>", seen.encode(), 1)
    return saved(house)


@pytest.mark.parametrize(("ending", "made"), [("docx", document), ("pptx", slides)])
def test_a_brief_tells_nothing_of_the_old_contents_of_its_template(province, ending, made):
    content = repacked(made(), "docProps/app.xml", lambda _: PROPERTIES.encode())
    assert "docProps/thumbnail.jpeg" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    written = BRIEF_FORMATS[ending]
    view = parse_query(f"city={PLACES.hub.slug}&lang=en", province).view
    brief = brief_of(view, province, parts=["answer"], date=dt.date(2026, 11, 30))
    made_of_it = written.written(brief, written.template.read(content))
    (Document if ending == "docx" else Presentation)(io.BytesIO(made_of_it))
    with zipfile.ZipFile(io.BytesIO(made_of_it)) as archive:
        bodies = {name: archive.read(name) for name in archive.namelist()}
    assert not [name for name in bodies if "thumbnail" in name or "/custom" in name]
    assert not [name for name, body in bodies.items() if OLD.encode() in body]
    assert b"Synthetic office" in bodies["docProps/app.xml"]
    assert b"7" not in bodies["docProps/app.xml"].partition(b"<Company")[2]
    assert b"<p:sld " not in bodies.get("ppt/viewProps.xml", b"")
