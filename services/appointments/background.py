"""`python -m services.appointments.background`: ends holds, moves the horizon, watches for drift, writes figures."""

from datetime import timedelta

from services.appointments import queries, timers
from services.appointments.openings import find_strays, lay_out
from services.appointments.settings import SERVICE, ListSettings, read_list_settings, read_settings
from services.appointments.storage import codes, search
from services.appointments.timers.reconfirming import Asks
from services.messaging.background import Job, run_jobs
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions, answers, engine
from services.messaging.log import configure, get_logger
from services.messaging.rpc_client import RpcClient

log = get_logger()

SWEEP_SECONDS = 5
FORGET_SECONDS = 60
WATCH_SECONDS = 600
FORGET_SHOWN_AFTER = timedelta(hours=1)
FIGURES_SECONDS = 300
STRAY_SECONDS = 60
ASK_SECONDS = 20
HORIZON_SECONDS = 60 * 60
"""Changes something once a day; asked every hour, so that a new day opens soon after midnight."""


def jobs(transactions: Transactions, patience: ListSettings, services: Asks) -> list[Job]:
    """Return what is due every so often; `services` is the way to ask other services."""

    def end_holds() -> bool:
        with transactions.work() as work:
            return timers.expire_holds(work) == timers.BATCH

    def work_the_list() -> bool:
        return timers.work_the_list(transactions, debounce=patience.debounce)

    def sweep_the_list() -> bool:
        timers.sweep(transactions)
        return False

    def forget_codes() -> bool:
        with transactions.work() as work:
            codes.forget_expired(work)
        return False

    def work_the_draws() -> bool:
        timers.work_the_draws(transactions)
        return False

    def extend_horizon() -> bool:
        lay_out(transactions)
        return False

    def settle_strays() -> bool:
        find_strays(transactions)
        return False

    def follow_affected() -> bool:
        with transactions.work() as work:
            return timers.follow_affected(work)

    def ask_holders() -> bool:
        timers.ask_holders(transactions)
        return False

    def follow_questions() -> bool:
        timers.follow_questions(transactions, services)
        return False

    def forget_shown() -> bool:
        with transactions.reading() as reading:
            search.forget_shown(reading, reading.now - FORGET_SHOWN_AFTER)
        return False

    def watch_capacity() -> bool:
        with transactions.reading() as reading:
            found = queries.drift_from_today(reading)
        for drift in found["drifts"]:
            log.error("capacity_drift", line=drift["line_id"], on=drift["on"])
        for appointment_id in found["claims_out_of_step"]:
            log.error("claims_out_of_step", appointment_id=appointment_id)
        return False

    def write_figures() -> bool:
        with transactions.reading() as reading:
            due = timers.sample_is_due(reading)
        if due:
            with transactions.work() as work:
                timers.relieve(work, timers.sample_waits(work))
        with transactions.work() as work:
            more = timers.write_next_day(work)
        if not more:
            with transactions.reading() as reading:
                timers.show(reading)
        return more

    return [
        Job(name="expire-holds", every_seconds=SWEEP_SECONDS, run=end_holds),
        Job(name="follow-affected", every_seconds=SWEEP_SECONDS, run=follow_affected),
        Job(name="ask-holders", every_seconds=ASK_SECONDS, run=ask_holders),
        Job(name="follow-questions", every_seconds=ASK_SECONDS, run=follow_questions),
        Job(name="settle-strays", every_seconds=STRAY_SECONDS, run=settle_strays),
        Job(name="waiting-list", every_seconds=SWEEP_SECONDS, run=work_the_list),
        Job(name="draws", every_seconds=SWEEP_SECONDS, run=work_the_draws),
        Job(name="sweep-waiting-list", every_seconds=patience.sweep_seconds, run=sweep_the_list),
        Job(name="forget-codes", every_seconds=FORGET_SECONDS, run=forget_codes),
        Job(name="extend-horizon", every_seconds=HORIZON_SECONDS, run=extend_horizon),
        Job(name="forget-shown", every_seconds=WATCH_SECONDS, run=forget_shown),
        Job(name="watch-capacity", every_seconds=WATCH_SECONDS, run=watch_capacity),
        Job(name="write-figures", every_seconds=FIGURES_SECONDS, run=write_figures),
    ]


if __name__ == "__main__":
    settings = read_settings()
    configure(service=SERVICE, process="background", level=settings.log_level)
    pool = engine(settings.database_url, pool_size=5)
    services = RpcClient(settings.amqp_url.reveal(), name=f"{SERVICE}-background")
    run_jobs(
        jobs(Transactions(pool, SystemClock(), source=SERVICE), read_list_settings(), services),
        ops_port=settings.ops_port,
        ready={"database": lambda: answers(pool)},
    )
