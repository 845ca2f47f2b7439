"""The records of the province, of cities, counties and sites."""
