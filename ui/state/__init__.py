"""Keep what a session shows and has brought, in step with the address of the page."""
