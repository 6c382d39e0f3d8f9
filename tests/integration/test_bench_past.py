"""The past that the bench makes up is one that could have been."""

import pytest
from sqlalchemy import text

from services.appointments import queries
from tests.bench.history import agenda_with_past

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
