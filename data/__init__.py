"""What is known, and from where: the only code that opens files."""
