"""Send what was made: in which format, under which headers, whole or in part, once or again."""
