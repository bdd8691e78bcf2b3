"""Say what would make an impossible day possible, and what else a day could be."""
