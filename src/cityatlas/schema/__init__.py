"""Say what a property of a feature is."""
