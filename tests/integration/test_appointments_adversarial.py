"""Sequences that somebody would only think of who wants the engine to fail.

Source: domain/appointments.md 10. What is tried elsewhere: opposite moves, closings while many book, wrong bits
(capacity, companions); offers on two devices (waiting list); mail scanners (pages); facts out of order (notifications);
guessed codes (mail codes).
"""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from services.appointments import commands, queries, timers
from services.appointments.openings import lay_out
from services.appointments.town_files import read_town
from services.messaging.errors import Malformed, Refusal
from tests.city import eventually
from tests.integration.appointments_desk import (
    ABROAD,
    ABROAD_LINE,
    DEMO,
    ENSCHEDE,
    NOW,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Desk,
    at,
    at_once,
    refused,
)
from tests.integration.appointments_rooms import WELL

ROUNDS = 100
COLLECT = "collect-travel-document"


@pytest.fixture(scope="module")
def enschede(databases):
    desk = Desk(databases("appointments"))
    desk.reload()
    desk.open_to_all()
    return desk


@pytest.fixture(params=[True, False], ids=["in one statement", "the thorough way"])
def desk(enschede, request):
    enschede.clear()
    enschede.fast_lane = request.param
    yield enschede
    assert enschede.drift() == WELL


# --- the end of a hold and its confirmation, at the same moment


def over(desk):
    """Return a hold whose time is over, swept or not."""
    desk.clock.at = NOW
    held, _ = desk.hold(at(TUESDAY, "10:00"), product=ABROAD)
    desk.wait(minutes=10)
    return held


def test_who_confirms_before_the_sweeper_looks_has_the_time_though_it_is_over(desk):
    for n in range(ROUNDS):
        held = over(desk)
        with desk.transactions.work() as work:
            somebody = desk.somebody()
            born = {"birth_on": date.fromisoformat(somebody["birth_on"]), "time_zone": ENSCHEDE.key}
            asked = somebody | born
            held_by = {"hold_id": UUID(held["hold_id"]), "secret": held["secret"]}
            booked = commands.confirm_hold(work, desk.links, desk.people, **held_by, **asked)
            assert desk.expire() == 0, "the sweeper took what is being confirmed"
        desk.cancel({"reference": booked["reference"], "secret": held["secret"]})
        assert [kind for kind, _ in desk.events()[2 * n :]] == ["afspraak-gemaakt", "afspraak-geannuleerd"]


def test_who_confirms_while_the_sweeper_ends_the_hold_takes_the_time_once_more(desk):
    for n in range(ROUNDS):
        held = over(desk)
        got: dict[str, Any] = {}
        with desk.transactions.work() as work:
            assert timers.expire_holds(work) == 1
            late = Thread(target=lambda held=held, got=got: got.update(desk.confirm(held)))
            late.start()
            eventually(lambda: waiting(desk), within=10, what="the confirmation waits for the sweeper")
        late.join(timeout=10)
        assert (got["state"], got["version"]) == ("booked", 2)
        desk.cancel({"reference": got["reference"], "secret": held["secret"]})
        assert [version for _, version in desk.events()[3 * n :]] == [1, 2, 3]


def waiting(desk):
    return desk.one("SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database()"
                    " AND wait_event_type = 'Lock'").n  # fmt: skip


def test_at_the_very_same_moment_one_of_the_two_orders_holds_and_never_a_third(desk):
    orders = set()
    for _ in range(ROUNDS):
        held = over(desk)
        ended, booked = at_once(2, lambda n, held=held: desk.confirm(held) if n else desk.expire())
        assert (ended, booked["version"]) in ((0, 1), (1, 2))
        orders.add(ended)
        desk.cancel({"reference": booked["reference"], "secret": held["secret"]})
    assert desk.expire() == 0
    assert orders <= {0, 1}


# --- a process that dies at the worst moment


