"""Measure from where places are, by road and in a straight line, to what is nearest to them."""
