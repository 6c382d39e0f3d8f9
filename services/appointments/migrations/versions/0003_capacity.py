"""Capacity that many people want at once: catalogue editions, fewer indexes and locks on the way of a booking, and
start times that stay on show for a while.

`pre`: older code goes on. Its `calendar_uid` gets a default and may stay; new code does not write it (the calendar
entry's UID is the appointment's id). References to `location` and `line` made every booking lock the same few rows;
`line_day` holds them, and no booking exists without a row there.
"""

from alembic import op

revision = "0003_capacity"
down_revision = "0002_policies"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE calendar ADD COLUMN edition uuid NOT NULL DEFAULT gen_random_uuid()")
    op.execute(
        """
        ALTER TABLE appointment
            ALTER COLUMN calendar_uid DROP NOT NULL,
            DROP CONSTRAINT appointment_calendar_uid,
            DROP CONSTRAINT appointment_location_id_fkey,
            DROP CONSTRAINT appointment_line_id_fkey
        """
    )
    op.execute("DROP INDEX appointment_line_day")
    op.execute(
        """
        CREATE UNLOGGED TABLE shown_start (
            location_id text NOT NULL,
            "on" date NOT NULL,
            needs text NOT NULL,
            ticks smallint NOT NULL,
            shortest smallint NOT NULL,
            fresh bit(288) NOT NULL,
            older bit(288) NOT NULL,
            fresh_since timestamptz NOT NULL,
            PRIMARY KEY (location_id, "on", needs, ticks, shortest)
        )
        """
    )
