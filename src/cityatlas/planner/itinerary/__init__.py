"""Turn a solution into the day that a visitor reads."""
