"""Show a city's layers as one interactive map."""

__version__ = "0.1.0"
