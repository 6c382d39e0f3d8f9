"""The gateway's own tables: sessions, and log-ins that are under way. Nothing here is a fact of the town."""

from sqlalchemy import CheckConstraint, Column, DateTime, Index, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()

_DIGEST_BYTES = 32

session = Table(
    "session",
    metadata,
    # The id itself is in the visitor's cookie only: who reads this table can take nobody's place.
    Column("id_digest", LargeBinary, primary_key=True),
    Column("login", Text, nullable=False),
    Column("person_digest", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="locked: who it is, his level and roles"),
    Column("idle_seconds", Integer, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("idle_until", DateTime(timezone=True), nullable=False, comment="moves with each sign of life"),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    CheckConstraint(f"octet_length(id_digest) = {_DIGEST_BYTES}", name="session_id_is_digest"),
    CheckConstraint("started_at < idle_until AND idle_until <= ends_at", name="session_times_in_order"),
    CheckConstraint("idle_seconds > 0", name="session_idles"),
    Index("session_person", "person_digest"),
    # No index on idle_until: an update of each page view then touches one page, and the sweep reads few rows.
)

login_attempt = Table(
    "login_attempt",
    metadata,
    Column("state_digest", LargeBinary, primary_key=True),
    Column("browser_digest", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="locked: nonce, code verifier, where to go on"),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Index("login_attempt_expires", "expires_at"),
)
