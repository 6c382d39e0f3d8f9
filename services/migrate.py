"""`python -m services.migrate [DATABASE ...]`: makes the databases that are missing and brings each up to date.

Each service keeps its Alembic migrations in `services/<service>/migrations/`, the gateway those of its sessions in
`gateway/migrations/`; the name of the newest one stands in `.current-head`, so that two rival migrations conflict in
git and not in production. Migrations are read as files: nothing of the gateway is imported here.
"""

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from services.contracts.subscriptions import SERVICES
from services.messaging.log import configure, get_logger
from services.messaging.settings import database_url

log = get_logger()

DATABASES = (*SERVICES, "gateway")

_SERVICES_FOLDER = Path(__file__).resolve().parent


def create_database(url: str) -> bool:
    """Make the database of an address when it is not there; return whether it was made.

    Raises: OperationalError (no connection), ProgrammingError (no right to make a database).
    """
    target = make_url(url)
    server = create_engine(target.set(database="postgres"), isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            known = connection.execute(
                text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": target.database}
            ).first()
            if known:
                return False
            connection.execute(text(f"CREATE DATABASE \"{target.database}\" ENCODING 'UTF8' TEMPLATE template0"))
            return True
    finally:
        server.dispose()


def migrate(service: str, url: str) -> None:
    """Bring the database of a service, or of the gateway, to its newest schema."""
    owner = _SERVICES_FOLDER.parent / "gateway" if service == "gateway" else _SERVICES_FOLDER / service
    config = Config()
    config.set_main_option("script_location", str(owner / "migrations"))
    config.attributes["url"] = url
    command.upgrade(config, "head")


def main(services: list[str]) -> None:
    """Create and migrate the named databases."""
    configure(service="all", process="migrate")
    for service in services:
        url = database_url(service).reveal()
        try:
            made = create_database(url)
        except (OperationalError, ProgrammingError) as error:
            raise SystemExit(
                f"The database of {service} cannot be reached or made ({type(error).__name__}). "
                "Check BALIE_DATABASE_URL: the server must run, and its user must own or be able to make the database."
            ) from None
        migrate(service, url)
        log.info("database_migrated", kind=service, outcome="created" if made else "kept")


if __name__ == "__main__":
    unknown = set(sys.argv[1:]) - set(DATABASES)
    if unknown:
        raise SystemExit(f"Unknown database: {', '.join(sorted(unknown))}. Known: {', '.join(DATABASES)}.")
    main(sys.argv[1:] or list(DATABASES))
