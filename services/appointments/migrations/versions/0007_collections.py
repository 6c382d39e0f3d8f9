"""What binds a visit to request documents and the one to collect them.

`pre`: older code neither reads nor writes the new columns; what it books has no second visit.
"""

from alembic import op

revision = "0007_collections"
down_revision = "0006_codes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE appointment
            ADD COLUMN journey_id uuid,
            ADD COLUMN journey_part text,
            ADD CONSTRAINT appointment_journey
                CHECK (num_nulls(journey_id, journey_part) <> 1 AND journey_part IN ('request', 'collection')),
            ADD CONSTRAINT appointment_one_visit_per_part UNIQUE (journey_id, journey_part)
        """
    )


def downgrade() -> None:
    op.execute("ALTER TABLE appointment DROP COLUMN journey_part, DROP COLUMN journey_id")
