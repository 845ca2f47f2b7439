"""Take a file's coordinate system only where it is one that PROJ needs no other file for.

A definition can name grid files, by path or by address, and PROJ opens them as soon as a
point is transformed: a stranger's file must not choose what this server opens.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from data.crs import GEOGRAPHIC, transformer
from data.uploads.limits import RefusedError

_LONGEST = 20_000
_REACHES_OUT = re.compile(
    r"grids|parameterfile|\+init|\+file|pipeline|boundcrs|abridgedtransformation|extension\s*\["
    r"|://|/vsi",
    re.IGNORECASE,
)


def plain_crs(definition: str) -> str:
    """Return ``definition`` (an authority's code, WKT or PROJJSON) where it stands by itself.

    Raises ``RefusedError`` for text that could name files, and for what is no geographic or
    projected system. Numbers that bind it to another system (``TOWGS84``) may stand in it.
    """
    text = definition.strip()
    # The schema's address is that of a PROJJSON text, nothing opens it.
    checked = re.sub(r'"\$schema"\s*:\s*"https://proj\.org/[\w./-]*"', "", text)
    if len(text) > _LONGEST or text.startswith("+") or _REACHES_OUT.search(checked):
        raise RefusedError("unknown_crs", crs=text[:80])
    try:
        crs = CRS.from_user_input(text)
    except CRSError:
        raise RefusedError("unknown_crs", crs=text[:80]) from None
    if not (crs.is_geographic or crs.is_projected):
        raise RefusedError("unknown_crs", crs=text[:80])
    return text


def degrees_of(
    x: NDArray[np.float64], y: NDArray[np.float64], crs: str | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitude and latitude of positions in a file's ``crs``, as ``plain_crs`` takes it.

    Raises ``RefusedError`` without a ``crs``, or for one that ``plain_crs`` refuses.
    """
    if crs is None:
        raise RefusedError("needs_crs")
    try:
        change = transformer(plain_crs(crs), GEOGRAPHIC)
    except CRSError:
        raise RefusedError("unknown_crs", crs=crs[:80]) from None
    east, north = change.transform(x, y)
    return np.asarray(east, np.float64), np.asarray(north, np.float64)
