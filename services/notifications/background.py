"""The senders, as a process without eventlet: `python -m services.notifications.background`."""

from services.messaging import log
from services.messaging.background import Job, run_jobs
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions, answers, engine
from services.messaging.rpc_client import RpcClient
from services.notifications.catalogue import Catalogue
from services.notifications.outside.smtp import SmtpMail
from services.notifications.rendering import Templates
from services.notifications.settings import SERVICE, read_mail_settings, read_settings
from services.notifications.timers import Sender, look_after_lapsed, measure

SENDERS = 2
SEND_EVERY_SECONDS = 0.5
LOOK_AFTER_EVERY_SECONDS = 5
MEASURE_EVERY_SECONDS = 10


def main() -> None:
    """Send until told to stop. Being unable to reach the mail server is no reason to be unready: mail waits safely."""
    settings, mail_settings = read_settings(), read_mail_settings()
    log.configure(service=SERVICE, process="background", level=settings.log_level)
    pool = engine(settings.database_url, pool_size=SENDERS + 3)
    clock = SystemClock()
    transactions = Transactions(pool, clock, source=SERVICE)
    services = RpcClient(settings.amqp_url.reveal(), name=f"{SERVICE}-background")
    sender = Sender(
        transactions,
        catalogue=Catalogue(services, clock),
        post=SmtpMail(mail_settings.smtp_url, our_name=mail_settings.sender.rpartition("@")[2]),
        templates=Templates(),
        settings=mail_settings,
    )
    run_jobs(
        [
            *(Job(f"send_due_{number}", SEND_EVERY_SECONDS, sender.send_next) for number in range(1, SENDERS + 1)),
            Job("look_after_lapsed", LOOK_AFTER_EVERY_SECONDS, lambda: look_after_lapsed(transactions)),
            Job("measure", MEASURE_EVERY_SECONDS, lambda: measure(transactions)),
        ],
        ops_port=settings.ops_port,
        ready={"broker": lambda: services.connected, "database": lambda: answers(pool)},
    )


if __name__ == "__main__":
    main()
