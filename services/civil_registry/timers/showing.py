"""Shows operators and managers what waits and how much is declared online."""

from datetime import timedelta

from services.civil_registry import figures
from services.civil_registry.domain.local_time import ZONE
from services.civil_registry.domain.queues import QUEUES
from services.civil_registry.domain.record import Flag
from services.civil_registry.storage import figures as stored
from services.civil_registry.storage import records
from services.messaging.work import Reading

_MONTH = timedelta(days=30)
PERMIT_MINUTES = 240
"""Four working hours: the city's aim for permits."""


def show(reading: Reading) -> None:
    """Set the figures that Prometheus reads."""
    today = reading.now.astimezone(ZONE).date()
    waiting, overdue = records.queue_lengths(reading), records.overdue_lengths(reading, today)
    for queue in QUEUES:
        figures.queue_length.labels(queue).set(waiting.get(queue, 0))
        figures.queue_overdue.labels(queue).set(overdue.get(queue, 0))
    figures.deeds_unsigned.set(records.number_with(reading, Flag.DEED_UNSIGNED))
    for row in stored.of_period(reading, today - _MONTH, today, permit_minutes=PERMIT_MINUTES):
        figures.registered.labels(row.kind).set(row.registered)
        if row.registered:
            figures.digital_share.labels(row.kind).set(row.online / row.registered)
