"""Take streets, paths and waters out of an OpenStreetMap extract."""
