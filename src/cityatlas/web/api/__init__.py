"""Answer programs, our own map's script among them."""
