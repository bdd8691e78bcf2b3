"""Hand a plan over on paper, in a calendar or as a file."""
