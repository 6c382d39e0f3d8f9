"""Takes requests from a service's RPC queue and hands each to the method that it names."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
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
        body = orjson.dumps({"result": answer, "error": None}, default=str)
        delivery.answer(
            str(delivery.properties["reply_to"]), delivery.properties.get("correlation_id"), body, RPC_EXCHANGE
        )

    def _take(self, delivery: Delivery) -> None:
        """Check the frame, then spawn the worker. What cannot even be answered becomes a dead letter."""
        if not delivery.properties.get("reply_to"):
            self._aside(lambda: bury(self.broker, delivery, "no-reply-to"))
            return
        deadline = delivery.headers.get(_DEADLINE)
        if isinstance(deadline, int) and deadline < time.time() * 1000:
            metrics.rpc_handled.labels("any", "expired").observe(0)
            self._aside(delivery.ack)
            return
        kwargs = _arguments(delivery.body)
        if kwargs is None:
            self._aside(partial(self.answer, delivery, _malformed("body", "Not a Nameko request.")))
            return
        entrypoint = self._entrypoints.get(delivery.routing_key.rpartition(".")[2])
        if entrypoint is None:
            self._aside(partial(self.answer, delivery, _malformed("method", "There is no such method.")))
            return
        self.container.spawn_worker(
            entrypoint, (delivery, kwargs), {}, handle_result=lambda *_: self.answer(delivery, FAULT)
        )

    def _aside(self, act: Callable[[], Any]) -> None:
        """Do something in a greenlet of its own: the reading one may hold the writing lock, and must never wait."""
        self.container.spawn_managed_thread(act, identifier="aside")


def _malformed(field: str, problem: str) -> dict[str, Any]:
    return {"status": "malformed", "errors": {field: [problem]}}


def _arguments(body: bytes) -> dict[str, Any] | None:
    """Return a request's keyword arguments, or None when the body is no request."""
    try:
        request = orjson.loads(body)
        args, kwargs = request["args"], request["kwargs"]
    except (ValueError, TypeError, KeyError):
        return None
    return kwargs if args == [] and isinstance(kwargs, dict) else None
