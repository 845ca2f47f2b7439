"""Keep what the server answers a session's browser with."""
