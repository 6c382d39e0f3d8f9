"""What each service's `migrations/env.py` does: run its migrations in one transaction on the address it is given."""

from alembic import context
from sqlalchemy import MetaData, create_engine


def run_migrations(metadata: MetaData) -> None:
    """Run the migrations that Alembic has chosen; `metadata` is the schema that the code expects."""
    url = context.config.attributes["url"]
    engine = create_engine(url, hide_parameters=True)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()
