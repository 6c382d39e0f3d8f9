"""Deaths that the civil registry told of, and the visits of who died: surely, or for staff to judge. Ids only.

`pre`: older code neither reads nor writes the tables.
"""

from alembic import op

revision = "0014_departed"
down_revision = "0013_draws"
branch_labels = None
depends_on = None

_DEPARTURE = """
CREATE TABLE departure (
    record_id uuid PRIMARY KEY,
    state text NOT NULL CONSTRAINT departure_state CHECK (state IN ('waiting', 'followed', 'unknown', 'annulled')),
    heard_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    settled_at timestamptz,
    correlation_id text NOT NULL,
    CONSTRAINT departure_settled CHECK ((settled_at IS NULL) = (state = 'waiting'))
);
CREATE INDEX departure_due ON departure (next_attempt_at) WHERE state = 'waiting';
"""

_VISIT = """
CREATE TABLE departed_visit (
    record_id uuid NOT NULL REFERENCES departure,
    appointment_id uuid NOT NULL REFERENCES appointment,
    ground text NOT NULL
        CONSTRAINT departed_visit_ground CHECK (ground IN ('same', 'name', 'birth-and-surname', 'party')),
    found_at timestamptz NOT NULL,
    verdict text CONSTRAINT departed_visit_verdict CHECK (verdict IN ('same', 'other', 'annulled')),
    settled_at timestamptz,
    staff_id text,
    reason text,
    PRIMARY KEY (record_id, appointment_id),
    CONSTRAINT departed_visit_settled CHECK ((settled_at IS NULL) = (verdict IS NULL))
);
CREATE INDEX departed_visit_open ON departed_visit (appointment_id) WHERE verdict IS NULL;
"""


def upgrade() -> None:
    op.execute(_DEPARTURE)
    op.execute(_VISIT)


def downgrade() -> None:
    op.execute("DROP TABLE departed_visit")
    op.execute("DROP TABLE departure")
