"""The history of figures, the facts of one day from which it is written, and what became of visits."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as insert_once

from services.appointments.domain.figures import (
    Booking,
    Cancellation,
    Cell,
    CounterDay,
    Noted,
    Outcome,
    Questioned,
)
from services.appointments.tables import appointment_history, figure_day, figure_run, visit_outcome
from services.messaging.work import Reading, Work


def begin_run(work: Work, on: date, kind: str) -> bool:
    """Return whether this work is the one that writes a day's figures; who else tries waits, and then does not."""
    statement = insert_once(figure_run).values(on=on, kind=kind, at=work.now).on_conflict_do_nothing()
    return work.connection.execute(statement).rowcount == 1


def was_run(reading: Reading, on: date, kind: str) -> bool:
    """Say whether a day's figures are written."""
    asked = select(figure_run.c.on).where(figure_run.c.on == on, figure_run.c.kind == kind)
    return reading.connection.execute(asked).first() is not None


def last_day_written(reading: Reading) -> date | None:
    """Return the last day whose figures are complete."""
    found: date | None = reading.connection.execute(
        select(func.max(figure_run.c.on)).where(figure_run.c.kind == "day")
    ).scalar_one()
    return found


def first_event_at(reading: Reading) -> datetime | None:
    """Return when the first appointment was made."""
    counted = select(appointment_history.c.at).where(appointment_history.c.deed.in_(("confirm", "cancel")))
    found: datetime | None = reading.connection.execute(
        counted.order_by(appointment_history.c.at).limit(1)
    ).scalar_one_or_none()
    return found


def put_cells(work: Work, cells: Iterable[Cell]) -> None:
    """Store the numbers of a day. The caller has begun its run."""
    rows = [
        {
            "on": cell.on,
            "location_id": cell.location_id,
            "product_id": cell.product_id,
            "figure": cell.figure,
            "bucket": cell.bucket,
            "value": cell.value,
        }
        for cell in cells
    ]
    if rows:
        work.connection.execute(insert(figure_day), rows)


def cells_between(reading: Reading, first_on: date, last_on: date) -> list[Cell]:
    """Return the numbers of all days between two, both included."""
    asked = select(figure_day).where(figure_day.c.on.between(first_on, last_on)).order_by(figure_day.c.on)
    return [
        Cell(row.on, row.location_id, row.product_id, row.figure, row.bucket, row.value)
        for row in reading.connection.execute(asked)
    ]


_DEEDS = """
    SELECT history.location_id, history.at, history.starts_at, appointment.booked_at, appointment.channel,
           appointment.cancelled_by, appointment.products
    FROM appointment_history AS history JOIN appointment ON appointment.id = history.appointment_id
    WHERE history.deed IN ('confirm', 'cancel') AND history.deed = :deed
      AND history.at >= :since AND history.at < :until
"""


def bookings(reading: Reading, since: datetime, until: datetime) -> list[Booking]:
    """Return what became firm in a span of time, with the start that was chosen then."""
    rows = reading.connection.execute(text(_DEEDS), {"deed": "confirm", "since": since, "until": until})
    return [
        Booking(
            location_id=row.location_id,
            product_ids=_ids(row.products),
            channel=row.channel,
            booked_at=row.at,
            starts_at=row.starts_at,
        )
        for row in rows
    ]


def cancellations(reading: Reading, since: datetime, until: datetime) -> list[Cancellation]:
    """Return what residents called off in a span of time."""
    rows = reading.connection.execute(text(_DEEDS), {"deed": "cancel", "since": since, "until": until})
    return [
        Cancellation(
            location_id=row.location_id,
            product_ids=_ids(row.products),
            booked_at=row.booked_at,
            starts_at=row.starts_at,
            cancelled_at=row.at,
        )
        for row in rows
        if row.cancelled_by == "resident"
    ]


