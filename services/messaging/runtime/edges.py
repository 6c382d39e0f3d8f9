"""The decorators of a service class: each validates, opens the one transaction, and answers or settles.

@rpc_query(GetTimeline, reply=Timeline)       a question: no transaction, nothing written
@rpc_command(ConfirmHold, reply=Appointment)  idempotency key + effect + outbox + stored reply: one transaction
@reacts_to(AppointmentBooked)                 inbox + effect + outbox: one transaction, then the acknowledgement
@reacts_to(*civil_registry.EVENTS)            one method for many types
"""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from eventlet import Timeout
from nameko.extensions import DependencyProvider, Entrypoint

from services.contracts import base
from services.messaging import bundle, idempotency, metrics, strokes
from services.messaging.bundle import Call
from services.messaging.database import Transactions, is_down, may_pass
from services.messaging.errors import Malformed, Refusal, Unavailable
from services.messaging.log import get_logger, is_correlation_id, set_correlation
from services.messaging.runtime.broker import Delivery
from services.messaging.runtime.events import EventConsumer
from services.messaging.runtime.requests import RequestConsumer

log = get_logger()

WORKER_SECONDS = 30
_CONTEXT = "nameko."
_TRIES = 3


class Given(DependencyProvider):
    """An object that the service was started with: `links = Given("links")`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def get_dependency(self, _: Any) -> Any:
        """Return the object for this worker."""
        return self.container.config["given"][self._name]


class _RpcEntrypoint(Entrypoint):
    """Answers one kind of request. Answers are data with a status, so that no Python path crosses the wire."""

    requests = RequestConsumer()

    def __init__(self, request: Any, *, reply: Any, completed_by: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.request = request
        self.reply = reply
        self.completed_by = completed_by

    def setup(self) -> None:
        """Take requests for this method."""
        self.requests.add(self)

    def stop(self) -> None:
        """Finish what has begun."""
        self.requests.drain()

    @property
    def transactions(self) -> Transactions:
        """Return the service's way to its database."""
        transactions: Transactions = self.container.config["transactions"]
        return transactions

    def perform(self, method: Callable[..., Any], delivery: Delivery, kwargs: dict[str, Any]) -> None:
        """Answer one request and settle it. Never raises."""
        started = time.monotonic()
        correlation_id = str(delivery.headers.get(_CONTEXT + "correlation_id"))
        set_correlation(correlation_id if is_correlation_id(correlation_id) else "")
        answer = self._answer(method, delivery, kwargs)
        self.requests.answer(delivery, answer)
        metrics.rpc_handled.labels(self.method_name, answer["status"]).observe(time.monotonic() - started)

    def _answer(self, method: Callable[..., Any], delivery: Delivery, kwargs: dict[str, Any]) -> dict[str, Any]:
        for attempt in range(1, _TRIES + 1):
            try:
                with Timeout(WORKER_SECONDS):
                    asked = base.load(self.request, kwargs)
                    return {"status": "done", "reply": self._run(method, delivery, kwargs, asked)}
            except Refusal as refusal:
                log.info("refused", method=self.method_name, code=refusal.code)
                return {"status": "refused", "code": refusal.code, "detail": refusal.detail, "facts": refusal.facts}
            except Malformed as malformed:
                return {"status": "malformed", "errors": malformed.errors}
            except Unavailable as unavailable:
                return _unavailable(unavailable.detail, unavailable.retry_after_seconds)
            except Timeout:
                log.warning("worker_timeout", method=self.method_name)
                return _unavailable("This takes longer than usual. Try again in a moment.", 5)
            except Exception as error:
                if (is_down(error) or may_pass(error)) and attempt < _TRIES:
                    continue
                if is_down(error) or may_pass(error):
                    log.warning("database_unavailable", method=self.method_name, error=type(error).__name__)
                    return _unavailable("The database cannot be reached. Try again in a moment.", 3)
                log.error("request_failed", method=self.method_name, exc_info=True)
                return {"status": "fault"}
        raise AssertionError  # the last attempt always returns

    def _run(
        self, method: Callable[..., Any], delivery: Delivery, kwargs: dict[str, Any], asked: dict[str, Any]
    ) -> dict[str, Any]:
        raise NotImplementedError


