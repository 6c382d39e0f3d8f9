"""A product's policy (scarce, and what follows from it), for whom ticks are kept, and since when a visit has its place.

`pre`: older code neither reads nor writes the new columns, and their defaults are what it means.
"""

from alembic import op

revision = "0002_policies"
down_revision = "0001_appointments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE product ADD COLUMN policy jsonb NOT NULL DEFAULT '{}'")
    op.execute(
        """
        ALTER TABLE appointment
            ADD COLUMN kept_for text NOT NULL DEFAULT 'visitor',
            ADD COLUMN placed_at timestamptz NOT NULL DEFAULT now(),
            ADD CONSTRAINT appointment_kept_for CHECK (kept_for IN ('visitor', 'list', 'offer', 'delay'))
        """
    )


def downgrade() -> None:
    op.execute("ALTER TABLE appointment DROP COLUMN placed_at, DROP COLUMN kept_for")
    op.execute("ALTER TABLE product DROP COLUMN policy")
