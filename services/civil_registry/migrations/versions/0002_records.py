"""Records, their parties and history, checks and timers; registers, deeds and what is added to them; figures.

`pre`: older code does not look at these tables.
"""

from alembic import op

revision = "0002_records"
down_revision = "0001_civil_registry"
branch_labels = None
depends_on = None

_TABLES = (
    """
    CREATE TABLE record (
        id uuid PRIMARY KEY,
        kind text NOT NULL,
        status text NOT NULL,
        flags text[] NOT NULL,
        queue text,
        version integer NOT NULL,
        facts integer NOT NULL,
        source text NOT NULL,
        language text NOT NULL,
        receipt text NOT NULL,
        owner text NOT NULL,
        content jsonb NOT NULL,
        extra jsonb NOT NULL,
        question jsonb,
        assignee text,
        acted_by text,
        parent_id uuid REFERENCES record (id),
        deed_id uuid,
        due_on date,
        started_at timestamptz NOT NULL,
        facts_since timestamptz NOT NULL,
        submitted_at timestamptz,
        ended_at timestamptz,
        destroy_on date,
        CONSTRAINT record_kind CHECK (kind IN ('birth', 'death', 'funeral-permit', 'marriage')),
        CONSTRAINT record_source CHECK (source IN ('online', 'counter', 'partner')),
        CONSTRAINT record_counts CHECK (version >= 1 AND facts >= 0),
        CONSTRAINT record_receipt UNIQUE (receipt)
    )
    """,
    "CREATE INDEX record_owner ON record (owner, started_at)",
    "CREATE INDEX record_queue ON record (queue, due_on, submitted_at) WHERE queue IS NOT NULL",
    "CREATE INDEX record_parent ON record (parent_id) WHERE parent_id IS NOT NULL",
    "CREATE INDEX record_destroy ON record (destroy_on) WHERE destroy_on IS NOT NULL",
    "CREATE INDEX record_submitted ON record (submitted_at) WHERE submitted_at IS NOT NULL",
    """
    CREATE TABLE party (
        record_id uuid NOT NULL REFERENCES record (id),
        role text NOT NULL,
        bsn bytea NOT NULL,
        bsn_digest bytea NOT NULL,
        PRIMARY KEY (record_id, role)
    )
    """,
    "CREATE INDEX party_digest ON party (bsn_digest)",
    """
    CREATE TABLE record_history (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        record_id uuid NOT NULL REFERENCES record (id),
        version integer NOT NULL,
        at timestamptz NOT NULL,
        command text NOT NULL,
        from_status text,
        to_status text NOT NULL,
        by_role text NOT NULL,
        staff_id text,
        note text NOT NULL,
        correlation_id text NOT NULL,
        CONSTRAINT record_history_version UNIQUE (record_id, version)
    )
    """,
    """
    CREATE TABLE evidence (
        id uuid PRIMARY KEY,
        record_id uuid NOT NULL REFERENCES record (id),
        kind text NOT NULL,
        file_id text NOT NULL,
        file_name text NOT NULL,
        media_type text NOT NULL,
        size integer NOT NULL,
        added_at timestamptz NOT NULL,
        added_by text NOT NULL,
        original_on date,
        CONSTRAINT evidence_once UNIQUE (record_id, kind, file_id)
    )
    """,
    """
    CREATE TABLE brp_check (
        record_id uuid PRIMARY KEY REFERENCES record (id),
        asked_at timestamptz NOT NULL,
        not_before timestamptz NOT NULL,
        attempts smallint NOT NULL DEFAULT 0,
        done_at timestamptz,
        persons bytea,
        findings jsonb NOT NULL DEFAULT '[]'
    )
    """,
    "CREATE INDEX brp_check_due ON brp_check (not_before) WHERE done_at IS NULL",
    """
    CREATE TABLE timer (
        record_id uuid NOT NULL REFERENCES record (id),
        command text NOT NULL,
        due_at timestamptz NOT NULL,
        PRIMARY KEY (record_id, command)
    )
    """,
    "CREATE INDEX timer_due ON timer (due_at)",
    """
    CREATE TABLE birth_notice (
        id uuid PRIMARY KEY,
        provider text NOT NULL,
        mother_digest bytea NOT NULL,
        mother_bsn bytea NOT NULL,
        content jsonb NOT NULL,
        received_at timestamptz NOT NULL,
        record_id uuid REFERENCES record (id)
    )
    """,
    "CREATE INDEX birth_notice_mother ON birth_notice (mother_digest)",
    "CREATE INDEX birth_notice_provider ON birth_notice (provider, received_at)",
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """
    CREATE TABLE ceremony (
        record_id uuid PRIMARY KEY REFERENCES record (id),
        room_id text NOT NULL,
        officer_id text NOT NULL,
        during tstzrange NOT NULL,
        CONSTRAINT ceremony_lasts CHECK (NOT isempty(during)),
        CONSTRAINT ceremony_room_free EXCLUDE USING gist (room_id WITH =, during WITH &&),
        CONSTRAINT ceremony_officer_free EXCLUDE USING gist (officer_id WITH =, during WITH &&)
    )
    """,
    """
    CREATE TABLE register_part (
        register text NOT NULL,
        part text NOT NULL,
        year smallint NOT NULL,
        last_number smallint NOT NULL,
        closed_at timestamptz,
        closed_by text,
        PRIMARY KEY (register, part, year),
        CONSTRAINT register_part_register CHECK (register IN ('birth', 'death', 'marriage', 'partnership')),
        CONSTRAINT register_part_part CHECK (part ~ '^[0-9A-Z]$'),
        CONSTRAINT register_part_numbers CHECK (last_number BETWEEN 0 AND 9999)
    )
    """,
    """
    CREATE TABLE deed (
        id uuid PRIMARY KEY,
        record_id uuid NOT NULL REFERENCES record (id),
        register text NOT NULL,
        part text NOT NULL,
        year smallint NOT NULL,
        number smallint NOT NULL,
        fact_letter text NOT NULL,
        content jsonb NOT NULL,
        text text NOT NULL,
        text_sha256 bytea NOT NULL,
        drawn_at timestamptz NOT NULL,
        drawn_by text NOT NULL,
        CONSTRAINT deed_number UNIQUE (register, part, year, number),
        CONSTRAINT deed_one_per_record UNIQUE (record_id),
        CONSTRAINT deed_number_range CHECK (number BETWEEN 1 AND 9999)
    )
    """,
    """
    CREATE TABLE deed_step (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        deed_id uuid NOT NULL REFERENCES deed (id),
        step text NOT NULL,
        at timestamptz NOT NULL,
        by text NOT NULL,
        note text NOT NULL,
        CONSTRAINT deed_step_known CHECK (step IN ('printed', 'signed', 'registered'))
    )
    """,
    "CREATE UNIQUE INDEX deed_step_once ON deed_step (deed_id, step) WHERE step <> 'printed'",
    """
    CREATE TABLE later_mention (
        id uuid PRIMARY KEY,
        deed_id uuid NOT NULL REFERENCES deed (id),
        kind text NOT NULL,
        text text NOT NULL,
        changes jsonb NOT NULL,
        source_reference text NOT NULL,
        added_at timestamptz NOT NULL,
        added_by text NOT NULL,
        CONSTRAINT later_mention_once UNIQUE (deed_id, source_reference)
    )
    """,
    """
    CREATE TABLE extract_block (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        deed_id uuid NOT NULL REFERENCES deed (id),
        blocked smallint NOT NULL,
        reason text NOT NULL,
        at timestamptz NOT NULL,
        by text NOT NULL
    )
    """,
    "CREATE INDEX extract_block_deed ON extract_block (deed_id)",
    """
    CREATE TABLE figure (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        record_id uuid NOT NULL,
        kind text NOT NULL,
        source text NOT NULL,
        eligible smallint NOT NULL,
        late smallint NOT NULL,
        asked smallint NOT NULL,
        "on" date NOT NULL,
        seconds bigint,
        working_minutes integer,
        CONSTRAINT figure_once UNIQUE (record_id)
    )
    """,
    'CREATE INDEX figure_on ON figure ("on")',
)

_GUARD = """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'rows of % can only be added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END
    $$
"""
_ONLY_ADDED = ("record_history", "deed", "deed_step", "later_mention", "extract_block")


def upgrade() -> None:
    """Make the tables (`pre`)."""
    for statement in (*_TABLES, _GUARD):
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
