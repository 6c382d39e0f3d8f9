"""The civil registry has a database of its own, made by its own migrations."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.civil_registry.offering import read_offering
from services.civil_registry.queries import offered_declarations
from services.civil_registry.tables import metadata
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions
from services.migrate import migrate


@pytest.fixture(scope="module")
def pool(databases):
    return databases("civil_registry")


def test_the_migrations_make_exactly_the_tables_that_the_code_expects(pool):
    with pool.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_again_changes_nothing(pool):
    migrate("civil_registry", pool.url.render_as_string(hide_password=False))
    with pool.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_what_is_offered_today_can_be_asked(pool):
    with Transactions(pool, SystemClock(), source="civil_registry").reading() as reading:
        answer = offered_declarations(reading, read_offering())
    assert [declaration["kind"] for declaration in answer["declarations"]] == [
        "birth",
        "acknowledgement",
        "death",
        "marriage-notice",
    ]
