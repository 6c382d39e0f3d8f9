"""Contacts about records of the civil registry, and customers who have died.

`pre`: older code goes on with `appointment_contact`, which is a view of the contacts about appointments from now on,
and with `entry.appointment_id`.
"""

from alembic import op

revision = "0002_records"
down_revision = "0001_crm"
branch_labels = None
depends_on = None

_CONTACT = """
ALTER TABLE appointment_contact RENAME TO contact;
ALTER TABLE contact RENAME COLUMN appointment_id TO about_id;
ALTER TABLE contact RENAME CONSTRAINT appointment_contact_pkey TO contact_pkey;
ALTER TABLE contact RENAME CONSTRAINT appointment_contact_state TO contact_state;
ALTER TABLE contact RENAME CONSTRAINT appointment_contact_linked TO contact_linked;
ALTER TABLE contact RENAME CONSTRAINT appointment_contact_customer_id_fkey TO contact_customer_id_fkey;
ALTER INDEX appointment_contact_due RENAME TO contact_due;
ALTER INDEX appointment_contact_customer RENAME TO contact_customer;
ALTER TABLE contact
    ADD COLUMN about text NOT NULL DEFAULT 'appointment'
        CONSTRAINT contact_about CHECK (about IN ('appointment', 'record')),
    ADD COLUMN receipt text;
CREATE VIEW appointment_contact AS
    SELECT about_id AS appointment_id, customer_id, state, attempts, next_attempt_at
    FROM contact WHERE about = 'appointment';
"""

_ENTRY = """
ALTER TABLE entry
    ALTER COLUMN appointment_id DROP NOT NULL,
    ADD COLUMN record_id uuid,
    ADD COLUMN about_id uuid NOT NULL GENERATED ALWAYS AS (COALESCE(appointment_id, record_id)) STORED,
    ADD CONSTRAINT entry_about_one CHECK (num_nonnulls(appointment_id, record_id) = 1);
DROP INDEX entry_appointment;
CREATE INDEX entry_about ON entry (about_id, occurred_at);
"""

_DEATHS = """
CREATE TABLE holder_death (
    appointment_id uuid NOT NULL,
    record_id uuid NOT NULL,
    alone boolean NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (appointment_id, record_id)
);
CREATE INDEX holder_death_record ON holder_death (record_id);
CREATE TABLE annulled_death (
    record_id uuid PRIMARY KEY,
    annulled_at timestamptz NOT NULL
);
"""

_BACK = """
DROP TABLE annulled_death, holder_death;
DELETE FROM entry WHERE record_id IS NOT NULL;
DROP INDEX entry_about;
ALTER TABLE entry
    DROP CONSTRAINT entry_about_one,
    DROP COLUMN about_id,
    DROP COLUMN record_id,
    ALTER COLUMN appointment_id SET NOT NULL;
CREATE INDEX entry_appointment ON entry (appointment_id, occurred_at);
DROP VIEW appointment_contact;
DELETE FROM contact WHERE about <> 'appointment';
ALTER TABLE contact DROP COLUMN about, DROP COLUMN receipt;
ALTER INDEX contact_due RENAME TO appointment_contact_due;
ALTER INDEX contact_customer RENAME TO appointment_contact_customer;
ALTER TABLE contact RENAME CONSTRAINT contact_pkey TO appointment_contact_pkey;
ALTER TABLE contact RENAME CONSTRAINT contact_state TO appointment_contact_state;
ALTER TABLE contact RENAME CONSTRAINT contact_linked TO appointment_contact_linked;
ALTER TABLE contact RENAME CONSTRAINT contact_customer_id_fkey TO appointment_contact_customer_id_fkey;
ALTER TABLE contact RENAME COLUMN about_id TO appointment_id;
ALTER TABLE contact RENAME TO appointment_contact;
"""


def upgrade() -> None:
    op.execute(_CONTACT)
    op.execute(_ENTRY)
    op.execute(_DEATHS)


def downgrade() -> None:
    op.execute(_BACK)
