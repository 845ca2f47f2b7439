"""Turn what a view shows into tables for files, with their sources."""
