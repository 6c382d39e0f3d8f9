"""Making the free ticks of a line's day what its opening and its visits say, and the second lock what visits say."""

from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.appointments.domain.ticks import from_text, mask, to_text
from services.appointments.storage.appointments import refusal_of
from services.appointments.storage.consistency import CLAIM, Drift
from services.messaging.work import Work


def rebuild_free(work: Work, line_id: str, *, on: date) -> Drift:
    """Set free = open less the live visits, under the lock of the row; return what differed.

    A visit on a day for which its counter has no row at all lies outside every opening: nothing can be rebuilt.
    """
    where = {"line_id": line_id, "on": on}
    row = work.connection.execute(
        text('SELECT open, free FROM line_day WHERE line_id = :line_id AND "on" = :on FOR UPDATE'), where
    ).one_or_none()
    if row is None:
        return Drift(line_id, on, 0, 0)
    # Asked behind the lock, by a statement of its own: who comes or goes changes the row first.
    visits = work.connection.execute(
        text(
            """
            SELECT first_tick, ticks FROM appointment
            WHERE line_id = :line_id AND "on" = :on AND state IN ('held', 'booked')
            UNION ALL SELECT first_tick, ticks FROM companion_claim WHERE line_id = :line_id AND "on" = :on
            """
        ),
        where,
    )
    owned = 0
    for visit in visits:
        owned |= mask(visit.first_tick, visit.ticks)
    free, right = from_text(row.free), from_text(row.open) & ~owned
    work.connection.execute(
        text('UPDATE line_day SET free = CAST(:free AS bit(288)) WHERE line_id = :line_id AND "on" = :on'),
        {**where, "free": to_text(right)},
    )
    return Drift(line_id, on, lost=right & ~free, doubled=free & ~right)


def rebuild_claims(work: Work, appointment_id: UUID) -> None:
    """Make the second lock hold what a visit has besides its counter, under the lock of the visit.

    Raises: SecondLock (another visit has the same line then: a person must look).
    """
    work.connection.execute(text("SELECT 1 FROM appointment WHERE id = :id FOR UPDATE"), {"id": appointment_id})
    work.connection.execute(text("DELETE FROM companion_claim WHERE appointment_id = :id"), {"id": appointment_id})
    try:
        work.connection.execute(
            text(f"INSERT INTO companion_claim ({CLAIM}) SELECT {CLAIM} FROM live_claim WHERE appointment_id = :id"),
            {"id": appointment_id},
        )
    except DBAPIError as error:
        raise refusal_of(error) from None
