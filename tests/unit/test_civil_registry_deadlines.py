"""What happens to a notice of marriage by itself, and when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.civil_registry.domain.deadlines import due_commands
from services.civil_registry.domain.record import Flag, Kind, Record, Source, Status
from tests.unit.civil_registry_people import POLICY, TERMS

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
WEDDING = date(2027, 3, 27)


def notice(status, *, flags=(), due_on=None, **extra):
    return Record(
        id=UUID(int=1),
        kind=Kind.MARRIAGE,
        status=status,
        version=3,
        facts=1,
        source=Source.ONLINE,
        language="nl",
        receipt="H-2026-000000",
        owner="x",
        content={},
        parties={},
        started_at=NOW,
        flags=frozenset(flags),
        due_on=due_on,
        extra=extra,
    )


def due(record, now=NOW):
    return due_commands(record, now=now, terms=TERMS, policy=POLICY)


def test_a_partner_is_reminded_twice_and_the_notice_lapses_after_a_month():
    asked = notice(Status.AWAITING_PARTNER, invited_at=NOW.isoformat(), option_until=(NOW + 2 * DAY).isoformat())
    assert due(asked) == {
        "remind-partner": NOW + 3 * DAY,
        "expire": NOW + 30 * DAY,
        "release-option": NOW + 2 * DAY,
    }
    assert due(asked.noting(partner_reminded=1))["remind-partner"] == NOW + 7 * DAY
    assert "remind-partner" not in due(asked.noting(partner_reminded=2))
    assert "release-option" not in due(asked.noting(option_until=None))


DAY = timedelta(days=1)


@pytest.mark.parametrize("status", [Status.SCHEDULED, Status.READY])
def test_the_brp_is_asked_again_two_weeks_and_two_days_before_at_eight(status):
    planned = notice(status, due_on=WEDDING, notice_complete_on="2026-11-26", rechecks=0)
    assert due(planned)["recheck-ceremony"] == datetime(2027, 3, 13, 7, 0, tzinfo=UTC)
    assert due(planned.noting(rechecks=1))["recheck-ceremony"] == datetime(2027, 3, 25, 7, 0, tzinfo=UTC)
    assert "recheck-ceremony" not in due(planned.noting(rechecks=2))


def test_a_ceremony_that_is_near_when_it_is_planned_is_checked_at_once():
    planned = notice(Status.SCHEDULED, due_on=date(2026, 12, 5), notice_complete_on="2026-11-20", rechecks=0)
    assert due(planned)["recheck-ceremony"] < NOW


def test_the_morning_is_eight_o_clock_in_summer_too():
    planned = notice(Status.READY, due_on=date(2027, 4, 12), notice_complete_on="2026-11-26", rechecks=0)
    assert due(planned)["recheck-ceremony"] == datetime(2027, 3, 29, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("held_time", "warned_at"),
    [("14:05", "2027-03-27T15:05:00+00:00"), ("22:30", "2027-03-27T22:30:00+00:00")],
)
def test_an_unsigned_deed_is_an_alarm_two_hours_later_and_in_any_case_before_midnight(held_time, warned_at):
    held = notice(Status.DEED_PRINTED, due_on=WEDDING, held={"held_time": held_time})
    assert due(held) == {"warn-unsigned": datetime.fromisoformat(warned_at)}
    assert due(replace(held, flags=frozenset({Flag.DEED_UNSIGNED}))) == {}
    assert due(replace(held, status=Status.DEED_SIGNED)) == {}


def test_an_accepted_notice_without_option_only_waits_for_its_day():
    accepted = notice(Status.ACCEPTED, notice_complete_on="2026-11-26", option_until=None)
    assert set(due(accepted)) == {"expire", "remind-to-schedule"}
    kept = accepted.noting(option_until=(NOW + DAY).isoformat())
    assert due(kept)["release-option"] == NOW + DAY
