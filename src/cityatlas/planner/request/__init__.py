"""Read what a visitor asks for, from an address or from JSON."""
