"""The history of figures per day, what became of visits, and proposals of more counter time.

`pre`: older code neither reads nor writes these tables.
"""

from alembic import op

revision = "0004_figures"
down_revision = "0003_capacity"
branch_labels = None
depends_on = None

_FIGURES = """
CREATE TABLE figure_run (
    "on" date NOT NULL,
    kind text NOT NULL CONSTRAINT figure_run_kind CHECK (kind IN ('day', 'sample')),
    at timestamptz NOT NULL,
    PRIMARY KEY ("on", kind)
);
CREATE TABLE figure_day (
    "on" date NOT NULL,
    location_id text NOT NULL,
    product_id text NOT NULL,
    figure text NOT NULL,
    bucket text NOT NULL,
    value bigint,
    PRIMARY KEY ("on", location_id, product_id, figure, bucket)
);
CREATE TABLE visit_outcome (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    appointment_id uuid NOT NULL,
    at timestamptz NOT NULL,
    outcome text NOT NULL CONSTRAINT visit_outcome_known CHECK (outcome IN ('done', 'no_show', 'left')),
    replaces text,
    staff_id text NOT NULL
);
CREATE INDEX visit_outcome_at ON visit_outcome (at);
CREATE INDEX visit_outcome_appointment ON visit_outcome (appointment_id);
CREATE INDEX appointment_history_counted ON appointment_history (at) WHERE deed IN ('confirm', 'cancel');
"""

_RELIEF = """
CREATE TABLE relief_proposal (
    id uuid PRIMARY KEY,
    product_id text NOT NULL REFERENCES product,
    location_id text NOT NULL REFERENCES location,
    line_id text NOT NULL REFERENCES line,
    "on" date NOT NULL,
    week_on date NOT NULL,
    minutes integer NOT NULL,
    skills text[] NOT NULL,
    reason jsonb NOT NULL,
    state text NOT NULL
        CONSTRAINT relief_proposal_state CHECK (state IN ('proposed', 'applied', 'declined', 'expired')),
    proposed_at timestamptz NOT NULL,
    decided_by text,
    decided_at timestamptz,
    CONSTRAINT relief_proposal_once UNIQUE (product_id, line_id, "on")
);
CREATE INDEX relief_proposal_day ON relief_proposal ("on");

CREATE TABLE relief_history (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    proposal_id uuid NOT NULL REFERENCES relief_proposal,
    at timestamptz NOT NULL,
    state text NOT NULL,
    by text NOT NULL,
    correlation_id text NOT NULL
);
CREATE INDEX relief_history_proposal ON relief_history (proposal_id);
"""


def upgrade() -> None:
    for statements in (_FIGURES, _RELIEF):
        op.execute(statements)


def downgrade() -> None:
    op.execute("DROP TABLE relief_history, relief_proposal, visit_outcome, figure_day, figure_run")
    op.execute("DROP INDEX appointment_history_counted")
