"""The published figures: written once a day, from what happened, whatever is deleted or repeated later."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from services.appointments import commands, queries, timers
from services.appointments.background import jobs
from services.appointments.domain.ticks import local_day
from services.appointments.queries import TOWN_ZONE
from services.appointments.settings import read_list_settings
from services.appointments.show_figures import figures_as_text
from services.appointments.storage import figures
from services.appointments.timers.figures import day_cells
from services.contracts import appointments as contracts
from services.contracts import base
from services.messaging.errors import Malformed
from tests.integration.appointments_desk import (
    ABROAD,
    DEMO,
    NOW,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Desk,
    Postbox,
    at,
    at_once,
    refused,
)

MONDAY = NOW.date()


@pytest.fixture(scope="module")
def enschede(databases):
    desk = Desk(databases("appointments"))
    desk.reload()
    return desk


@pytest.fixture
def desk(enschede):
    enschede.clear()
    enschede.one("TRUNCATE figure_run, figure_day, visit_outcome, relief_history, relief_proposal")
    return enschede


def write_all(desk):
    """Write every day that is over; return which."""
    written = []
    while desk.do(timers.write_next_day):
        written.append(desk.one("SELECT max(\"on\") AS last FROM figure_run WHERE kind = 'day'").last)
    return written


def history(desk, first_on=MONDAY - timedelta(days=60), until_on=None):
    asked = base.load(
        contracts.GetFiguresHistory,
        {"from_on": first_on.isoformat(), "until_on": (until_on or local_day(TOWN_ZONE, desk.clock.at)).isoformat()},
    )
    return desk.ask(lambda work: base.dump(contracts.FiguresHistory, queries.figures_history(work, **asked)))


def total(desk, product=None, location="stadskantoor", **bounds):
    found = [
        entry
        for entry in history(desk, **bounds)["total"]
        if (entry["location_id"], entry["product_id"]) == (location, product)
    ]
    return found[0]


def rows(desk):
    with desk.pool.connect() as connection:
        return connection.execute(text("SELECT * FROM figure_day ORDER BY 1, 2, 3, 4, 5")).all()


def wait_now(desk, product=ABROAD):
    reply = desk.ask(lambda work: base.dump(contracts.Figures, queries.figures_now(work)))
    return next(
        (wait["first_next_days"], wait["third_next_days"])
        for wait in reply["waits"]
        if (wait["product_id"], wait["location_id"]) == (product, "stadskantoor")
    )


def record(desk, reply, outcome):
    asked = base.load(
        contracts.RecordOutcome,
        {"appointment_id": reply["appointment_id"], "outcome": outcome, "staff_id": "desk-4"},
    )
    return desk.do(lambda work: base.dump(contracts.VisitOutcome, commands.record_outcome(work, **asked)))


# --- how long people wait now


def test_held_places_do_not_count_as_places(desk):
    before = wait_now(desk)
    for on in (TUESDAY, WEDNESDAY):
        desk.fill(on)
    assert before == (1, 1)
    assert wait_now(desk) == (3, 3)


def test_a_place_that_was_given_back_makes_the_first_next_start_near_but_not_the_third(desk):
    for on in (TUESDAY, WEDNESDAY):
        held = desk.fill(on)
        if on == TUESDAY:
            given_back = held[-1:]  # the last one fitted exactly: one start comes back
    for key in given_back:
        desk.release(key)
    assert wait_now(desk) == (1, 3)


# --- what is sampled


def test_waits_are_sampled_once_on_working_days_from_ten_on(desk):
    due = lambda: desk.ask(timers.sample_is_due)  # noqa: E731
    desk.clock.at = at(MONDAY, "09:55")
    assert not due()
    desk.clock.at = at(MONDAY, "10:00")
    assert due()
    assert desk.do(timers.sample_waits)
    assert not due()
    assert desk.do(timers.sample_waits) == []
    for day_off in (date(2026, 11, 28), date(2026, 12, 25)):  # a Saturday, Christmas
        desk.clock.at = at(day_off, "11:00")
        assert not due()


def test_a_week_carries_the_median_of_its_samples(desk):
    for on in (MONDAY, TUESDAY, WEDNESDAY):
        desk.clock.at = at(on, "10:00")
        if on == WEDNESDAY:
            desk.fill(THURSDAY)
        desk.do(timers.sample_waits)
    (week,) = history(desk)["weeks"]
    abroad = next(entry for entry in week["figures"] if entry["product_id"] == ABROAD)
    assert week["week_on"] == MONDAY.isoformat()
    assert (abroad["samples"], abroad["third_next_days"]) == (3, 1.0)


def test_drift_is_on_record_with_the_sample(desk):
    desk.one(
        "UPDATE line_day SET free = free & ~(CAST(7 AS bit(288)) << 150)"
        " WHERE line_id = 'stadskantoor-8' AND \"on\" = :on",
        on=WEDNESDAY,
    )
    desk.clock.at = at(TUESDAY, "10:00")
    desk.do(timers.sample_waits)
    (town,) = (entry for entry in history(desk)["total"] if entry["location_id"] is None)
    assert town["drift_ticks"] == 3


# --- what a day's figures say


def test_a_booking_is_counted_by_its_wait_and_channel_on_the_day_it_was_made(desk):
    desk.book(at(THURSDAY, "10:00"))
    held = desk.hold(at(THURSDAY, "11:00"))[0]
    desk.confirm(held)
    desk.hold(at(THURSDAY, "12:00"))
    desk.clock.at = at(TUESDAY, "00:05")
    assert write_all(desk) == [MONDAY]
    found = total(desk)
    assert (found["booked"], found["wait_p50_days"], found["channels"]) == (2, 3, {"web": 2})
    assert found["share_within_14_days"] == 1.0


def test_moving_does_not_change_which_wait_was_chosen(desk):
    key, _ = desk.book(at(THURSDAY, "10:00"))
    desk.move(key, at(date(2026, 12, 17), "10:00"))
    desk.clock.at = at(TUESDAY, "00:05")
    write_all(desk)
    assert total(desk)["wait_p50_days"] == 3


def test_a_late_cancellation_is_told_apart(desk):
    late, _ = desk.book(at(WEDNESDAY, "09:00"), product=ABROAD)
    early, _ = desk.book(at(date(2026, 11, 30), "10:05"), product=ABROAD)
    desk.wait(minutes=1)
    for key in (late, early):
        desk.cancel(key)
    desk.clock.at = at(TUESDAY, "00:05")
    write_all(desk)
    found = total(desk, product=ABROAD)
    assert (found["cancelled"], found["late_cancelled"]) == (2, 1)
    assert [lead["late_cancelled"] for lead in found["leads"]] == [1, 0, 0, 0]
    assert found["cancel_notice_p50_hours"] == 47


def test_occupancy_counts_a_visit_once_for_its_place(desk):
    for held in desk.fill(TUESDAY):
        desk.confirm(held)
    desk.clock.at = at(WEDNESDAY, "00:05")
    write_all(desk)
    abroad = total(desk, product=ABROAD, first_on=TUESDAY, until_on=TUESDAY)
    place = total(desk, first_on=TUESDAY, until_on=TUESDAY)
    assert abroad["planned_occupancy"] > 0.8
    assert 0 < place["planned_occupancy"] < 0.2
    counted = desk.one("SELECT sum(ticks) AS ticks FROM appointment").ticks
    told = desk.one(
        "SELECT value FROM figure_day WHERE figure = 'booked-ticks' AND product_id = ''"
        " AND location_id = 'stadskantoor' AND \"on\" = :on",
        on=TUESDAY,
    )
    assert told.value == counted


# --- written once


def test_writing_a_day_again_changes_nothing(desk):
    desk.book(at(THURSDAY, "10:00"))
    desk.clock.at = at(TUESDAY, "00:05")
    write_all(desk)
    before = rows(desk)
    assert write_all(desk) == []
    assert rows(desk) == before


def test_deleting_appointments_later_leaves_the_published_figures(desk):
    _, reply = desk.book(at(TUESDAY, "10:00"))
    desk.clock.at = at(TUESDAY, "10:20")
    record(desk, reply, "done")
    desk.clock.at = at(WEDNESDAY, "00:05")
    write_all(desk)
    before = history(desk)
    desk.one("TRUNCATE appointment_history, appointment CASCADE")
    desk.clock.at = at(WEDNESDAY, "13:00")
    assert write_all(desk) == []
    assert history(desk) == before


def test_after_a_standstill_all_days_follow_as_if_nothing_had_happened(desk):
    desk.book(at(THURSDAY, "10:00"))
    desk.clock.at = at(TUESDAY, "12:00")
    key, _ = desk.book(at(THURSDAY, "11:00"))
    desk.clock.at = at(WEDNESDAY, "12:00")
    desk.cancel(key)
    desk.clock.at = at(date(2026, 11, 28), "00:05")
    assert write_all(desk) == [MONDAY + timedelta(days=offset) for offset in range(5)]
    booked = [(row.on, row.value) for row in rows(desk) if (row.figure, row.product_id) == ("channel", "")]
    assert booked == [(MONDAY, 1), (TUESDAY, 1)]


def test_two_processes_write_a_day_once(desk):
    desk.book(at(THURSDAY, "10:00"))
    desk.clock.at = at(TUESDAY, "00:05")
    assert sorted(at_once(6, lambda _: desk.do(timers.write_next_day))) == [False] * 5 + [True]
    desk.clock.at = at(TUESDAY, "10:05")
    assert sum(bool(waits) for waits in at_once(6, lambda _: desk.do(timers.sample_waits))) == 1


def test_a_day_of_twenty_five_hours_is_one_day(desk):
    """What happens at 23:30 on the longest day belongs to it, and what happens half an hour later does not."""
    longest = date(2026, 10, 25)
    desk.book(at(THURSDAY, "10:00"))
    for made_at, on in (
        (datetime(2026, 10, 25, 22, 30, tzinfo=UTC), longest),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), longest + timedelta(days=1)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), longest),
        (datetime(2026, 10, 24, 21, 59, tzinfo=UTC), longest - timedelta(days=1)),
    ):
        desk.one("UPDATE appointment_history SET at = :made_at WHERE deed = 'confirm'", made_at=made_at)
        counted = {
            day
            for day in (longest - timedelta(days=1), longest, longest + timedelta(days=1))
            for cell in desk.ask(lambda work, day=day: day_cells(work, day))
            if cell.figure == "channel"
        }
        assert counted == {on}


# --- outcomes


def test_what_became_of_a_visit_is_noted_from_its_start_on(desk):
    _, reply = desk.book(at(TUESDAY, "10:00"))
    desk.clock.at = at(TUESDAY, "10:00") - timedelta(seconds=1)
    assert refused(lambda: record(desk, reply, "no_show")).code == "visit-not-begun"
    desk.clock.at = at(TUESDAY, "10:00")
    assert record(desk, reply, "no_show") == {
        "appointment_id": reply["appointment_id"],
        "outcome": "no_show",
        "replaces": None,
    }


def test_noting_the_same_twice_is_once_and_a_correction_keeps_what_was_noted(desk):
    _, reply = desk.book(at(TUESDAY, "10:00"))
    desk.clock.at = at(TUESDAY, "10:10")
    for outcome in ("no_show", "no_show", "done"):
        record(desk, reply, outcome)
    with desk.pool.connect() as connection:
        noted = connection.execute(text("SELECT outcome, replaces FROM visit_outcome ORDER BY id")).all()
    assert [tuple(row) for row in noted] == [("no_show", None), ("done", "no_show")]
    desk.clock.at = at(WEDNESDAY, "00:05")
    write_all(desk)
    near = total(desk, product="passport")["leads"][0]
    assert (near["done"], near["no_show"], near["no_show_rate"]) == (1, 0, 0.0)
    assert total(desk)["served_occupancy"] > 0


def test_many_clerks_who_note_at_once_leave_one_outcome(desk):
    _, reply = desk.book(at(TUESDAY, "10:00"))
    desk.clock.at = at(TUESDAY, "10:10")
    at_once(8, lambda index: record(desk, reply, ("done", "no_show")[index % 2]))
    desk.clock.at = at(WEDNESDAY, "00:05")
    write_all(desk)
    near = total(desk)["leads"][0]
    assert near["done"] + near["no_show"] == 1


def test_nothing_becomes_of_a_cancelled_visit_or_of_a_hold(desk):
    key, reply = desk.book(at(TUESDAY, "10:00"))
    desk.cancel(key)
    held = desk.hold(at(TUESDAY, "11:00"))[0]
    desk.clock.at = at(TUESDAY, "12:00")
    assert refused(lambda: record(desk, reply, "done")).code == "appointment-over"
    assert refused(lambda: record(desk, {"appointment_id": held["hold_id"]}, "done")).code == "appointment-unknown"


# --- who asks


def test_a_history_that_ends_before_it_begins_is_refused(desk):
    with pytest.raises(Malformed):
        history(desk, first_on=TUESDAY, until_on=MONDAY)


def test_the_background_process_writes_and_shows_the_figures(desk):
    job = next(
        job
        for job in jobs(desk.transactions, read_list_settings(), Postbox(), desk.people)
        if job.name == "write-figures"
    )
    desk.book(at(THURSDAY, "10:00"))
    desk.clock.at = at(TUESDAY, "10:00")
    while job.run():
        pass
    assert desk.ask(figures.last_day_written) == MONDAY
    assert total(desk, product=ABROAD)["samples"] == 1


def test_the_table_on_the_command_line_names_products_and_weeks(desk):
    desk.book(at(THURSDAY, "10:00"))
    desk.clock.at = at(TUESDAY, "00:05")
    write_all(desk)
    table = desk.ask(lambda reading: figures_as_text(reading, weeks=2))
    assert "Complete until 2026-11-23" in table
    (line,) = (
        line for line in table.split("All together")[0].splitlines() if line.startswith("stadskantoor passport ")
    )
    assert line.split()[2:8] == ["-", "-", "1", "3", "3", "100%"]


def test_the_command_prints_the_table(desk):
    prefix = desk.pool.url.database.removesuffix("appointments")
    ran = subprocess.run(
        [sys.executable, "-m", "services.appointments.show_figures", "--weeks", "1"],
        cwd=DEMO.parents[2],
        env=os.environ | {"BALIE_DATABASE_PREFIX": prefix},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "All together" in ran.stdout
