"""Write a map specification's symbols as QGIS styles (QML), one for each exported layer.

Each class becomes a rule that selects its features, so a layer opens as the map shows it.
"""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ET

from layers.specification.ground_tables import GROUND_LINES
from layers.specification.icons import BOLD_STROKE, icon_svg
from layers.specification.map_spec import (
    Area,
    Band,
    FeatureId,
    Glyph,
    Hatch,
    Label,
    Line,
    MapSpec,
    Marker,
    Pictogram,
    Symbol,
    SymbolClass,
)
from layers.specification.symbology import AREA_STACK, INK, PAPER

_MILLIMETRES_PER_PIXEL = 25.4 / 96
_STACK_SIZE_PX = 26.0
_AROUND = {"placement": "0", "placementFlags": "10"}
_OVER = {"placement": "1", "quadOffset": "4"}
_MARKER_NAMES = {
    "square": "square",
    "circle": "circle",
    "diamond": "diamond",
    "triangle": "triangle",
    "hexagon": "hexagon",
}


_KINDS: dict[type, str] = {Marker: "marker", Pictogram: "marker", Line: "line"}


def layer_style(table: str, spec: MapSpec) -> str:
    """Return the QML of an exported table, which has the name of its geometry."""
    qgis = ET.Element("qgis", version="3.22.0", styleCategories="Symbology|Labeling")
    renderer = ET.SubElement(
        qgis, "renderer-v2", type="RuleRenderer", symbollevels="1", enableorderby="0"
    )
    rules = ET.SubElement(renderer, "rules", key="root")
    symbols = ET.SubElement(renderer, "symbols")
    place = 0
    for level, layer in enumerate(spec.layers):
        if layer.geometry != table:
            continue
        for found in layer.classes:
            if isinstance(found.symbol, Label) or not found.features:
                continue
            ET.SubElement(
                rules,
                "rule",
                key=f"rule-{place}",
                symbol=str(place),
                label=found.label,
                filter=_filter(found),
            )
            _symbol(symbols, str(place), found.symbol, level)
            place += 1
    if table not in GROUND_LINES:
        _labels(qgis, "name_zh" if spec.language == "zh" else "name_en", _AROUND)
    return ET.tostring(qgis, encoding="unicode")


def stack_style() -> str:
    """Return the QML of counts by area: hollow rings, one upon another, with the count in them."""
    qgis = ET.Element("qgis", version="3.22.0", styleCategories="Symbology|Labeling")
    renderer = ET.SubElement(qgis, "renderer-v2", type="RuleRenderer", enableorderby="0")
    rules = ET.SubElement(renderer, "rules", key="root")
    ET.SubElement(rules, "rule", key="rule-0", symbol="0")
    symbols = ET.SubElement(renderer, "symbols")
    node = ET.SubElement(symbols, "symbol", name="0", type="marker", alpha="1")
    for color, offset in ((AREA_STACK.color, "0.8,-0.8"), (INK, "0,0")):
        ring = {
            "name": "circle",
            "color": _color(PAPER),
            "outline_color": _color(color),
            "offset": offset,
            "offset_unit": "MM",
        }
        sizes = _width("size", _STACK_SIZE_PX) | _width("outline_width", 1.6)
        _layer(node, "SimpleMarker", 0, ring | sizes)
    _labels(qgis, "sites", _OVER)
    return ET.tostring(qgis, encoding="unicode")


def _filter(found: SymbolClass) -> str:
    field = "id" if isinstance(found.features[0], str) else "adcode"
    return f'"{field}" IN ({", ".join(_literal(name) for name in found.features)})'


def _literal(name: FeatureId) -> str:
    return "'" + name.replace("'", "''") + "'" if isinstance(name, str) else str(name)


def _symbol(parent: ET.Element, name: str, symbol: Symbol, level: int) -> None:
    kind = _KINDS.get(type(symbol), "fill")
    node = ET.SubElement(
        parent, "symbol", name=name, type=kind, alpha=f"{symbol.opacity:g}", clip_to_extent="1"
    )
    if isinstance(symbol, Area):
        _layer(node, "SimpleFill", level, _area(symbol))
    elif isinstance(symbol, Hatch):
        _hatch(node, symbol, level)
    elif isinstance(symbol, Band):
        _band(node, symbol, level)
    elif isinstance(symbol, Glyph):
        _glyph(node, symbol, level)
    elif isinstance(symbol, Marker):
        _layer(node, "SimpleMarker", level, _marker(symbol))
    elif isinstance(symbol, Pictogram):
        _layer(node, "SvgMarker", level, _pictogram(symbol))
    elif isinstance(symbol, Line):
        _line(node, symbol, level)


