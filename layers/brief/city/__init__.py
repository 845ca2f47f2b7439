"""Write the brief of a city, section by section."""
