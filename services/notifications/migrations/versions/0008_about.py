"""Messages are about an appointment or about a record of the civil registry.

`pre`: older code goes on writing and reading `appointment_id`; `about_id` follows by itself.
"""

from alembic import op

revision = "0008_about"
down_revision = "0007_draws"
branch_labels = None
depends_on = None

_VISITS = """
    'booked', 'moved', 'cancelled', 'reminder', 'link', 'offer', 'code', 'affected', 'kept', 'reconfirm',
    'reconfirm-again', 'draw-entered', 'draw-lost'
"""


def upgrade() -> None:
    op.execute(
        f"""
        ALTER TABLE message
            ALTER COLUMN appointment_id DROP NOT NULL,
            ADD COLUMN record_id uuid,
            ADD COLUMN about_id uuid NOT NULL GENERATED ALWAYS AS (COALESCE(appointment_id, record_id)) STORED,
            ADD CONSTRAINT message_about_one CHECK (num_nonnulls(appointment_id, record_id) = 1),
            DROP CONSTRAINT message_kind,
            ADD CONSTRAINT message_kind CHECK ((record_id IS NULL) = (kind IN ({_VISITS})))
        """
    )
    op.execute("DROP INDEX message_open, message_appointment")
    op.execute("CREATE INDEX message_open ON message (about_id, version) WHERE state IN ('scheduled', 'sending')")
    op.execute("CREATE INDEX message_about ON message (about_id, created_at)")


def downgrade() -> None:
    """Go back, as long as there are no messages about records: what was sent stays as proof."""
    op.execute("DROP INDEX message_open, message_about")
    op.execute(
        f"""
        ALTER TABLE message
            DROP CONSTRAINT message_kind,
            ADD CONSTRAINT message_kind CHECK (kind IN ({_VISITS})),
            DROP CONSTRAINT message_about_one,
            DROP COLUMN about_id,
            DROP COLUMN record_id,
            ALTER COLUMN appointment_id SET NOT NULL
        """
    )
    op.execute("CREATE INDEX message_open ON message (appointment_id, version) WHERE state IN ('scheduled', 'sending')")
    op.execute("CREATE INDEX message_appointment ON message (appointment_id, created_at)")
