"""What every export format promises, checked for each of them."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import pytest
from PIL import Image

from layers.compose import compose
from layers.exports import all_exporters
from layers.view import parse_query

QUERIES = ["lang=zh", "lang=en&sector=battery&center=31.6,120.2&zoom=9.3", "overlay=none"]


@pytest.fixture(params=all_exporters().values(), ids=lambda exporter: exporter.id)
def exporter(request):
    return request.param


@pytest.fixture(params=QUERIES)
def content(request, exporter, province):
    spec = compose(parse_query(request.param, province).view, province)
    return exporter.write(spec, province)


def test_it_writes_what_its_media_type_says(exporter, content):
    if exporter.media_type == "image/png":
        picture = Image.open(io.BytesIO(content))
        assert picture.size == (3507, 2480)  # A4 at 300 dpi
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.5)
    elif exporter.media_type == "image/svg+xml":
        assert ET.fromstring(content).tag.endswith("svg")  # noqa: S314
        assert b"http" not in content.replace(b"http://www.w3.org", b"").replace(
            b"http://purl.org", b""
        ).replace(b"http://creativecommons.org", b"")
    elif exporter.media_type == "application/pdf":
        assert content.startswith(b"%PDF")
        assert b"/FontFile2" in content  # the font is embedded as TrueType
        assert b"/Type3" not in content
    else:
        pytest.fail(f"no check for {exporter.media_type}: add one")


def test_it_writes_the_same_twice(exporter, province):
    spec = compose(parse_query("lang=en", province).view, province)
    assert exporter.write(spec, province) == exporter.write(spec, province)
