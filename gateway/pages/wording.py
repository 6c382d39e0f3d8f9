"""Words that the templates need: days, times and money by the one formatter, in the language of the page."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g

from gateway.files import desk
from gateway.pages.catalogue import VisitInWords, local, place_line
from gateway.pages.crossing import form_key
from gateway.pages.month import next_month
from gateway.pages.texts import _
from gateway.pages.zones import HOME, visitor_zone
from gateway.rpc import services
from services.filing.settings import MEGABYTE
from services.presenting import links, money, times
from services.presenting.zones import zones

FEW_STARTS = 3


def register_words(app: Flask) -> None:
    """Give the templates their filters and functions."""
    app.jinja_env.filters.update(
        day=lambda on: times.day(on, g.lang),
        bare_date=lambda on: times.bare_date(on, g.lang),
        day_name=lambda on: times.day_without_year(on, g.lang),
        short_day=lambda on: times.short_day(on, g.lang),
        month_name=lambda on: times.month(on, g.lang),
        clock=lambda instant: times.clock_time(instant, g.lang),
        bare_clock=times.bare_time,
        moment=lambda instant: times.day_and_time(instant, g.lang),
        short_moment=lambda instant: times.short_day_and_time(instant, g.lang),
        duration=lambda minutes: times.duration(minutes, g.lang),
        money=lambda cents: money.money(cents, g.lang),
        fees=lambda told: money.fees(told, g.lang),
        capital=times.at_sentence_start,
        grouped=links.grouped_reference,
        lot_number=links.grouped_number,
        iso_day=lambda text: times.day(date.fromisoformat(text), g.lang),
        iso_moment=lambda text: times.day_and_time(datetime.fromisoformat(text), g.lang),
        local=local,
        place_line=place_line,
    )
    app.jinja_env.globals.update(
        few_starts=FEW_STARTS,
        form_key=form_key,
        from_until=lambda start, end: times.from_until(start, end, g.lang),
        costs=costs,
        there=there,
        there_short=there_short,
        visitor_zone=visitor_zone,
        visitor_city=lambda: times.city(visitor_zone(), g.lang),
        home_zone=HOME,
        weekdays=lambda: times.weekdays(g.lang),
        zones=lambda: zones(g.lang),
        next_month=next_month,
        opening_hours=opening_hours,
        seconds_left=seconds_left,
        largest_megabytes=lambda: max(1, desk().largest_bytes // MEGABYTE),
    )


def costs(visit: VisitInWords) -> list[tuple[str, str]]:
    """Return what a visit costs, as pairs of amount and explanation.

    One total when it is sure; else what one person pays, by product and age.
    """
    total = visit.total_cents
    if total is not None:
        return [(money.money(total, g.lang), "")]
    rows = []
    for line in visit.lines:
        for fee in money.fees([{"applies_to": who, "cents": cents} for who, cents in line.fees], g.lang):
            amount, _bracket, who = fee.partition(" (")
            each = _("per person") if line.persons > 1 and line.fees else ""
            name = line.name if len(visit.lines) > 1 else ""
            rows.append((amount, ", ".join(part for part in (name, each, who.rstrip(")")) if part)))
    return rows


def there(instant: datetime) -> str:
    """Return the sentence with the visitor's own time, or nothing when his clock shows Enschede's."""
    return times.time_there(instant, visitor_zone(), g.lang) or ""


def there_short(instant: datetime) -> str:
    """Return the visitor's own time in a few words: `08:20 in Toronto`, with the day when it differs."""
    zone = visitor_zone()
    moment = times.moment_there(instant, zone, g.lang)
    if moment is None:
        return ""
    clock = times.bare_time(instant, ZoneInfo(zone))
    day = f"{times.short_day(instant, g.lang, ZoneInfo(zone))} " if "," in moment else ""
    return _("%(day)s%(clock)s in %(city)s", day=day, clock=clock, city=times.city(zone, g.lang))


def opening_hours(location: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the opening hours of a week: the weekday, and `08:30 – 12:00, 13:00 – 17:00` or that it is closed."""
    names = [name for _short, name in times.weekdays(g.lang)]
    rows = []
    for number, name in enumerate(names):
        hours = [
            f"{row['opens']}\N{NO-BREAK SPACE}–\N{NO-BREAK SPACE}{row['closes']}"
            for row in location["opening_hours"]
            if row["weekday"] == number
        ]
        rows.append((name, ", ".join(hours) or _("closed")))
    return rows


def seconds_left(until: datetime) -> int:
    """Return how many seconds are left until an instant; never less than none."""
    return max(0, int((until - services().clock.now()).total_seconds()))
