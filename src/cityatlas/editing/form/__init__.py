"""Turn a feature into a form and a form back into a feature, with faults at their fields."""
