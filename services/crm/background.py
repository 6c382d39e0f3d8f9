"""The timers of the CRM, as a process without eventlet: `python -m services.crm.background`."""

from services.crm import figures, storage
from services.crm.digests import Digests
from services.crm.settings import SERVICE, read_settings
from services.crm.timers import Linker
from services.messaging import log
from services.messaging.background import Job, run_jobs
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions, answers, engine
from services.messaging.rpc_client import RpcClient

LINK_EVERY_SECONDS = 0.5
COUNT_EVERY_SECONDS = 10


def main() -> None:
    """Run the timers until told to stop."""
    settings = read_settings()
    log.configure(service=SERVICE, process="background", level=settings.log_level)
    pool = engine(settings.database_url, pool_size=3)
    transactions = Transactions(pool, SystemClock(), source=SERVICE)
    services = RpcClient(settings.amqp_url.reveal(), name=f"{SERVICE}-background")
    linker = Linker(transactions, services, Digests.of(settings.secret_key))

    def count() -> bool:
        with transactions.reading() as reading:
            figures.waiting_for_customer.set(storage.waiting_count(reading))
        return False

    run_jobs(
        [Job("link", LINK_EVERY_SECONDS, linker.link_next), Job("count", COUNT_EVERY_SECONDS, count)],
        ops_port=settings.ops_port,
        ready={"broker": lambda: services.connected, "database": lambda: answers(pool)},
    )


if __name__ == "__main__":
    main()
