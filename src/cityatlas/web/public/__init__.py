"""Show the city to visitors: the map, places, routes, figures, photos and the report form."""
