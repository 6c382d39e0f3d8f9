"""Looks for citizen service numbers where none may stand in the clear: in dumps, messages, logs and files."""

import base64
import subprocess
from collections.abc import Collection

import pika
from sqlalchemy import make_url

from services.contracts.subscriptions import SUBSCRIPTIONS
from services.messaging.topology import build


def ways_to_write(number: str) -> frozenset[bytes]:
    """Return how a number can lie somewhere unsealed: as digits, as hex (so does pg_dump write bytes), as base64."""
    plain = number.encode()
    ways = {plain, plain.hex().encode()}
    for offset in range(3):
        coded = base64.b64encode(bytes(offset) + plain)
        first, after_last = -(-offset * 8 // 6), (offset + len(plain)) * 8 // 6  # signs that no neighbour changes
        ways.add(coded[first:after_last])
    return frozenset(ways)


def found(numbers: Collection[str], content: bytes) -> list[str]:
    """Return which of the numbers stand in a content."""
    return [number for number in numbers if any(way in content for way in ways_to_write(number))]


def dump(database_url: str) -> bytes:
    """Return a whole database as text: every row of every table."""
    address = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    return subprocess.run(["pg_dump", f"--dbname={address}"], capture_output=True, check=True).stdout


class Tap:
    """Hears each fact, request and reply that passes the broker, from now on."""

    def __init__(self, amqp_url: str) -> None:
        address = pika.URLParameters(amqp_url)
        address.heartbeat = 0  # nobody answers heartbeats while the test does something else
        self._connection = pika.BlockingConnection(address)
        self._channel = self._connection.channel()
        self._queue = str(self._channel.queue_declare("", exclusive=True).method.queue)
        for exchange in build(SUBSCRIPTIONS).exchanges:
            self._channel.queue_bind(self._queue, exchange, "#")

    def heard(self) -> bytes:
        """Return all that passed, with routing keys and headers, and forget it."""
        return b"\n".join(_all_of(self._channel, self._queue, keep=False))

    def waiting(self) -> bytes:
        """Return what lies in the queues of the town, its dead letters too, and leave it there."""
        lying = []
        for queue in build(SUBSCRIPTIONS).queues:
            channel = self._connection.channel()
            lying += _all_of(channel, queue.name, keep=True)
            channel.close()  # hands everything back
        return b"\n".join(lying)

    def close(self) -> None:
        self._connection.close()


def _all_of(channel: pika.adapters.blocking_connection.BlockingChannel, queue: str, *, keep: bool) -> list[bytes]:
    taken: list[bytes] = []
    while True:
        method, properties, body = channel.basic_get(queue, auto_ack=not keep)
        if method is None:
            return taken
        taken.append(f"{method.routing_key} {properties!r} ".encode() + body)
