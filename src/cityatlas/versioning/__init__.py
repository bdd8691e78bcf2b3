"""Hold what a feature says as content, and merge two edits of it."""
