"""The servers that `make test` started, and how tests get a part of them for themselves."""

import itertools
import os
from functools import cache
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import create_engine, make_url, text

from deploy.local.place import TEST_VHOSTS
from services.migrate import create_database, migrate

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
"""Which of the processes this is that share the tests of a run among them."""
_vhost_numbers = itertools.count(int(WORKER), int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


class Servers:
    """One PostgreSQL and one RabbitMQ."""

    def __init__(self, *, database_url: str, amqp_url: str) -> None:
        self.database_url = database_url.rstrip("/")
        self.amqp_url = amqp_url
        self._template = cache(self._make_template)

    def database(self, name: str) -> str:
        """Return the address of a database."""
        return f"postgresql+psycopg2://{self.database_url.split('://', 1)[1]}/{name}"

    def new_database(self, service: str, *, prefix: str) -> str:
        """Make a database of a service at its newest schema, in place of one of that name; return its address."""
        url = self.database(f"{prefix}{service}")
        template = self._template(service)
        self._on_server(f'DROP DATABASE IF EXISTS "{prefix}{service}" WITH (FORCE)')
        self._on_server(f'CREATE DATABASE "{prefix}{service}" TEMPLATE "{template}"')
        return url

    def _make_template(self, service: str) -> str:
        """Migrate once, copy often."""
        name = f"template{WORKER}_{service}"
        self._on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        create_database(self.database(name))
        migrate(service, self.database(name))
        return name

    def vhost(self, name: str) -> str:
        """Return the broker's address with another virtual host."""
        return urlunsplit(urlsplit(self.amqp_url)._replace(path=f"/{name}"))

    def new_vhost(self) -> str:
        """Return the address of a virtual host that nobody else uses in this run."""
        number = next(_vhost_numbers)
        if number >= len(TEST_VHOSTS):
            raise RuntimeError("No spare virtual host is left: raise the number in deploy/local/place.py.")
        return self.vhost(TEST_VHOSTS[number])

    def _on_server(self, statement: str) -> None:
        server = create_engine(make_url(self.database("postgres")), isolation_level="AUTOCOMMIT")
        try:
            with server.connect() as connection:
                connection.execute(text(statement))
        finally:
            server.dispose()
