"""Codes by mail, and to whom each went, as long as they live.

`pre`: older code does not know the table.
"""

from alembic import op

revision = "0006_codes"
down_revision = "0005_waiting_list"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE mail_code (
            id uuid PRIMARY KEY,
            email text NOT NULL,
            language text NOT NULL,
            attempts smallint NOT NULL,
            expires_at timestamptz NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX mail_code_email ON mail_code (lower(email))")


def downgrade() -> None:
    op.execute("DROP TABLE mail_code")
