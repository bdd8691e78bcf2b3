"""Read what people hand in, each file in a process of its own that can do no harm."""
