"""Who looked at whom: rows that can only be added, numbered without gaps, each sealed with the one before.

`pre`: older code does not look at these tables.
"""

from alembic import op

revision = "0003_looks"
down_revision = "0002_records"
branch_labels = None
depends_on = None

_TABLES = (
    """
    CREATE TABLE access_log (
        id bigint PRIMARY KEY,
        at timestamptz NOT NULL,
        actor_kind text NOT NULL,
        actor_id text,
        actor_digest bytea,
        action text NOT NULL,
        object text NOT NULL,
        purpose text NOT NULL,
        processing_activity text NOT NULL,
        record_id uuid,
        person_digest bytea,
        result text NOT NULL,
        origin text NOT NULL,
        trace_id uuid NOT NULL,
        hash bytea NOT NULL,
        CONSTRAINT access_log_actor CHECK ((actor_id IS NULL) <> (actor_digest IS NULL)),
        CONSTRAINT access_log_result CHECK (result IN ('granted', 'refused'))
    )
    """,
    "CREATE INDEX access_log_person ON access_log (person_digest, at) WHERE person_digest IS NOT NULL",
    "CREATE INDEX access_log_actor_id ON access_log (actor_id, at) WHERE actor_id IS NOT NULL",
    "CREATE INDEX access_log_record ON access_log (record_id, at) WHERE record_id IS NOT NULL",
    """
    CREATE TABLE access_log_head (
        one boolean PRIMARY KEY DEFAULT true,
        last_id bigint NOT NULL,
        hash bytea NOT NULL,
        CONSTRAINT access_log_head_one CHECK (one)
    )
    """,
    "INSERT INTO access_log_head (last_id, hash) VALUES (0, decode(repeat('00', 32), 'hex'))",
)

# Every column by name: one that is added later does not change the hash of an older row.
_HASH = r"""
    CREATE FUNCTION access_log_hash(before bytea, looked access_log) RETURNS bytea LANGUAGE sql STABLE AS $$
        SELECT sha256(before || convert_to(jsonb_build_array(
            looked.id, (extract(epoch FROM looked.at) * 1000000)::bigint, looked.actor_kind, looked.actor_id,
            encode(looked.actor_digest, 'hex'), looked.action, looked.object, looked.purpose,
            looked.processing_activity, looked.record_id, encode(looked.person_digest, 'hex'), looked.result,
            looked.origin, looked.trace_id
        )::text, 'UTF8'))
    $$
"""

_SEAL = """
    CREATE FUNCTION access_log_seal() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        head access_log_head;
    BEGIN
        SELECT * INTO STRICT head FROM access_log_head FOR UPDATE;
        NEW.id := head.last_id + 1;
        NEW.hash := access_log_hash(head.hash, NEW);
        UPDATE access_log_head SET last_id = NEW.id, hash = NEW.hash;
        RETURN NEW;
    END
    $$
"""

_TRIGGERS = (
    "CREATE TRIGGER access_log_sealed BEFORE INSERT ON access_log FOR EACH ROW EXECUTE FUNCTION access_log_seal()",
    "CREATE TRIGGER access_log_only_added BEFORE UPDATE OR DELETE ON access_log"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER access_log_never_emptied BEFORE TRUNCATE ON access_log"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)


def upgrade() -> None:
    """Make the log and its chain (`pre`)."""
    for statement in (*_TABLES, _HASH, _SEAL, *_TRIGGERS):
        op.execute(statement)
