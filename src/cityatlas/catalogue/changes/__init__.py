"""Give the city as it was, and what changed since."""
