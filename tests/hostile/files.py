"""Make hostile files, and hold that reading one is refused in words of either language."""

from __future__ import annotations

import io
import zipfile

import pytest

from data.uploads.limits import Limits, RefusedError
from data.uploads.sandbox.safely import read_safely

SMALL = Limits(seconds=20)
MEGABYTE = 1 << 20


def refused(content, filename, match, limits=SMALL):
    with pytest.raises(RefusedError, match=match) as caught:
        read_safely(content, filename, limits)
    assert caught.value.note.say("zh")
    return caught.value


def zipped(*members, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def feature(geometry="null", properties='{"a": "x"}'):
    return (
        '{"type": "FeatureCollection", "features": [{"type": "Feature", '
        f'"properties": {properties}, "geometry": {geometry}}}]}}'
    ).encode()
