"""The peer and Leaflet's files: folium would fetch them from outside."""

import streamlit as st
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from layers.web.offline_page import leaflet_folder

app = st.App("peer.py", routes=[Mount("/leaflet", StaticFiles(directory=leaflet_folder()))])
