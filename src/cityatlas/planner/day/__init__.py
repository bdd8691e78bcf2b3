"""Find what a day offers: places with their windows, ways between them, boats."""
