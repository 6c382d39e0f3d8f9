"""Writes the history of figures: yesterday's numbers after midnight, the waits of a working day at ten.

What is written stays: a later deletion or correction never changes a published figure. Each day is one transaction
that only one process makes; after a standstill the days in between follow.
"""

from datetime import date, datetime, time, timedelta

from services.appointments import figures as metrics
from services.appointments import queries
from services.appointments.domain.figures import (
    WHOLE,
    Cell,
    Figure,
    Tally,
    Wait,
    count_bookings,
    count_cancellations,
    count_counters,
    count_outcomes,
    count_questions,
    wait_cells,
)
from services.appointments.domain.ticks import instant_of, local_day
from services.appointments.queries import TOWN_ZONE
from services.appointments.storage import catalogue, consistency, figures
from services.appointments.storage.calendar import closed_days
from services.messaging.log import get_logger
from services.messaging.work import Reading, Work

log = get_logger()

SAMPLE_FROM = time(10)
"""Source: domain/appointments.md 9: every working day at ten."""
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


def write_next_day(work: Work) -> bool:
    """Write the first day that is over and not written yet; return whether there was one.

    The history begins on the day of the first booking, or else yesterday.
    """
    yesterday = local_day(TOWN_ZONE, work.now) - _ONE_DAY
    on = _first_unwritten(work, yesterday)
    if on > yesterday or not figures.begin_run(work, on, "day"):
        return False
    figures.put_cells(work, day_cells(work, on))
    log.info("figures_written", on=on)
    return True


def _first_unwritten(reading: Reading, yesterday: date) -> date:
    written = figures.last_day_written(reading)
    if written is not None:
        return written + _ONE_DAY
    began_at = figures.first_event_at(reading)
    return yesterday if began_at is None else local_day(TOWN_ZONE, began_at)


def day_cells(reading: Reading, on: date) -> list[Cell]:
    """Return the numbers of a day that is over. Its bounds are midnights on the wall, also when the clock changes."""
    since, until = _bounds(on)
    # Also what is out of use by now: it may have been in use on that day.
    products = catalogue.edition(reading).all_products()
    tally = Tally(on)
    count_bookings(tally, figures.bookings(reading, since, until), TOWN_ZONE)
    late_after = {rule.product_id: timedelta(hours=rule.policy.late_after_hours) for rule in products}
    count_cancellations(tally, figures.cancellations(reading, since, until), TOWN_ZONE, late_after)
    count_outcomes(tally, figures.noted_outcomes(reading, since, until), TOWN_ZONE)
    count_questions(tally, figures.questions(reading, since, until))
    location_ids = list(catalogue.hours_of_locations(reading))
    count_counters(
        tally, figures.counter_days(reading, location_ids, on), {rule.product_id: rule.needs for rule in products}
    )
    return tally.cells()


def _bounds(on: date) -> tuple[datetime, datetime]:
    return instant_of(TOWN_ZONE, on, 0), instant_of(TOWN_ZONE, on + _ONE_DAY, 0)


def sample_is_due(reading: Reading) -> bool:
    """Say whether today is a working day after ten whose waits are not written yet."""
    local = reading.now.astimezone(TOWN_ZONE)
    return (
        local.time() >= SAMPLE_FROM
        and _is_working_day(reading, local.date())
        and not figures.was_run(reading, local.date(), "sample")
    )


def sample_waits(work: Work) -> list[Wait]:
    """Write today's waits, once, and return them; nothing when another process has written them.

    A process that was down at ten does it as soon as it is back on that day; a day that was missed stays empty.
    """
    on = local_day(TOWN_ZONE, work.now)
    if not figures.begin_run(work, on, "sample"):
        return []
    waits = queries.waits_now(work)
    drifts = consistency.drift(work, since=on)  # what is past no longer matters, and may be millions of visits
    drifted = sum(drift.lost.bit_count() + drift.doubled.bit_count() for drift in drifts)
    figures.put_cells(work, [*wait_cells(on, waits), Cell(on, WHOLE, WHOLE, Figure.DRIFT_TICKS, "", drifted)])
    log.info("waits_sampled", on=on)
    return waits


def _is_working_day(reading: Reading, on: date) -> bool:
    closed = closed_days(catalogue.calendar_rules(reading))
    return closed is not None and on.weekday() < _SATURDAY and on not in closed.holidays_between(on, on)


def show(reading: Reading) -> None:
    """Set the figures that Prometheus reads."""
    today = local_day(TOWN_ZONE, reading.now)
    planned = figures.planned_ticks(reading, today + _ONE_DAY, today + timedelta(days=queries.PLANNED_DAYS))
    metrics.show_waits(queries.waits_now(reading))
    metrics.show_planned(planned)
    written = figures.last_day_written(reading)
    if written is not None:
        metrics.show_week(figures.cells_between(reading, written - timedelta(days=6), written))
