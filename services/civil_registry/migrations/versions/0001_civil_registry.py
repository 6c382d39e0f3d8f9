"""Messaging's tables.

`pre`: there is no older code.
"""

from alembic import op

from services.messaging.migrations import create_messaging_tables

revision = "0001_civil_registry"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make messaging's tables (`pre`)."""
    create_messaging_tables(op)
