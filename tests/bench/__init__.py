"""Measure the speed of the map beside its peers; README.md tells how each row is measured."""
