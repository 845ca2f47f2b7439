"""The pages: widgets, state and words around the map; nothing is computed here."""
