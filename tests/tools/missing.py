"""Something that the tests cannot do without, and that could not be had."""


class Missing(Exception):
    """The message says in one line what to do."""
