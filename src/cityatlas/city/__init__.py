"""Say what a city is: its layers, features, hours, figures and photos, read from files and checked."""
