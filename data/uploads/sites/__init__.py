"""Make sites of a file's rows: which column holds what, where each row lies, what it says."""
