"""Take files in and give them out, and keep a layer as a table."""
