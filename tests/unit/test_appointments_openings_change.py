"""Changed openings: the last word counts, and how long an offer stands."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from services.appointments.domain.openings import WHOLE_DAY, Span
from services.appointments.domain.openings_change import ChangeKind, OpeningChange, last_answer, opened_after
from services.appointments.domain.ticks import NIGHT, mask
from services.appointments.openings_desk import read_arguments

ON = date(2026, 12, 1)
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
MORNING, NOON = mask(108, 36), mask(132, 12)


def change(kind, span=WHOLE_DAY, *, line="desk-1", on=ON, withdrawn_at=None):
    return OpeningChange(UUID(int=1), NOW, "lead", "ill", kind, "hall", line, on, on, span, withdrawn_at)


def opened(*changes, before=MORNING, in_use=True):
    return opened_after(before, changes, on=ON, location_id="hall", line_id="desk-1", in_use=in_use)


def test_a_closing_takes_its_part_of_the_day_from_its_counter_only():
    assert opened(change(ChangeKind.CLOSE_LINE, Span(132, 144))) == MORNING & ~NOON
    assert opened(change(ChangeKind.CLOSE_LINE, line="desk-2")) == MORNING
    assert opened(change(ChangeKind.CLOSE_LOCATION, line=None)) == 0
    assert opened(change(ChangeKind.CLOSE_LINE, on=ON + timedelta(days=1))) == MORNING


def test_the_last_of_two_changes_has_the_last_word():
    extra = change(ChangeKind.OPEN_EXTRA, Span(144, 156))
    assert opened(extra, change(ChangeKind.CLOSE_LINE)) == 0
    assert opened(change(ChangeKind.CLOSE_LINE), extra) == mask(144, 12)


def test_a_withdrawn_change_and_a_note_about_the_files_do_nothing():
    assert opened(change(ChangeKind.CLOSE_LINE, withdrawn_at=NOW)) == MORNING
    assert opened(change(ChangeKind.TOWN_FILES, line=None)) == MORNING


def test_an_extra_shift_opens_no_night_and_no_counter_out_of_use():
    assert opened(change(ChangeKind.OPEN_EXTRA), before=0) & NIGHT == 0
    assert opened(change(ChangeKind.OPEN_EXTRA), before=0, in_use=False) == 0


def test_an_offer_stands_for_seventy_two_hours_but_ends_a_day_before_the_lost_visit():
    assert last_answer(NOW + timedelta(days=9), at=NOW) == NOW + timedelta(hours=72)
    assert last_answer(NOW + timedelta(hours=60), at=NOW) == NOW + timedelta(hours=36)
    assert last_answer(NOW + timedelta(hours=24), at=NOW) is None
    soon = NOW + timedelta(hours=30)
    assert last_answer(NOW + timedelta(days=9), at=NOW, alternative_at=soon) == NOW + timedelta(hours=26)


def test_a_team_lead_types_a_closing_in_one_line():
    typed = "apply close-line hall desk-1 2026-12-01 --from 12:00 --until 17:00 --reason ill --by lead"
    told = read_arguments(typed.split())
    assert (told.kind, told.location, told.line, told.first_on, told.last_on) == (
        "close-line", "hall", "desk-1", "2026-12-01", None,
    )  # fmt: skip
    assert (told.from_time, told.until_time, told.reason, told.by) == ("12:00", "17:00", "ill", "lead")
