"""Compare a file that came in with what the map has, and make drafts of it."""
