"""Scripts that do the least of what a command of the atlas does, on the same files."""
