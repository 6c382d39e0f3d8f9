"""Creates messaging's tables from a service's first migration."""

from typing import Any

from sqlalchemy import MetaData

from services.messaging.tables import messaging_tables


def create_messaging_tables(op: Any) -> None:
    """Create outbox, inbox, stored replies and the rest in the database of the running migration."""
    metadata = MetaData()
    messaging_tables(metadata)
    metadata.create_all(op.get_bind())