class RpcQuery(_RpcEntrypoint):
    """A question: read only."""

    def _run(
        self, method: Callable[..., Any], delivery: Delivery, kwargs: dict[str, Any], asked: dict[str, Any]
    ) -> dict[str, Any]:
        with self.transactions.reading() as reading:
            return base.dump(self.reply, method(reading, asked))


class RpcCommand(_RpcEntrypoint):
    """A command: happens once per Idempotency-Key.

    `at_once` names a method that may do the same as one single statement (see `Stroke`) for the calls of a bundle: it
    returns for each what is to be done, or None, when it cannot. Who is not served so comes again alone, and takes the
    thorough way.
    """

    def __init__(self, request: Any, *, at_once: str | None = None, **kwargs: Any) -> None:
        super().__init__(request, **kwargs)
        self.at_once = at_once

    def perform(self, method: Callable[..., Any], delivery: Delivery, kwargs: dict[str, Any]) -> None:
        """Answer one request, or those calls of a bundle that can be done together, and settle it. Never raises."""
        if bundle.HEADER not in delivery.headers:
            super().perform(method, delivery, kwargs)
            return
        calls = bundle.unpack(kwargs)
        if calls is None:
            self.requests.answer(delivery, {"status": "malformed", "errors": {"calls": ["Not a bundle of calls."]}})
            return
        answers = self._answers_at_once(method, self.at_once, calls) if self.at_once else {}
        self.requests.answer(delivery, bundle.answered(answers))

    def _answers_at_once(self, method: Callable[..., Any], at_once: str, calls: list[Call]) -> dict[str, Any]:
        """Return the answers to those calls of a bundle that can be done together; the others change nothing."""
        started = time.monotonic()
        metrics.bundle_calls.labels(self.method_name).observe(len(calls))
        set_correlation("")  # each has its own
        loaded = []
        for call in calls:
            with suppress(Malformed):
                loaded.append((call, base.load(self.request, call.request)))
        try:
            with Timeout(WORKER_SECONDS):
                replies = strokes.at_once(
                    self.transactions,
                    self.method_name,
                    loaded,
                    getattr(method.__self__, at_once),  # type: ignore[attr-defined]
                    answer=lambda reply: base.dump(self.reply, reply),
                )
                answers = {
                    call.id: {"status": "done", "reply": self._completed(method, reply)}
                    for (call, _), reply in zip(loaded, replies, strict=True)
                    if reply is not None
                }
        except (Exception, Timeout) as error:
            log.warning("bundle_failed", method=self.method_name, error=type(error).__name__)
            return {}
        for _ in answers:
            metrics.rpc_handled.labels(self.method_name, "done").observe(time.monotonic() - started)
        return answers

    def _run(
        self, method: Callable[..., Any], delivery: Delivery, kwargs: dict[str, Any], asked: dict[str, Any]
    ) -> dict[str, Any]:
        key = delivery.headers.get(_CONTEXT + "idempotency_key")
        if not isinstance(key, str) or not key:
            raise Malformed({"idempotency_key": ["Missing: every command needs one."]})
        with self.transactions.work() as work:
            reply = idempotency.earlier_reply(work, operation=self.method_name, key=key, request=kwargs)
            if reply is None:
                reply = base.dump(self.reply, method(work, asked))
                idempotency.keep_reply(work, operation=self.method_name, key=key, reply=reply)
        return self._completed(method, reply)

    def _completed(self, method: Callable[..., Any], reply: dict[str, Any]) -> dict[str, Any]:
        if self.completed_by is None:
            return reply
        completed: dict[str, Any] = getattr(method.__self__, self.completed_by)(reply)  # type: ignore[attr-defined]
        return completed


class Reaction(Entrypoint):
    """Something that another service's event, of one or more types, makes this one do, exactly once."""

    events = EventConsumer()

    def __init__(self, *contracts: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.contracts = contracts

    def setup(self) -> None:
        """Hear events of these types."""
        self.events.add(self)

    def stop(self) -> None:
        """Finish what has begun."""
        self.events.drain()

    def perform(self, method: Callable[..., Any], delivery: Delivery, envelope: Any) -> None:
        """React to one delivery and settle it. Never raises."""
        self.events.perform(method, delivery, envelope)


def _unavailable(detail: str, retry_after_seconds: int) -> dict[str, Any]:
    return {"status": "unavailable", "detail": detail, "retry_after_seconds": retry_after_seconds}


rpc_query = RpcQuery.decorator
rpc_command = RpcCommand.decorator
reacts_to = Reaction.decorator
