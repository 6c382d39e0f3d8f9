"""Lines that are no counters, and visits that own several lines at once: a counter, and a room or a device besides.

What a visit owns besides its counter stands on its row, in `claims`, so that whoever locks the row has read it.
`companion_claim` is the second, independent lock over it: one row for each line of a live visit, with an exclusion
constraint, written by a trigger and by nothing else. The view says what must stand there.

`pre`: older code knows only counters and writes no claims. Load town files with other lines once it is gone: it would
give a room's ticks back to nobody.
"""

from alembic import op

revision = "0009_companions"
down_revision = "0008_openings"
branch_labels = None
depends_on = None

_KINDS = "('desk', 'room', 'device', 'limit')"

_COLUMNS = f"""
ALTER TABLE line ADD CONSTRAINT line_kind CHECK (kind IN {_KINDS});
ALTER TABLE line_day ADD COLUMN kind text NOT NULL DEFAULT 'desk'
    CONSTRAINT line_day_kind CHECK (kind IN {_KINDS});
ALTER TABLE product ADD COLUMN also jsonb NOT NULL DEFAULT '[]';
ALTER TABLE appointment ADD COLUMN claims jsonb NOT NULL DEFAULT '[]';
"""

_CLAIM = """
CREATE TABLE companion_claim (
    appointment_id uuid NOT NULL REFERENCES appointment ON DELETE CASCADE,
    number smallint NOT NULL,
    location_id text NOT NULL,
    line_id text NOT NULL,
    "on" date NOT NULL,
    first_tick smallint NOT NULL,
    ticks smallint NOT NULL,
    owned tstzrange NOT NULL,
    skills text[] NOT NULL,
    PRIMARY KEY (appointment_id, number),
    CONSTRAINT companion_claim_inside_day CHECK (first_tick >= 0 AND ticks >= 1 AND first_tick + ticks <= 288),
    CONSTRAINT companion_claim_owned_not_empty CHECK (NOT isempty(owned)),
    CONSTRAINT companion_claim_owned_bounded CHECK (
        lower_inc(owned) AND NOT upper_inc(owned) AND NOT lower_inf(owned) AND NOT upper_inf(owned)
    ),
    CONSTRAINT companion_claim_owned_is_ticks CHECK (upper(owned) - lower(owned) = ticks * INTERVAL '5 minutes'),
    CONSTRAINT companion_claim_one_per_line EXCLUDE USING gist (line_id WITH =, owned WITH &&)
);
CREATE INDEX companion_claim_day ON companion_claim ("on", line_id);

CREATE VIEW live_claim AS
SELECT appointment.id AS appointment_id, CAST(entry.number AS smallint) AS number, appointment.location_id,
       entry.claim->>'line_id' AS line_id, appointment."on",
       CAST(appointment.first_tick + CAST(entry.claim->>'offset' AS integer) AS smallint) AS first_tick,
       CAST(entry.claim->>'ticks' AS smallint) AS ticks,
       tstzrange(begin_at, begin_at + CAST(entry.claim->>'ticks' AS integer) * INTERVAL '5 minutes') AS owned,
       ARRAY(SELECT jsonb_array_elements_text(entry.claim->'skills')) AS skills
FROM appointment
CROSS JOIN LATERAL jsonb_array_elements(claims) WITH ORDINALITY AS entry (claim, number)
CROSS JOIN LATERAL (
    SELECT lower(appointment.owned) + CAST(entry.claim->>'offset' AS integer) * INTERVAL '5 minutes' AS begin_at
) AS begun
WHERE appointment.state IN ('held', 'booked') AND appointment.claims <> '[]';

-- It runs after the rows of all lines were locked and their ticks taken, so that nobody meets the constraint in a race.
CREATE FUNCTION keep_claims() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (OLD.state IN ('held', 'booked'), OLD.claims, OLD.location_id, OLD."on", OLD.first_tick, OLD.owned)
         = (NEW.state IN ('held', 'booked'), NEW.claims, NEW.location_id, NEW."on", NEW.first_tick, NEW.owned) THEN
            RETURN NULL;
        END IF;
        DELETE FROM companion_claim WHERE appointment_id = OLD.id;
    END IF;
    INSERT INTO companion_claim (appointment_id, number, location_id, line_id, "on", first_tick, ticks, owned, skills)
    SELECT appointment_id, number, location_id, line_id, "on", first_tick, ticks, owned, skills
    FROM live_claim WHERE appointment_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER appointment_claims_of_new AFTER INSERT ON appointment
    FOR EACH ROW WHEN (NEW.claims <> '[]') EXECUTE FUNCTION keep_claims();
CREATE TRIGGER appointment_claims AFTER UPDATE ON appointment
    FOR EACH ROW WHEN (NEW.claims <> '[]' OR OLD.claims <> '[]') EXECUTE FUNCTION keep_claims();
"""


def upgrade() -> None:
    op.execute(_COLUMNS)
    op.execute(_CLAIM)


def downgrade() -> None:
    op.execute("DROP TRIGGER appointment_claims ON appointment")
    op.execute("DROP TRIGGER appointment_claims_of_new ON appointment")
    op.execute("DROP FUNCTION keep_claims")
    op.execute("DROP VIEW live_claim")
    op.execute("DROP TABLE companion_claim")
    op.execute("ALTER TABLE appointment DROP COLUMN claims")
    op.execute("ALTER TABLE product DROP COLUMN also")
    op.execute("ALTER TABLE line_day DROP COLUMN kind")
    op.execute("ALTER TABLE line DROP CONSTRAINT line_kind")
