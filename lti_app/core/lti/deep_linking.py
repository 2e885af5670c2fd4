"""Deep Linking 2.0, the tool's side: what a platform lets a teacher choose, and our answer.

Source: LTI Deep Linking 2.0, 3.1 and 3.2 (content items), 4.4 (request), 4.5 (response); rules
LTI-DL-1 to LTI-DL-22.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from lti_app.core.item import Item
from lti_app.core.lti import claims as c
from lti_app.core.lti.copies import HISTORY_VARIABLES
from lti_app.core.lti.reasons import Refusal
from lti_app.core.lti.web_urls import read_web_url

CLAIM = "https://purl.imsglobal.org/spec/lti-dl/claim/"
SETTINGS = CLAIM + "deep_linking_settings"
RESPONSE = "LtiDeepLinkingResponse"
LINK = "ltiResourceLink"
TAG = "lectern"
"""`tag` of every line item that we ask for; `resourceId` is the item's key (LTI-AGS-13)."""

LIFETIME_SECONDS = 300
"""Of the answer (LTI-DL-8)."""
MOST_ITEMS = 50
LONGEST_TITLE = 255
LONGEST_DATA = 32 * 1024
FRAME = {"width": 1000, "height": 720}
"""CSS pixels that content is glad to have."""
COVER = {"width": 640, "height": 240}


@dataclass(frozen=True)
class Settings:
    """The deep_linking_settings claim (4.4.1.3)."""

    return_url: str
    accept_types: tuple[str, ...]
    document_targets: tuple[str, ...]
    accept_multiple: bool = False
    """Absent means one item only."""
    accept_lineitem: bool = True
    """Absent promises nothing either way; then we offer one: Moodle says nothing and uses it."""
    auto_create: bool = False
    """The platform makes the links at once, without asking its teacher again."""
    data: str | None = None
    """The opaque value as JSON text, None where none came: it goes back as it was."""
    title: str = ""
    text: str = ""

    @property
    def takes_links(self) -> bool:
        """Whether anything of ours can be chosen (LTI-DL-1)."""
        return LINK in self.accept_types

    @property
    def targets(self) -> tuple[str, ...]:
        """Where a teacher may have it open, the usual one first (LTI-DL-4)."""
        return tuple(t for t in ("iframe", "window") if t in self.document_targets)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Settings":
        known = {field.name for field in fields(cls)}
        lists = {name: tuple(kept.get(name, ())) for name in ("accept_types", "document_targets")}
        return cls(**{**{k: v for k, v in kept.items() if k in known}, **lists})


@dataclass(frozen=True)
class Choice:
    """One item with what the teacher said about the link to it."""

    item: Item
    title: str
    version: int | None = None
    """None: always the current one."""
    points: float | None = None
    """None: not graded."""
    label: str = ""
    """Of the line item; "": the title."""
    target: str = ""
    """"iframe" or "window"; "": as the platform likes."""
    available: tuple[datetime | None, datetime | None] = (None, None)
    """From and until."""
    submission: tuple[datetime | None, datetime | None] = (None, None)


@dataclass(frozen=True)
class Told:
    """What goes with an answer for people and for logs; empty parts are not sent (4.5.1)."""

    msg: str = ""
    log: str = ""
    errormsg: str = ""
    errorlog: str = ""


def read_settings(claims: Mapping[str, Any]) -> Settings:
    """The settings of a request; raises Refusal naming the part that is missing or wrong."""
    given = c.part(claims, SETTINGS)
    if not given:
        raise Refusal("claim_missing", "deep_linking_settings")
    return_url = read_web_url(given.get("deep_link_return_url"))
    if return_url is None:
        raise Refusal("claim_invalid", "deep_link_return_url must be a web address")
    data = json.dumps(given["data"]) if "data" in given else None
    if data is not None and len(data) > LONGEST_DATA:
        raise Refusal("claim_invalid", f"data is longer than {LONGEST_DATA} characters")
    lists = {name: c.strings(given.get(name)) for name in _LISTS}
    for name, values in lists.items():
        if not values:
            raise Refusal("claim_missing", f"deep_linking_settings.{name}")
    return Settings(
        return_url=return_url,
        accept_types=lists["accept_types"],
        document_targets=lists["accept_presentation_document_targets"],
        accept_multiple=_is_true(given.get("accept_multiple"), absent=False),
        accept_lineitem=_is_true(given.get("accept_lineitem"), absent=True),
        auto_create=_is_true(given.get("auto_create"), absent=False),
        data=data,
        title=c.text(given.get("title"), LONGEST_TITLE),
        text=c.text(given.get("text"), 1000),
    )


_LISTS = ("accept_types", "accept_presentation_document_targets")


def find_return_url(claims: Mapping[str, Any]) -> str | None:
    """Where a deep linking request wants its answer; None for other messages."""
    return read_web_url(c.part(claims, SETTINGS).get("deep_link_return_url"))


def build_content_item(
    settings: Settings,
    choice: Choice,
    *,
    launch_url: str,
    icon_url: str,
    thumbnail_url: str,
    variables: Mapping[str, str],
) -> dict[str, Any]:
    """An ltiResourceLink (3.2); `variables` are the platform's own for `custom`."""
    item = choice.item
    made: dict[str, Any] = {
        "type": LINK,
        "title": choice.title,
        "url": launch_url,
        "icon": {"url": icon_url, "width": 32, "height": 32},
        "thumbnail": {"url": thumbnail_url, **COVER},
        "custom": {
            "sc_item": item.key,
            "sc_version": str(choice.version or "current"),
            **HISTORY_VARIABLES,
            **variables,
        },
    }
    if item.description:
        made["text"] = item.description
    if choice.points and settings.accept_lineitem:
        made["lineItem"] = {
            "scoreMaximum": choice.points,
            "label": choice.label or choice.title,
            "resourceId": item.key,
            "tag": TAG,
        }
    made |= _presentation(settings, choice)
    for name in ("available", "submission"):
        window = _window(*getattr(choice, name))
        if window:
            made[name] = window
    return made


def build_response(
    settings: Settings,
    content_items: Sequence[Mapping[str, Any]],
    told: Told = Told(),
    *,
    client_id: str,
    issuer: str,
    deployment_id: str,
    nonce: str,
    now: datetime,
) -> dict[str, Any]:
    """The claims of the answer (4.5). One audience, so no `azp` (LTI-DL-10)."""
    seconds = int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": client_id,
        "aud": issuer,
        "iat": seconds,
        "exp": seconds + LIFETIME_SECONDS,
        "nonce": nonce,
        c.MESSAGE_TYPE: RESPONSE,
        c.VERSION: "1.3.0",
        c.DEPLOYMENT_ID: deployment_id,
        CLAIM + "content_items": list(content_items),
    }
    if settings.data is not None:
        claims[CLAIM + "data"] = json.loads(settings.data)
    return claims | {CLAIM + name: text for name, text in asdict(told).items() if text}


def _is_true(value: object, *, absent: bool) -> bool:
    """A boolean, also as text: some platforms write "true"."""
    if isinstance(value, str):
        return value.strip().lower() == "true"
    return absent if value is None else value is True


def _presentation(settings: Settings, choice: Choice) -> dict[str, Any]:
    target = choice.target if choice.target in settings.targets else ""
    if target == "window":
        return {"window": {"targetName": "_blank", **FRAME}}
    return {"iframe": dict(FRAME)} if "iframe" in settings.targets else {}


def _window(begin: datetime | None, end: datetime | None) -> dict[str, str]:
    times = {"startDateTime": begin, "endDateTime": end}
    return {name: time.isoformat() for name, time in times.items() if time is not None}
