"""Fixtures of the messaging tests: the probe and its broker."""

import os

import pytest
from sqlalchemy import MetaData, text

from services.messaging.database import engine
from services.messaging.rpc_client import RpcClient
from services.messaging.settings import database_url
from services.messaging.tables import messaging_tables
from services.migrate import create_database
from tests.integration.probe import Broker, Probe

OPS_PORT = int(os.environ.get("BALIE_TEST_BASE_PORT", "18500")) + 70


@pytest.fixture(scope="session")
def probe_engine(servers):
    url = database_url("probe").reveal()
    create_database(url)
    pool = engine(url, pool_size=20)
    metadata = MetaData()
    messaging_tables(metadata)
    metadata.drop_all(pool)
    metadata.create_all(pool)
    with pool.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS effect"))
        connection.execute(text("CREATE TABLE effect (id serial PRIMARY KEY, amount int NOT NULL, event_id uuid)"))
    yield pool
    pool.dispose()


@pytest.fixture(scope="session")
def running_probe(probe_engine, tmp_path_factory):
    probe = Probe(probe_engine, {}, tmp_path_factory.mktemp("probe") / "probe.log", OPS_PORT)
    yield probe
    probe.stop()


@pytest.fixture
def broker(servers):
    channel = Broker(os.environ["BALIE_AMQP_URL"])
    yield channel
    channel.close()


@pytest.fixture
def probe(running_probe, broker):
    """A probe that is up, with empty tables and queues."""
    if not running_probe.alive():
        running_probe.start()
    broker.empty()
    with running_probe.engine.begin() as connection:
        connection.execute(
            text("TRUNCATE effect, outbox, inbox, event_log, idempotency, seen_version, parked, setback, operator_act")
        )
    return running_probe


@pytest.fixture
def rpc(servers):
    client = RpcClient(os.environ["BALIE_AMQP_URL"], name="tests")
    yield client
    client.close()
