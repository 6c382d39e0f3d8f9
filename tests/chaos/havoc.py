"""What may happen to a town: processes and servers are killed and frozen, messages doubled, shuffled and garbled."""

import contextlib
import os
import random
import signal
import threading
import time
from collections import Counter

import pika
from sqlalchemy import text

from services.messaging.topology import event_exchange, event_queue
from tests.chaos.town import ChaosTown

_GARBAGE = (
    b"",
    b"{not json",
    b"null",
    b"\xff\xfe\x00",
    b"[" * 20_000,
    b'{"specversion":"1.0","data":{}}',
    b"x" * 70_000,
)
_VICTIM_QUEUES = (event_queue("crm", "appointments"), event_queue("notifications", "appointments"))


class Havoc(threading.Thread):
    """Does one bad thing after the other, in an order that the seed decides."""

    def __init__(self, town: ChaosTown, stopping: threading.Event, *, seed: int) -> None:
        super().__init__(name="havoc", daemon=True)
        self._town = town
        self._stopping = stopping
        self._chance = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.garbage = 0

    def run(self) -> None:
        while not self._stopping.wait(self._chance.uniform(0.5, 3.0)):
            act = self._chance.choices((self._kill, self._freeze, self._double, self._garble), (6, 2, 2, 1))[0]
            try:
                act()
            except (OSError, pika.exceptions.AMQPError) as error:
                self.done[f"not done ({type(error).__name__})"] += 1
            except Exception as error:  # the database is away: it was one of ours
                self.done[f"not done ({type(error).__name__})"] += 1

    def _victim(self) -> str:
        return self._chance.choice(self._town.victims)

    def _kill(self) -> None:
        victim = self._victim()
        if self._town.kill(victim, signal.SIGKILL):
            self.done[f"killed {victim}"] += 1
        if self._town.nodes > 1:  # a cluster promises to bear one loss at a time
            while not self._town.all_ready() and not self._stopping.wait(0.5):
                pass
        elif victim in ("postgres", "rabbitmq"):  # let it come back before the next blow lands on the same spot
            self._stopping.wait(self._chance.uniform(3, 8))

    def _freeze(self) -> None:
        victim = self._victim()
        pid = self._town.pid(victim)
        if pid is None:
            return
        self.done[f"froze {victim}"] += 1
        try:
            self._signal(pid, signal.SIGSTOP)
            time.sleep(self._chance.uniform(0.5, 4))
        finally:
            self._signal(pid, signal.SIGCONT)

    @staticmethod
    def _signal(pid: int, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(os.getpgid(pid), number)

    def _double(self) -> None:
        """Publish events of the past once more, in any order."""
        with self._town.engine("appointments").connect() as connection:
            bodies = list(
                connection.execute(text("SELECT type, body FROM event_log ORDER BY published_at DESC LIMIT 40"))
            )
        self._chance.shuffle(bodies)
        self._publish([(event_exchange("appointments"), row.type, bytes(row.body)) for row in bodies[:10]])
        self.done["doubled and shuffled events"] += len(bodies[:10])

    def _garble(self) -> None:
        queue, body = self._chance.choice(_VICTIM_QUEUES), self._chance.choice(_GARBAGE)
        self.garbage += 1
        self._publish([("", queue, body)])
        self.done["malformed messages"] += 1

    def _publish(self, messages: list[tuple[str, str, bytes]]) -> None:
        connection = self._town.broker()
        try:
            channel = connection.channel()
            channel.confirm_delivery()
            for exchange, routing_key, body in messages:
                channel.basic_publish(exchange, routing_key, body, pika.BasicProperties(delivery_mode=2))
        finally:
            connection.close()
