"""Show the map inside other people's pages."""
