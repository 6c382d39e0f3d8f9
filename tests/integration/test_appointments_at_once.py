"""Holding and confirming in one statement write the same as the thorough way, or nothing at all."""

import random

import pytest
from sqlalchemy import text

from services.appointments.domain.fitting import rooms
from services.appointments.domain.ticks import TICKS, from_text, mask, to_text
from services.appointments.storage import at_once as statements
from services.messaging import idempotency
from tests.integration.appointments_desk import ABROAD, TUESDAY, Desk, at, at_once

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


def hold_with_key(desk, key, starts_at=None):
    """Hold in one statement under a key of one's own; return the answer, or None."""
    from services.appointments.commands import at_once as in_one_statement
    from services.contracts import appointments as contracts
    from services.contracts import base

    with desk.transactions.stroke(
        operation="hold_slot", key=key, request_hash=b"x", answer=lambda told: base.dump(contracts.Hold, told)
    ) as stroke:
        return in_one_statement.hold_slot(
            stroke,
            location_id="stadskantoor",
            products=[{"product_id": ABROAD, "persons": 1}],
            starts_at=starts_at or at(TUESDAY, "10:00"),
            channel="web",
        )


def test_a_key_that_is_known_changes_nothing_and_its_answer_is_kept(desk):
    first = hold_with_key(desk, "the-same-key-twice-1")
    assert hold_with_key(desk, "the-same-key-twice-1", at(TUESDAY, "11:00")) is None
    assert desk.one("SELECT count(*) AS n FROM appointment").n == 1
    with desk.transactions.work() as work:
        assert (
            first
            == work.connection.execute(
                text("SELECT reply FROM idempotency WHERE key = 'the-same-key-twice-1'")
            ).scalar_one()
        )
        assert idempotency.earlier_reply(work, operation="hold_slot", key="another-key-00000001", request={}) is None


def test_who_finds_no_counter_leaves_no_claim_behind(desk):
    hold_with_key(desk, "first-come-first-served")
    before = claims(desk)
    assert hold_with_key(desk, "too-late-by-a-moment-01") is None
    assert claims(desk) == before


def test_of_sixteen_twins_with_one_key_one_holds(desk):
    answers = at_once(16, lambda n: hold_with_key(desk, "sixteen-twins-one-key"))
    assert sum(answer is not None for answer in answers) == 1
    assert desk.one("SELECT count(*) AS n FROM appointment").n == 1


def test_a_catalogue_of_yesterday_is_not_trusted(desk):
    desk.one("UPDATE calendar SET edition = gen_random_uuid()")
    assert hold_with_key(desk, "catalogue-of-yesterday") is None
    assert desk.one("SELECT count(*) AS n FROM appointment").n == 0


def test_a_wrong_secret_never_takes_the_fast_lane(desk):
    from services.appointments.commands import at_once as in_one_statement
    from services.contracts import appointments as contracts
    from services.contracts import base

    held, _ = desk.hold(at(TUESDAY, "10:00"))
    asked = base.load(
        contracts.ConfirmHold, held | {"secret": "x", "name": "N", "email": "n@example.nl", "language": "nl"}
    )
    with desk.transactions.stroke(operation="c", key="k", request_hash=b"", answer=dict) as stroke:
        assert in_one_statement.confirm_hold(stroke, desk.links, desk.people, **asked) is None
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


def test_a_confirmation_is_planned_to_find_its_hold_by_the_key_also_when_holds_are_few(desk):
    statement = statements._CONFIRM
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
