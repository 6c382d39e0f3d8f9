"""Messages about offers of the waiting list.

`pre`: older code writes the other kinds, which stay allowed.
"""

from alembic import op

revision = "0002_offers"
down_revision = "0001_notifications"
branch_labels = None
depends_on = None

_KINDS = "'booked', 'moved', 'cancelled', 'reminder', 'link'"


def upgrade() -> None:
    _allow(f"{_KINDS}, 'offer'")


def downgrade() -> None:
    _allow(_KINDS)


def _allow(kinds: str) -> None:
    op.execute(
        f"ALTER TABLE message DROP CONSTRAINT message_kind, ADD CONSTRAINT message_kind CHECK (kind IN ({kinds}))"
    )
