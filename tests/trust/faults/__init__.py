"""Break what a server stands on, one fault a function."""
