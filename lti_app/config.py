"""Every setting of Lectern: one frozen dataclass, read once from the environment.

The text under a field is its documentation; the README's table is checked against it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class SettingInvalid(ValueError):
    """A setting cannot be used; the message names it and says how to mend it."""


@dataclass(frozen=True)
class Config:
    database_url: str = ""
    """PostgreSQL address of the application's role, who cannot bypass row-level security.
    Empty: the embedded PostgreSQL of the instance folder."""
    database_owner_url: str = ""
    """PostgreSQL address of the role that owns the tables; used by migrations only."""
    redis_url: str = ""
    """Redis (or Valkey) address of the job queue. Empty: the embedded one."""
    secret_key: str = ""
    """Signs sessions and player tokens; at least 32 characters. `make run` keeps one in the
    instance folder."""
    app_url: str = "http://localhost:8000"
    """Origin of portal, LTI and API, as browsers see it."""
    content_url: str = "http://127.0.0.1:8000"
    """Origin of the player and of package files; another host name than APP_URL, on purpose."""
    bind: str = "127.0.0.1:8000"
    """Address and port that the web server listens on."""
    lectern_data: str = "instance"
    """Folder for uploaded packages, and for the embedded servers."""
    default_tenant: str = "demo"
    """Slug of the tenant shown where the host name leads to none."""
    demo_lms_url: str = ""
    """Address of the Demo LMS; set by `make run`, empty in production: no button, no demo."""
    trusted_proxies: int = 0
    """Number of proxies in front whose X-Forwarded-* headers are believed."""
    max_upload_mb: int = 1024
    """Largest package that may be uploaded, in MiB."""
    sign_in_failures: int = 5
    """Failed sign-ins after which an account is locked."""
    sign_in_lock_minutes: int = 15
    """For how long it is locked."""
    session_hours: int = 12
    """Length of a portal session, in hours."""
    player_token_hours: int = 8
    """How long a player's address works without a commit; commits renew it."""
    lti_leeway_seconds: int = 60
    """Accepted difference between a platform's clock and ours (at most 300)."""
    lti_without_link: int = 0
    """1: launches of Blackboard that name no resource link are taken (BB-11): the course and the
    content stand for it, so that all such placements of a course share attempts and grades."""
    private_platforms: int = 0
    """1: platforms may also lie on this machine and on private networks, as on an intranet. Without
    it only where APP_URL is this machine, or with the Demo LMS. Leave it 0 where organisations do
    not trust each other: their administrators enter addresses that this server then calls."""
    smtp_url: str = ""
    """Mail server: smtp://name:password@host:587 or smtps://…:465. Empty: mails are kept as files
    and shown to administrators, nobody gets any."""
    mail_from: str = "lectern@localhost"
    """Address that mails come from."""
    lti_logins: int = 3000
    """LTI logins that one address (a school, as a rule) may begin in a minute; 0: any number."""
    lti_refusals: int = 300
    """LTI logins and launches of one address that may be refused in a minute; 0: any number."""
    sweep_seconds: int = 10
    """Pause between two sweeps for work that the queue has lost."""
    lrs_body_mb: int = 16
    """Largest request that the record store reads, in MiB; the proxy must let it through, too."""
    lrs_batch: int = 5000
    """Most statements in one request."""
    lrs_page: int = 500
    """Most statements in one answer."""
    lrs_requests_per_second: int = 500
    """Requests that a credential without a limit of its own may send to the record store, with ten
    seconds' worth at once; 0: any number."""
    lrs_failures_per_minute: int = 60
    """Wrong credentials that one address may send to the record store; 0: any number."""
    lrs_token_minutes: int = 60
    """How long an access token (OAuth 2.0) of the record store is good."""
    lrs_rejections: int = 1000
    """Refused requests that are kept for each store, the newest."""
    web_workers: int = 2
    """Processes of the web server."""
    web_threads: int = 8
    """Threads of each of them."""
    log_level: str = "INFO"
    """DEBUG, INFO, WARNING or ERROR."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """Read each field from the variable of its name in capitals; raises SettingInvalid."""
        given: dict[str, Any] = {}
        for field in fields(cls):
            text = environ.get(field.name.upper(), "").strip()
            if text:
                given[field.name] = _number(field.name, text) if field.type is int else text
        config = cls(**given)
        config._check()
        return config

    @property
    def data_folder(self) -> Path:
        """LECTERN_DATA as an absolute path."""
        return Path(self.lectern_data).absolute()

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach the application over TLS."""
        return self.app_url.startswith("https://")

    @property
    def reaches_private(self) -> bool:
        """Whether addresses of platforms may lead to private networks."""
        is_demo = bool(self.demo_lms_url) or urlsplit(self.app_url).hostname in _LOOPBACK
        return bool(self.private_platforms) or is_demo

    def _check(self) -> None:
        for name in ("app_url", "content_url"):
            url = urlsplit(getattr(self, name))
            if url.scheme not in ("http", "https") or not url.netloc or url.path.strip("/"):
                raise SettingInvalid(
                    f"{name.upper()} is {getattr(self, name)!r}: it must be an origin such as "
                    "https://lectern.example.org, without a path"
                )
        # By name, not by port: cookies know no ports.
        if urlsplit(self.app_url).hostname == urlsplit(self.content_url).hostname:
            raise SettingInvalid(
                "APP_URL and CONTENT_URL have the same host: packages are other people's "
                "JavaScript and must be served from a host name of their own"
            )
        if self.smtp_url and urlsplit(self.smtp_url).scheme not in ("smtp", "smtps"):
            raise SettingInvalid("SMTP_URL must begin with smtp:// or smtps://")
        if "@" not in self.mail_from:
            raise SettingInvalid(f"MAIL_FROM is {self.mail_from!r}: it must be an e-mail address")
        if self.secret_key and len(self.secret_key) < 32:
            raise SettingInvalid("SECRET_KEY is too short: use at least 32 random characters")
        for name in ("lrs_body_mb", "lrs_batch", "lrs_page", "lrs_token_minutes", "lrs_rejections"):
            if getattr(self, name) < 1:
                raise SettingInvalid(f"{name.upper()} must be at least 1")
        if not 0 <= self.lti_leeway_seconds <= 300:
            raise SettingInvalid("LTI_LEEWAY_SECONDS must be between 0 and 300")


def _number(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise SettingInvalid(f"{name.upper()} is {text!r}: it must be a whole number") from None
