"""Write files that others read, and read theirs."""
