"""Write layers as files for other programs."""
