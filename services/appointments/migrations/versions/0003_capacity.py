"""Capacity that many people want at once: catalogue editions, fewer indexes and locks on the way of a booking, start
times that stay on show for a while, and quotas, which a trigger counts and holds.

`pre`: older code goes on. Its `calendar_uid` gets a default and may stay; new code does not write it (the calendar
entry's UID is the appointment's id). References to `location` and `line` made every booking lock the same few rows;
`line_day` holds them, and no booking exists without a row there.
"""

from alembic import op

revision = "0003_capacity"
down_revision = "0002_policies"
branch_labels = None
depends_on = None

_QUOTAS = """
CREATE TABLE quota (
    id text PRIMARY KEY,
    position integer NOT NULL,
    location_id text NOT NULL REFERENCES location,
    rules jsonb NOT NULL,
    offered boolean NOT NULL
);
CREATE TABLE quota_day (
    location_id text NOT NULL,
    "on" date NOT NULL,
    quota_id text NOT NULL,
    limit_ticks integer NOT NULL,
    used_ticks integer NOT NULL,
    released_at timestamptz,
    PRIMARY KEY (location_id, "on", quota_id)
) WITH (fillfactor = 70);
ALTER TABLE appointment ADD COLUMN quota_ids text[] NOT NULL DEFAULT '{}';

-- Counts the ticks of live visits per quota, and refuses (BQ001) one more where a quota that is in force is used up.
-- It runs after the counter's row was locked, so that all wait in one order: counters first, then quotas by name.
CREATE FUNCTION count_quotas() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was_live boolean := TG_OP = 'UPDATE' AND OLD.state IN ('held', 'booked');
    is_live boolean := NEW.state IN ('held', 'booked');
    asked record;
BEGIN
    IF was_live AND is_live AND (OLD.location_id, OLD."on", OLD.ticks, OLD.quota_ids)
                              = (NEW.location_id, NEW."on", NEW.ticks, NEW.quota_ids) THEN
        RETURN NULL;
    END IF;
    IF was_live THEN
        FOR asked IN SELECT id FROM unnest(OLD.quota_ids) AS id ORDER BY id LOOP
            UPDATE quota_day SET used_ticks = used_ticks - OLD.ticks
            WHERE location_id = OLD.location_id AND "on" = OLD."on" AND quota_id = asked.id;
        END LOOP;
    END IF;
    IF is_live THEN
        FOR asked IN SELECT id FROM unnest(NEW.quota_ids) AS id ORDER BY id LOOP
            UPDATE quota_day SET used_ticks = used_ticks + NEW.ticks
            WHERE location_id = NEW.location_id AND "on" = NEW."on" AND quota_id = asked.id
              AND (used_ticks + NEW.ticks <= limit_ticks OR released_at <= NEW.placed_at);
            IF NOT FOUND AND EXISTS (SELECT FROM quota_day WHERE location_id = NEW.location_id AND "on" = NEW."on"
                                                             AND quota_id = asked.id) THEN
                RAISE EXCEPTION 'quota % is used up', asked.id USING ERRCODE = 'BQ001';
            END IF;
        END LOOP;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER appointment_quotas_of_new AFTER INSERT ON appointment
    FOR EACH ROW WHEN (NEW.quota_ids <> '{}') EXECUTE FUNCTION count_quotas();
CREATE TRIGGER appointment_quotas AFTER UPDATE ON appointment
    FOR EACH ROW WHEN (NEW.quota_ids <> '{}' OR OLD.quota_ids <> '{}') EXECUTE FUNCTION count_quotas();
"""


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
    op.execute(_QUOTAS)
