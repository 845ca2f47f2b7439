"""The same layers with ``st.pydeck_chart``."""

import json

import pydeck
import streamlit as st

from benchmarks.speed.apps.same_layers import chosen_points, color_of, province, role_fills, sectors

st.set_page_config(layout="wide")
sector = st.radio("Sector", ["all", *sectors()], horizontal=True)
home = province()
names = ["name_en", "geometry"]


def rgb(color: str) -> list[int]:
    return [int(color[at : at + 2], 16) for at in (1, 3, 5)]


def areas(table, **style) -> pydeck.Layer:
    return pydeck.Layer("GeoJsonLayer", json.loads(table[names].to_json()), **style)


line = {"line_width_min_pixels": 1, "get_line_color": [90, 90, 90]}
layers = [areas(home.neighbours, get_fill_color=[242, 240, 235], **line)]
for _, color, cities in role_fills():
    held = home.cities[home.cities.index.isin(cities)]
    layers.append(areas(held, get_fill_color=[*rgb(color), 100]))
layers.append(areas(home.counties, filled=False, stroked=True, **line))
layers.append(areas(home.cities, filled=False, stroked=True, pickable=True, **line))
sites = [
    {"at": [point.x, point.y], "color": rgb(color_of(site.sector))}
    for site, point in chosen_points(sector)
]
layers.append(
    pydeck.Layer(
        "ScatterplotLayer",
        sites,
        get_position="at",
        get_fill_color="color",
        radius_min_pixels=4,
        radius_max_pixels=4,
    )
)
view = pydeck.ViewState(latitude=32.9, longitude=119.4, zoom=6.2)
st.pydeck_chart(
    pydeck.Deck(layers, initial_view_state=view, map_style=None, map_provider=None), height=700
)
