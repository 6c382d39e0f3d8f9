"""Makes the mail itself (MIME, RFC 5322) from a rendered letter.

    multipart/mixed
      multipart/alternative
        text/plain                        for every reader
        text/html                         for most
        text/calendar; method=REQUEST     Gmail, Outlook and Apple Mail show it as an invitation, with date and buttons
      application/ics (attachment)        for those that look at attachments only, and to keep or forward

It is the form that the large calendars send themselves. The part in the alternative must carry METHOD as MIME
parameter, or it is no invitation (RFC 6047 2.4); the attachment has another type, so that no client counts two.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from services.notifications.domain.message import Message
from services.notifications.rendering import MUNICIPALITY, Letter, Rendered
from services.notifications.settings import MailSettings
from services.presenting import calendar_entry
from services.presenting.addresses import ascii_domain

_POLICY = SMTP.clone(cte_type="7bit")
_SPECIAL = re.compile(r'["<>()@,:;\\\[\]]')


class Unsendable(Exception):
    """The recipient is no mail address: no attempt can ever succeed."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A mail that is ready to go, and the id by which mail servers know it."""

    mail: EmailMessage
    header_id: str


def header_id(message: Message, settings: MailSettings) -> str:
    """Return the Message-ID: the same for every attempt, so that mailboxes recognise a second copy."""
    return f"<{message.id}@{settings.sender.rpartition('@')[2]}>"


def posted(
    message: Message, letter: Letter, rendered: Rendered, *, recipient: str, settings: MailSettings, at: datetime
) -> Posted:
    """Return the mail to one recipient. Raises: Unsendable."""
    mail = EmailMessage(policy=_POLICY)
    _headers(mail, message, letter, recipient=recipient, settings=settings, at=at)
    mail["Subject"] = rendered.subject
    mail.set_content(rendered.text, subtype="plain", charset="utf-8")
    mail.add_alternative(rendered.html, subtype="html", charset="utf-8")
    if letter.entry is not None:
        make = calendar_entry.cancellation if letter.cancelled else calendar_entry.invitation
        calendar = make(letter.entry, stamped_at=at, organizer=settings.sender, attendee=recipient)
        _add_calendar(mail, calendar, letter.language)
    mail["Content-Language"] = letter.language  # last: parts that are added take such headers with them
    return Posted(mail, str(mail["Message-ID"]))


def _headers(
    mail: EmailMessage, message: Message, letter: Letter, *, recipient: str, settings: MailSettings, at: datetime
) -> None:
    sender = Address(MUNICIPALITY[letter.language], addr_spec=settings.sender)
    mail["From"] = sender
    mail["To"] = _address(letter.name, recipient)
    if settings.reply_to:
        mail["Reply-To"] = Address(addr_spec=settings.reply_to)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = header_id(message, settings)
    # RFC 3834: nobody's absence note should answer; Microsoft's own header says it to Exchange.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["X-Correlation-ID"] = message.correlation_id


def _address(name: str | None, recipient: str) -> Address:
    """Return the receiver as a header shows him. Raises: Unsendable."""
    local, _, domain = recipient.rpartition("@")
    if not local or not domain or any(not sign.isprintable() for sign in recipient):
        raise Unsendable
    if local.startswith('"') and local.endswith('"'):
        local = re.sub(r"\\(.)", r"\1", local[1:-1])  # Address quotes by itself
    try:
        # Python folds a long name that holds such signs without quotes, and a comma would divide it into two receivers.
        shown = " ".join(_SPECIAL.sub(" ", name or "").split())
        return Address(shown, username=local, domain=ascii_domain(domain))
    except UnicodeError:
        raise Unsendable from None


def _add_calendar(mail: EmailMessage, calendar: bytes, language: str) -> None:
    method = calendar_entry.method_of(calendar)
    mail.add_alternative(calendar.decode(), subtype="calendar", charset="utf-8", params={"method": method})
    mail.add_attachment(
        calendar,
        maintype="application",
        subtype="ics",
        filename=calendar_entry.FILE_NAME[language],
    )
