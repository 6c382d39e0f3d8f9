"""Sessions of people who logged in, and log-ins under way.

`pre`: there is no older code.
"""

from alembic import op

revision = "0001_sessions"
down_revision = None
branch_labels = None
depends_on = None

_SESSION = """
CREATE TABLE session (
    id_digest bytea PRIMARY KEY CONSTRAINT session_id_is_digest CHECK (octet_length(id_digest) = 32),
    login text NOT NULL,
    person_digest bytea NOT NULL,
    content bytea NOT NULL,
    idle_seconds integer NOT NULL CONSTRAINT session_idles CHECK (idle_seconds > 0),
    started_at timestamptz NOT NULL,
    idle_until timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    CONSTRAINT session_times_in_order CHECK (started_at < idle_until AND idle_until <= ends_at)
);
COMMENT ON COLUMN session.content IS 'locked: who it is, his level and roles';
COMMENT ON COLUMN session.idle_until IS 'moves with each sign of life';
CREATE INDEX session_person ON session (person_digest);
"""
_ATTEMPT = """
CREATE TABLE login_attempt (
    state_digest bytea PRIMARY KEY,
    browser_digest bytea NOT NULL,
    content bytea NOT NULL,
    expires_at timestamptz NOT NULL
);
COMMENT ON COLUMN login_attempt.content IS 'locked: nonce, code verifier, where to go on';
CREATE INDEX login_attempt_expires ON login_attempt (expires_at);
"""


def upgrade() -> None:
    """Make the tables (`pre`)."""
    for statement in (_SESSION, _ATTEMPT):
        op.execute(statement)
