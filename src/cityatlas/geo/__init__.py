"""Measure, project and shift positions; the only caller of to_crs."""
