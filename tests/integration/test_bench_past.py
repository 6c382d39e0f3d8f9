"""The past that the bench makes up is one that could have been, and years of it do not change how one searches."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from services.appointments import queries
from services.appointments.storage import search
from tests.bench.history import agenda_with_past
from tests.bench.synthetic import LOCATION
from tests.bench.town import LINES as LINES_OF_A_TOWN

LINES, DAYS = 3, 5
VISITS = DAYS * LINES * 48
INDEXES = """
SELECT indexdef FROM pg_indexes WHERE tablename IN ('appointment', 'appointment_history', 'line_day') ORDER BY indexdef
"""


@pytest.fixture
def agenda(databases):
    return agenda_with_past(databases("appointments"), VISITS, lines=LINES)


def test_a_made_up_past_is_full_and_consistent_and_one_can_still_book(agenda):
    agenda.confirm(agenda.hold(next(agenda.times)))
    with agenda.transactions.reading() as reading:
        assert queries.capacity_drift(reading)["drifts"] == []
        counted = reading.connection.execute(text("SELECT count(*) FROM appointment WHERE starts_at < now()")).scalar()
        deeds = reading.connection.execute(text("SELECT count(*) FROM appointment_history")).scalar()
    assert (counted, deeds) == (VISITS, 2 * (VISITS + 2))


def test_every_index_is_back_after_filling(agenda, databases):
    def indexes(pool):
        with pool.connect() as connection:
            return list(connection.execute(text(INDEXES)).scalars())

    assert indexes(agenda.transactions.engine) == indexes(databases("appointments"))


def test_a_search_groups_what_it_reads_also_when_years_lie_behind(databases):
    agenda = agenda_with_past(databases("appointments"), LINES_OF_A_TOWN, lines=LINES_OF_A_TOWN)
    with agenda.transactions.reading() as reading:
        reading.connection.execute(text("SET session_replication_role = replica"))
        reading.connection.execute(
            text(
                """
                INSERT INTO line_day SELECT (jsonb_populate_record(same, jsonb_build_object('on', same."on" - n))).*
                FROM line_day AS same, generate_series(100, 7400) AS n
                WHERE same.ctid = (SELECT min(ctid) FROM line_day)
                """
            )
        )
        reading.connection.execute(text("ANALYZE line_day"))
        today = reading.now.date()
        bounds = {"first_on": today, "last_on": today + timedelta(days=182)}
        needs = reading.connection.execute(text("SELECT skills FROM line_day LIMIT 1")).scalar_one()
        plan = reading.connection.execute(
            text(f"EXPLAIN {search._ROOM.text}"), {"location_id": LOCATION, "needs": needs} | bounds
        ).scalars()
        assert "HashAggregate" in "".join(plan)
