"""Sending one mail: read │ network │ write. Safe to run twice, and to be killed anywhere.

Between sending and writing a worker may die, and then the mail is sent again: its Message-ID is
the same, so programs can tell. Addresses appear in no log.
"""

import random
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from flask import current_app, render_template
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

from database.session import transaction
from lti_app import mail, queue
from lti_app.config import Config
from lti_app.core.mail_link import MailOff, sign_mail_off
from lti_app.core.notices import KINDS, switch_of
from lti_app.services import mails

log = structlog.get_logger(__name__)


def send(tenant_id: str, mail_id: str) -> None:
    """Send the mail if it is due (job on queue "emails")."""
    tenant = UUID(tenant_id)
    with transaction(tenant) as session:
        outgoing = mails.claim(session, UUID(mail_id), datetime.now(UTC))
    if outgoing is None:
        return
    config: Config = current_app.config["LECTERN"]
    with force_locale(outgoing.locale or "en"):
        letter = write_letter(config, tenant, outgoing)
    sender, name = config.mail_from, outgoing.organisation
    folder = config.data_folder / "mail"
    delivery = mail.deliver(config.smtp_url, sender, name, letter, folder)
    with transaction(tenant) as session:
        state = mails.conclude(
            session,
            outgoing,
            is_sent=delivery.is_sent,
            is_final=delivery.is_final,
            said=delivery.said,
            now=datetime.now(UTC),
            jitter=random.random(),  # noqa: S311  spreads retries, nothing secret
        )
    log.info("mail_sent", mail=mail_id, number=outgoing.number, state=state, said=delivery.said)


def write_letter(config: Config, tenant: UUID, outgoing: mails.Outgoing) -> mail.Letter:
    """The mail in the language of the running request or `force_locale`."""
    kind = KINDS[outgoing.kind]
    token = sign_mail_off(
        current_app.config["SECRET_KEY"],
        MailOff(tenant, outgoing.user_id, switch_of(outgoing.kind)),
    )
    off = f"{config.app_url}/mail/off/{token}"
    locale = get_locale()
    told: dict[str, Any] = {
        "subject": _(kind.title, **outgoing.data),
        "body": _(kind.body, **outgoing.data),
        "action": _(kind.action),
        "name": outgoing.name,
        "organisation": outgoing.organisation,
        "address": config.app_url + (outgoing.path or "/notifications"),
        "off": off,
        "language": str(locale).replace("_", "-"),
        "direction": locale.text_direction if locale else "ltr",
    }
    return mail.Letter(
        to=outgoing.address,
        to_name=outgoing.name,
        subject=told["subject"],
        text=render_template("mail/notice.txt", **told),
        html=render_template("mail/notice.html", **told),
        message_id=f"<{outgoing.mail_id}@{urlsplit(config.app_url).hostname}>",
        sent_at=datetime.now(UTC),
        headers={
            "List-Unsubscribe": f"<{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def sweep(tenant_id: UUID, now: datetime) -> int:
    """Ask for the tenant's mails that are due; how many."""
    with transaction(tenant_id) as session:
        due = mails.list_due(session, now)
    for row_id in due:
        queue.enqueue(queue.SEND_MAIL, tenant_id, row_id)
    return len(due)
