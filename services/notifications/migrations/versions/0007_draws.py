"""Mails about requests for draws, and the draw that each tells of.

`pre`: older code writes none of the new kinds, and leaves the new column empty.
"""

from alembic import op

revision = "0007_draws"
down_revision = "0006_reconfirm"
branch_labels = None
depends_on = None

_KINDS = (
    "'booked', 'moved', 'cancelled', 'reminder', 'link', 'offer', 'code', 'affected', 'kept', 'reconfirm',"
    " 'reconfirm-again'"
)
_OF_DRAWS = "'draw-entered', 'draw-lost'"


def upgrade() -> None:
    _allow(f"{_KINDS}, {_OF_DRAWS}")
    op.execute("ALTER TABLE message ADD COLUMN draw_id uuid")


def downgrade() -> None:
    gone = f"SELECT id FROM message WHERE kind IN ({_OF_DRAWS})"
    op.execute(f"DELETE FROM message_history WHERE message_id IN ({gone})")
    op.execute(f"DELETE FROM message WHERE kind IN ({_OF_DRAWS})")
    op.execute("ALTER TABLE message DROP COLUMN draw_id")
    _allow(_KINDS)


def _allow(kinds: str) -> None:
    op.execute("ALTER TABLE message DROP CONSTRAINT message_kind")
    op.execute(f"ALTER TABLE message ADD CONSTRAINT message_kind CHECK (kind IN ({kinds}))")
