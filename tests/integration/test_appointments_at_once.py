"""Holding and confirming in one statement write the same as the thorough way, or nothing at all."""

import random
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.appointments.commands import at_once as commands
from services.appointments.domain.fitting import rooms
from services.appointments.domain.ticks import TICKS, from_text, mask, to_text
from services.appointments.storage import at_once as statements
from services.contracts import appointments as contracts
from services.contracts import base
from services.messaging import strokes
from services.messaging.bundle import Call
from tests.integration.appointments_desk import ABROAD, TUESDAY, WEDNESDAY, Desk, at, at_once

OWN = {"id", "appointment_id", "reference", "secret", "event_id", "aggregate_id", "body", "correlation_id", "hold_id"}


@pytest.fixture(scope="module")
def enschede(databases):
    desk = Desk(databases("appointments"))
    desk.reload()
    return desk


@pytest.fixture
def desk(enschede):
    enschede.clear()
    enschede.free_days()  # a process knows the catalogue once it was asked anything
    enschede.strokes = 0
    yield enschede
    assert enschede.drift()["drifts"] == []


def written(desk):
    """Return all rows of a booking, without what is new each time."""
    with desk.pool.connect() as connection:
        return {
            table: [
                {name: value for name, value in row._mapping.items() if name not in OWN}
                for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY 1"))
            ]
            for table in ("appointment", "appointment_history", "outbox")
        }


def test_both_ways_write_the_same_rows_and_answer_the_same(desk):
    desk.fast_lane = False
    _, thorough = desk.book(at(TUESDAY, "10:00"), product=ABROAD, persons=2)
    rows = written(desk)
    desk.clear()
    desk.fast_lane = True
    _, fast = desk.book(at(TUESDAY, "10:00"), product=ABROAD, persons=2)
    assert desk.strokes == 2
    assert written(desk) == rows
    differing = {"appointment_id", "reference"}
    assert {name: fast[name] for name in fast if name not in differing} == {
        name: thorough[name] for name in thorough if name not in differing
    }


def claims(desk):
    return desk.one("SELECT count(*) AS n FROM idempotency").n


def wish(starts_at):
    return {
        "location_id": "stadskantoor",
        "products": [{"product_id": ABROAD, "persons": 1}],
        "starts_at": starts_at,
        "channel": "web",
    }


def hold_with_key(desk, key, starts_at=None):
    """Hold in one statement under a key of one's own; return the answer, or None."""
    asked = wish(starts_at or at(TUESDAY, "10:00"))
    return desk.at_once("hold_slot", key, {"at": str(asked["starts_at"])}, asked, commands.hold_slots, contracts.Hold)


def hold_together(desk, *starts):
    """Hold several times in one round trip; return the answers in order, None for who was not served."""
    return strokes.at_once(
        desk.transactions,
        "hold_slot",
        [(Call(str(n), f"together-{uuid4()}", "", {"n": n}), wish(starts_at)) for n, starts_at in enumerate(starts)],
        commands.hold_slots,
        answer=lambda told: base.dump(contracts.Hold, told),
    )


def test_a_key_that_is_known_changes_nothing_and_is_answered_as_before(desk):
    first = hold_with_key(desk, "the-same-key-twice-1")
    assert first is not None
    assert hold_with_key(desk, "the-same-key-twice-1") == first
    assert desk.one("SELECT count(*) AS n FROM appointment").n == 1


def test_a_key_of_another_request_changes_nothing_and_is_not_answered(desk):
    hold_with_key(desk, "one-key-two-requests")
    assert hold_with_key(desk, "one-key-two-requests", at(TUESDAY, "11:00")) is None
    assert desk.one("SELECT count(*) AS n FROM appointment").n == 1


def test_several_are_held_in_one_transaction_and_each_gets_its_own_answer(desk):
    before = claims(desk)
    starts = [at(TUESDAY, "11:00"), at(TUESDAY, "10:00"), at(WEDNESDAY, "10:00")]
    answers = hold_together(desk, *starts)
    assert [answer["starts_at"] for answer in answers] == [f"{start:%Y-%m-%dT%H:%M:%S}+00:00" for start in starts]
    transactions = desk.all("SELECT DISTINCT xmin::text FROM appointment")
    assert len(transactions) == 1
    assert claims(desk) == before + 3


def test_of_those_who_want_the_last_place_together_one_gets_it_and_the_rest_leave_nothing(desk):
    before = claims(desk)
    answers = hold_together(desk, *[at(TUESDAY, "10:00")] * 5)
    assert sum(answer is not None for answer in answers) == 1
    assert desk.one("SELECT count(*) AS n FROM appointment").n == 1
    assert claims(desk) == before + 1


