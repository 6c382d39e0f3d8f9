"""Whether the ticks of counters and the visits say the same."""

from collections import Counter
from datetime import date
from typing import Any

from services.appointments import figures
from services.appointments.domain.ticks import local_day
from services.appointments.queries.catalogue import TOWN_ZONE
from services.appointments.storage import consistency, quotas
from services.messaging.work import Reading


def drift_from_today(reading: Reading) -> dict[str, Any]:
    """Return what `capacity_drift` returns, of the days that still matter: the past may be millions of visits."""
    return capacity_drift(reading, since=local_day(TOWN_ZONE, reading.now))


def capacity_drift(reading: Reading, *, since: date = date.min) -> dict[str, Any]:
    """Return where free ticks, openings and visits disagree, in both directions, and visits outside openings.

    Quotas are counted by a trigger; a count that differs from its visits must not be either.
    Lost ticks are taken while nobody is there; doubled ticks are free while somebody is. Both must be none. A visit
    outside the openings is no drift: a clerk must find another time with its holder. Claims out of step are visits for
    which the second lock holds other lines than they have; there must be none.
    """
    drifts = consistency.drift(reading, since)
    strays = consistency.visits_outside_openings(reading, local_day(TOWN_ZONE, reading.now))
    miscounts = quotas.miscounts(reading, since)
    out_of_step = consistency.claims_out_of_step(reading, since)
    total: Counter[str] = Counter()
    for drift in drifts:
        total["lost"] += drift.lost.bit_count()
        total["doubled"] += drift.doubled.bit_count()
    for direction in ("lost", "doubled"):
        figures.drift_ticks.labels(direction).set(total[direction])
    figures.visits_outside_openings.set(len(strays))
    figures.quota_miscounts.set(len(miscounts))
    figures.claims_out_of_step.set(len(out_of_step))
    return {
        "drifts": [
            {
                "line_id": drift.line_id,
                "on": drift.on,
                "lost_ticks": drift.lost.bit_count(),
                "doubled_ticks": drift.doubled.bit_count(),
            }
            for drift in drifts
        ],
        "miscounted_quotas": [
            {
                "location_id": found.location_id,
                "on": found.on,
                "quota_id": found.quota_id,
                "counted_ticks": found.counted,
                "owned_ticks": found.owned,
            }
            for found in miscounts
        ],
        "outside_openings": [
            {"appointment_id": stray.appointment_id, "line_id": stray.line_id, "on": stray.on} for stray in strays
        ],
        "claims_out_of_step": out_of_step,
    }
