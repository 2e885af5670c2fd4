"""What can go wrong around the embedded servers; the message says what to do."""


class ServerError(Exception):
    """A server that Lectern starts itself is missing, refuses to start, or may not be used."""
