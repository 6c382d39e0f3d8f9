"""`python -m services.civil_registry.background`: asks the BRP, gives the commands of time, writes figures, forgets."""

from services.civil_registry import timers
from services.civil_registry.office import Office
from services.civil_registry.outside.brp import Brp
from services.civil_registry.settings import SERVICE, read_brp_settings, read_registry_settings, read_settings
from services.civil_registry.wiring import open_office
from services.messaging.background import Job, run_jobs
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions, answers, engine
from services.messaging.log import configure

SECONDS = 2
FORGET_SECONDS = 60 * 60
FIGURES_SECONDS = 60


def jobs(transactions: Transactions, office: Office, brp: Brp) -> list[Job]:
    """Return what is due every so often."""
    checker = timers.Checker(transactions, office, brp)

    def act_on_due() -> bool:
        with transactions.work() as work:
            return timers.act_on_next(work, office)

    def forget() -> bool:
        with transactions.work() as work:
            return timers.forget_next(work, office)

    def show_figures() -> bool:
        with transactions.reading() as reading:
            timers.show(reading, office.town)
        return False

    return [
        Job(name="check-brp", every_seconds=SECONDS, run=checker.check_next),
        Job(name="act-on-due", every_seconds=SECONDS, run=act_on_due),
        Job(name="forget", every_seconds=FORGET_SECONDS, run=forget),
        Job(name="show-figures", every_seconds=FIGURES_SECONDS, run=show_figures),
    ]


if __name__ == "__main__":
    settings = read_settings()
    configure(service=SERVICE, process="background", level=settings.log_level)
    clock = SystemClock()
    pool = engine(settings.database_url, pool_size=5)
    run_jobs(
        jobs(
            Transactions(pool, clock, source=SERVICE),
            open_office(settings, read_registry_settings(), clock),
            Brp(read_brp_settings()),
        ),
        ops_port=settings.ops_port,
        ready={"database": lambda: answers(pool)},
    )
