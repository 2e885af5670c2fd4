"""Why a start is not possible, in one line for the person at the terminal."""


class StartFailed(Exception):
    """The message says what is wrong and what to do; it is shown without a traceback."""
