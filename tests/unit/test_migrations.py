"""The migrations of each database are one chain, and its end is written down where rivals would meet in git."""

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from services.migrate import DATABASES

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("database", DATABASES)
def test_the_last_migration_is_the_one_that_current_head_names(database):
    folder = ROOT / ("gateway" if database == "gateway" else f"services/{database}") / "migrations"
    assert ScriptDirectory(str(folder)).get_heads() == [(folder / ".current-head").read_text().strip()]
