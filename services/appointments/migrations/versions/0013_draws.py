"""Draws: batches of days that are given out by lot, the people who ask, and their turns; holds that fell to somebody.

`pre`: older code knows no draw; every table is new, and it never writes the new kind of hold.
"""

from alembic import op

revision = "0013_draws"
down_revision = "0012_reconfirming"
branch_labels = None
depends_on = None

_KEPT_FOR = "kept_for IN ('visitor', 'list', 'offer', 'delay'{})"

_BATCH = """
CREATE TABLE draw_batch (
    id uuid PRIMARY KEY,
    product_id text NOT NULL REFERENCES product (id),
    first_on date NOT NULL,
    last_on date NOT NULL,
    weekdays smallint[] NOT NULL,
    opens_at timestamptz NOT NULL,
    closes_at timestamptz NOT NULL,
    draws_at timestamptz NOT NULL,
    most_places integer,
    key bytea NOT NULL,
    commitment text NOT NULL,
    state text NOT NULL CONSTRAINT draw_batch_state CHECK (state IN ('open', 'drawn', 'settled')),
    announced_at timestamptz NOT NULL,
    held_at timestamptz,
    requests integer,
    places_given integer,
    document text,
    digest text,
    CONSTRAINT draw_batch_once UNIQUE (product_id, first_on),
    CONSTRAINT draw_batch_moments CHECK (opens_at < closes_at AND closes_at <= draws_at),
    CONSTRAINT draw_batch_held CHECK (
        CASE WHEN state IN ('drawn', 'settled')
             THEN num_nulls(held_at, requests, places_given, document, digest) = 0
             ELSE num_nonnulls(held_at, requests, places_given, document, digest) = 0 END
    )
);
CREATE INDEX draw_batch_due ON draw_batch (draws_at) WHERE state = 'open';
CREATE INDEX draw_batch_unsettled ON draw_batch (held_at) WHERE state = 'drawn';
"""
_REQUEST = """
CREATE TABLE draw_request (
    id uuid PRIMARY KEY,
    product_id text NOT NULL REFERENCES product (id),
    state text NOT NULL
        CONSTRAINT draw_request_state CHECK (state IN ('live', 'placed', 'withdrawn', 'ended')),
    location_ids text[] NOT NULL,
    weekdays smallint[] NOT NULL,
    parts_of_day text[] NOT NULL,
    persons smallint NOT NULL,
    channel text NOT NULL,
    name text NOT NULL,
    birth_on date NOT NULL,
    email text NOT NULL,
    phone text,
    language text NOT NULL,
    time_zone text NOT NULL,
    email_key bytea NOT NULL,
    phone_key bytea,
    person_key bytea NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT draw_request_end CHECK ((state = 'live') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX draw_request_one_per_person ON draw_request (product_id, person_key) WHERE state = 'live';
CREATE UNIQUE INDEX draw_request_one_per_address ON draw_request (product_id, email_key) WHERE state = 'live';
"""
_ENTRY = """
CREATE TABLE draw_entry (
    batch_id uuid NOT NULL REFERENCES draw_batch (id),
    request_id uuid NOT NULL REFERENCES draw_request (id),
    number text NOT NULL,
    entered_at timestamptz NOT NULL,
    turn integer,
    appointment_id uuid REFERENCES appointment (id),
    told_at timestamptz,
    PRIMARY KEY (batch_id, request_id),
    CONSTRAINT draw_entry_number UNIQUE (batch_id, number),
    CONSTRAINT draw_entry_one_place UNIQUE (appointment_id),
    CONSTRAINT draw_entry_drawn CHECK (turn IS NOT NULL OR appointment_id IS NULL)
);
CREATE INDEX draw_entry_request ON draw_entry (request_id);
CREATE UNIQUE INDEX draw_entry_one_open ON draw_entry (request_id) WHERE told_at IS NULL;
CREATE INDEX draw_entry_untold ON draw_entry (batch_id, turn) WHERE told_at IS NULL;
"""


def upgrade() -> None:
    for statements in (_BATCH, _REQUEST, _ENTRY):
        op.execute(statements)
    _keep_for(", 'draw'")


def downgrade() -> None:
    op.execute("DROP TABLE draw_entry, draw_request, draw_batch")
    _keep_for("")


def _keep_for(more: str) -> None:
    op.execute("ALTER TABLE appointment DROP CONSTRAINT appointment_kept_for")
    op.execute(f"ALTER TABLE appointment ADD CONSTRAINT appointment_kept_for CHECK ({_KEPT_FOR.format(more)})")
