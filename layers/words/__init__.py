"""Say measures, rankings and the reference in words."""
