"""The outbox relay of one service, as a process: `python -m services.relay SERVICE`."""

import sys

from services.contracts.subscriptions import SERVICES, SUBSCRIPTIONS
from services.messaging import log
from services.messaging.background import Job, run_jobs
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions, answers, engine
from services.messaging.dead_letter_desk import Desk
from services.messaging.publisher import ConfirmedPublisher
from services.messaging.relay import IDLE_SECONDS, Relay, sweep
from services.messaging.settings import ProcessSettings
from services.messaging.topology import build


def main(service: str) -> None:
    """Run the relay of a service until it is told to stop."""
    settings = ProcessSettings.read(service)
    log.configure(service=service, process="relay", level=settings.log_level)
    pool = engine(settings.database_url, pool_size=3)
    clock = SystemClock()
    topology = build(SUBSCRIPTIONS, rpc_queue_type=settings.rpc_queue_type)
    publisher = ConfirmedPublisher(settings.amqp_url.reveal(), topology, name=f"{service}-relay")
    relay = Relay(pool, publisher, clock, service=service)
    transactions = Transactions(pool, clock, source=service)
    desk = Desk(settings.amqp_url.reveal(), topology, of=service)
    run_jobs(
        [
            Job("relay", IDLE_SECONDS, relay.run_once),
            Job("sweep", 3600, lambda: sweep(transactions)),
            Job("dead-letters", 15, desk.measure),
        ],
        ops_port=settings.ops_port,
        ready={"broker": lambda: publisher.connected, "database": lambda: answers(pool)},
    )


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in SERVICES:  # noqa: PLR2004 - the name itself and one argument
        raise SystemExit(f"Usage: python -m services.relay [{'|'.join(SERVICES)}]")
    main(sys.argv[1])
