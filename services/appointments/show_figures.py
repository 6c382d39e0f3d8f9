"""`python -m services.appointments.show_figures [--weeks N]`: prints the published figures, week by week."""

import argparse
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from services.appointments import queries
from services.appointments.domain.figure_summary import monday_of
from services.appointments.domain.ticks import local_day
from services.appointments.queries import TOWN_ZONE
from services.appointments.settings import SERVICE
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions, engine
from services.messaging.log import configure
from services.messaging.settings import database_url
from services.messaging.work import Reading

MOST_WEEKS = 52
_COLUMNS = (
    ("place and product", 36), ("next", 5), ("3rd", 5), ("booked", 6), ("p50", 4), ("p90", 4), ("<=14d", 6),
    ("full", 5), ("served", 6), ("off", 4), ("late", 4), ("notice", 7), ("missed", 6), ("channels", 0),
)  # fmt: skip
_LEGEND = (
    "next, 3rd: days until the next and the third next start, medians of samples at ten on working days ('-': beyond"
    " the horizon or no sample); p50, p90: days from booking to visit; <=14d: visits within two weeks; full, served:"
    " share of open time booked, and used by visits that took place; off, late: cancelled, and late; notice: hours"
    " between cancelling and start, p50; missed: share of visits to which nobody came."
)


def figures_as_text(reading: Reading, *, weeks: int) -> str:
    """Return the figures of the last whole weeks and of the present one, as a table of plain text."""
    today = local_day(TOWN_ZONE, reading.now)
    found = queries.figures_history(reading, from_on=monday_of(today) - timedelta(weeks=weeks), until_on=today)
    blocks = [(f"Week of {week['week_on']}", week["figures"]) for week in found["weeks"]]
    blocks.append(("All together", found["total"]))
    lines = [f"Complete until {found['written_until'] or 'no day yet'}."]
    for title, figures in blocks:
        lines += ["", title, _line(name for name, _ in _COLUMNS), *(_line(_cells(entry)) for entry in figures)]
    return "\n".join([*lines, "", _LEGEND])


def _line(cells: Iterable[str]) -> str:
    widths = [width for _, width in _COLUMNS]
    first, *others = [
        cell.ljust(width) if place in (0, len(widths) - 1) else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return " ".join([first, *others]).rstrip()


def _cells(entry: Mapping[str, Any]) -> list[str]:
    if entry["location_id"] is None:
        name = f"the town: {entry['drift_ticks']} ticks of drift"
    else:
        name = entry["location_id"] + (f" {entry['product_id']}" if entry["product_id"] else ", all")
    no_shows = sum(lead["no_show"] for lead in entry["leads"])
    due = no_shows + sum(lead["done"] + lead["left"] for lead in entry["leads"])
    channels = ", ".join(
        f"{channel} {_percent(number / entry['booked'])}" for channel, number in sorted(entry["channels"].items())
    )
    return [
        name,
        _number(entry["first_next_days"]),
        _number(entry["third_next_days"]),
        str(entry["booked"]),
        _number(entry["wait_p50_days"]),
        _number(entry["wait_p90_days"]),
        _percent(entry["share_within_14_days"]),
        _percent(entry["planned_occupancy"]),
        _percent(entry["served_occupancy"]),
        str(entry["cancelled"]),
        str(entry["late_cancelled"]),
        _number(entry["cancel_notice_p50_hours"]),
        _percent(no_shows / due if due > 0 else None),
        channels,
    ]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m services.appointments.show_figures")
    parser.add_argument("--weeks", type=int, default=4, choices=range(MOST_WEEKS + 1), metavar="N")
    weeks: int = parser.parse_args().weeks
    pool = engine(database_url(SERVICE), pool_size=1)
    with Transactions(pool, SystemClock(), source=SERVICE).reading() as reading:
        print(figures_as_text(reading, weeks=weeks))
    pool.dispose()


if __name__ == "__main__":
    configure(service=SERVICE, process="show-figures", level="warning")
    main()
