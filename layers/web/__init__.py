"""Draw a specification in a browser: the folium map, its geometry, and the page for offline use."""
