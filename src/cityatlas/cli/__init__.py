"""Run the commands."""
