"""The door to the mail server: SMTP, or a folder where none is configured.

`SMTP_URL` is `smtp://name:password@host:587` (STARTTLS where the server offers it, required with a
password unless the server is this machine) or `smtps://…:465`. Without it each message becomes a
file that administrators can read on the portal: nobody is written to from a trial installation.
"""

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

PATIENCE = 20.0
"""Seconds for each step of the conversation."""
KEPT = 200
"""Messages that the folder holds, the newest."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Letter:
    """What is sent to whom."""

    to: str
    to_name: str
    subject: str
    text: str
    html: str
    message_id: str
    sent_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Delivery:
    """What the server said."""

    is_sent: bool
    is_final: bool = False
    """Refused for good: trying again would not help."""
    said: str = ""
    """Without the address."""


def deliver(url: str, sender: str, sender_name: str, letter: Letter, folder: Path) -> Delivery:
    """Hand the letter to the server at `url`; with an empty one put it into `folder`."""
    message = build_message(sender, sender_name, letter)
    if not url:
        return _keep(folder, message)
    try:
        with _connect(url) as server:
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refusal:
        code, said = next(iter(refusal.recipients.values()))
        return _refused(code, said, letter.to)
    except smtplib.SMTPResponseException as refusal:
        return _refused(refusal.smtp_code, refusal.smtp_error, letter.to)
    except (OSError, smtplib.SMTPException) as error:
        return Delivery(is_sent=False, said=f"{type(error).__name__}: {error}"[:300])
    return Delivery(is_sent=True)


def build_message(sender: str, sender_name: str, letter: Letter) -> EmailMessage:
    """Plain text with an HTML alternative (RFC 2046 5.1.4)."""
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((_line(sender_name), sender))
    message["To"] = formataddr((_line(letter.to_name), letter.to))
    message["Subject"] = _line(letter.subject)
    message["Date"] = format_datetime(letter.sent_at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834 5: no answers from absent people
    for name, value in letter.headers.items():
        message[name] = value
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def list_kept(folder: Path) -> list[EmailMessage]:
    """The messages of the folder, newest first."""
    return [_read(path) for path in _kept_paths(folder)]


def _connect(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, context = parts.hostname or "localhost", ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=PATIENCE, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=PATIENCE)
        server.ehlo_or_helo_if_needed()
        if server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        elif parts.username and host not in _LOOPBACK:
            server.close()
            raise smtplib.SMTPNotSupportedError("the server offers no TLS: no password is sent")
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


def _refused(code: int, said: bytes | str, address: str) -> Delivery:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    # 4yz: try again later; 5yz: for good (RFC 5321 4.2.1). 530–538 are about us, not the address.
    is_final = code >= 500 and not 530 <= code <= 538
    return Delivery(
        is_sent=False, is_final=is_final, said=f"{code} {text.replace(address, '…')}"[:300]
    )


def _keep(folder: Path, message: EmailMessage) -> Delivery:
    folder.mkdir(parents=True, exist_ok=True)
    name = message["Message-ID"].strip("<>").partition("@")[0]
    (folder / f"{name}.eml").write_bytes(message.as_bytes())
    for path in _kept_paths(folder)[KEPT:]:
        path.unlink(missing_ok=True)
    return Delivery(is_sent=True, said="kept")


def _kept_paths(folder: Path) -> list[Path]:
    # Names are version 7 UUIDs: they sort by age.
    return sorted(folder.glob("*.eml"), reverse=True) if folder.is_dir() else []


def _read(path: Path) -> EmailMessage:
    with path.open("rb") as file:
        message = BytesParser(policy=SMTP).parse(file)
    assert isinstance(message, EmailMessage)  # noqa: S101  what this policy makes
    return message


def bodies(message: EmailMessage) -> Iterator[tuple[str, str]]:
    """(subtype, content) of the readable parts."""
    for part in message.walk():
        if part.get_content_maintype() == "text":
            yield part.get_content_subtype(), part.get_content()


def _line(text: str) -> str:
    return " ".join(text.split())
