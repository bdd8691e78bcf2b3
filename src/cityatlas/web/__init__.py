"""Answer requests: each blueprint reads input, asks one domain function, and fills one template or file."""
