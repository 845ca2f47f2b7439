"""Read files that people bring along: from bytes of a stranger to sites on the map."""
