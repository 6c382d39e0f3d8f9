"""Where there is room: one statement over all counters and days, as bits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import text

from services.appointments.domain.companions import Companion, starts_beside
from services.appointments.domain.offering import DayRoom, room_of
from services.appointments.domain.ticks import TICKS, from_text, to_text
from services.appointments.storage import capacity
from services.messaging.work import Reading

STABLE = timedelta(minutes=2)
"""How long a start that was shown goes on being shown while it is possible: clients read times twice."""


_ROOM = text(
    """
    SELECT "on", string_agg(substring(varbit_send(free) FROM 5), CAST('' AS bytea)) AS free,
           sum(CAST(bit_count(open) AS integer)) AS open_ticks
    FROM line_day
    WHERE location_id = :location_id AND skills @> CAST(:needs AS text[])
      AND kind = 'desk' AND "on" BETWEEN :first_on AND :last_on
    GROUP BY "on"
    """  # varbit_send: four bytes of length, then the bits
)
"""In no order: to sort the days costs nothing, to sort all rows an eighth of a search."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for: a run of ticks at a location, by counters with some skills, and what is needed besides.

    `shortest` is the shortest run that these counters give to anybody; a shorter gap is lost.
    """

    location_id: str
    needs: frozenset[str]
    ticks: int
    setup_ticks: int
    shortest: int
    companions: tuple[Companion, ...] = ()

    @property
    def written_needs(self) -> str:
        """Return all that is needed as one text, always the same for the same."""
        besides = (f"{n.kind}:{'+'.join(sorted(n.skills))}:{n.offset}:{n.ticks}" for n in self.companions)
        return ",".join([*sorted(self.needs), *besides])


def room_by_day(reading: Reading, wish: Wish, *, first_on: date, last_on: date) -> dict[date, DayRoom]:
    """Return what each day between two, both included, has to give; only days with any possible start, in order.

    The database hands over the bits and the rule is worked out here, where thirty counters cost a step what one does:
    half a year of them is 5,000 rows, and there each step costs a tenth of a millisecond or two.
    """
    rows = reading.connection.execute(
        _ROOM,
        {
            "location_id": wish.location_id,
            "needs": list(wish.needs),
            "first_on": first_on,
            "last_on": last_on,
        },
    )
    room = {row.on: day for row in rows if (day := _room_of(wish, row.free, row.open_ticks)).possible}
    room = dict(sorted(room.items()))
    return _with_companions(reading, wish, room) if room and wish.companions else room


def _room_of(wish: Wish, free: memoryview, open_ticks: int) -> DayRoom:
    return room_of(
        int.from_bytes(free, "big"),
        free.nbytes * 8 // TICKS,
        ticks=wish.ticks,
        shortest=wish.shortest,
        setup_ticks=wish.setup_ticks,
        open_ticks=open_ticks,
    )


def _with_companions(reading: Reading, wish: Wish, room: Mapping[date, DayRoom]) -> dict[date, DayRoom]:
    beside = starts_beside_by_day(
        reading,
        location_id=wish.location_id,
        companions=wish.companions,
        first_on=min(room),
        last_on=max(room),
    )
    found = {}
    for on, day in room.items():
        starts = beside.get(on, 0)
        if day.possible & starts:
            found[on] = replace(day, possible=day.possible & starts, snug=day.snug & starts)
    return found


def starts_beside_by_day(
    reading: Reading, *, location_id: str, companions: Sequence[Companion], first_on: date, last_on: date
) -> dict[date, int]:
    """Return for each day the bits of a visit's first ticks at which all that it needs besides a counter is free.

    Worked out here and not in the database: one line can be only one of two things, which bits alone do not tell.
    """
    days = capacity.companion_lines(
        reading, location_id=location_id, companions=companions, first_on=first_on, last_on=last_on
    )
    return {on: starts_beside(companions, [day.line(day.free) for day in lines]) for on, lines in days.items()}


def shown_lately(reading: Reading, wish: Wish, on: date, shown: int) -> int:
    """Remember which starts of a day are shown now, and return them with those that were shown in the last minutes.

    Clients read the times of a day, and read them again when their visitor has chosen: a start must not vanish in
    between because another visit made it untidy. A start that is not possible any more must be taken out by the caller.
    What is remembered is no fact, only manners: the table is not logged, and losing it does no harm.
    """
    row = reading.connection.execute(
        text(
            """
            INSERT INTO shown_start AS known (location_id, "on", needs, ticks, shortest, fresh, older, fresh_since)
            VALUES (:location_id, :on, :needs, :ticks, :shortest, CAST(:shown AS bit(288)), CAST(0 AS bit(288)), :now)
            ON CONFLICT (location_id, "on", needs, ticks, shortest) DO UPDATE SET
                older = CASE WHEN known.fresh_since > :lately THEN known.older
                             WHEN known.fresh_since > :before THEN known.fresh ELSE CAST(0 AS bit(288)) END,
                fresh = CASE WHEN known.fresh_since > :lately THEN known.fresh | excluded.fresh
                             ELSE excluded.fresh END,
                fresh_since = CASE WHEN known.fresh_since > :lately THEN known.fresh_since ELSE :now END
            RETURNING fresh | older
            """
        ),
        {
            "location_id": wish.location_id,
            "on": on,
            "needs": wish.written_needs,
            "ticks": wish.ticks,
            "shortest": wish.shortest,
            "shown": to_text(shown),
            "now": reading.now,
            "lately": reading.now - STABLE,
            "before": reading.now - 2 * STABLE,
        },
    ).scalar_one()
    return from_text(row)


def forget_shown(reading: Reading, before: datetime) -> int:
    """Delete what was shown before an instant; return how many rows there were."""
    return reading.connection.execute(
        text("DELETE FROM shown_start WHERE fresh_since < :before"), {"before": before}
    ).rowcount