def test_who_asks_for_what_is_not_offered_does_not_hold_up_the_others(desk):
    early, good = hold_together(desk, at(TUESDAY, "03:00"), at(TUESDAY, "10:00"))
    assert early is None
    assert good is not None


def test_who_meets_a_lock_that_somebody_keeps_undoes_all_and_all_can_go_their_own_way(desk):
    held = [desk.hold(at(TUESDAY, wall), product=ABROAD)[0] for wall in ("10:00", "11:00")]
    asked = [base.load(contracts.ConfirmHold, each | desk.somebody()) for each in held]
    with desk.pool.connect() as other:
        other.execute(text("SELECT FROM appointment WHERE id = :id FOR UPDATE"), {"id": held[1]["hold_id"]})
        answers = strokes.at_once(
            desk.transactions,
            "confirm_hold",
            [(Call(str(n), f"confirm-{uuid4()}", "", {}), each) for n, each in enumerate(asked)],
            lambda mine, wishes: commands.confirm_holds(mine, desk.links, desk.people, wishes),
            answer=lambda told: base.dump(contracts.Appointment, told),
        )
    assert answers == [None, None]
    assert desk.one("SELECT count(*) AS n FROM appointment WHERE state = 'booked'").n == 0
    assert desk.one("SELECT count(*) AS n FROM outbox").n == 0
    assert desk.confirm(held[0])["state"] == desk.confirm(held[1])["state"] == "booked"


def test_who_finds_no_counter_leaves_no_claim_behind(desk):
    hold_with_key(desk, "first-come-first-served")
    before = claims(desk)
    assert hold_with_key(desk, "too-late-by-a-moment-01") is None
    assert claims(desk) == before


def test_of_sixteen_twins_with_one_key_one_holds(desk):
    answers = at_once(16, lambda n: hold_with_key(desk, "sixteen-twins-one-key"))
    given = [answer for answer in answers if answer is not None]
    assert given
    assert given == [given[0]] * len(given)
    assert desk.one("SELECT count(*) AS n FROM appointment").n == 1


def test_a_catalogue_of_yesterday_is_not_trusted(desk):
    desk.one("UPDATE calendar SET edition = gen_random_uuid()")
    assert hold_with_key(desk, "catalogue-of-yesterday") is None
    assert desk.one("SELECT count(*) AS n FROM appointment").n == 0


def test_a_wrong_secret_never_takes_the_fast_lane(desk):
    held, _ = desk.hold(at(TUESDAY, "10:00"))
    asked = base.load(contracts.ConfirmHold, held | {"secret": "x"} | desk.somebody())
    given = {"links": desk.links, "people": desk.people}
    fast = commands.confirm_holds
    assert desk.at_once("confirm_hold", "a-wrong-secret-0001", {}, asked, fast, contracts.Appointment, **given) is None
    assert desk.one("SELECT state FROM appointment").state == "held"


def test_the_statement_sees_the_same_room_around_a_visit_as_the_rule(desk):
    chance = random.Random(5)
    statement = text(
        f"SELECT before, behind FROM (SELECT CAST(:free AS bit({TICKS})) AS free) AS line_day"
        f" CROSS JOIN LATERAL ({statements.ROOM}) AS room"
    )
    with desk.pool.connect() as connection:
        for first, ticks in [(0, 3), (0, TICKS), (TICKS - 3, 3), *((chance.randrange(280), 3) for _ in range(50))]:
            free = from_text("".join(chance.choices("01", (1, 9), k=TICKS))) | mask(first, ticks)
            for each in (free, mask(0, TICKS), mask(first, ticks)):
                values = {"free": to_text(each), "first": first, "behind": first + ticks + 1}
                assert tuple(connection.execute(statement, values).one()) == rooms(each, first, ticks)


@pytest.mark.parametrize("statement", [statements._HELD, statements._CONFIRM], ids=["held", "confirm"])
def test_a_confirmation_is_planned_to_find_its_hold_by_the_key_also_when_holds_are_few(desk, statement):
    desk.hold(at(TUESDAY, "10:00"), product=ABROAD)
    with desk.pool.connect() as connection:
        connection.detach()  # what is set and prepared here is for nobody else
        connection.execute(text("DEALLOCATE ALL"))
        connection.execute(text("ANALYZE appointment"))  # of one row, for which any index is good
        connection.execute(text("SET enable_seqscan = off"))
        connection.exec_driver_sql(statement._prepare)
        plan = connection.exec_driver_sql(f"EXPLAIN {statement._execute}", dict.fromkeys(statement._names))
        used = "\n".join(plan.scalars())
    assert "appointment_pkey" in used
    assert "appointment_held" not in used
