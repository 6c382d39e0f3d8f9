"""What undertakers ask: what a death needs, their declarations, who declared last, and how a deed will read."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.civil_registry import contents
from services.civil_registry.commands.cases import case_of
from services.civil_registry.domain.actor import STAFF, Actor, Role
from services.civil_registry.domain.deadlines import originals_by
from services.civil_registry.domain.death_facts import DeathFacts
from services.civil_registry.domain.death_rules import death_eligibility, papers_needed
from services.civil_registry.domain.deed import DeedKind
from services.civil_registry.domain.deed_contents import death_first, declarant_of
from services.civil_registry.domain.deed_text import TITLES, declared_part
from services.civil_registry.domain.errors import NotComplete, NotYourRole, RecordUnknown, TimeDoesNotExist
from services.civil_registry.domain.funerals import FuneralWindow, decided_window
from services.civil_registry.domain.labels import label_of
from services.civil_registry.domain.machine import chosen
from services.civil_registry.domain.machines import MACHINES
from services.civil_registry.domain.receipt import read_receipt
from services.civil_registry.domain.record import Kind, Record, Status
from services.civil_registry.domain.urgency import Standing, in_order, urgency_of
from services.civil_registry.domain.visibility import may_see
from services.civil_registry.office import Office
from services.civil_registry.queries.obstacles import told
from services.civil_registry.storage import funerals, looks, records
from services.contracts.civil_registry import MANNERS, MOST_FUNERALS
from services.messaging.errors import Malformed, Refusal
from services.messaging.work import Reading

Answer = dict[str, Any]
_DECLARANTS = frozenset({Role.UNDERTAKER}) | STAFF


def check_death(
    reading: Reading,
    office: Office,
    *,
    actor: Mapping[str, Any],
    died_on: date | None,
    died_time: str | None,
    bsn_given: bool | None,
    stillborn: bool,
    minor: bool,
) -> Answer:
    """Return what is needed to declare a death here, what stands in the way online, and when the funeral may be.

    Raises: NotYourRole.
    """
    who = _declarant(office, actor)
    today, terms = office.today(reading.now), office.offering.terms
    policy = office.offering.policies.on(today)
    death = {"on": died_on, "time": died_time, "stillborn": stillborn, "minor": minor}
    facts = DeathFacts.of({"death": death}, bsn_given=bsn_given)
    by_undertaker = who.may(frozenset({Role.UNDERTAKER}))
    obstacles = death_eligibility(facts, by_undertaker=by_undertaker, policy=policy, terms=terms, now=reading.now)
    by_manner = {manner: DeathFacts.of({"death": death | {"manner": manner}}, bsn_given=None) for manner in MANNERS}
    try:
        funeral_from = None if died_on is None else terms.funeral_from(died_on, facts.died_at)
    except TimeDoesNotExist:  # an obstacle says so
        funeral_from = None
    return {
        "municipality": policy.municipality.code,
        "town": policy.municipality.name,
        "places": list(office.town.death_places),
        "papers": [{"manner": manner} | _papers(one) for manner, one in by_manner.items()],
        "obstacles": [told(obstacle) for obstacle in obstacles],
        "funeral_from": funeral_from,
        "funeral_by": None if died_on is None else terms.funeral_by(died_on),
        "originals_days": policy.death.originals_days,
    }


def my_funerals(
    reading: Reading, office: Office, *, actor: Mapping[str, Any], receipt: str | None, offset: int
) -> Answer:
    """Return the deaths that a firm declared: what needs somebody first, in the order in which it does.

    Raises: NotYourRole.
    """
    who = _declarant(office, actor)
    owner, today = office.owner(who), office.today(reading.now)
    if receipt is not None:
        found, done = funerals.with_receipt(reading, office.secrets, owner, read_receipt(receipt)), []
    else:
        found = funerals.open_of(reading, office.secrets, owner, today)
        done = funerals.done_of(reading, office.secrets, owner, today, offset=offset, most=MOST_FUNERALS + 1)
    looks.note(reading, office.secrets, actor=who, purpose="own", record_id=None, persons=())
    lines = [_line(reading, office, pair, who) for pair in found]
    return {
        "open": [told for _, told in sorted(lines, key=lambda line: line[0])],
        "done": [_line(reading, office, pair, who)[1] for pair in done[:MOST_FUNERALS]],
        "more": len(done) > MOST_FUNERALS,
    }


def last_declarant(reading: Reading, office: Office, *, actor: Mapping[str, Any]) -> Answer:
    """Return who declared last for a firm, and where it is reached.

    Raises: NotYourRole.
    """
    who = _declarant(office, actor)
    found = funerals.last_of(reading, office.secrets, office.owner(who))
    if found is not None:
        looks.note(reading, office.secrets, actor=who, purpose="own", record_id=found.id, persons=())
    parts = {} if found is None else found.content
    return {"declarant": parts.get("declarant"), "contact": parts.get("contact")}


def preview_deed(reading: Reading, office: Office, *, actor: Mapping[str, Any], record_id: UUID) -> Answer:
    """Return how the deed of a death will read, as far as it follows from what was declared.

    Raises: RecordUnknown (also when it is not the asker's to see), Malformed (something is not filled in yet).
    """
    who = _declarant(office, actor)
    found = records.find(reading, office.secrets, record_id)
    if found is None or found.kind is not Kind.DEATH or not may_see(found, who, office.owner(who)):
        raise RecordUnknown
    seen = replace(found, content={**found.content, "confirmed": True})
    content = contents.whole(seen, office.secrets)
    case = replace(case_of(reading, office, found, who), brp=None, content=content)
    looks.note(reading, office.secrets, actor=who, purpose="own", record_id=found.id, persons=found.parties.values())
    kind = DeedKind.STILLBIRTH if content["death"]["stillborn"] else DeedKind.DEATH
    part = declared_part(death_first(case, town=office.town.name), declarant_of(case))
    return {
        "title": TITLES[kind],
        "sections": [
            {"heading": one.heading, "lines": [{"label": line.label, "value": line.value} for line in one.lines]}
            for one in part
        ],
    }


def _declarant(office: Office, actor: Mapping[str, Any]) -> Actor:
    who = office.actor(actor)
    if not who.may(_DECLARANTS):
        raise NotYourRole(roles=[str(Role.UNDERTAKER)])
    return who


def _papers(facts: DeathFacts) -> Answer:
    needed = papers_needed(facts)
    return {"any_of": list(needed.any_of), "coroner": needed.coroner, "prosecutor": needed.prosecutor}


def _line(
    reading: Reading, office: Office, pair: tuple[Record, Record | None], who: Actor
) -> tuple[tuple[Any, ...], Answer]:
    """Return a declaration in the list, and by what the list is sorted."""
    death, permit = pair
    today, offering = office.today(reading.now), office.offering
    allowed = _window(office, death, permit)
    standing = Standing(death, permit, allowed.last_on if allowed is not None else None)
    urgency = urgency_of(standing, today, offering.is_working_day)
    return in_order(standing, urgency), {
        "record_id": death.id,
        "receipt": death.receipt,
        "status": death.status,
        "flags": sorted(death.flags),
        "label": label_of(death),
        "started_at": death.started_at,
        "submitted_at": death.submitted_at,
        "funeral_from": allowed and allowed.possible_from,
        "funeral_by": allowed and allowed.last_on,
        "answer_by": death.question and death.question.answer_by,
        "originals_by": originals_by(death, offering.policies.on(today).death),
        "urgency": urgency,
        "permit": permit and _permit_line(permit),
        "stops": _stops(reading, office, death, who) if death.status is Status.DRAFT else None,
    }


def _stops(reading: Reading, office: Office, draft: Record, who: Actor) -> str:
    """Return the code of what would refuse a draft, if it were confirmed and sent now; empty: nothing."""
    told = replace(draft, content={**draft.content, "confirmed": True})
    try:
        case = replace(case_of(reading, office, draft, who), content=contents.whole(told, office.secrets))
        chosen(MACHINES[Kind.DEATH].rows(Status.DRAFT, "submit"), case, {})
    except Malformed:
        return NotComplete.code
    except Refusal as refusal:
        return refusal.code
    return ""


def _permit_line(permit: Record) -> Answer:
    return {
        "record_id": permit.id,
        "receipt": permit.receipt,
        "status": permit.status,
        "flags": sorted(permit.flags),
        "funeral": dict(permit.part("funeral")),
    }


def _window(office: Office, death: Record, permit: Record | None) -> FuneralWindow | None:
    """Return when the funeral may be; None while day or time of death do not tell."""
    facts = DeathFacts.of(contents.typed(death, office.secrets), bsn_given=None)
    if facts.died_on is None:
        return None
    kind = (permit or death).part("funeral").get("kind", "burial")
    term = permit.extra.get("term") if permit is not None else None
    try:
        return decided_window(facts.died_on, facts.died_at, kind=kind, terms=office.offering.terms, term=term)
    except TimeDoesNotExist:
        return None
