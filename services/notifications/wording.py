"""Puts a message, its receiver and the catalogue into one letter, in the receiver's language."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.notifications.catalogue import Catalogue
from services.notifications.domain.message import Facts, Kind, Message
from services.notifications.domain.reminder import reminder_window
from services.notifications.rendering import Letter, Lots, Place, ProductLine, Templates
from services.presenting import money, times
from services.presenting.links import (
    book_link,
    draw_link,
    draw_request_link,
    grouped_number,
    grouped_reference,
    manage_link,
)

_LONGEST_NAME = 100
_THROUGH = {"nl": "tot en met", "en": "to", "de": "bis"}
_TEMPTING = re.compile(r"[:/\\@<>\[\]{}]|\.\w{2,}|www", re.IGNORECASE)


def safe_name(name: str) -> str | None:
    """Return a name that may greet somebody, or None.

    Who books for a stranger may type anything as a name. Mail programs turn `example.com` into a link, so a name that
    looks like an address is not used at all.
    """
    bare = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())
    return bare if 0 < len(bare) <= _LONGEST_NAME and not _TEMPTING.search(bare) else None


def letter_for(
    message: Message,
    contact: Mapping[str, Any],
    *,
    catalogue: Catalogue,
    templates: Templates,
    public_url: str,
    answers_are_read: bool = False,
) -> Letter:
    """Return what the mail says. Raises: Unavailable, RpcFault (the catalogue cannot be asked)."""
    language, facts = contact["language"], message.facts
    when = times.day_and_time(facts.starts_at, language) if facts else ""
    products = _products(facts, language, catalogue=catalogue, templates=templates)
    old_place = _old_place(facts, catalogue)
    other = contact.get("other_visit")
    other = other if other and other["changeable"] else None  # what has passed needs no mention
    return Letter(
        kind=message.kind,
        language=language,
        name=safe_name(contact["name"]),
        reference=grouped_reference(contact["reference"]),
        manage_link=manage_link(public_url, language, contact["reference"], contact["secret"]),
        book_link=book_link(public_url, language),
        here=times.time_here(language),
        when=when,
        when_heading=times.at_sentence_start(when),
        when_there=times.time_there(facts.starts_at, contact["time_zone"], language) if facts else None,
        old_when=_old_when(facts, language, only_the_place=bool(old_place)),
        old_place=old_place,
        proposed_when=_when(facts.proposed_starts_at if facts else None, language),
        answer_by=_when(facts.answer_by if facts else None, language),
        products=products,
        place=_place(facts, language, catalogue),
        to_pay=any(fee["cents"] for fee in _all_fees(facts, catalogue)),
        reminder_planned=facts is not None
        and reminder_window(facts.starts_at, known_at=message.created_at, zone=times.HOME) is not None,
        cancelled_by=facts.cancelled_by if facts else None,
        because=(facts.because if facts else None) or "",
        answers_are_read=answers_are_read,
        other_part=other["part"] if other else "",
        other_when=times.day_and_time(other["starts_at"], language) if other else "",
        other_reference=grouped_reference(other["reference"]) if other else "",
        born=times.bare_date(birth_on, language) if (birth_on := contact.get("birth_on")) else "",
        lots=Lots(number=grouped_number(contact.get("draw_number") or "")),
    )


def code_letter(mailed: Mapping[str, Any], *, answers_are_read: bool = False) -> Letter:
    """Return the mail with a code: it knows no name and no appointment."""
    return Letter(
        kind=Kind.CODE,
        language=mailed["language"],
        name=None,
        reference="",
        manage_link="",
        book_link="",
        here="",
        when="",
        when_heading="",
        when_there=None,
        old_when="",
        old_place="",
        products=(),
        place=None,
        to_pay=False,
        reminder_planned=False,
        cancelled_by=None,
        proposed_when="",
        answer_by="",
        answers_are_read=answers_are_read,
        code=f"{mailed['code'][:3]} {mailed['code'][3:]}",
    )


def draw_letter(
    message: Message,
    contact: Mapping[str, Any],
    *,
    catalogue: Catalogue,
    templates: Templates,
    public_url: str,
    answers_are_read: bool = False,
) -> Letter:
    """Return the mail about a request for a draw. Raises: Unavailable, RpcFault (the catalogue cannot be asked)."""
    language, about, following = contact["language"], contact["about"], contact["following"]
    product = catalogue.product(contact["product_id"])
    place = catalogue.location(product["location_ids"][0]) if product and product["location_ids"] else None
    return Letter(
        kind=message.kind,
        language=language,
        name=safe_name(contact["name"]),
        reference="",
        manage_link=draw_request_link(public_url, language, contact["request_id"], contact["secret"]),
        book_link=book_link(public_url, language),
        here="",
        when="",
        when_heading="",
        when_there=None,
        old_when="",
        old_place="",
        proposed_when="",
        answer_by="",
        products=(_named(product, language, templates),) if product else (),
        place=None,
        to_pay=False,
        reminder_planned=False,
        cancelled_by=None,
        answers_are_read=answers_are_read,
        phone=place["phone"] if place else "",
        lots=Lots(
            number=grouped_number(about["number"]),
            days=_days(about, language),
            drawn_at=times.day_and_time(about["draws_at"], language),
            requests=contact["requests"] or 0,
            places=contact["places_given"] or 0,
            some_left=contact["some_left"],
            has_visit=contact["has_visit"],
            next_number=grouped_number(following["number"]) if following else "",
            next_days=_days(following, language) if following else "",
            next_drawn_at=_when(following["draws_at"] if following else None, language),
            next_opens_at=_when(contact["next_opens_at"], language),
            result_link=draw_link(public_url, language, about["draw_id"]),
        ),
    )


def _days(turn: Mapping[str, Any], language: str) -> str:
    """Return the days of a draw: `maandag 11 januari 2027 tot en met zondag 17 januari 2027`."""
    first, last = times.day(turn["first_on"], language), times.day(turn["last_on"], language)
    return f"{first} {_THROUGH[language]} {last}"


def _named(product: Mapping[str, Any], language: str, templates: Templates) -> ProductLine:
    return ProductLine(product["names"][language], 1, templates.persons(1, language), "", ())


def _when(instant: datetime | None, language: str) -> str:
    return "" if instant is None else times.day_and_time(instant, language)


def _old_when(facts: Facts | None, language: str, *, only_the_place: bool) -> str:
    """Return the time before a move, or nothing when a change of place is all that there is to tell."""
    if facts is None or facts.from_starts_at is None or (only_the_place and facts.from_starts_at == facts.starts_at):
        return ""
    return times.day_and_time(facts.from_starts_at, language)


def _old_place(facts: Facts | None, catalogue: Catalogue) -> str:
    """Return the name of the place before a move to another one, or nothing. Both places must still be known."""
    if facts is None or facts.from_location_id in (None, facts.location_id):
        return ""
    old, new = catalogue.location(str(facts.from_location_id)), catalogue.location(facts.location_id)
    return str(old["name"]) if old and new else ""


def _products(
    facts: Facts | None, language: str, *, catalogue: Catalogue, templates: Templates
) -> tuple[ProductLine, ...]:
    lines = []
    for wanted in facts.products if facts else ():
        product = catalogue.product(wanted["product_id"])
        if product is None:
            continue
        persons = wanted["persons"]
        lines.append(
            ProductLine(
                name=product["names"][language],
                persons=persons,
                persons_text=templates.persons(persons, language),
                costs=_costs(product["fees"], language, persons=persons, templates=templates),
                bring=tuple(times.at_sentence_start(text[language]) for text in product["bring"]),
            )
        )
    return tuple(lines)


def _costs(fees: list[Mapping[str, Any]], language: str, *, persons: int, templates: Templates) -> str:
    amounts = f" {templates.word('or', language)} ".join(money.fees(fees, language))
    per_person = persons > 1 and any(fee["cents"] for fee in fees)
    return f"{amounts} {templates.word('per_person', language)}" if per_person else amounts


def _all_fees(facts: Facts | None, catalogue: Catalogue) -> list[Mapping[str, Any]]:
    products = [catalogue.product(wanted["product_id"]) for wanted in (facts.products if facts else ())]
    return [fee for product in products if product for fee in product["fees"]]


def _place(facts: Facts | None, language: str, catalogue: Catalogue) -> Place | None:
    location = catalogue.location(facts.location_id) if facts else None
    if location is None:
        return None
    return Place(
        name=location["name"],
        street=location["street"],
        postal_code=location["postal_code"],
        city=location["city"],
        phone=location["phone"],
        directions=location["directions"][language],
    )
