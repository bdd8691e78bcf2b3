"""Answer geographers' programs by OGC API - Features: Part 1, Part 2 (CRS) and Part 5 (schemas, queryables)."""

from . import documents, items, openapi  # each registers its addresses
from .resources import bp

__all__ = ["bp", "documents", "items", "openapi"]
