"""What other services' events make appointments do."""

from services.appointments.storage import departed
from services.messaging.envelope import Envelope
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()


def on_death_registered(work: Work, event: Envelope) -> None:
    """Have the visits of who died looked for. Who that is, is asked later: never while a transaction is open."""
    departed.note(work, event.aggregate_id)
    log.info("departure_noted", record_id=event.aggregate_id)


def on_deed_cancelled(work: Work, event: Envelope) -> None:
    """Let nothing more follow from a death that a court has struck out. A visit that is off stays off."""
    if event.data["kind"] == "death":
        departed.annul(work, event.aggregate_id)
        log.info("departure_annulled", record_id=event.aggregate_id)
