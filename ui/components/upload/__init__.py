"""The wizard that turns a file into own data, and what was saved of it."""
