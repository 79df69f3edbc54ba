"""The graph in formats of other tools, and back where they can carry it."""