@pytest.mark.parametrize("deed", ["hold", "confirm", "move", "cancel", "expire"])
def test_a_process_that_is_killed_between_its_rows_and_its_facts_has_done_nothing(enschede, deed):
    desk = enschede
    desk.clear()
    held, _ = desk.hold(at(TUESDAY, "10:00"), product=ABROAD)
    key, _ = desk.book(at(WEDNESDAY, "10:00"), product=ABROAD)
    told = {
        "hold": {
            "location_id": "stadskantoor", "products": [{"product_id": ABROAD, "persons": 1}], "channel": "web",
            "starts_at": str(at(THURSDAY, "10:00")),
        },
        "confirm": held | {"name": "N", "email": "n@example.nl", "language": "nl", "time_zone": ENSCHEDE.key},
        "move": key | {"starts_at": str(at(THURSDAY, "14:00"))},
        "cancel": key,
        "expire": {},
    }[deed]  # fmt: skip
    if deed == "expire":
        desk.wait(minutes=10)
    before = (desk.bits(), desk.events(), rows(desk))
    written_and_killed(desk, deed, told)
    eventually(lambda: not others(desk), within=10, what="the database has noticed")
    assert (desk.bits(), desk.events(), rows(desk)) == before
    again = {
        "hold": lambda: desk.hold(at(THURSDAY, "10:00"), product=ABROAD),
        "confirm": lambda: desk.confirm(held),
        "move": lambda: desk.move(key, at(THURSDAY, "14:00")),
        "cancel": lambda: desk.cancel(key),
        "expire": desk.expire,
    }[deed]
    assert again()
    assert desk.drift() == WELL


