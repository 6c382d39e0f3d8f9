"""${message}"""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Write what becomes true, and whether this runs before (`pre`) or after (`post`) the roll-out."""
    ${upgrades if upgrades else "raise NotImplementedError"}
