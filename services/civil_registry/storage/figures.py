"""Figures: one row per registered fact or issued permit, written with it, so that deletion changes nothing later."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.dialects.postgresql import insert

from services.civil_registry.domain.record import Flag, Record
from services.civil_registry.tables import figure
from services.messaging.work import Reading, Work


def count(work: Work, one: Record, *, on: date, eligible: bool, working_minutes: int | None = None) -> None:
    """Count a fact that stands in the register, or a permit that was issued; once."""
    submitted = one.submitted_at
    work.connection.execute(
        insert(figure)
        .values(
            record_id=one.id,
            kind=one.kind,
            source=one.source,
            eligible=int(eligible),
            late=int(Flag.LATE in one.flags),
            asked=int(one.extra.get("asked", 0)),
            on=on,
            seconds=None if submitted is None else int((work.now - submitted).total_seconds()),
            working_minutes=working_minutes,
        )
        .on_conflict_do_nothing(constraint="figure_once")
    )


_FIGURES = """
    count(*) AS registered,
    count(*) FILTER (WHERE source = 'online') AS online,
    count(*) FILTER (WHERE eligible = 1) AS eligible,
    count(*) FILTER (WHERE source = 'online' AND eligible = 1) AS online_eligible,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY seconds) / 3600.0 AS hours_p50,
    percentile_disc(0.9) WITHIN GROUP (ORDER BY seconds) / 3600.0 AS hours_p90,
    coalesce(sum(late), 0) AS late,
    count(*) FILTER (WHERE asked > 0) AS asked,
    count(*) FILTER (WHERE working_minutes <= :permit_minutes) AS in_time,
    count(working_minutes) AS timed
"""


def by_month(reading: Reading, first_on: date, last_on: date, *, permit_minutes: int) -> Sequence[Row[Any]]:
    """Return the figures of each kind by month, oldest first."""
    return _rows(reading, "to_char(\"on\", 'YYYY-MM') AS month, kind", "1, 2", first_on, last_on, permit_minutes)


def of_period(reading: Reading, first_on: date, last_on: date, *, permit_minutes: int) -> Sequence[Row[Any]]:
    """Return the figures of each kind in a whole period."""
    return _rows(reading, "kind", "1", first_on, last_on, permit_minutes)


def _rows(
    reading: Reading, columns: str, grouped: str, first_on: date, last_on: date, permit_minutes: int
) -> Sequence[Row[Any]]:
    return reading.connection.execute(
        text(
            f'SELECT {columns}, {_FIGURES} FROM figure WHERE "on" BETWEEN :first_on AND :last_on'
            f" GROUP BY {grouped} ORDER BY {grouped}"
        ),
        {"first_on": first_on, "last_on": last_on, "permit_minutes": permit_minutes},
    ).all()
