"""Questions to those who booked long ago whether they still come; each row is a timer too.

`pre`: older code neither reads nor writes the table; nobody is asked until the new background process runs.
"""

from alembic import op

revision = "0012_reconfirming"
down_revision = "0011_people"
branch_labels = None
depends_on = None

_RECONFIRMATION = """
CREATE TABLE reconfirmation (
    appointment_id uuid NOT NULL REFERENCES appointment,
    sequence integer NOT NULL,
    step text NOT NULL CONSTRAINT reconfirmation_step
        CHECK (step IN ('asked', 'reminded', 'kept', 'cancelled', 'moved', 'released', 'spared')),
    asked_at timestamptz NOT NULL,
    remind_at timestamptz NOT NULL,
    answer_by timestamptz NOT NULL,
    reminded_at timestamptz,
    seen_at timestamptz,
    settled_at timestamptz,
    spared text,
    PRIMARY KEY (appointment_id, sequence),
    CONSTRAINT reconfirmation_settled CHECK ((settled_at IS NULL) = (step IN ('asked', 'reminded'))),
    CONSTRAINT reconfirmation_spared CHECK ((spared IS NOT NULL) = (step = 'spared'))
);
CREATE UNIQUE INDEX reconfirmation_open ON reconfirmation (appointment_id) WHERE settled_at IS NULL;
"""


def upgrade() -> None:
    op.execute(_RECONFIRMATION)


def downgrade() -> None:
    op.execute("DROP TABLE reconfirmation")
