"""Make and check the folders that provinces stand in."""
