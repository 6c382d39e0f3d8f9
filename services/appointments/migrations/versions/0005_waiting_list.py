"""The waiting list: wishes for an earlier visit, offers, and places that came free.

`pre`: older code knows no wish; every table is new.
"""

from alembic import op

revision = "0005_waiting_list"
down_revision = "0004_figures"
branch_labels = None
depends_on = None

_WISH = """
CREATE TABLE wish (
    id uuid PRIMARY KEY,
    appointment_id uuid NOT NULL REFERENCES appointment (id),
    location_ids text[] NOT NULL,
    earliest_on date NOT NULL,
    latest_at timestamptz NOT NULL,
    weekdays smallint[] NOT NULL,
    parts_of_day text[] NOT NULL,
    notice_minutes integer NOT NULL,
    wished_on date NOT NULL,
    rank text NOT NULL,
    urgency smallint NOT NULL,
    created_at timestamptz NOT NULL,
    state text NOT NULL CONSTRAINT wish_state CHECK (state IN ('active', 'paused', 'ended')),
    offers_made smallint NOT NULL,
    ignored smallint NOT NULL,
    last_offer_at timestamptz,
    ended_at timestamptz,
    ended_because text,
    CONSTRAINT wish_end CHECK ((state = 'ended') = (ended_at IS NOT NULL AND ended_because IS NOT NULL))
);
CREATE UNIQUE INDEX wish_one_per_visit ON wish (appointment_id) WHERE state <> 'ended';
CREATE INDEX wish_order ON wish (urgency DESC, wished_on, rank, id) WHERE state = 'active';
"""
_OFFER = """
CREATE TABLE offer (
    id uuid PRIMARY KEY,
    wish_id uuid NOT NULL REFERENCES wish (id),
    appointment_id uuid NOT NULL REFERENCES appointment (id),
    hold_id uuid NOT NULL REFERENCES appointment (id),
    location_id text NOT NULL,
    "on" date NOT NULL,
    first_tick smallint NOT NULL,
    ticks smallint NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    owned_from timestamptz NOT NULL,
    owned_until timestamptz NOT NULL,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    passed smallint NOT NULL,
    state text NOT NULL
        CONSTRAINT offer_state CHECK (state IN ('open', 'accepted', 'declined', 'expired', 'revoked')),
    ended_at timestamptz,
    CONSTRAINT offer_end CHECK ((state = 'open') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX offer_one_per_wish ON offer (wish_id) WHERE state = 'open';
CREATE UNIQUE INDEX offer_one_per_place ON offer (hold_id) WHERE state = 'open';
CREATE INDEX offer_due ON offer (expires_at) WHERE state = 'open';
CREATE INDEX offer_made ON offer (made_at);
CREATE INDEX offer_wish ON offer (wish_id);
"""
_FREED = """
CREATE TABLE freed_place (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    location_id text NOT NULL,
    "on" date NOT NULL,
    freed_at timestamptz NOT NULL,
    at_once boolean NOT NULL
);
"""


def upgrade() -> None:
    for statements in (_WISH, _OFFER, _FREED):
        op.execute(statements)


def downgrade() -> None:
    op.execute("DROP TABLE freed_place, offer, wish")
