"""Customers by keyed digest, their timeline, and messaging's tables.

`pre`: there is no older code.
"""

from alembic import op

from services.messaging.migrations import create_messaging_tables

revision = "0001_crm"
down_revision = None
branch_labels = None
depends_on = None

_CUSTOMERS = """
CREATE TABLE customer (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL
);
CREATE TABLE identifier (
    kind text NOT NULL CONSTRAINT identifier_kind CHECK (kind IN ('email', 'phone')),
    digest bytea NOT NULL CONSTRAINT identifier_digest_length CHECK (octet_length(digest) = 32),
    customer_id uuid NOT NULL REFERENCES customer (id),
    first_seen_at timestamptz NOT NULL,
    PRIMARY KEY (kind, digest)
);
CREATE INDEX identifier_customer ON identifier (customer_id);
CREATE TABLE possible_duplicate (
    customer_a uuid NOT NULL REFERENCES customer (id),
    customer_b uuid NOT NULL REFERENCES customer (id),
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (customer_a, customer_b),
    CONSTRAINT possible_duplicate_once CHECK (customer_a < customer_b)
);
"""

_TIMELINE = """
CREATE TABLE appointment_contact (
    appointment_id uuid PRIMARY KEY,
    customer_id uuid REFERENCES customer (id),
    state text NOT NULL CONSTRAINT appointment_contact_state CHECK (state IN ('waiting', 'linked', 'unknown')),
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    CONSTRAINT appointment_contact_linked CHECK ((state = 'linked') = (customer_id IS NOT NULL))
);
CREATE INDEX appointment_contact_due ON appointment_contact (next_attempt_at) WHERE state = 'waiting';
CREATE INDEX appointment_contact_customer ON appointment_contact (customer_id);
CREATE TABLE entry (
    event_id uuid PRIMARY KEY,
    appointment_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    kind text NOT NULL,
    channel text NOT NULL,
    outcome text NOT NULL,
    version integer NOT NULL,
    product_ids text[] NOT NULL,
    location_id text,
    starts_at timestamptz
);
CREATE INDEX entry_appointment ON entry (appointment_id, occurred_at);
CREATE TABLE appointment_state (
    appointment_id uuid PRIMARY KEY,
    version integer NOT NULL,
    outcome text NOT NULL,
    product_ids text[] NOT NULL,
    location_id text NOT NULL,
    starts_at timestamptz NOT NULL
);
"""


def upgrade() -> None:
    """Make everything (`pre`)."""
    create_messaging_tables(op)
    op.execute(_CUSTOMERS)
    op.execute(_TIMELINE)
