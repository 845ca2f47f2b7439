"""Say who may ask for what: names of the server, sign-in, sessions bound to their browsers."""
