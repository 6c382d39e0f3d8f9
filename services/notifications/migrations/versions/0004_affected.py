"""Mails about visits that lost their counter, and that got it back.

`pre`: older code writes none of the new kinds.
"""

from alembic import op

revision = "0004_affected"
down_revision = "0003_codes"
branch_labels = None
depends_on = None

_KINDS = "'booked', 'moved', 'cancelled', 'reminder', 'link', 'offer', 'code'"


def upgrade() -> None:
    _allow(f"{_KINDS}, 'affected', 'kept'")


def downgrade() -> None:
    _allow(_KINDS)


def _allow(kinds: str) -> None:
    op.execute("ALTER TABLE message DROP CONSTRAINT message_kind")
    op.execute(f"ALTER TABLE message ADD CONSTRAINT message_kind CHECK (kind IN ({kinds}))")
