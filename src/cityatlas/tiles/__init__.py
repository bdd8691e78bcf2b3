"""Cut large layers and basemaps into tiles, and write features as GeoJSON."""
