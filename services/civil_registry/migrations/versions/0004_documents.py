"""Papers that were given out, and what became of each; whether a virus scanner saw a piece of evidence.

`pre`: older code does not look at these tables.
"""

from alembic import op

revision = "0004_documents"
down_revision = "0003_looks"
branch_labels = None
depends_on = None

_TABLES = (
    """
    CREATE TABLE document (
        id uuid PRIMARY KEY,
        kind text NOT NULL,
        number text NOT NULL,
        record_id uuid REFERENCES record (id),
        deed_id uuid REFERENCES deed (id),
        code_hash bytea,
        file_id text NOT NULL,
        sha256 bytea NOT NULL,
        language text NOT NULL,
        issued_at timestamptz NOT NULL,
        issued_by text NOT NULL,
        CONSTRAINT document_code UNIQUE (code_hash),
        CONSTRAINT document_kind CHECK (
            kind IN ('receipt', 'extract', 'multilingual-extract', 'full-copy', 'burial-permit', 'deed')
        ),
        CONSTRAINT document_is_of_something CHECK (num_nonnulls(record_id, deed_id) >= 1),
        CONSTRAINT document_has_a_code CHECK ((kind = 'deed') = (code_hash IS NULL)),
        CONSTRAINT document_hashes CHECK (octet_length(code_hash) = 32 AND octet_length(sha256) = 32),
        CONSTRAINT document_file CHECK (file_id ~ '^[0-9a-f]{64}$')
    )
    """,
    "CREATE INDEX document_record ON document (record_id, issued_at)",
    "CREATE INDEX document_deed ON document (deed_id, issued_at)",
    "CREATE INDEX document_file_id ON document (file_id)",
    """
    CREATE TABLE document_event (
        document_id uuid NOT NULL REFERENCES document (id),
        number smallint NOT NULL,
        state text NOT NULL,
        replaced_by uuid REFERENCES document (id),
        at timestamptz NOT NULL,
        by text NOT NULL,
        reason text NOT NULL,
        PRIMARY KEY (document_id, number),
        CONSTRAINT document_event_state CHECK (state IN ('withdrawn', 'replaced')),
        CONSTRAINT document_event_successor CHECK ((state = 'replaced') = (replaced_by IS NOT NULL))
    )
    """,
    """
    ALTER TABLE evidence
        ADD COLUMN scan text NOT NULL DEFAULT 'not-scanned',
        ADD CONSTRAINT evidence_scan CHECK (scan IN ('clean', 'not-scanned'))
    """,
)
_ONLY_ADDED = ("document", "document_event")


def upgrade() -> None:
    """Make the tables (`pre`)."""
    for statement in _TABLES:
        op.execute(statement)
    for table in _ONLY_ADDED:
        op.execute(
            f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
