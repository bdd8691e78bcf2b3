"""Serve over HTTP: slow and hostile connections, several processes, and an end that breaks no answer."""
