"""Find the ways on foot and by boat, and lead people to navigation apps."""
