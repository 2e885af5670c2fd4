"""Access tokens by client credentials, and requests that carry them.

`Connector` is PyLTI1p3's ServiceConnector with these pieces replaced, each measured or seen to
fail (moodle.md 5):

- tokens are shared by all connectors of a process and expire (the library asks for one per
  connector: 280 ms each at Moodle), and a 401 fetches a fresh one once (LTI-OA-9, LTI-OA-10);
- the assertion is signed with a key object (0.3 ms) instead of PEM text (35 ms), `iat` is 60 s
  back (Moodle refuses one that is a second ahead of its clock), `aud` may be separate (LTI-OA-2);
- an answer need not be JSON, since Moodle answers scores with an empty body of a JSON type;
- failures say whether the token endpoint or the service spoke.
"""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pylti1p3.exception import LtiServiceException
from pylti1p3.registration import Registration
from pylti1p3.service_connector import ServiceConnector, TServiceConnectorResponse

from lti_app.platform_client.http import HTTP

ASSERTION_AGE = 60
"""Seconds that `iat` lies back."""
ASSERTION_LIFE = 240
"""Seconds until `exp`; with ASSERTION_AGE at most 5 minutes (LTI-OA-3)."""
DEPLOYMENT_ID = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"
TOKEN_MARGIN = 60.0
"""Seconds before `expires_in` at which a token is no longer used."""
ASKING_PATIENCE = 5.0
"""Seconds for which a request waits for a token that another one asks for."""


@dataclass(frozen=True)
class PlatformAccess:
    """All that is needed to speak to one platform; made inside the tenant's transaction."""

    registration_id: UUID
    issuer: str
    client_id: str
    token_url: str
    token_audience: str
    kid: str
    private_pem: str
    deployment_id: str = ""
    """The platform's name of the installation that the calls are about; "": of none in particular.
    Platforms with one client for many schools tell them apart by it."""

    def __repr__(self) -> str:
        return f"PlatformAccess({self.issuer!r}, {self.client_id!r})"


class TokenFailed(Exception):
    """No access token; `response` is what the token endpoint said, None when it said nothing."""

    def __init__(self, failure: str, response: requests.Response | None = None) -> None:
        super().__init__(failure)
        self.failure = failure
        self.response = response


class TokenCache:
    """Access tokens of this process by (registration, deployment, scopes)."""

    def __init__(self) -> None:
        self._tokens: dict[tuple[str, ...], tuple[str, float]] = {}
        self._lock = threading.Lock()
        self._asking: dict[tuple[str, ...], threading.Lock] = {}

    @contextmanager
    def asking(self, key: tuple[str, ...]) -> Iterator[None]:
        """One at a time asks for a token: the others find what it brought. Nobody waits longer than
        a platform that answers takes."""
        with self._lock:
            turn = self._asking.setdefault(key, threading.Lock())
        is_ours = turn.acquire(timeout=ASKING_PATIENCE)
        try:
            yield
        finally:
            if is_ours:
                turn.release()

    def find(self, key: tuple[str, ...]) -> str | None:
        with self._lock:
            token, until = self._tokens.get(key, ("", 0.0))
        return token if token and time.monotonic() < until else None

    def keep(self, key: tuple[str, ...], token: str, seconds: float) -> None:
        with self._lock:
            self._tokens[key] = (token, time.monotonic() + seconds)

    def forget(self, key: tuple[str, ...]) -> None:
        with self._lock:
            self._tokens.pop(key, None)


TOKENS = TokenCache()


