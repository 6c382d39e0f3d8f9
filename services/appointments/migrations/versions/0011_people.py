"""How many coming visits one address, number or person has: keyed digests, a birth date where a visit is bound, the
one place that counts, who may book more, and what staff did for a reason.

`pre`: older code neither reads nor writes the new columns and tables; what it books is not counted and bound to nobody.
"""

from alembic import op

revision = "0011_people"
down_revision = "0009_companions"
branch_labels = None
depends_on = None

_COLUMNS = """
ALTER TABLE appointment
    ADD COLUMN birth_on date,
    ADD COLUMN email_key bytea,
    ADD COLUMN phone_key bytea,
    ADD COLUMN person_key bytea,
    ADD CONSTRAINT appointment_person CHECK ((birth_on IS NULL) = (person_key IS NULL));
CREATE INDEX appointment_email ON appointment (email_key, starts_at)
    WHERE state = 'booked' AND email_key IS NOT NULL;
CREATE INDEX appointment_phone ON appointment (phone_key, starts_at)
    WHERE state = 'booked' AND phone_key IS NOT NULL;
CREATE INDEX appointment_of_person ON appointment (person_key, starts_at)
    WHERE state = 'booked' AND person_key IS NOT NULL;
"""

# The caller has locked the digests. It counts as a function, so that it sees what was committed before it got the
# locks, also in the middle of one single statement. Most people have no other visit: one look, and no counting.
_MAY_HAVE_VISIT = """
CREATE FUNCTION may_have_visit(
    visit_id uuid, of_email bytea, of_phone bytea, of_person bytea,
    limited text[], most integer[], bound text[], at timestamptz
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM appointment
        WHERE email_key = of_email AND state = 'booked' AND starts_at > at AND id <> visit_id
    ) AND (of_phone IS NULL OR NOT EXISTS (
        SELECT FROM appointment
        WHERE phone_key = of_phone AND state = 'booked' AND starts_at > at AND id <> visit_id
    )) AND (of_person IS NULL OR NOT EXISTS (
        SELECT FROM appointment
        WHERE person_key = of_person AND state = 'booked' AND starts_at > at AND id <> visit_id
    )) THEN
        RETURN true;
    END IF;
    RETURN NOT EXISTS (
        SELECT FROM unnest(limited, most) AS wanted (product_id, most)
        WHERE wanted.most <= (
            SELECT count(*) FROM appointment
            WHERE email_key = of_email AND state = 'booked' AND starts_at > at AND id <> visit_id
              AND products @> jsonb_build_array(jsonb_build_object('product_id', wanted.product_id))
        ) OR wanted.most <= (
            SELECT count(*) FROM appointment
            WHERE phone_key = of_phone AND state = 'booked' AND starts_at > at AND id <> visit_id
              AND products @> jsonb_build_array(jsonb_build_object('product_id', wanted.product_id))
        )
        UNION ALL
        SELECT FROM unnest(bound) AS wanted (product_id), appointment
        WHERE person_key = of_person AND state = 'booked' AND starts_at > at AND id <> visit_id
          AND products @> jsonb_build_array(jsonb_build_object('product_id', wanted.product_id))
    );
END
$$;
"""

_EXEMPT = """
CREATE TABLE exempt (
    id text PRIMARY KEY,
    position integer NOT NULL,
    note text NOT NULL,
    valid_until date,
    offered boolean NOT NULL
)
"""

_STAFF_ACT = """
CREATE TABLE staff_act (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    appointment_id uuid NOT NULL REFERENCES appointment,
    at timestamptz NOT NULL,
    deed text NOT NULL CONSTRAINT staff_act_deed CHECK (deed IN ('exceed-limit', 'correct-person')),
    staff_id text NOT NULL,
    reason text NOT NULL,
    name_before text,
    birth_on_before date,
    correlation_id text NOT NULL
);
CREATE INDEX staff_act_appointment ON staff_act (appointment_id);
"""


def upgrade() -> None:
    op.execute(_COLUMNS)
    op.execute(_MAY_HAVE_VISIT)
    op.execute(_EXEMPT)
    op.execute(_STAFF_ACT)


def downgrade() -> None:
    op.execute("DROP TABLE staff_act")
    op.execute("DROP TABLE exempt")
    op.execute("DROP FUNCTION may_have_visit")
    op.execute(
        "ALTER TABLE appointment"
        " DROP COLUMN person_key, DROP COLUMN phone_key, DROP COLUMN email_key, DROP COLUMN birth_on"
    )
