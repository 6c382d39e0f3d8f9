"""The life of an appointment: what may follow what."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.appointments import tables
from services.appointments.domain import errors
from services.appointments.domain.appointment import (
    OCCUPYING,
    TRANSITIONS,
    Deed,
    Holder,
    State,
    after,
    new_hold,
)
from services.appointments.domain.companions import Lines
from services.appointments.domain.place import slot_at
from services.appointments.domain.visit import Size, Visit, Wanted
from services.appointments.links import Links
from services.appointments.queries import opened_appointment
from services.contracts.appointments import REFUSALS
from services.messaging.errors import Refusal

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SIZE = Size(setup_ticks=0, visit_ticks=3, wrap_ticks=0)
HOLDER = Holder(name="N", email="n@example.nl", phone=None, language="nl", time_zone="Europe/Amsterdam")


def slot(on=date(2026, 11, 24), tick=108):
    found = slot_at(ZoneInfo("Europe/Amsterdam"), location_id="x", on=on, start_tick=tick, size=SIZE)
    assert found is not None
    return found


def held():
    visit = Visit(
        wanted=(Wanted("passport", 1),),
        needs=frozenset(),
        size=SIZE,
        lead=timedelta(),
        horizon_days=100,
    )
    return new_hold(visit, slot(), hold_id=UUID(int=1), lines=Lines("l"), channel="web", at=NOW)


def booked():
    return held().confirmed(at=NOW, reference="K7Q2MXD4", holder=HOLDER, lines=Lines("l"))


def test_only_these_transitions_exist():
    possible = {(state, deed) for state in State for deed in Deed if (state, deed) in TRANSITIONS}
    assert possible == {
        (State.HELD, Deed.EXTEND),
        (State.HELD, Deed.EXPIRE),
        (State.HELD, Deed.RELEASE),
        (State.HELD, Deed.KEEP),
        (State.HELD, Deed.CONFIRM),
        (State.EXPIRED, Deed.CONFIRM),
        (State.BOOKED, Deed.MOVE),
        (State.BOOKED, Deed.CANCEL),
        (State.BOOKED, Deed.REQUEST_LINK),
        (State.HELD, Deed.REASSIGN),
        (State.BOOKED, Deed.REASSIGN),
        (State.BOOKED, Deed.AFFECT),
        (State.BOOKED, Deed.REINSTATE),
        (State.BOOKED, Deed.CORRECT),
        (State.BOOKED, Deed.HOLDER_DIED),
        (State.BOOKED, Deed.ASK),
        (State.BOOKED, Deed.ASK_AGAIN),
        (State.BOOKED, Deed.RECONFIRM),
    }


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("deed", Deed)
def test_every_other_deed_is_refused(state, deed):
    if (state, deed) not in TRANSITIONS:
        expected = errors.HoldOver if state in (State.EXPIRED, State.RELEASED) else errors.AppointmentOver
        with pytest.raises(expected):
            after(state, deed)


def test_the_database_knows_the_same_occupying_states():
    assert set(tables.OCCUPYING_STATES) == OCCUPYING


def test_a_hold_lasts_ten_minutes_and_can_be_extended_once():
    hold = held()
    assert hold.expires_at == NOW + timedelta(minutes=10)
    longer = hold.longer(at=NOW)
    assert longer.expires_at == NOW + timedelta(minutes=20)
    with pytest.raises(errors.HoldNotExtendable):
        longer.longer(at=NOW)


def test_a_hold_whose_time_is_over_cannot_be_extended_and_shows_as_expired():
    late = NOW + timedelta(minutes=10)
    assert held().shown_state(late) == "expired"
    with pytest.raises(errors.HoldOver):
        held().longer(at=late)


def test_versions_count_facts_and_sequence_counts_changes_of_the_calendar_entry():
    hold = held()
    assert (hold.version, hold.sequence) == (0, 0)
    assert hold.longer(at=NOW).version == hold.released().version == 0
    assert hold.expired().version == 1
    life = [booked()]
    life.append(life[-1].link_requested())
    life.append(life[-1].moved(slot=slot(tick=120), lines=Lines("m"), at=NOW))
    life.append(life[-1].cancelled(at=NOW, by="resident"))
    assert [(one.version, one.sequence) for one in life] == [(1, 0), (2, 0), (3, 1), (4, 2)]


def test_a_hold_that_expired_and_is_confirmed_after_all_goes_on_counting():
    late = held().expired().confirmed(at=NOW, reference="K7Q2MXD4", holder=HOLDER, lines=Lines("m"))
    assert (late.version, late.sequence, late.line_id) == (2, 0, "m")


def test_a_secret_link_opens_until_thirty_days_after_the_visit():
    links, found = Links(b"k" * 32), booked()
    secret = links.secret(found.id, found.link_version)
    last = found.slot.ends_at + timedelta(days=30)
    assert opened_appointment(found, links, secret, last) is found
    with pytest.raises(errors.AppointmentUnknown):
        opened_appointment(found, links, secret, last + timedelta(seconds=1))
    with pytest.raises(errors.AppointmentUnknown):
        opened_appointment(found, links, "x" * 26, last)


def test_moving_keeps_id_reference_link_and_calendar_entry():
    before = booked()
    moved = before.moved(slot=slot(tick=120), lines=Lines("m"), at=NOW)
    kept = ("id", "reference", "link_version", "holder", "minutes", "rule_version")
    assert [getattr(moved, name) for name in kept] == [getattr(before, name) for name in kept]


def test_an_appointment_can_be_changed_until_it_begins():
    appointment = booked()
    appointment.check_changeable(at=appointment.slot.starts_at - timedelta(seconds=1), expected_version=1)
    with pytest.raises(errors.AppointmentOver):
        appointment.check_changeable(at=appointment.slot.starts_at, expected_version=None)
    with pytest.raises(errors.VersionConflict):
        appointment.check_changeable(at=NOW, expected_version=2)
    with pytest.raises(errors.AppointmentOver):
        replace(appointment, state=State.CANCELLED).check_changeable(at=NOW, expected_version=None)


def test_every_refusal_of_the_domain_is_in_the_contract_and_the_other_way_round():
    raised = {
        thing.code
        for thing in vars(errors).values()
        if isinstance(thing, type) and issubclass(thing, Refusal) and thing is not Refusal
    }
    assert raised == set(REFUSALS)
