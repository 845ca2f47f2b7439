"""Read points from where they are: a file, a folder of GeoParquet, a PostGIS table."""
