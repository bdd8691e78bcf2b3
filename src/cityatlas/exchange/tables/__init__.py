"""Name the columns of sheets and write and read their cells."""
