"""The peer: the same layers as streamlit-folium's README writes a map.

The whole map is built in every run, and its geometry stands in its script.
"""

import folium
import streamlit as st
from streamlit_folium import st_folium

from benchmarks.speed.apps.same_layers import chosen_points, color_of, province, role_fills, sectors

st.set_page_config(layout="wide")
sector = st.radio("Sector", ["all", *sectors()], horizontal=True)
home = province()
names = ["name_en", "geometry"]

west, south, east, north = home.cities.total_bounds
m = folium.Map(location=[(south + north) / 2, (west + east) / 2], zoom_start=7, tiles=None)
# Leaflet alone, from this machine: kinder than folium's own list of outside addresses.
m.default_js = [("leaflet", "/leaflet/leaflet.js")]
m.default_css = [("leaflet_css", "/leaflet/leaflet.css")]
folium.GeoJson(
    home.neighbours[names],
    style_function=lambda _: {"fillColor": "#f2f0eb", "color": "#999999", "weight": 0.5},
).add_to(m)
for name, color, cities in role_fills():
    held = home.cities[home.cities.index.isin(cities)][names]
    folium.GeoJson(
        held,
        name=name,
        style_function=lambda _, color=color: {
            "fillColor": color,
            "color": color,
            "fillOpacity": 0.4,
        },
    ).add_to(m)
folium.GeoJson(
    home.counties[names],
    style_function=lambda _: {"fill": False, "color": "#777777", "weight": 0.7},
).add_to(m)
folium.GeoJson(
    home.cities[names],
    style_function=lambda _: {"fillOpacity": 0, "color": "#333333", "weight": 1.2},
    tooltip=folium.GeoJsonTooltip(["name_en"]),
).add_to(m)
for site, point in chosen_points(sector):
    folium.CircleMarker(
        [point.y, point.x],
        radius=4,
        color=color_of(site.sector),
        tooltip=site.name_en,
    ).add_to(m)

st_folium(m, width=1100, height=700)