class Connector(ServiceConnector):
    """Speaks to one platform; cheap to make."""

    last_response: requests.Response | None = None
    granted_scopes: frozenset[str] | None = None
    """What the last token request was granted; None: the platform did not say."""

    def __init__(
        self,
        access: PlatformAccess,
        http: requests.Session = HTTP,
        tokens: TokenCache = TOKENS,
    ) -> None:
        super().__init__(_library_registration(access), http)
        self._access = access
        self._tokens = tokens

    def get_access_token(self, scopes: Sequence[str]) -> str:
        """A token for `scopes`, from the cache or the platform; raises TokenFailed."""
        key = self._cache_key(scopes)
        token = self._tokens.find(key)
        if token is not None:
            return token
        with self._tokens.asking(key):
            token = self._tokens.find(key)
            if token is None:
                token, seconds = self._ask_for_token(sorted(scopes))
                self._tokens.keep(key, token, seconds - TOKEN_MARGIN)
        return token

    def make_service_request(
        self,
        scopes: Sequence[str],
        url: str,
        is_post: bool = False,
        data: str | None = None,
        content_type: str = "application/json",
        accept: str = "application/json",
        case_insensitive_headers: bool = False,
    ) -> TServiceConnectorResponse:
        """As the library's, with one more try after a 401; raises LtiServiceException."""
        kind = content_type if is_post else None
        response = self.request(
            "POST" if is_post else "GET", scopes, url, accept=accept, content_type=kind, data=data
        )
        if not 200 <= response.status_code < 300:
            raise LtiServiceException(response)
        return {"headers": response.headers, "body": read_json(response), "next_page_url": None}

    def request(
        self,
        method: str,
        scopes: Sequence[str],
        url: str,
        *,
        accept: str,
        content_type: str | None = None,
        data: str | None = None,
    ) -> requests.Response:
        """One request with a token, and one more with a fresh one after a 401, unless that speaks
        of a coupled line item (CANVAS-33); raises TokenFailed and what `requests` raises."""
        for is_last in (False, True):
            headers = {"Authorization": f"Bearer {self.get_access_token(scopes)}", "Accept": accept}
            if content_type:
                headers["Content-Type"] = content_type
            response = self._requests_session.request(
                method,
                url,
                data=data.encode() if data is not None else None,
                headers=headers,
                allow_redirects=False,
            )
            self.last_response = response
            if response.status_code != 401 or is_last or "coupled" in response.text[:500].lower():
                break
            self._tokens.forget(self._cache_key(scopes))
        return response

    def _cache_key(self, scopes: Sequence[str]) -> tuple[str, ...]:
        access = self._access
        whom = (str(access.registration_id), access.deployment_id)
        return (*whom, access.token_url, access.client_id, *sorted(scopes))

    def _ask_for_token(self, scopes: Sequence[str]) -> tuple[str, float]:
        try:
            response = self._requests_session.post(
                self._access.token_url,
                data={
                    "grant_type": "client_credentials",
                    "client_assertion_type": (
                        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                    ),
                    "client_assertion": self._build_assertion(),
                    "scope": " ".join(scopes),
                },
                headers={"Accept": "application/json"},
                allow_redirects=False,
            )
        except requests.exceptions.ReadTimeout:
            raise TokenFailed("timeout") from None
        except requests.RequestException:
            raise TokenFailed("unreachable") from None
        body = read_json(response)
        said = body.get("scope") if isinstance(body, Mapping) else None
        self.granted_scopes = frozenset(said.split()) if isinstance(said, str) and said else None
        return _read_token(response, scopes)

    def _build_assertion(self) -> str:
        access, now = self._access, int(time.time())
        claims = {
            "iss": access.client_id,
            "sub": access.client_id,
            "aud": access.token_audience,
            "iat": now - ASSERTION_AGE,
            "exp": now - ASSERTION_AGE + ASSERTION_LIFE,
            "jti": str(uuid4()),
        }
        if access.deployment_id:  # LTI-OA-11
            claims[DEPLOYMENT_ID] = access.deployment_id
        key = load_private_key(access.private_pem)
        headers = {"kid": access.kid}
        return jwt.encode(claims, key, "RS256", headers)  # type: ignore[arg-type]  # an RSA key


def _read_token(response: requests.Response, scopes: Sequence[str]) -> tuple[str, float]:
    """Parsed by hand: Moodle sends JSON as text/html, and errors as broken JSON (moodle.md 5)."""
    body = read_json(response)
    if not isinstance(body, Mapping):
        body = {}
    if "invalid_scope" in (body.get("error"), response.text[:200].strip()):
        raise TokenFailed("scope_missing", response)
    if response.status_code != 200:
        raise TokenFailed("token_refused", response)
    token, granted = body.get("access_token"), body.get("scope")
    if not isinstance(token, str) or not token:
        raise TokenFailed("token_odd", response)
    if isinstance(granted, str) and granted.strip() and not set(scopes) & set(granted.split()):
        raise TokenFailed("scope_missing", response)
    try:
        seconds = float(body.get("expires_in", 3600))
    except (TypeError, ValueError):
        seconds = 3600.0
    return token, seconds


def read_json(response: requests.Response) -> Any:
    """The body, or None where it is no JSON."""
    try:
        return response.json()
    except ValueError:
        return None


@lru_cache(maxsize=64)
def load_private_key(pem: str) -> PrivateKeyTypes:
    """The key object of `pem`, parsed once per process."""
    return load_pem_private_key(pem.encode(), None)


def _library_registration(access: PlatformAccess) -> Registration:
    return (
        Registration()
        .set_issuer(access.issuer)
        .set_client_id(access.client_id)
        .set_auth_token_url(access.token_url)
        .set_auth_audience(access.token_audience)
    )
