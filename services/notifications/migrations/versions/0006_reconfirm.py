"""Mails that ask whether somebody still comes.

`pre`: older code writes none of the new kinds.
"""

from alembic import op

revision = "0006_reconfirm"
down_revision = "0004_affected"
branch_labels = None
depends_on = None

_KINDS = "'booked', 'moved', 'cancelled', 'reminder', 'link', 'offer', 'code', 'affected', 'kept'"


def upgrade() -> None:
    _allow(f"{_KINDS}, 'reconfirm', 'reconfirm-again'")


def downgrade() -> None:
    _allow(_KINDS)


def _allow(kinds: str) -> None:
    op.execute("ALTER TABLE message DROP CONSTRAINT message_kind")
    op.execute(f"ALTER TABLE message ADD CONSTRAINT message_kind CHECK (kind IN ({kinds}))")
