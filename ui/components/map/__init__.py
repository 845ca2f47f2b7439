"""The map, its controls, and the panels around it."""
