"""Waiting for what was started, and for what the caller named; each answer says what is wrong."""

import logging
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pika
import psycopg2
from pika.exceptions import AMQPError

from deploy.local.place import Place, host_and_port
from deploy.local.progress import Trouble


def database_trouble(url: str) -> str:
    """Return why a PostgreSQL server cannot be used, or an empty text."""
    try:
        psycopg2.connect(f"{url.rstrip('/')}/postgres", connect_timeout=3).close()
    except psycopg2.OperationalError as error:
        return str(error).strip().splitlines()[-1]
    return ""


def broker_trouble(url: str) -> str:
    """Return why a RabbitMQ server cannot be used, or an empty text."""
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    parameters = pika.URLParameters(url)
    parameters.socket_timeout = parameters.stack_timeout = 5
    try:
        pika.BlockingConnection(parameters).close()
    except (AMQPError, OSError) as error:
        return repr(error)
    return ""


def readiness_trouble(url: str) -> str:
    """Return why a process is not ready (`/health/ready`), or an empty text."""
    try:
        with urllib.request.urlopen(url, timeout=3):
            return ""
    except urllib.error.HTTPError as error:
        return error.read(300).decode(errors="replace")
    except OSError as error:
        return str(error)


def wait_until(
    trouble: Callable[[], str],
    *,
    what: str,
    seconds: float,
    check: Callable[[], None] = lambda: None,
    log: Path | None = None,
) -> None:
    """Wait until `trouble` finds none; `check` may raise when waiting is of no use.

    Raises: Trouble (it takes too long).
    """
    deadline = time.monotonic() + seconds
    while reason := trouble():
        check()
        if time.monotonic() > deadline:
            raise Trouble(f"{what} is not ready after {seconds:.0f} s: {reason}", log=log)
        time.sleep(0.1)


def check_given(place: Place) -> None:
    """Check that the servers that the caller named can be used.

    Raises: Trouble.
    """
    for name, url, trouble in (
        ("BALIE_DATABASE_URL", place.given_database, database_trouble),
        ("BALIE_AMQP_URL", place.given_broker, broker_trouble),
    ):
        if url and (reason := trouble(url)):
            raise Trouble(
                f"{name} points at {host_and_port(url)}, but: {reason}.\n"
                "Correct it, or unset it: then a server of our own is started."
            )
