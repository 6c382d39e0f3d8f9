"""Everything that booking needs: catalogue, capacity, appointments and their history, and messaging's tables.

`pre`: there is no older code.
"""

from alembic import op

from services.messaging.migrations import create_messaging_tables

revision = "0001_appointments"
down_revision = None
branch_labels = None
depends_on = None

_CATALOGUE = """
CREATE TABLE location (
    id text PRIMARY KEY,
    position integer NOT NULL,
    name text NOT NULL,
    street text NOT NULL,
    postal_code text NOT NULL,
    city text NOT NULL,
    time_zone text NOT NULL,
    phone text NOT NULL,
    directions jsonb NOT NULL,
    hours jsonb NOT NULL,
    max_visit_minutes integer NOT NULL,
    offered boolean NOT NULL
);
CREATE TABLE product (
    id text PRIMARY KEY,
    position integer NOT NULL,
    names jsonb NOT NULL,
    summary jsonb NOT NULL,
    bring jsonb NOT NULL,
    needs text[] NOT NULL,
    minutes integer NOT NULL,
    extra_minutes_per_person integer NOT NULL,
    max_persons integer NOT NULL,
    setup_minutes integer NOT NULL,
    wrap_minutes integer NOT NULL,
    lead_minutes integer NOT NULL,
    horizon_days integer NOT NULL,
    shared_minutes jsonb NOT NULL,
    fees jsonb NOT NULL,
    channels text[] NOT NULL,
    audience text NOT NULL,
    valid_from date,
    valid_until date,
    offered boolean NOT NULL
);
CREATE TABLE line (
    id text PRIMARY KEY,
    location_id text NOT NULL REFERENCES location,
    position integer NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    skills text[] NOT NULL,
    shifts jsonb NOT NULL,
    offered boolean NOT NULL
);
CREATE TABLE calendar (
    id smallint PRIMARY KEY CONSTRAINT calendar_one_row CHECK (id = 1),
    rules jsonb NOT NULL
);
"""

_CAPACITY = """
CREATE TABLE line_day (
    line_id text NOT NULL REFERENCES line,
    "on" date NOT NULL,
    location_id text NOT NULL REFERENCES location,
    skills text[] NOT NULL,
    open bit(288) NOT NULL,
    free bit(288) NOT NULL,
    PRIMARY KEY (line_id, "on"),
    CONSTRAINT line_day_free_inside_open CHECK ((free & ~open) = CAST(0 AS bit(288)))
) WITH (fillfactor = 70);
CREATE INDEX line_day_search ON line_day (location_id, "on");
"""

_APPOINTMENTS = """
CREATE TABLE appointment (
    id uuid PRIMARY KEY,
    reference text CONSTRAINT appointment_reference UNIQUE,
    state text NOT NULL
        CONSTRAINT appointment_state CHECK (state IN ('held', 'booked', 'cancelled', 'expired', 'released')),
    location_id text NOT NULL REFERENCES location,
    line_id text NOT NULL REFERENCES line,
    "on" date NOT NULL,
    first_tick smallint NOT NULL,
    ticks smallint NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    owned tstzrange NOT NULL,
    products jsonb NOT NULL,
    minutes integer NOT NULL,
    rule_version smallint NOT NULL,
    channel text NOT NULL,
    name text,
    email text,
    phone text,
    language text,
    time_zone text,
    calendar_uid uuid NOT NULL CONSTRAINT appointment_calendar_uid UNIQUE,
    version integer NOT NULL,
    sequence integer NOT NULL,
    link_version integer NOT NULL,
    expires_at timestamptz NOT NULL,
    extended boolean NOT NULL,
    created_at timestamptz NOT NULL,
    booked_at timestamptz,
    cancelled_at timestamptz,
    cancelled_by text,
    CONSTRAINT appointment_inside_day CHECK (first_tick >= 0 AND ticks >= 1 AND first_tick + ticks <= 288),
    CONSTRAINT appointment_owned_not_empty CHECK (NOT isempty(owned)),
    CONSTRAINT appointment_owned_bounded CHECK (
        lower_inc(owned) AND NOT upper_inc(owned) AND NOT lower_inf(owned) AND NOT upper_inf(owned)
    ),
    CONSTRAINT appointment_owned_is_ticks CHECK (upper(owned) - lower(owned) = ticks * INTERVAL '5 minutes'),
    CONSTRAINT appointment_visible CHECK (owned @> tstzrange(starts_at, ends_at) AND starts_at < ends_at),
    CONSTRAINT appointment_holder_known CHECK (
        state IN ('held', 'expired', 'released')
        OR num_nulls(reference, name, email, language, time_zone, booked_at) = 0
    ),
    CONSTRAINT appointment_one_per_counter
        EXCLUDE USING gist (line_id WITH =, owned WITH &&) WHERE (state IN ('held', 'booked'))
) WITH (fillfactor = 80);
CREATE INDEX appointment_held ON appointment (expires_at) WHERE state = 'held';
CREATE INDEX appointment_day ON appointment (location_id, "on");
CREATE INDEX appointment_line_day ON appointment (line_id, "on") WHERE state IN ('held', 'booked');

CREATE TABLE appointment_history (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    appointment_id uuid NOT NULL REFERENCES appointment,
    at timestamptz NOT NULL,
    deed text NOT NULL,
    state text NOT NULL,
    version integer NOT NULL,
    sequence integer NOT NULL,
    location_id text NOT NULL,
    line_id text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    correlation_id text NOT NULL
);
CREATE INDEX appointment_history_appointment ON appointment_history (appointment_id);
"""


def upgrade() -> None:
    """Create the whole schema. `btree_gist` is a trusted extension: the owner of the database may create it."""
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    for statements in (_CATALOGUE, _CAPACITY, _APPOINTMENTS):
        op.execute(statements)
    create_messaging_tables(op)
