"""Draw the city: maps, pictures, charts and icons; the only room that knows folium."""
