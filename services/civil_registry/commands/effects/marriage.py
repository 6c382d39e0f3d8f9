"""What the commands on a notice of marriage or partnership do."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from services.civil_registry.commands.deed_making import draw
from services.civil_registry.commands.effects.step import Step
from services.civil_registry.commands.receipts import give_receipt
from services.civil_registry.domain.case import Officer
from services.civil_registry.domain.deed_contents import bond_parts
from services.civil_registry.domain.errors import OfficerNotCompetent, RoomNotFree
from services.civil_registry.domain.local_time import clock_time, earliest_instant
from services.civil_registry.domain.record import Flag, Record
from services.civil_registry.domain.registrars import check_competent
from services.civil_registry.storage import ceremonies, checks


def invite_partner(step: Step) -> Record:
    """Return the notice with the moment from which the second partner is waited for."""
    return step.record.noting(invited_at=step.case.now.isoformat(), partner_reminded=0)


def remind_partner(step: Step) -> Record:
    """Return the notice with one reminder more."""
    return step.record.noting(partner_reminded=int(step.record.extra.get("partner_reminded", 0)) + 1)


def assent(step: Step) -> Record:
    """Return the notice of both partners; from now on it is complete, and the BRP is asked."""
    told = {name: step.particulars[name] for name in ("no_sham", "custody", "guardianship", "residence")}
    content = {**step.record.content, "partner_2": {**step.record.part("partner_2"), **told}}
    flags = (Flag.REMARRIAGE,) if _custody(content) else ()
    checks.ask(step.work, step.record.id)
    after = replace(step.record, content=content, facts_since=step.case.now).with_flag(*flags)
    give_receipt(step, after)
    return after


def accept(step: Step) -> Record:
    """Return the notice with its window: it counts from the day on which it was complete."""
    complete_on = step.office.today(step.record.facts_since or step.case.now)
    return replace(step.record, acted_by=step.by).noting(notice_complete_on=complete_on.isoformat())


def schedule(step: Step) -> Record:
    """Return the notice with its ceremony; room and officer are free then, or nothing changes.

    Raises: RoomNotFree.
    """
    asked = step.particulars["ceremony"]
    return _booked(step, asked, officer_id=asked["officer_id"])


def change_officer(step: Step) -> Record:
    """Return the notice with another officer for its ceremony.

    Raises: RoomNotFree.
    """
    return _booked(step, step.case.content["ceremony"], officer_id=step.particulars["officer_id"])


def change_witnesses(step: Step) -> Record:
    """Return the notice with other witnesses."""
    witnesses = [{**one, "born_on": one["born_on"].isoformat()} for one in step.particulars["witnesses"]]
    return replace(step.record, content={**step.record.content, "witnesses": witnesses})


def free_ceremony(step: Step) -> Record:
    """Give room and officer back, and return the notice with the reason for it."""
    ceremonies.free(step.work, step.record.id)
    reason = step.particulars.get("reason")
    return step.record.noting(refused_because=reason) if step.row.command == "refuse" else step.record


def record_ceremony(step: Step) -> Record:
    """Return the record of a ceremony that was held, with its deed (*huwelijksakte*).

    Raises: RegisterClosed, DeedNumberExhausted.
    """
    held = {
        "held_time": step.particulars["held_time"],
        "witnesses": list(step.particulars["witnesses"]),
        "officer_id": step.by,
    }
    record = step.record.noting(held=held)
    present = step.particulars["witnesses"]
    return draw(step, record, bond_parts(step.case, town=step.office.town.name, on=step.case.today, present=present))


def _booked(step: Step, asked: dict[str, Any], *, officer_id: str | None) -> Record:
    room = step.office.town.rooms[asked["room_id"]]
    on = asked["on"] if isinstance(asked["on"], date) else date.fromisoformat(asked["on"])
    starts_at = earliest_instant(on, clock_time(asked["time"]))
    ends_at = starts_at + timedelta(minutes=room.minutes)
    chosen = officer_id or _any_officer(step, on, starts_at, ends_at)
    if chosen is None:
        raise RoomNotFree(what="officer")
    try:
        ceremonies.book(
            step.work, step.record.id, room_id=room.id, officer_id=chosen, starts_at=starts_at, ends_at=ends_at
        )
    except ceremonies.NotFree:
        raise RoomNotFree(what="room") from None
    ceremony = {"on": on.isoformat(), "time": asked["time"], "room_id": room.id, "officer_id": chosen}
    return replace(step.record, content={**step.record.content, "ceremony": ceremony}, due_on=on).noting(
        starts_at=starts_at.isoformat(), ends_at=ends_at.isoformat(), room_id=room.id, officer_id=chosen
    )


def _any_officer(step: Step, on: date, starts_at: datetime, ends_at: datetime) -> str | None:
    """Return an officer who may hold the ceremony, is no party to it and is free then."""
    for officer in step.office.town.officers.values():
        if (
            _competent(officer, on)
            and officer.bsn_digest not in step.case.party_digests
            and ceremonies.officer_is_free(step.work, officer.staff_id, starts_at, ends_at)
        ):
            return officer.staff_id
    return None


def _competent(officer: Officer, on: date) -> bool:
    try:
        check_competent(officer, task="ceremony", on=on)
    except OfficerNotCompetent:
        return False
    return True


def _custody(content: dict[str, Any]) -> bool:
    return any(content.get(name, {}).get("custody") for name in ("partner_1", "partner_2"))
