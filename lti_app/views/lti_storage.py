"""The two pages that talk to platform storage: one puts the login's secret in, one takes it out.

Both are answers inside the frame of the launch; static/lti_storage.js does the talking and knows
only what stands in the page. What it finds is compared here, on the server (lti_arrival.py).
Source: 1EdTech "LTI OIDC Login with LTI Client Side postMessages" 0.1 and "LTI postMessage Storage"
0.1: messages go to the named frame, for the origin of the authentication address only.
"""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from lti_app.core.lti.login import origin_of
from lti_app.core.lti.state import cookie_name
from lti_app.security.headers import allow_framing
from lti_app.services.logins import Login


def store_page(
    begun: Login, state: str, binding: str, *, next_url: str, retry: str
) -> ResponseReturnValue:
    """Answers a login: looks for the cookie, else stores `binding`, then goes on to the platform.

    Whoever frames it learns nothing: the secret leaves the page only for the platform's origin.
    """
    allow_framing(["*"])
    return render_template(
        "lti/storage.html",
        step="store",
        binding=binding,
        next_url=next_url,
        probe_url=url_for("lti.cookie", state=state),
        check_url=url_for("lti.check", state=state),
        retry_url=retry,
        **_place(begun, state),
    )


def proof_page(begun: Login, state: str, retry: str) -> ResponseReturnValue:
    """Answers a launch without a cookie: posts what platform storage holds to /lti/launch/proof."""
    allow_framing(["*"])
    return render_template(
        "lti/storage.html",
        step="prove",
        state=state,
        retry_url=retry,
        **_place(begun, state),
    )


def _place(begun: Login, state: str) -> dict[str, str]:
    return {
        "storage_target": begun.row.storage_target or "",
        "storage_origin": origin_of(begun.registration.auth_login_url),
        "storage_key": cookie_name(state),
    }
