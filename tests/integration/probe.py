"""Handles for the messaging tests: a probe service as a real process, and a bare AMQP channel to mistreat it with."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pika
from sqlalchemy import Engine, text

from services.messaging.envelope import Envelope
from services.messaging.topology import dead_letter_queue, event_queue, retry_queue

ROOT = Path(__file__).resolve().parents[2]
QUEUE = event_queue("probe", "prober")
WIDE = 40.0


def eventually(condition: Callable[[], Any], *, within: float = WIDE, what: str = "") -> Any:
    """Return the first true value of a condition; fail when there is none within a wide margin."""
    deadline = time.monotonic() + within
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what or condition}")
        time.sleep(0.05)


def later(call: Callable[[], Any]) -> Callable[[], Any]:
    """Run a call in a thread; return a function that waits for its result or error."""
    results: list[Any] = []

    def run() -> None:
        try:
            results.append(call())
        except Exception as error:
            results.append(error)

    thread = threading.Thread(target=run)
    thread.start()

    def outcome() -> Any:
        thread.join(60)
        return results[0]

    return outcome


class Broker:
    """A channel that knows nothing of Balie's code."""

    def __init__(self, url: str) -> None:
        self._connection = pika.BlockingConnection(pika.URLParameters(url))
        self.channel = self._connection.channel()

    def close(self) -> None:
        self._connection.close()

    def send(self, body: bytes, *, queue: str = QUEUE, **properties: Any) -> None:
        self.channel.basic_publish("", queue, body, pika.BasicProperties(**properties))

    def depth(self, queue: str) -> int:
        return self.channel.queue_declare(queue, passive=True).method.message_count

    def take(self, queue: str) -> tuple[Any, bytes] | None:
        method, properties, body = self.channel.basic_get(queue, auto_ack=True)
        return None if method is None else (properties, body)

    def empty(self) -> None:
        for queue in (QUEUE, dead_letter_queue(QUEUE), retry_queue(QUEUE, 5), "rpc-probe", "rpc-probe.dead"):
            self.channel.queue_purge(queue)


class Probe:
    """The probe service as a process, with its database."""

    def __init__(self, engine: Engine, environment: dict[str, str], log_file: Path, ops_port: int) -> None:
        self.engine = engine
        self.ops_port = ops_port
        self._environment = environment | {"BALIE_OPS_PORT": str(ops_port)}
        self._log_file = log_file
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self, *, wait: bool = True) -> None:
        with self._log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.integration.probe_service"],
                cwd=ROOT,
                env=os.environ | self._environment,
                stdout=log,
                stderr=log,
            )
        if wait:
            eventually(self.ready, what=f"probe ready; its log: {self._log_file.read_text()[-2000:]}")

    def ready(self) -> bool:
        return self._get("/health/ready") == 200

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _get(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ops_port}{path}", timeout=5) as answer:
                return int(answer.status)
        except OSError:
            return 0

    def metrics(self) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ops_port}/metrics", timeout=5) as answer:
            return answer.read().decode()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Stop the process with a signal and return its exit code."""
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(number)
        return self._process.wait(timeout=WIDE)

    def wait(self) -> int:
        assert self._process is not None
        return self._process.wait(timeout=WIDE)

    def log(self) -> str:
        return self._log_file.read_text()

    def effects(self, event_id: UUID | None = None) -> int:
        query = "SELECT count(*) FROM effect"
        if event_id is not None:
            query += " WHERE event_id = :id"
        with self.engine.connect() as connection:
            return int(connection.execute(text(query), {"id": event_id}).scalar_one())


def poke(
    amount: int = 1, *, about: UUID | None = None, version: int = 1, kind: str = "nl.proef.gepord", **data: Any
) -> Envelope:
    """Return an event that the probe reacts to."""
    return Envelope(
        id=uuid4(),
        type=kind,
        source="prober",
        aggregate_id=about or uuid4(),
        version=version,
        occurred_at=datetime.now(UTC),
        correlation_id=str(uuid4()),
        causation_id=None,
        data={"amount": amount, "version": version} | data,
    )
