"""Views that stay: saved under a name, listed, opened again, carried away in a file."""
