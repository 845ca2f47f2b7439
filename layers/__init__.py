"""The cartography: what is drawn and how, and one renderer for each place it is drawn in."""
