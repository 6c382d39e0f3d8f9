"""Messages of a new kind: a code.

`pre`: older code writes no such message, and sends none.
"""

from alembic import op

revision = "0003_codes"
down_revision = "0002_offers"
branch_labels = None
depends_on = None

_CHECK = "ALTER TABLE message DROP CONSTRAINT message_kind, ADD CONSTRAINT message_kind CHECK (kind IN ({}))"


def upgrade() -> None:
    op.execute(_CHECK.format("'booked', 'moved', 'cancelled', 'reminder', 'link', 'offer', 'code'"))


def downgrade() -> None:
    op.execute("DELETE FROM message_history WHERE message_id IN (SELECT id FROM message WHERE kind = 'code')")
    op.execute("DELETE FROM message WHERE kind = 'code'")
    op.execute(_CHECK.format("'booked', 'moved', 'cancelled', 'reminder', 'link', 'offer'"))
