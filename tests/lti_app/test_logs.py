"""Logs help to find a cause and give nothing away."""

from typing import Any

import structlog


def test_a_logged_failure_shows_no_local_variables(app):
    """A password is a local variable of the function that checks it. Secrets are never logged."""

    def check(password: str) -> None:
        raise ValueError("not right")

    line: Any = {"event": "sign_in_failed", "exc_info": True}
    try:
        check("correct horse battery staple")
    except ValueError:
        for process in structlog.get_config()["processors"]:
            line = process(None, "error", line)

    assert "horse" not in line
    assert "ValueError" in line
    assert '"name": "check"' in line