def questions(reading: Reading, since: datetime, until: datetime) -> list[Questioned]:
    """Return who was asked in a span of time whether he still comes, and which questions ended in it."""
    rows = reading.connection.execute(
        text(
            """
            SELECT appointment.location_id, appointment.products, moment.step
            FROM reconfirmation JOIN appointment ON appointment.id = reconfirmation.appointment_id,
            LATERAL (VALUES ('asked', asked_at), (reconfirmation.step, settled_at)) AS moment (step, at)
            WHERE moment.at >= :since AND moment.at < :until
            """
        ),
        {"since": since, "until": until},
    )
    return [Questioned(row.location_id, _ids(row.products), row.step) for row in rows]


def noted_outcomes(reading: Reading, since: datetime, until: datetime) -> list[Noted]:
    """Return what clerks noted of visits in a span of time, corrections included."""
    rows = reading.connection.execute(
        text(
            """
            SELECT noted.outcome, noted.replaces, appointment.location_id, appointment.products, appointment.booked_at,
                   appointment.starts_at, appointment.ticks
            FROM visit_outcome AS noted JOIN appointment ON appointment.id = noted.appointment_id
            WHERE noted.at >= :since AND noted.at < :until
            """
        ),
        {"since": since, "until": until},
    )
    return [
        Noted(
            location_id=row.location_id,
            product_ids=_ids(row.products),
            booked_at=row.booked_at,
            starts_at=row.starts_at,
            ticks=row.ticks,
            outcome=Outcome(row.outcome),
            replaces=None if row.replaces is None else Outcome(row.replaces),
        )
        for row in rows
    ]


def counter_days(reading: Reading, location_ids: Collection[str], on: date) -> list[CounterDay]:
    """Return how full each counter of these locations is on a day, by its firm visits."""
    rows = reading.connection.execute(
        text(
            """
            WITH booked AS (
                SELECT line_id, sum(ticks) AS ticks FROM appointment
                WHERE location_id = ANY(:location_ids) AND "on" = :on AND state = 'booked' GROUP BY line_id
            )
            SELECT line_day.location_id, line_day.skills, bit_count(line_day.open) AS open_ticks,
                   coalesce(booked.ticks, 0) AS booked_ticks
            FROM line_day LEFT JOIN booked USING (line_id)
            WHERE line_day.location_id = ANY(:location_ids) AND line_day."on" = :on AND line_day.kind = 'desk'
            """
        ),
        {"location_ids": list(location_ids), "on": on},
    )
    return [
        CounterDay(row.location_id, frozenset(row.skills), int(row.open_ticks), int(row.booked_ticks)) for row in rows
    ]


def planned_ticks(reading: Reading, first_on: date, last_on: date) -> dict[str, tuple[int, int]]:
    """Return for each location how many ticks are open between two days, both included, and how many are taken."""
    rows = reading.connection.execute(
        text(
            """
            SELECT location_id, sum(bit_count(open)) AS open_ticks, sum(bit_count(open) - bit_count(free)) AS taken
            FROM line_day WHERE "on" BETWEEN :first_on AND :last_on AND kind = 'desk' GROUP BY location_id
            """
        ),
        {"first_on": first_on, "last_on": last_on},
    )
    return {row.location_id: (int(row.open_ticks), int(row.taken)) for row in rows}


def outcome_of(reading: Reading, appointment_id: UUID) -> Outcome | None:
    """Return what was noted last of a visit."""
    found = reading.connection.execute(
        select(visit_outcome.c.outcome)
        .where(visit_outcome.c.appointment_id == appointment_id)
        .order_by(visit_outcome.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return None if found is None else Outcome(found)


def note_outcome(
    work: Work, appointment_id: UUID, *, outcome: Outcome, replaces: Outcome | None, staff_id: str
) -> None:
    """Note what became of a visit; what was noted before stays. The caller has locked the appointment."""
    work.connection.execute(
        insert(visit_outcome).values(
            appointment_id=appointment_id, at=work.now, outcome=outcome, replaces=replaces, staff_id=staff_id
        )
    )


def _ids(products: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    return frozenset(part["product_id"] for part in products)
