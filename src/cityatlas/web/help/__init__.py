"""Show the handbook."""
