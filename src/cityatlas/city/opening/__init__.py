"""Say when a place is open: hours as they are written and said, holidays, notices, seasons."""
