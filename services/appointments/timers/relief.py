"""Proposes more counter time for products whose wait passes the norm, or gives it, as the town's files allow."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from services.appointments import figures as metrics
from services.appointments import queries
from services.appointments.domain.figure_summary import monday_of
from services.appointments.domain.figures import THIRD, Wait
from services.appointments.domain.policy import Relief
from services.appointments.domain.relief import Candidate, Choice, ReliefState, choose, visits_that_fit
from services.appointments.domain.ticks import local_day
from services.appointments.openings import lay_out_day
from services.appointments.queries import TOWN_ZONE, Agenda
from services.appointments.storage import capacity, catalogue, relief
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()

BY_POLICY = "policy"
"""Who decided when the town's files say `apply`."""


def relieve(work: Work, waits: Sequence[Wait]) -> int:
    """Propose or give counters' days to every product whose wait passes its norm; return how many.

    A counter's day is proposed for a product once: what was declined or expired does not come back. Proposals that
    nobody decided count as if they were accepted, so that running again adds nothing.
    """
    capacity.lock_agenda(work)
    expire_reliefs(work)
    products = {rule.product_id: rule for rule in catalogue.edition(work).all_products()}
    made = 0
    for wait in waits:
        bounds = products[wait.product_id].policy.relief
        if bounds is not None and wait.passes_norm:
            made += _relieve(work, wait, bounds)
    return made


def expire_reliefs(work: Work) -> int:
    """End the proposals whose day came before anybody decided; return how many."""
    outdated = relief.lock_outdated(work, local_day(TOWN_ZONE, work.now))
    for row in outdated:
        relief.decide(work, row.id, ReliefState.EXPIRED, by=BY_POLICY)
        metrics.reliefs.labels(row.product_id, ReliefState.EXPIRED).inc()
    return len(outdated)


def _relieve(work: Work, wait: Wait, bounds: Relief) -> int:
    agenda = queries.agenda_for(
        work, location_id=wait.location_id, products=[{"product_id": wait.product_id, "persons": 1}]
    )
    # From the first day that can be booked from its morning on.
    first_on = local_day(agenda.zone, agenda.earliest_at) + timedelta(days=1)
    last_on = min(agenda.today + timedelta(days=wait.norm_days or 0), agenda.last_on)
    spoken_for = relief.days_spoken_for(work, wait.product_id, first_on, last_on)
    able = [
        row
        for row in relief.line_days(work, bounds.line_ids, first_on, last_on)
        if row.location_id == wait.location_id and not agenda.visit.needs <= frozenset(row.skills)
    ]
    ticks = agenda.visit.size.owned_ticks
    waiting = sum(
        visits_that_fit(row.free, ticks)
        for row in able
        if spoken_for.get((row.line_id, row.on)) == ReliefState.PROPOSED
    )
    existing = _starts_until(work, agenda, last_on)
    candidates = [
        Candidate(row.line_id, row.on, row.open, row.free) for row in able if (row.line_id, row.on) not in spoken_for
    ]
    choices = choose(
        candidates,
        ticks=ticks,
        starts_within_norm=existing + waiting,
        most_minutes_per_week=bounds.most_hours_per_week * 60,
        minutes_by_week=relief.minutes_by_week(work, wait.product_id, monday_of(first_on)),
    )
    if not choices and existing + waiting < THIRD:
        log.warning("relief_exhausted", product=wait.product_id, location=wait.location_id)
    made = [_propose(work, wait, bounds, agenda, choice, existing) for choice in choices]
    if bounds.apply:
        for on in sorted({choice.candidate.on for choice in choices}):
            lay_out_day(work, on)
    return sum(made)


def _starts_until(work: Work, agenda: Agenda, last_on: date) -> int:
    return sum(len(ticks) for ticks in queries.offered_by_day(work, agenda, agenda.today, last_on).values())


def _propose(work: Work, wait: Wait, bounds: Relief, agenda: Agenda, choice: Choice, existing: int) -> bool:
    state = ReliefState.APPLIED if bounds.apply else ReliefState.PROPOSED
    day = choice.candidate
    row: dict[str, Any] = {
        "id": work.new_id(),
        "product_id": wait.product_id,
        "location_id": wait.location_id,
        "line_id": day.line_id,
        "on": day.on,
        "week_on": monday_of(day.on),
        "minutes": day.minutes,
        "skills": sorted(agenda.visit.needs),
        "state": state,
        "decided_by": BY_POLICY if bounds.apply else None,
        "decided_at": work.now if bounds.apply else None,
        "reason": {
            "first_next_days": wait.first_next_days,
            "third_next_days": wait.third_next_days,
            "norm_days": wait.norm_days,
            "starts_within_norm": existing,
            "starts_added": choice.starts_added,
            "planned_occupancy": round(day.occupancy, 3),
            "minutes_of_week": choice.minutes_of_week,
            "most_minutes_of_week": bounds.most_hours_per_week * 60,
        },
    }
    added = relief.add(work, row, by=BY_POLICY)
    if added:
        metrics.reliefs.labels(wait.product_id, state).inc()
        log.info(
            "relief_made", proposal_id=row["id"], product=wait.product_id, line=day.line_id, on=day.on, state=state
        )
    return added
