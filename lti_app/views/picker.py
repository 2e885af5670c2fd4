"""The picker: choosing content inside a platform's frame. Two pages, both without session.

`pick` searches and chooses; what is chosen travels in the form's own address, so the page works
without JavaScript and "back" brings it back. `options` says how each item is linked. What is done
with it is the business of who shows them: deep_linking.py answers the platform, link_content.py
keeps it here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from lti_app.core.item import After, Item
from lti_app.core.lti.deep_linking import LONGEST_TITLE, MOST_ITEMS, Choice, Settings
from lti_app.services import items
from lti_app.services.items import KINDS

MOST_POINTS = 10_000.0
SEARCH_LENGTH = 100

TARGETS = {
    "": _l("As your platform likes"),
    "iframe": _l("Inside the course page"),
    "window": _l("In a new window"),
}


@dataclass(frozen=True)
class Purpose:
    """What the choice is for, and the words that say so."""

    blueprint: str
    """Its endpoints `pick`, `options` and `answer`, and `cancel` where there is one."""
    token: str
    settings: Settings
    title: str
    place: str
    """The course, "" where it is not known."""
    button: str
    note: str = ""
    may_cancel: bool = True
    names_link: bool = True
    """Whether title and grading are ours to say; not for a link that the platform has already."""


def show_pick(session: Session, purpose: Purpose) -> str:
    """The page on which content is searched and chosen; GET parameters say all of its state."""
    text = request.args.get("q", "")[:SEARCH_LENGTH]
    kind = request.args.get("kind", "")
    kinds = [kind] if kind in KINDS else []
    after = _read_after(request.args.get("after", ""))
    found = items.search_items(session, text, kinds, limit=items.PAGE + 1, after=after)
    shown = found[: items.PAGE]
    chosen = find_chosen(session, request.args.getlist("item"), purpose.settings)
    last = shown[-1] if len(found) > items.PAGE else None
    keys = {item.key for item in shown}
    return render_template(
        "lti/picker/pick.html",
        purpose=purpose,
        text=text,
        kind=kind,
        kinds=KINDS,
        found=shown,
        more=f"{last.id}~{last.sort_key}" if last else "",
        is_first=after is None,
        chosen={item.key for item in chosen},
        elsewhere=[item for item in chosen if item.key not in keys],
    )


def show_options(
    session: Session,
    purpose: Purpose,
    chosen: list[Item],
    errors: Mapping[str, str] | None = None,
) -> str:
    """The page on which each link is named and graded; `errors` by field name."""
    versions = {item.key: items.list_versions(session, item) for item in chosen}
    return render_template(
        "lti/picker/options.html",
        purpose=purpose,
        chosen=chosen,
        versions=versions,
        targets=TARGETS,
        errors=errors or {},
        given=request.form,
    )


def find_chosen(session: Session, keys: list[str], settings: Settings) -> list[Item]:
    """The items of these keys that can be opened, once each; one only where no more are taken."""
    most = MOST_ITEMS if settings.accept_multiple else 1
    found = (items.find_item(session, key) for key in dict.fromkeys(keys[: 2 * MOST_ITEMS]))
    return [item for item in found if item is not None and item.is_playable][:most]


def read_choices(
    session: Session, purpose: Purpose, chosen: list[Item]
) -> tuple[list[Choice], dict[str, str]]:
    """What the form of `options` says about each item, and what is wrong by field name."""
    choices, errors = [], {}
    for number, item in enumerate(chosen):
        form = _Fields(number)
        choices.append(_read_choice(session, purpose, item, form))
        errors.update(form.errors)
    return choices, errors


class _Fields:
    """The fields of one item in the posted form, and what is wrong with them."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.errors: dict[str, str] = {}

    def text(self, name: str, limit: int = LONGEST_TITLE) -> str:
        return " ".join(request.form.get(f"{name}-{self.number}", "").split())[:limit]

    def points(self, default: float | None) -> float | None:
        if not self.text("graded"):
            return None
        text = self.text("points").replace(",", ".")
        try:
            points = float(text or default or 0)
        except ValueError:
            points = 0.0
        if not 0 < points <= MOST_POINTS:
            self.wrong("points", _("Points are a number above 0, at most 10000."))
        return points

    def window(self, name: str) -> tuple[datetime | None, datetime | None]:
        begin, end = self._moment(f"{name}_from"), self._moment(f"{name}_until")
        if begin and end and begin >= end:
            self.wrong(f"{name}_until", _("The end must be after the beginning."))
        return begin, end

    def wrong(self, name: str, why: str) -> None:
        self.errors[f"{name}-{self.number}"] = why

    def _moment(self, name: str) -> datetime | None:
        text = self.text(name)
        if not text:
            return None
        try:
            return datetime.fromisoformat(text).replace(tzinfo=UTC)
        except ValueError:
            self.wrong(name, _("A date and time, for example 2026-09-01T08:00."))
            return None


def _read_choice(session: Session, purpose: Purpose, item: Item, form: _Fields) -> Choice:
    settings = purpose.settings
    title = form.text("title") or ("" if purpose.names_link else item.title)
    if not title:
        form.wrong("title", _("The link needs a title."))
    version = form.text("version")
    numbers = {str(one.number): one.number for one in items.list_versions(session, item)}
    if version and version not in numbers:
        form.wrong("version", _("There is no such version."))
    is_gradable = settings.accept_lineitem and item.score_maximum is not None
    target = form.text("target")
    return Choice(
        item=item,
        title=title,
        version=numbers.get(version),
        points=form.points(item.score_maximum) if is_gradable else None,
        label=form.text("label"),
        target=target if target in settings.targets else "",
        available=form.window("available"),
        submission=form.window("submission"),
    )


def _read_after(text: str) -> After | None:
    row_id, _tilde, sort_key = text.partition("~")
    try:
        return After(sort_key.replace("\0", ""), UUID(row_id))
    except ValueError:
        return None
