"""Combine the city's folder and what staff published into one frozen snapshot, and keep it fresh."""
