"""Briefs as slides."""
