"""Puts a message about a record of the civil registry and what the registry tells of it into one letter."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from services.notifications.domain.message import Message, Reason
from services.notifications.domain.records import ASKING, IN_CALENDAR, Receiver, RecordFacts, RecordKind
from services.notifications.rendering import MUNICIPALITY, Letter, Place, Templates
from services.presenting import calendar_entry, times
from services.presenting.links import book_link, my_cases_link, undertaker_link

_GOOD_NEWS = frozenset(
    {
        RecordKind.BIRTH_REGISTERED,
        RecordKind.DEATH_REGISTERED,
        RecordKind.PERMIT_ISSUED,
        RecordKind.PERMIT_AMENDED,
        RecordKind.MARRIAGE_ACCEPTED,
        RecordKind.CEREMONY_SCHEDULED,
        RecordKind.CEREMONY_RESCHEDULED,
        RecordKind.OBJECTION_LIFTED,
        RecordKind.MARRIAGE_REGISTERED,
    }
)
_BECAUSE = {
    RecordKind.BIRTH_REFUSED: "refused_because",
    RecordKind.DEATH_REFUSED: "refused_because",
    RecordKind.MARRIAGE_REFUSED: "refused_because",
    RecordKind.PERMIT_REFUSED: "refused_because",
    RecordKind.PERMIT_REVOKED: "revoked_because",
}
_OF_DEATHS = ("death", "funeral-permit")
_DAYS = ("declare_by", "funeral_by", "marry_from", "marry_by", "remedy_by", "answer_by")
_BSN = re.compile(r"(?<!\d)(?<!\d[ .-])(?:\d(?:[ .-]?\d){8}|\d{8})(?![ .-]?\d)")
_LONGEST = 1000


class Unwanted(Exception):
    """There is nothing to tell any more, or nobody to tell it to."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def staff_words(typed: str) -> str:
    """Return what a member of staff typed, as a mail may repeat it.

    Nine digits, or eight in one row, may be a citizen service number; mail is read by others. Dates and telephone
    numbers stay.
    """
    bare = "".join(sign if sign.isprintable() else " " for sign in typed)
    return _BSN.sub("•••", " ".join(bare.split()))[:_LONGEST]


def recipient_of(message: Message, contact: Mapping[str, Any]) -> str:
    """Return the address that a message goes to.

    Raises: Unwanted (nobody left one, or both partners have the same).
    """
    email: str | None = contact["email"]
    if _facts(message).receiver is Receiver.PARTNER:
        partner: str | None = contact["partner_email"]
        same = partner is not None and email is not None and partner.casefold() == email.casefold()
        email = None if same and message.kind is not RecordKind.PARTNER_INVITED else partner
    if not email:
        raise Unwanted(Reason.NO_ADDRESS)
    return email


def record_letter(
    message: Message,
    contact: Mapping[str, Any],
    *,
    templates: Templates,
    public_url: str,
    answers_are_read: bool = False,
) -> Letter:
    """Return what the mail says.

    Raises: Unwanted (what it asks has been answered meanwhile).
    """
    kind, language, told = RecordKind(message.kind), contact["language"], contact["facts"]
    asks = kind in ASKING or kind is RecordKind.ANSWER_REMINDER
    if asks and "answer_by" not in told:
        raise Unwanted(Reason.ANSWERED)
    reader = _reader(message, contact)
    link = _link(kind, contact, reader, public_url)
    cancels = _facts(message).cancels
    starts_at = datetime.fromisoformat(told["starts_at"]) if kind in IN_CALENDAR or cancels else None
    when = times.day_and_time(starts_at, language) if starts_at else ""
    return Letter(
        kind=kind,
        language=language,
        answers_are_read=answers_are_read,
        reader=reader,
        said=_said(contact, templates) | {"online": bool(link), "cancels": cancels, "when": when},
        label="receipt",
        number=contact["receipt"],
        link=link,
        good_news=kind in _GOOD_NEWS,
        cancelled=cancels,
        when=when,
        when_heading=times.at_sentence_start(when),
        place=Place(told["room"]) if starts_at and told["room"] else None,
        items=tuple(map(staff_words, told["items"])) if asks else (),
        because=staff_words(told["reason"] if asks else told.get(_BECAUSE.get(kind, ""), "")),
        entry=_entry(message, contact, link) if starts_at else None,
    )


def _facts(message: Message) -> RecordFacts:
    if not isinstance(message.facts, RecordFacts):
        raise TypeError("a message about a record has its own facts")
    return message.facts


def _reader(message: Message, contact: Mapping[str, Any]) -> str:
    """Return as what somebody reads it; the names are those of the common words."""
    if contact["kind"] in _OF_DEATHS:
        return "undertaker"
    if contact["kind"] != "marriage":
        return "declarant"
    return "invited" if message.kind in (RecordKind.PARTNER_INVITED, RecordKind.PARTNER_REMINDED) else "couple"


def _link(kind: RecordKind, contact: Mapping[str, Any], reader: str, public_url: str) -> str:
    """Return where its reader goes on; who declared at the counter has nothing to log in to, but a couple does."""
    language = contact["language"]
    if kind is RecordKind.BIRTH_REDIRECTED:
        return book_link(public_url, language)
    if contact["source"] == "counter" and contact["kind"] != "marriage":
        return ""
    return undertaker_link(public_url) if reader == "undertaker" else my_cases_link(public_url, language)


def _said(contact: Mapping[str, Any], templates: Templates) -> dict[str, object]:
    """Return the words that sentences about records may use."""
    language, told = contact["language"], contact["facts"]
    term = told.get("term", {})
    bond = told.get("bond", "marriage")
    return {
        "about": contact["kind"],
        "receipt": contact["receipt"],
        "phone": told["telephone"],
        "office": told["office"],
        **{name: _day(told.get(name), language) for name in _DAYS},
        "funeral_from": _moment(told.get("funeral_from"), language),
        "term_from": _moment(term.get("not_before_at"), language),
        "term_until": _day(term.get("last_on"), language),
        "bond": templates.word(bond, language),
        "partnership": bond == "partnership",
        "partner_mailed": bool(contact["partner_email"]),
    }


def _day(written: str | None, language: str) -> str:
    return times.day(date.fromisoformat(written), language) if written else ""


def _moment(written: str | None, language: str) -> str:
    return times.day_and_time(datetime.fromisoformat(written), language) if written else ""


def _entry(message: Message, contact: Mapping[str, Any], link: str) -> calendar_entry.Entry:
    """Return what calendars are told. The facts of a record are counted: a later one has the higher SEQUENCE."""
    told, language = contact["facts"], contact["language"]
    return calendar_entry.Entry(
        uid=message.about,
        sequence=message.version,
        starts_at=datetime.fromisoformat(told["starts_at"]),
        ends_at=datetime.fromisoformat(told["ends_at"]),
        place=told["room"] or MUNICIPALITY[language],
        reference=contact["receipt"],
        manage_link=link,
        language=language,
        ceremony=True,
    )