def _layer(parent: ET.Element, kind: str, level: int, options: dict[str, str]) -> ET.Element:
    node = ET.SubElement(parent, "layer", {"class": kind, "pass": str(level), "enabled": "1"})
    listed = ET.SubElement(node, "Option", type="Map")
    for key, value in options.items():
        ET.SubElement(listed, "Option", name=key, value=value, type="QString")
        ET.SubElement(node, "prop", k=key, v=value)
    return node


def _area(symbol: Area) -> dict[str, str]:
    filled = symbol.fill is not None
    options = {
        "color": _color(symbol.fill or "#FFFFFF", symbol.fill_opacity if filled else 0),
        "style": "solid" if filled else "no",
        "outline_color": _color(symbol.stroke or "#000000"),
        "outline_style": "no" if symbol.stroke is None else "dash" if symbol.dash else "solid",
    }
    return options | _width("outline_width", symbol.stroke_width)


def _line(parent: ET.Element, symbol: Line, level: int) -> None:
    if symbol.casing is not None:
        casing = {"line_color": _color(symbol.casing), "line_style": "solid"}
        _layer(parent, "SimpleLine", level, casing | _width("line_width", symbol.width + 2.0))
    options = {"line_color": _color(symbol.color), "line_style": "dash" if symbol.dash else "solid"}
    _layer(parent, "SimpleLine", level, options | _width("line_width", symbol.width))


def _band(parent: ET.Element, symbol: Band, level: int) -> None:
    """Draw the band along the border, twice as wide, of which the inside is kept; its rim on it."""
    for color, width in (
        (symbol.color, symbol.rim + symbol.width),
        (symbol.casing, symbol.rim),
    ):
        stroke = {
            "line_color": _color(color),
            "line_style": "solid",
            "joinstyle": "miter",
            "draw_inside_polygon": "1",
        }
        _layer(parent, "SimpleLine", level, stroke | _width("line_width", 2 * width))


def _hatch(parent: ET.Element, symbol: Hatch, level: int) -> None:
    options = {"angle": f"{symbol.angle:g}", "color": _color(symbol.color)}
    options |= _width("distance", symbol.spacing) | _width("line_width", symbol.width)
    node = _layer(parent, "LinePatternFill", level, options)
    line = ET.SubElement(node, "symbol", name="@hatch@0", type="line", alpha="1")
    color = {"line_color": _color(symbol.color), "line_style": "solid"}
    _layer(line, "SimpleLine", level, color | _width("line_width", symbol.width))


def _glyph(parent: ET.Element, symbol: Glyph, level: int) -> None:
    node = _layer(parent, "CentroidFill", level, {"point_on_surface": "1"})
    marker = ET.SubElement(node, "symbol", name="@glyph@0", type="marker", alpha="1")
    disc = {"name": "circle", "color": _color(symbol.color), "outline_color": _color("#FFFFFF")}
    _layer(marker, "SimpleMarker", level, disc | _width("size", symbol.size))
    text = {"chr": symbol.text, "color": _color(symbol.ink), "font": "Noto Sans"}
    _layer(marker, "FontMarker", level, text | _width("size", symbol.size * 0.5))


def _marker(symbol: Marker) -> dict[str, str]:
    solid = symbol.fill == "solid"
    return {
        "name": "cross_fill" if symbol.fill == "crossed" else _MARKER_NAMES[symbol.shape],
        "color": _color(symbol.color if solid else "#FFFFFF"),
        "outline_color": _color("#FFFFFF" if solid else symbol.color),
    } | _width("size", symbol.size)


def _pictogram(symbol: Pictogram) -> dict[str, str]:
    """Return the drawing within the style itself: it needs no file beside it."""
    drawing = icon_svg(symbol.icon, color=symbol.color, stroke=BOLD_STROKE)
    return {"name": "base64:" + base64.b64encode(drawing.encode()).decode()} | _width(
        "size", symbol.size
    )


def _width(name: str, pixels: float) -> dict[str, str]:
    return {name: f"{pixels * _MILLIMETRES_PER_PIXEL:.3f}", f"{name}_unit": "MM"}


def _color(code: str, opacity: float = 1.0) -> str:
    red, green, blue = (int(code[place : place + 2], 16) for place in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def _labels(qgis: ET.Element, field: str, placement: dict[str, str]) -> None:
    labeling = ET.SubElement(qgis, "labeling", type="simple")
    settings = ET.SubElement(labeling, "settings", calloutType="simple")
    style = ET.SubElement(
        settings,
        "text-style",
        fieldName=field,
        isExpression="0",
        fontFamily="Noto Sans CJK SC",
        fontSize="9",
        fontSizeUnit="Point",
        textColor="32,37,45,255",
        textOpacity="1",
    )
    ET.SubElement(
        style,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.8",
        bufferSizeUnits="MM",
        bufferColor="255,255,255,255",
        bufferOpacity="1",
    )
    ET.SubElement(settings, "placement", placement)
    ET.SubElement(settings, "rendering", drawLabels="1", obstacle="1", scaleVisibility="0")
