"""Platforms' public keys (PAIN-15).

PyLTI1p3 fetches the key set at every launch, or caches it for two hours and then knows no new key.
Here: parsed keys per URL; kept as long as the platform says (max-age), refetched for an unknown
`kid`, but only as often as a small budget allows; used when stale while the platform is down.
"""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import jwt
import requests
import structlog

from lti_app.core.lti.reasons import Refusal
from lti_app.platform_client.http import HTTP

log = structlog.get_logger(__name__)

DEFAULT_AGE = 3600.0
MIN_AGE, MAX_AGE = 60.0, 86400.0
"""Bounds for a platform's max-age, in seconds."""
BUDGET = 3.0
"""Refetches per URL that may follow each other at once."""
BUDGET_SECONDS = 30.0
"""One more refetch is allowed each so many seconds; a flood of random kids costs no more."""
_MAX_AGE = re.compile(r"max-age=(\d+)")


@dataclass
class _Entry:
    keys: dict[str, jwt.PyJWK] = field(default_factory=dict)
    fresh_until: float = float("-inf")
    budget: float = BUDGET
    budget_at: float = 0.0
    fetched: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def may_fetch(self, now: float) -> bool:
        if self.budget_at:
            self.budget = min(BUDGET, self.budget + (now - self.budget_at) / BUDGET_SECONDS)
        self.budget_at = now
        if self.budget < 1:
            return False
        self.budget -= 1
        return True


class KeySets:
    """The cache; one per process."""

    def __init__(
        self,
        http: requests.Session = HTTP,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http
        self._clock = clock
        self._entries: dict[str, _Entry] = {}
        self._lock = threading.Lock()

    def get_key(self, url: str, kid: str) -> jwt.PyJWK:
        """The key `kid` of the set at `url`; raises Refusal `kid_unknown` (LTI-B02, one refetch)
        or `key_set_unavailable` when nothing was ever read there."""
        with self._lock:
            entry = self._entries.setdefault(url, _Entry())
        if kid in entry.keys and self._clock() < entry.fresh_until:
            return entry.keys[kid]
        with entry.lock:  # one thread fetches, the others wait and find the answer
            now = self._clock()
            if (kid not in entry.keys or now >= entry.fresh_until) and entry.may_fetch(now):
                self._fetch(url, entry, now)
        if kid in entry.keys:
            return entry.keys[kid]
        if not entry.fetched:
            raise Refusal("key_set_unavailable", f"no key set could be read at {url}")
        raise Refusal("kid_unknown", f"no key {kid[:80]!r} at {url}")

    def _fetch(self, url: str, entry: _Entry, now: float) -> None:
        try:
            response = self._http.get(url, headers={"Accept": "application/json"})
            response.raise_for_status()
            _check_way(response)
            keys = _parse(response.json())
        except (requests.RequestException, ValueError) as error:
            log.warning("key_set_unavailable", url=url, error=str(error)[:200])
            return
        given = _MAX_AGE.search(response.headers.get("Cache-Control", ""))
        age = float(given[1]) if given else DEFAULT_AGE
        entry.keys, entry.fetched = keys, True
        entry.fresh_until = now + min(MAX_AGE, max(MIN_AGE, age))
        log.info("key_set_read", url=url, keys=len(keys))


def _check_way(response: requests.Response) -> None:
    """Whoever can change an answer without TLS on its way could put his own key into the set."""
    way = [*response.history, response]
    if way[0].url.startswith("https:") and any(not one.url.startswith("https:") for one in way):
        raise ValueError("redirected to an address without TLS")


def _parse(document: object) -> dict[str, jwt.PyJWK]:
    """RS256 keys with a kid; others are passed over. Raises ValueError for what is no key set."""
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise ValueError("not a key set")
    keys = {}
    for jwk in document["keys"]:
        if not isinstance(jwk, dict) or jwk.get("kty") != "RSA" or not jwk.get("kid"):
            continue
        if jwk.get("alg", "RS256") != "RS256" or jwk.get("use", "sig") != "sig":
            continue
        try:
            keys[str(jwk["kid"])] = jwt.PyJWK(jwk, algorithm="RS256")
        except jwt.PyJWTError:
            continue
    return keys


KEY_SETS = KeySets()
