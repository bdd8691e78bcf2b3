"""Let people in and out of the desk, and nobody past who may not."""
