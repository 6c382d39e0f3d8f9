"""A lasting AMQP connection for processes without eventlet: one I/O thread, pika's SelectConnection, reconnects.

Everything that touches the connection runs in the I/O thread; other threads hand work over with `soon`.
"""

import random
import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pika
from pika.adapters.select_connection import SelectConnection
from pika.channel import Channel

from services.messaging.log import get_logger
from services.messaging.topology import Topology

log = get_logger()

HEARTBEAT_SECONDS = 30
_FIRST_DELAY_SECONDS = 0.2
_LONGEST_DELAY_SECONDS = 3.0


class Link:
    """Keeps one connection with one channel open for as long as the process lives.

    `opened(channel)` is called in the I/O thread after each (re)connection, `lost(reason)` after each loss.
    Several broker addresses may be given, separated by `;`: they are tried in turn.
    """

    def __init__(
        self, amqp_url: str, *, name: str, opened: Callable[[Channel], None], lost: Callable[[str], None]
    ) -> None:
        self._urls = [part for part in amqp_url.split(";") if part]
        self._name = name
        self._opened = opened
        self._lost = lost
        self._attempt = 0
        self._delay = _FIRST_DELAY_SECONDS
        self._connection: SelectConnection | None = None
        self._closing = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"amqp-{name}", daemon=True)
        self._thread.start()

    def soon(self, callback: Callable[[], None]) -> None:
        """Run a callback in the I/O thread.

        Raises: ConnectionError (there is no connection now).
        """
        connection = self._connection
        if connection is None:
            raise ConnectionError("no connection to the broker")
        connection.ioloop.add_callback_threadsafe(callback)

    def drop(self, reason: str) -> None:
        """Give the connection up and make a new one: the broker does not do what it should."""
        log.warning("broker_connection_dropped", reason=reason)
        connection = self._connection
        if connection is not None:
            connection.ioloop.add_callback_threadsafe(lambda: self._abort(connection))

    def close(self) -> None:
        """Close the connection and end the thread."""
        self._closing.set()
        self._wake.set()
        connection = self._connection
        if connection is not None:
            connection.ioloop.add_callback_threadsafe(lambda: self._close(connection))
        self._thread.join(timeout=5)

    @staticmethod
    def _abort(connection: SelectConnection) -> None:
        connection._terminate_stream(ConnectionError("dropped"))

    @staticmethod
    def _close(connection: SelectConnection) -> None:
        if connection.is_open:
            connection.close()
        else:
            connection.ioloop.stop()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._connection = self._connect()
                self._connection.ioloop.start()
            except Exception:
                log.warning("broker_connection_failed", exc_info=True)
            ended, self._connection = self._connection, None
            if ended is not None:
                ended.ioloop.close()
            if self._closing.is_set():
                return
            self._lost("connection lost")
            self._wake.wait(self._delay * random.uniform(0.5, 1.0))
            self._delay = min(self._delay * 2, _LONGEST_DELAY_SECONDS)

    def _connect(self) -> SelectConnection:
        url = self._urls[self._attempt % len(self._urls)]
        self._attempt += 1
        parameters = pika.URLParameters(url)
        parameters.heartbeat = HEARTBEAT_SECONDS
        parameters.blocked_connection_timeout = 20
        parameters.socket_timeout = 3
        parameters.stack_timeout = 5
        parameters.tcp_options = {"TCP_KEEPIDLE": 20, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}
        parameters.client_properties = {"connection_name": self._name}
        where = urlsplit(url)
        log.debug("broker_connecting", host=where.hostname, port=where.port)
        return SelectConnection(
            parameters,
            on_open_callback=self._on_open,
            on_open_error_callback=lambda connection, _: connection.ioloop.stop(),
            on_close_callback=lambda connection, _: connection.ioloop.stop(),
        )

    def _on_open(self, connection: SelectConnection) -> None:
        connection.channel(on_open_callback=self._on_channel)

    def _on_channel(self, channel: Channel) -> None:
        channel.add_on_close_callback(self._on_channel_closed)
        self._delay = _FIRST_DELAY_SECONDS
        self._opened(channel)

    def _on_channel_closed(self, _: Channel, reason: Any) -> None:
        """A closed channel on an open connection is a broken contract (drift, no rights): report, start afresh."""
        connection = self._connection
        if connection is not None and connection.is_open:
            code = getattr(reason, "reply_code", 0)
            log.error("broker_channel_closed", code=code, reason=getattr(reason, "reply_text", "")[:200])
            self._delay = _LONGEST_DELAY_SECONDS
            connection.close()


def declare(channel: Channel, topology: Topology, then: Callable[[], None]) -> None:
    """Declare a topology on a channel and call `then` when the broker has answered all of it."""
    steps: list[Callable[..., Any]] = []
    for exchange in topology.exchanges:
        steps.append(partial(channel.exchange_declare, exchange, "topic", durable=True))
    for queue in topology.queues:
        steps.append(partial(channel.queue_declare, queue.name, durable=True, arguments=dict(queue.arguments)))
    for binding in topology.bindings:
        steps.append(partial(channel.queue_bind, binding.queue, binding.exchange, binding.routing_key))
    waiting = iter(steps)

    def proceed(_: Any = None) -> None:
        step = next(waiting, None)
        if step is None:
            then()
        else:
            step(callback=proceed)

    proceed()
