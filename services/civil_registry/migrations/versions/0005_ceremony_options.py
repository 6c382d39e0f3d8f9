"""Options on a room and an officer, which end by themselves; a BRP that is asked once more while it has answered.

`pre`: older code plans without options, and finds what is to be asked a little slower.
"""

from alembic import op

revision = "0005_ceremony_options"
down_revision = "0004_documents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and let the index find what is asked again (`pre`)."""
    op.execute("ALTER TABLE ceremony ADD COLUMN held_until timestamptz")
    op.execute("DROP INDEX brp_check_due")
    op.execute("CREATE INDEX brp_check_due ON brp_check (not_before) WHERE done_at IS NULL OR done_at < asked_at")
