"""How long people wait and how well capacity is used: now, and through the weeks."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from services.appointments.domain.figure_summary import Lead, Summary, by_week, share, summaries
from services.appointments.domain.figures import Wait, wait_of
from services.appointments.domain.ticks import local_day
from services.appointments.queries.catalogue import TOWN_ZONE
from services.appointments.queries.search import agenda_for, offered_by_day
from services.appointments.storage import catalogue, figures
from services.messaging.errors import Refusal
from services.messaging.work import Reading

PLANNED_DAYS = 14


def waits_now(reading: Reading) -> list[Wait]:
    """Return for each product on offer, at each location that does it, how far away the next starts are.

    What is held, blocked or too soon to be booked does not count. The visit is that of one person.
    """
    today = local_day(TOWN_ZONE, reading.now)
    edition = catalogue.edition(reading)
    return [
        wait
        for row in edition.offered_products(today)
        for rules in (catalogue.rules_of(row),)
        for location_id in edition.locations_able(rules.needs, rules.companions_for_one)
        if (wait := _wait_at(reading, location_id, row.id, rules.policy.wait_norm_days)) is not None
    ]


def _wait_at(reading: Reading, location_id: str, product_id: str, norm_days: int | None) -> Wait | None:
    try:
        agenda = agenda_for(reading, location_id=location_id, products=[{"product_id": product_id, "persons": 1}])
    except Refusal:
        return None  # such as a visit that is too long for this location: it is not offered here
    offered = offered_by_day(reading, agenda, agenda.today, agenda.last_on)
    return wait_of(
        location_id=location_id,
        product_id=product_id,
        norm_days=norm_days,
        today=agenda.today,
        starts_by_day={on: len(ticks) for on, ticks in offered.items()},
    )


def figures_now(reading: Reading) -> dict[str, Any]:
    """Return the waits of this moment, and how full the coming two weeks are."""
    today = local_day(TOWN_ZONE, reading.now)
    planned = figures.planned_ticks(reading, today + timedelta(days=1), today + timedelta(days=PLANNED_DAYS))
    return {
        "at": reading.now,
        "waits": [
            {
                "location_id": wait.location_id,
                "product_id": wait.product_id,
                "first_next_days": wait.first_next_days,
                "third_next_days": wait.third_next_days,
                "norm_days": wait.norm_days,
                "passes_norm": wait.passes_norm,
            }
            for wait in waits_now(reading)
        ],
        "planned": [
            {"location_id": location_id, "days": PLANNED_DAYS, "occupancy": share(taken, opened)}
            for location_id, (opened, taken) in sorted(planned.items())
        ],
    }


def figures_history(reading: Reading, *, from_on: date, until_on: date) -> dict[str, Any]:
    """Return the figures of the days between two, both included: week by week, and all together.

    Only what is in the published history; a first or last week may be cut off by the bounds.
    """
    cells = figures.cells_between(reading, from_on, until_on)
    return {
        "written_until": figures.last_day_written(reading),
        "weeks": [{"week_on": week, "figures": _written(found)} for week, found in by_week(cells).items()],
        "total": _written(summaries(cells)),
    }


def _written(found: Iterable[Summary]) -> list[dict[str, Any]]:
    return [
        {
            "location_id": summary.location_id or None,
            "product_id": summary.product_id or None,
            "samples": summary.samples,
            "first_next_days": summary.first_next_days,
            "third_next_days": summary.third_next_days,
            "booked": summary.booked,
            "wait_p50_days": summary.wait_p50_days,
            "wait_p90_days": summary.wait_p90_days,
            "share_within_14_days": summary.share_within_14_days,
            "channels": summary.channels,
            "cancelled": summary.cancelled,
            "late_cancelled": summary.late_cancelled,
            "cancel_notice_p50_hours": summary.cancel_notice_p50_hours,
            "leads": [_written_lead(lead) for lead in summary.leads],
            "planned_occupancy": summary.planned_occupancy,
            "served_occupancy": summary.served_occupancy if not summary.product_id else None,
            "drift_ticks": summary.drift_ticks,
            "questions": summary.questions,
        }
        for summary in found
    ]


def _written_lead(lead: Lead) -> dict[str, Any]:
    return {
        "lead": lead.lead,
        "done": lead.done,
        "no_show": lead.no_show,
        "left": lead.left,
        "late_cancelled": lead.late_cancelled,
        "no_show_rate": lead.no_show_rate,
    }
