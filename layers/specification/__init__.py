"""Say what is asked of a map (a view) and what it shows (a specification), for every renderer."""
