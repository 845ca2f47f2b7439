"""The floor: what Streamlit itself takes to answer a click."""

import streamlit as st

chosen = st.radio("Sector", ["one", "two"])
st.text(f"Chosen: {chosen}")
