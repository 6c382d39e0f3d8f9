"""Messages, their history as proof, what was last heard of each appointment, and messaging's tables.

`pre`: there is no older code.
"""

from alembic import op

from services.messaging.migrations import create_messaging_tables

revision = "0001_notifications"
down_revision = None
branch_labels = None
depends_on = None

_MESSAGES = """
CREATE TABLE message (
    id uuid PRIMARY KEY,
    dedupe_key text NOT NULL CONSTRAINT message_once UNIQUE,
    appointment_id uuid NOT NULL,
    version integer NOT NULL,
    kind text NOT NULL
        CONSTRAINT message_kind CHECK (kind IN ('booked', 'moved', 'cancelled', 'reminder', 'link')),
    channel text NOT NULL DEFAULT 'email' CONSTRAINT message_channel CHECK (channel IN ('email')),
    state text NOT NULL
        CONSTRAINT message_state CHECK (state IN ('scheduled', 'sending', 'sent', 'failed', 'withdrawn')),
    not_before timestamptz NOT NULL,
    expires_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    lease_until timestamptz,
    lease_token uuid,
    handed_over_at timestamptz,
    facts jsonb,
    event_id uuid NOT NULL,
    correlation_id text NOT NULL,
    template_version text,
    language text,
    message_header_id text,
    content_hash bytea,
    last_error text,
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    CONSTRAINT message_leased_while_sending CHECK ((state = 'sending') = (lease_token IS NOT NULL)),
    CONSTRAINT message_sent_has_time CHECK ((state = 'sent') = (sent_at IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX message_due ON message (next_attempt_at) WHERE state = 'scheduled';
CREATE INDEX message_leased ON message (lease_until) WHERE state = 'sending';
CREATE INDEX message_open ON message (appointment_id, version) WHERE state IN ('scheduled', 'sending');
CREATE INDEX message_appointment ON message (appointment_id, created_at);

CREATE TABLE appointment_seen (
    appointment_id uuid PRIMARY KEY,
    version integer NOT NULL,
    state text NOT NULL CONSTRAINT appointment_seen_state CHECK (state IN ('booked', 'cancelled')),
    starts_at timestamptz NOT NULL
) WITH (fillfactor = 80);
"""

_HISTORY = """
CREATE TABLE message_history (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id uuid NOT NULL REFERENCES message,
    at timestamptz NOT NULL,
    state text NOT NULL,
    reason text NOT NULL,
    attempts integer NOT NULL
);
CREATE INDEX message_history_message ON message_history (message_id);

CREATE FUNCTION history_is_proof() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'message_history is proof: rows are only added' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER message_history_append_only BEFORE UPDATE OR DELETE ON message_history
    FOR EACH ROW EXECUTE FUNCTION history_is_proof();
"""


def upgrade() -> None:
    """Create the whole schema."""
    op.execute(_MESSAGES)
    op.execute(_HISTORY)
    create_messaging_tables(op)
