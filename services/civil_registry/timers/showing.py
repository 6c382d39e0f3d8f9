"""Shows operators and managers what waits and how much is declared online."""

import math
from datetime import timedelta
from typing import Any

from services.civil_registry import figures
from services.civil_registry.domain.local_time import ZONE
from services.civil_registry.domain.queues import QUEUES
from services.civil_registry.domain.record import Flag
from services.civil_registry.storage import figures as stored
from services.civil_registry.storage import records
from services.civil_registry.town import Town
from services.messaging.work import Reading

_MONTH = timedelta(days=30)
PERMIT_MINUTES = 240
"""Four working hours: the city's aim for permits."""


def show(reading: Reading, town: Town) -> None:
    """Set the figures that Prometheus reads. Without permits there is no share of them in time (NaN)."""
    today = reading.now.astimezone(ZONE).date()
    waiting, overdue = records.queue_lengths(reading), records.overdue_lengths(reading, today)
    for queue in QUEUES:
        figures.queue_length.labels(queue).set(waiting.get(queue, 0))
        figures.queue_overdue.labels(queue).set(overdue.get(queue, 0))
    figures.deeds_unsigned.set(records.number_with(reading, Flag.DEED_UNSIGNED))
    for kind, target in town.targets.items():
        figures.digital_target.labels(kind).set(target)
    rows = stored.of_period(reading, today - _MONTH, today, permit_minutes=PERMIT_MINUTES)
    for gauge in figures.OF_A_MONTH:
        gauge.clear()
    figures.permits_in_time.set(math.nan)
    for row in rows:
        _show_kind(row)


def _show_kind(row: Any) -> None:
    figures.registered.labels(row.kind).set(row.registered)
    figures.digital_share.labels(row.kind).set(row.online / row.registered)
    figures.late.labels(row.kind).set(row.late)
    if row.eligible:
        figures.digital_share_of_eligible.labels(row.kind).set(row.online_eligible / row.eligible)
    for quantile, hours in (("0.5", row.hours_p50), ("0.9", row.hours_p90)):
        if hours is not None:
            figures.hours_to_register.labels(row.kind, quantile).set(hours)
    if row.timed:
        figures.permits_in_time.set(row.in_time / row.timed)
