"""Give the names of an SVG print map their halos while they stay text.

The drawing library would turn text with a halo into outlines; a style sheet does it instead.
"""

from __future__ import annotations

HALO_PREFIX = "halo-"

_STYLE = (
    b"<style>"
    b'[id^="halo-"] text { paint-order: stroke; stroke: #fff; stroke-width: 2.4px;'
    b" stroke-linejoin: round; }"
    b"text { font-family: 'Noto Sans SC', 'Source Han Sans SC', 'PingFang SC',"
    b" 'Microsoft YaHei', sans-serif; }"
    b"</style>"
)


def text_with_halo(svg: bytes) -> bytes:
    """Return the SVG with a style sheet that draws halos behind names."""
    return svg.replace(b"<defs>", _STYLE + b"<defs>", 1)
