"""Runs a service class as a process: `serve(AppointmentsService, settings=settings, given={"links": links})`."""

import signal
import sys
import time
from collections.abc import Mapping
from typing import Any, NoReturn

import eventlet
from eventlet.event import Event as GreenEvent

from services.contracts.subscriptions import SUBSCRIPTIONS
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions, answers, engine
from services.messaging.log import get_logger
from services.messaging.ops import serve_ops
from services.messaging.runtime.broker import DRAIN_SECONDS, Broker
from services.messaging.runtime.container import BalieContainer
from services.messaging.runtime.events import PREFETCH
from services.messaging.settings import ProcessSettings
from services.messaging.topology import Subscriptions, build, publishers_for

log = get_logger()

_STALLED_AFTER_SECONDS = 20


def serve(
    service_cls: type,
    *,
    settings: ProcessSettings,
    given: Mapping[str, object] | None = None,
    subscriptions: Subscriptions = SUBSCRIPTIONS,
) -> NoReturn:
    """Run a service until SIGTERM or SIGINT; exits 1 when it cannot go on (a supervisor starts it again)."""
    event_workers = PREFETCH * len(publishers_for(settings.service, subscriptions))
    pool = engine(settings.database_url, pool_size=settings.workers + event_workers + 2)
    singles = engine(settings.database_url, pool_size=settings.workers, autocommit=True)
    container = BalieContainer(
        service_cls,
        {
            # As many workers as messages can be in hand: the reading greenlet never waits for one.
            "max_workers": settings.workers + event_workers,
            "workers": settings.workers,
            "amqp_url": settings.amqp_url.reveal(),
            "topology": build(subscriptions, rpc_queue_type=settings.rpc_queue_type),
            "subscriptions": subscriptions,
            "transactions": Transactions(pool, SystemClock(), source=settings.service, singles=singles),
            "given": dict(given or {}),
        },
    )
    broker = _broker_of(container)
    stop = GreenEvent()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: None if stop.ready() else stop.send(None))
    container.start()
    serve_ops(
        settings.ops_port,
        live=lambda: time.monotonic() - broker.alive_at < _STALLED_AFTER_SECONDS or not broker.consuming,
        ready={"broker": lambda: broker.consuming, "database": lambda: answers(pool)},
    )
    log.info("started")
    sys.exit(_wait(container, broker, stop))


def _wait(container: Any, broker: Broker, stop: GreenEvent) -> int:
    """Wait for a signal (then stop in order) or for the container's death; return the exit code."""
    while not stop.ready():
        if container._died.ready():
            log.error("container_died")
            return 1
        if broker.drifted:
            container.kill()
            return 1
        eventlet.sleep(0.1)
    in_order = False
    with eventlet.Timeout(DRAIN_SECONDS + 5, False):
        container.stop()
        in_order = True
    # What is still in hand goes to another process: the broker gives it out again.
    log.info("stopped" if in_order else "stopped_with_messages_in_hand")
    return 0


def _broker_of(container: Any) -> Broker:
    return next(extension for extension in container.extensions if isinstance(extension, Broker))
