"""Alembic's entry: the schema that the code expects, on the address that `services.migrate` gives."""

from services.messaging.alembic_env import run_migrations
from services.notifications.tables import metadata

run_migrations(metadata)
