"""Openings that staff change by command, and the visits that lose their counter by it.

`pre`: older code neither reads nor writes the new tables.
"""

from alembic import op

revision = "0008_openings"
down_revision = "0007_collections"
branch_labels = None
depends_on = None

_OPENING_CHANGE = """
CREATE TABLE opening_change (
    id uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    by text NOT NULL,
    reason text NOT NULL,
    kind text NOT NULL CONSTRAINT opening_change_kind
        CHECK (kind IN ('close-line', 'close-location', 'open-extra', 'town-files')),
    location_id text NOT NULL REFERENCES location,
    line_id text REFERENCES line,
    first_on date NOT NULL,
    last_on date NOT NULL,
    from_tick smallint NOT NULL,
    until_tick smallint NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by text,
    correlation_id text NOT NULL,
    CONSTRAINT opening_change_days CHECK (first_on <= last_on),
    CONSTRAINT opening_change_ticks CHECK (0 <= from_tick AND from_tick < until_tick AND until_tick <= 288),
    CONSTRAINT opening_change_line CHECK ((line_id IS NULL) = (kind IN ('close-location', 'town-files'))),
    CONSTRAINT opening_change_withdrawn CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
);
CREATE INDEX opening_change_last ON opening_change (last_on) WHERE withdrawn_at IS NULL;
"""

_AFFECTED_VISIT = """
CREATE TABLE affected_visit (
    appointment_id uuid NOT NULL REFERENCES appointment,
    change_id uuid NOT NULL REFERENCES opening_change,
    state text NOT NULL CONSTRAINT affected_visit_state
        CHECK (state IN ('found', 'offered', 'called', 'moved', 'kept', 'cancelled', 'revoked')),
    sequence integer NOT NULL,
    at timestamptz NOT NULL,
    alternative_id uuid REFERENCES appointment,
    deadline_at timestamptz,
    note text,
    settled_at timestamptz,
    PRIMARY KEY (appointment_id, change_id, at),
    CONSTRAINT affected_visit_offer CHECK ((alternative_id IS NULL) = (deadline_at IS NULL)),
    CONSTRAINT affected_visit_settled CHECK ((settled_at IS NULL) = (state IN ('found', 'offered', 'called')))
);
CREATE UNIQUE INDEX affected_visit_open ON affected_visit (appointment_id) WHERE settled_at IS NULL;
"""


def upgrade() -> None:
    op.execute(_OPENING_CHANGE)
    op.execute(_AFFECTED_VISIT)


def downgrade() -> None:
    op.execute("DROP TABLE affected_visit")
    op.execute("DROP TABLE opening_change")