def written_and_killed(desk, deed, told):
    prefix = desk.pool.url.database.removesuffix("appointments")
    with subprocess.Popen(
        [sys.executable, "-m", "tests.integration.dying_clerk", deed, json.dumps(told | {"now": str(desk.clock.at)})],
        cwd=DEMO.parents[2],
        env=os.environ | {"BALIE_DATABASE_PREFIX": prefix},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert "written\n" in iter(process.stdout.readline, ""), "it died before its time"
        assert others(desk) == 1
        process.kill()


def others(desk):
    """Return how many sessions, not of this process, are in the middle of something."""
    return desk.one("SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database()"
                    " AND state = 'idle in transaction'").n  # fmt: skip


def rows(desk):
    return desk.all("SELECT id, state, version, sequence, line_id, starts_at FROM appointment ORDER BY id")


# --- clocks


@pytest.mark.parametrize("seconds", [-5, -3600, 3600])
def test_a_clock_that_jumps_loses_no_time_and_books_nobody_twice(desk, seconds):
    before = desk.bits()
    held, reply = desk.hold(at(TUESDAY, "10:00"), product=ABROAD)
    desk.wait(seconds=seconds)
    assert refused(lambda: desk.hold(at(TUESDAY, "10:05"), product=ABROAD)).code == "slot-taken"
    assert desk.expire() == (1 if seconds > 0 else 0)
    booked = desk.confirm(held)
    assert booked["starts_at"] == reply["starts_at"]
    desk.wait(seconds=-seconds)
    desk.cancel({"reference": booked["reference"], "secret": held["secret"]})
    assert [version for _, version in desk.events()] == [*range(1, len(desk.events()) + 1)]
    assert desk.bits() == before


def test_a_second_before_midnight_and_after_it_the_days_are_others(desk):
    """The horizon of a birth is 28 days: the last day moves on at midnight in Enschede, not in UTC."""
    last = date(2026, 12, 21)
    desk.clock.at = at(NOW.date(), "23:59") + timedelta(seconds=59)
    assert desk.free_days(product="birth-declaration")["last_on"] == last.isoformat()
    held, _ = desk.hold(at(last, "10:00"), product="birth-declaration")
    next_day = last + timedelta(days=1)
    assert refused(lambda: desk.hold(at(next_day, "10:00"), product="birth-declaration")).code == "too-far"
    assert refused(lambda: desk.free_times(next_day, product="birth-declaration")).code == "too-far"
    desk.wait(seconds=1)
    assert desk.free_days(product="birth-declaration")["last_on"] == next_day.isoformat()
    assert refused(lambda: desk.free_times(NOW.date(), product="birth-declaration")).code == "in-the-past"
    desk.hold(at(next_day, "10:00"), product="birth-declaration")
    assert desk.confirm(held)["state"] == "booked"


def test_one_question_has_one_now_though_midnight_passes_while_it_is_answered(desk):
    desk.clock.at = at(NOW.date(), "23:59") + timedelta(seconds=59)
    with desk.transactions.reading() as reading:
        desk.wait(seconds=2)
        asked = [{"product_id": "birth-declaration", "persons": 1}]
        found = queries.free_days(reading, location_id="stadskantoor", products=asked)
    assert found["last_on"] == date(2026, 12, 21)


@pytest.fixture
def elsewhen(databases):
    """`elsewhen(on)` is a town as it is loaded in the morning of another day."""

    def town(on, files=None):
        desk = Desk(databases("appointments"))
        desk.clock.at = datetime(on.year, on.month, on.day, 7, tzinfo=UTC)
        desk.reload(files)
        desk.open_to_all()
        return desk

    return town


@pytest.mark.parametrize(
    ("on", "days", "last"),
    [
        (date(2027, 1, 31), 91, date(2027, 5, 2)),
        (date(2028, 1, 31), 29, date(2028, 2, 29)),
        (date(2027, 1, 31), 28, date(2027, 2, 28)),
        (date(2026, 12, 31), 91, date(2027, 4, 1)),
    ],
)
def test_a_horizon_from_the_last_of_a_month_ends_on_a_day_that_exists(elsewhen, on, days, last):
    files = read_town(DEMO)
    files = replace(files, products=[{**entry, "horizon_days": days} for entry in files.products])
    desk = elsewhen(on, files)
    assert desk.free_days(product="extract")["last_on"] == last.isoformat()
    assert refused(lambda: desk.free_times(last + timedelta(days=1), product="extract")).code == "too-far"
    found = [date.fromisoformat(day["on"]) for day in desk.free_days(product="extract")["days"]]
    assert max(found) <= last
    assert desk.hold(desk.free_times(max(found), product="extract")[-1], product="extract")


def open_day_and_night():
    """Return Enschede with one counter that is open whenever one may be."""
    files = read_town(DEMO)
    always = {"weekdays": [*range(7)], "breaks": [], "valid_from": None, "valid_until": None}
    hours = [{**always, "from": "00:00", "until": "01:00"}, {**always, "from": "04:00", "until": "24:00"}]
    places = [{**place, "hours": hours} for place in files.locations]
    lines = [{**line, "shifts": hours if line["id"] == ABROAD_LINE else line["shifts"]} for line in files.lines]
    return replace(files, locations=places, lines=lines)


@pytest.mark.parametrize(("on", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 3, 30), 24)])
def test_the_days_on_which_the_clock_is_changed_are_booked_in_full(elsewhen, on, hours):
    desk = elsewhen(on - timedelta(days=3), open_day_and_night())
    for tick in range(12, 48):
        start = datetime(on.year, on.month, on.day, tick // 12, tick % 12 * 5, tzinfo=ENSCHEDE).astimezone(UTC)
        assert refused(lambda start=start: desk.hold(start, product=COLLECT)).code == "day-closed"
    assert refused(lambda: desk.hold(at(on, "00:55"), product=COLLECT)).code == "day-closed"
    walls = [f"{tick // 12:02}:{tick % 12 * 5:02}" for tick in (*range(0, 12, 2), *range(48, 288, 2))]
    for wall in walls:
        reply = desk.hold(at(on, wall), product=COLLECT)[1]
        begins = datetime.fromisoformat(reply["starts_at"])
        assert f"{begins.astimezone(ENSCHEDE):%Y-%m-%d %H:%M}" == f"{on} {wall}"
        assert datetime.fromisoformat(reply["ends_at"]) - begins == timedelta(minutes=10)
    owned = desk.all("SELECT lower(owned) AS since, upper(owned) AS until FROM appointment ORDER BY 1")
    between = [late.since - early.until for early, late in pairwise(owned)]
    gaps = [gap for gap in between if gap]
    assert gaps == [timedelta(hours=hours - 21)], "one gap: the night, as long as it really is"
    assert (owned[-1].until - owned[0].since) == timedelta(hours=hours)
    assert desk.free_times(on, product=COLLECT) == []
    desk.wait(minutes=10)
    assert desk.expire() + desk.expire() == len(walls)
    assert desk.drift() == WELL
    assert len(desk.free_times(on, product=COLLECT)) == (1 + 20) * 4


# --- catalogues that change in between


@contextmanager
def changed(desk, statement, back):
    """Let the files say something else for a while."""
    for each in (statement, "UPDATE calendar SET edition = gen_random_uuid()"):
        desk.one(each)
    try:
        yield
    finally:
        for each in (back, "UPDATE calendar SET edition = gen_random_uuid()"):
            desk.one(each)


def longer(desk):
    return changed(
        desk,
        "UPDATE product SET minutes = 60 WHERE id = 'passport-abroad'",
        "UPDATE product SET minutes = 30 WHERE id = 'passport-abroad'",
    )


def test_a_product_that_gets_longer_between_looking_and_holding_takes_its_new_length_or_nothing(desk):
    for wall in ("10:00", "11:30"):
        desk.hold(at(TUESDAY, wall), product=ABROAD)
    shown = desk.free_times(TUESDAY, product=ABROAD)
    assert at(TUESDAY, "09:15") in shown
    held = 0
    with longer(desk):
        for start in shown:
            try:
                _, reply = desk.hold(start, product=ABROAD)
            except Refusal as refusal:
                assert refusal.code in ("slot-taken", "day-closed")
            else:
                held += 1
                ends = datetime.fromisoformat(reply["ends_at"])
                assert ends - datetime.fromisoformat(reply["starts_at"]) == timedelta(minutes=60)
    assert 0 < held < len(shown)


def test_a_product_that_gets_longer_between_holding_and_confirming_keeps_the_length_that_was_held(desk):
    held, reply = desk.hold(at(TUESDAY, "10:00"), product=ABROAD)
    with longer(desk):
        booked = desk.confirm(held)
        assert (booked["starts_at"], booked["ends_at"]) == (reply["starts_at"], reply["ends_at"])
        key = {"reference": booked["reference"], "secret": held["secret"]}
        assert desk.move(key, at(WEDNESDAY, "10:00"))["ends_at"] == at(WEDNESDAY, "10:30").isoformat()


def test_a_counter_that_loses_a_skill_keeps_its_visits_and_gets_no_new_ones_of_that_kind(desk):
    skills = "UPDATE line SET skills = ARRAY[{}] WHERE id = 'stadskantoor-4'"
    was = "'travel-documents','driving-licence','registration','extracts'"
    for _ in range(5):
        desk.book(at(TUESDAY, "10:00"))
    row = desk.one("SELECT id, reference FROM appointment WHERE line_id = 'stadskantoor-4'")
    key = {"reference": row.reference, "secret": desk.links.secret(row.id)}
    with changed(desk, skills.format("'registration','extracts'"), skills.format(was)):
        lay_out(desk.transactions)
        assert desk.look_up(key)["affected"] is None
        assert desk.drift()["outside_openings"] == []
        for _ in range(4):
            desk.book(at(TUESDAY, "11:00"))
        assert refused(lambda: desk.book(at(TUESDAY, "11:00"))).code == "slot-taken"
        assert refused(lambda: desk.move(key, at(TUESDAY, "11:00"))).code == "slot-taken"
        desk.move(key, at(TUESDAY, "12:00"))
        assert desk.one("SELECT line_id FROM appointment WHERE id = :id", id=row.id).line_id != "stadskantoor-4"
        assert desk.book(at(TUESDAY, "10:00"), product="extract")
    lay_out(desk.transactions)


# --- too much of everything


@pytest.mark.parametrize(("products", "persons"), [(25, 9), (25, 1), (6, 1), (1, 9)])
def test_more_products_or_persons_than_a_visit_can_have_are_malformed(desk, products, persons):
    from services.contracts import appointments as contracts
    from services.contracts import base

    asked = {
        "location_id": "stadskantoor",
        "products": [{"product_id": f"product-{n}", "persons": persons} for n in range(products)],
        "starts_at": str(at(TUESDAY, "10:00")),
    }
    with pytest.raises(Malformed):
        base.load(contracts.HoldSlot, asked)


def test_the_largest_visit_that_can_be_asked_for_is_refused_in_words_and_takes_nothing(desk):
    before = desk.bits()
    asked = [
        {"product_id": p, "persons": 8} for p in ("passport", "identity-card", "driving-licence", "move", "extract")
    ]
    told = {"location_id": "stadskantoor", "products": asked, "starts_at": at(TUESDAY, "10:00"), "channel": "web"}
    refusal = refused(lambda: desk.do(lambda work: commands.hold_slot(work, **told)))
    assert refusal.code == "visit-too-long"
    assert desk.bits() == before


def test_twenty_holds_of_one_visitor_end_by_themselves_and_keep_nobody_out_for_ever(desk):
    before = desk.bits()
    times = [start for on in (TUESDAY, WEDNESDAY) for start in desk.free_times(on, product=ABROAD)][::3]
    held = [desk.hold(start, product=product)[0] for start in times[:10] for product in (ABROAD, "passport")]
    assert len(held) == 20
    for each in held:
        desk.extend(each)
        assert refused(lambda each=each: desk.extend(each)).code == "hold-not-extendable"
    desk.wait(minutes=19)
    assert desk.expire() == 0
    desk.wait(minutes=1)
    assert desk.expire() == 20
    assert desk.bits() == before


def test_an_address_as_long_as_addresses_may_be_is_kept_and_a_longer_one_is_malformed(desk):
    held, _ = desk.hold(at(TUESDAY, "10:00"))
    domain = ".".join(["d" * 61] * 3 + ["nl"])
    longest = f"{'a' * (254 - len(domain) - 1)}@{domain}"
    assert len(longest) == 254
    booked = desk.confirm(held, email=longest)
    assert desk.look_up({"reference": booked["reference"], "secret": held["secret"]})["email"] == longest
    other, _ = desk.hold(at(TUESDAY, "11:00"))
    with pytest.raises(Malformed):
        desk.confirm(other, email=f"a{longest}")


# --- past the rules


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("owned", "'empty'"),
        ("owned", "NULL"),
        ("owned", "tstzrange(NULL, upper(owned))"),
        ("owned", "tstzrange(lower(owned), NULL)"),
        ("line_id", "NULL"),
        ("owned", "owned"),
    ],
)
def test_an_insert_that_would_slip_past_the_second_lock_fails(desk, column, value):
    """The last one slips past nothing: it is simply a second visit at one counter and time."""
    desk.book(at(TUESDAY, "10:00"), product=ABROAD)
    columns = [row.name for row in desk.all(
        "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'appointment'"
        " AND table_schema = 'public' ORDER BY ordinal_position"
    )]  # fmt: skip
    differing = {column: value, "id": f"'{uuid4()}'", "reference": "'OTHER123'"}
    values = ", ".join(differing.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    with pytest.raises(DBAPIError):
        desk.one(f"INSERT INTO appointment ({names}) SELECT {values} FROM appointment")
    assert desk.one("SELECT count(*) AS n FROM appointment").n == 1
