"""The economics: what the plan gives to whom, what is selected, what a city's profile is.

Pure functions on tables; nothing here knows Streamlit, folium or matplotlib.
"""
