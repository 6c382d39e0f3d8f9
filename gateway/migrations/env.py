"""Alembic's entry: the schema that the code expects, on the address that `services.migrate` gives."""

from gateway.login.tables import metadata
from services.messaging.alembic_env import run_migrations

run_migrations(metadata)
