"""Do from the command line what the pages do."""
