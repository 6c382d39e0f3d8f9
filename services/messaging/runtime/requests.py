"""Takes requests from a service's RPC queue and hands each to the method that it names."""

import json
import time
from typing import Any

from nameko.extensions import SharedExtension

from services.messaging import metrics
from services.messaging.log import get_logger
from services.messaging.runtime.broker import Broker, Delivery
from services.messaging.runtime.dead_letters import bury
from services.messaging.topology import RPC_EXCHANGE, rpc_queue

log = get_logger()

_DEADLINE = "nameko.deadline_ms"
FAULT = {"status": "fault"}


class RequestConsumer(SharedExtension):
    """Shared by all RPC entrypoints of a service."""

    broker = Broker()

    def __init__(self) -> None:
        super().__init__()
        self._entrypoints: dict[str, Any] = {}

    def add(self, entrypoint: Any) -> None:
        """Know an entrypoint by its method's name."""
        self._entrypoints[entrypoint.method_name] = entrypoint

    def start(self) -> None:
        """Begin to listen."""
        self.broker.consume(
            rpc_queue(self.container.service_name), self._take, prefetch=self.container.config["workers"]
        )

    def drain(self) -> None:
        """Finish what has begun."""
        self.broker.drain()

    def answer(self, delivery: Delivery, answer: dict[str, Any]) -> None:
        """Reply, then acknowledge: a crash in between repeats the request, and its key makes that harmless."""
        body = json.dumps({"result": answer, "error": None}, separators=(",", ":"), default=str).encode()
        delivery.reply(
            str(delivery.properties["reply_to"]), delivery.properties.get("correlation_id"), body, RPC_EXCHANGE
        )
        delivery.ack()

    def _take(self, delivery: Delivery) -> None:
        """Check the frame, then spawn the worker. What cannot even be answered becomes a dead letter."""
        if not delivery.properties.get("reply_to"):
            self._bury(delivery, "no-reply-to")
            return
        deadline = delivery.headers.get(_DEADLINE)
        if isinstance(deadline, int) and deadline < time.time() * 1000:
            metrics.rpc_handled.labels("any", "expired").observe(0)
            delivery.ack()
            return
        kwargs = _arguments(delivery.body)
        if kwargs is None:
            self.answer(delivery, {"status": "malformed", "errors": {"body": ["Not a Nameko request."]}})
            return
        entrypoint = self._entrypoints.get(delivery.routing_key.rpartition(".")[2])
        if entrypoint is None:
            self.answer(delivery, {"status": "malformed", "errors": {"method": ["There is no such method."]}})
            return
        self.container.spawn_worker(
            entrypoint, (delivery, kwargs), {}, handle_result=lambda *_: self.answer(delivery, FAULT)
        )

    def _bury(self, delivery: Delivery, reason: str) -> None:
        self.container.spawn_managed_thread(lambda: bury(self.broker, delivery, reason), identifier="bury")


def _arguments(body: bytes) -> dict[str, Any] | None:
    """Return a request's keyword arguments, or None when the body is no request."""
    try:
        request = json.loads(body)
        args, kwargs = request["args"], request["kwargs"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return kwargs if args == [] and isinstance(kwargs, dict) else None
