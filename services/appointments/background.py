"""`python -m services.appointments.background`: ends holds, moves the horizon along, looks after affected visits."""

from services.appointments import queries, timers
from services.appointments.openings import find_strays, lay_out
from services.appointments.settings import SERVICE, read_settings
from services.messaging.background import Job, run_jobs
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions, answers, engine
from services.messaging.log import configure, get_logger

log = get_logger()

SWEEP_SECONDS = 5
WATCH_SECONDS = 600
STRAY_SECONDS = 60
HORIZON_SECONDS = 60 * 60
"""Changes something once a day; asked every hour, so that a new day opens soon after midnight."""


def jobs(transactions: Transactions) -> list[Job]:
    """Return what is due every so often."""

    def end_holds() -> bool:
        with transactions.work() as work:
            return timers.expire_holds(work) == timers.BATCH

    def extend_horizon() -> bool:
        lay_out(transactions)
        return False

    def settle_strays() -> bool:
        find_strays(transactions)
        return False

    def follow_affected() -> bool:
        with transactions.work() as work:
            return timers.follow_affected(work)

    def watch_capacity() -> bool:
        with transactions.reading() as reading:
            found = queries.capacity_drift(reading)
        for drift in found["drifts"]:
            log.error("capacity_drift", line=drift["line_id"], on=drift["on"])
        return False

    return [
        Job(name="expire-holds", every_seconds=SWEEP_SECONDS, run=end_holds),
        Job(name="follow-affected", every_seconds=SWEEP_SECONDS, run=follow_affected),
        Job(name="settle-strays", every_seconds=STRAY_SECONDS, run=settle_strays),
        Job(name="extend-horizon", every_seconds=HORIZON_SECONDS, run=extend_horizon),
        Job(name="watch-capacity", every_seconds=WATCH_SECONDS, run=watch_capacity),
    ]


if __name__ == "__main__":
    settings = read_settings()
    configure(service=SERVICE, process="background", level=settings.log_level)
    pool = engine(settings.database_url, pool_size=4)
    run_jobs(
        jobs(Transactions(pool, SystemClock(), source=SERVICE)),
        ops_port=settings.ops_port,
        ready={"database": lambda: answers(pool)},
    )
