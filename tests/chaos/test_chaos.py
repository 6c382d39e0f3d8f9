"""A short chaos run, and the proof that its judge finds what it should."""

import os
import random
import shutil
import threading

import pytest
from sqlalchemy import text

from tests.chaos.clients import Resident
from tests.chaos.ledger import Booking, Ledger
from tests.chaos.run import judge_of, run, table, wait_for_rest
from tests.chaos.town import ChaosTown

SECONDS = 40
pytestmark = pytest.mark.timeout(1200)


@pytest.fixture(scope="module")
def town():
    made = ChaosTown()
    made.start()
    yield made
    made.stop()


def _one_booking(town: ChaosTown) -> tuple[Ledger, Booking]:
    """Return a ledger with one resident's confirmed visit in it."""
    ledger = Ledger()
    resident = Resident(town.urls, ledger, threading.Event(), seed=random.SystemRandom().randrange(10**6))
    while not ledger.bookings:
        resident.one_visit()
    return ledger, ledger.bookings[0]


def test_killing_freezing_doubling_and_garbling_loses_and_doubles_nothing(town, capsys):
    seed = int(os.environ.get("BALIE_CHAOS_SEED", "0")) or random.SystemRandom().randrange(1, 10_000)
    outcome = run(town, seconds=SECONDS, seed=seed)
    with capsys.disabled():
        print("\n" + table(outcome))
    assert outcome.verdict.findings() == []


def test_the_judge_is_content_with_a_quiet_booking(town):
    ledger, _ = _one_booking(town)
    judge = judge_of(town)
    wait_for_rest(town, judge)
    assert judge.judge(ledger).findings() == []


def test_the_judge_finds_an_event_that_was_deleted_from_the_outbox(town):
    town.halt("appointments-relay")
    ledger, booking = _one_booking(town)
    with town.engine("appointments").begin() as connection:
        deleted = connection.execute(text("DELETE FROM outbox WHERE type LIKE '%afspraak-gemaakt'")).rowcount
        connection.execute(text("DELETE FROM outbox"))
    town.resume("appointments-relay")
    assert deleted == 1
    judge = judge_of(town)
    wait_for_rest(town, judge)
    lost = judge.judge(ledger).lost
    assert any("booked missing in timeline" in finding for finding in lost)
    assert any("booked missing in messages" in finding for finding in lost)
    assert booking.told


def test_the_judge_finds_a_mail_that_came_twice(town):
    ledger, booking = _one_booking(town)
    judge = judge_of(town)
    wait_for_rest(town, judge)
    mail = next(file for file in town.place.mail.glob("*.eml") if booking.email in file.read_text(errors="replace"))
    copy = mail.with_name(f"{mail.stem}-again.eml")
    shutil.copy(mail, copy)
    found = judge.judge(ledger).mails_twice_unexplained
    copy.unlink()
    assert len(found) == 1


def test_the_judge_finds_a_mail_that_never_came(town):
    ledger, booking = _one_booking(town)
    judge = judge_of(town)
    wait_for_rest(town, judge)
    mail = next(file for file in town.place.mail.glob("*.eml") if booking.email in file.read_text(errors="replace"))
    aside = mail.with_suffix(".aside")
    mail.rename(aside)
    lost = judge.judge(ledger).lost
    aside.rename(mail)
    assert any("never arrived" in finding for finding in lost)


def test_the_judge_finds_bits_that_differ_from_the_visits(town):
    ledger, _ = _one_booking(town)
    judge = judge_of(town)
    wait_for_rest(town, judge)
    with town.engine("appointments").begin() as connection:
        line_id, on = connection.execute(
            text("SELECT line_id, \"on\" FROM line_day WHERE free = open AND open::text LIKE '%1%' LIMIT 1")
        ).one()
        day = {"line_id": line_id, "on": on}
        connection.execute(
            text('UPDATE line_day SET free = CAST(0 AS bit(288)) WHERE line_id = :line_id AND "on" = :on'), day
        )
    found = judge.judge(ledger).double_booked
    with town.engine("appointments").begin() as connection:
        connection.execute(text('UPDATE line_day SET free = open WHERE line_id = :line_id AND "on" = :on'), day)
    assert len(found) == 1


def test_the_judge_finds_a_visit_that_its_resident_was_refused(town):
    ledger, booking = _one_booking(town)
    booking.told.clear()
    booking.reference = ""
    assert any("refused to the client" in finding for finding in judge_of(town).judge(ledger).twice)


def test_the_judge_finds_mails_that_went_in_the_wrong_order(town):
    ledger, booking = _one_booking(town)
    while booking.told != ["booked", "moved"]:
        ledger, booking = _one_booking(town)
    judge = judge_of(town)
    wait_for_rest(town, judge)
    booking.told.reverse()
    assert len(judge.judge(ledger).out_of_order) == 1
