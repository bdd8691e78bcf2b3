"""Say one planned day in every form: as JSON, lines, a bar, a map, a calendar."""
