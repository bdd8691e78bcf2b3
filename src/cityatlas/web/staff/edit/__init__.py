"""Edit a feature: the form, its map, photos, hours and route."""
