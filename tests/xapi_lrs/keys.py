"""What tests do to credentials behind a client's back."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from inspect import signature
from typing import Any
from uuid import UUID

from flask import Flask

from database.session import transaction
from xapi_lrs.services.credentials import find_credential_by_key
from xapi_lrs.views.host import NAME, Host


def change_credential(tenant: UUID, key: str, service: Callable[..., Any], **options: Any) -> Any:
    """Run a service on the credential of `key`, in a transaction of its own."""
    given = {"now": datetime.now(UTC), "random": secrets.token_bytes}
    wanted = {name: given[name] for name in given if name in signature(service).parameters}
    with transaction(tenant) as session:
        credential = find_credential_by_key(session, key)
        assert credential is not None
        return service(session, credential.id, **(wanted | options))


def with_host(monkeypatch: Any, app: Flask, **changes: Any) -> Host:
    """Another host for the rest of the test."""
    host = replace(app.extensions[NAME], **changes)
    monkeypatch.setitem(app.extensions, NAME, host)
    return host
