"""Open a city from Python: its features as a frame, its map, plans and pictures in a notebook."""
