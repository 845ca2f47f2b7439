"""Name the drivers of GDAL that read uploads; all others are switched off."""

SHAPEFILE_DRIVER = "ESRI Shapefile"
