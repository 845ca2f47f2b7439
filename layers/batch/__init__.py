"""Print a whole map series, in a process of its own."""
