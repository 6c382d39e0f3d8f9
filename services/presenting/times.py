"""The one formatter of days and times, in nl, en and de. Enschede's clock comes first, always.

Instants are aware datetimes and are shown in the location's zone, 24 hours, with the weekday; a bare `date` is
already a day on Enschede's calendar.

Source: domain/appointments.md 4.16.
"""

from datetime import date, datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

HOME_ZONE = "Europe/Amsterdam"
HOME = ZoneInfo(HOME_ZONE)

_DAY = {"nl": "EEEE d MMMM y", "en": "EEEE d MMMM y", "de": "EEEE, d. MMMM y"}
_DAY_THIS_YEAR = {"nl": "EEEE d MMMM", "en": "EEEE d MMMM", "de": "EEEE, d. MMMM"}
_DATE = {"nl": "d MMMM y", "en": "d MMMM y", "de": "d. MMMM y"}
_SHORT_DAY = {"nl": "EEEEEE d MMM", "en": "EEE d MMM", "de": "EEEEEE d. MMM"}
_TIME = {"nl": "{} uur", "en": "{}", "de": "{} Uhr"}
_TIME_HERE = {"nl": "Tijd in Enschede", "en": "Time in Enschede", "de": "Uhrzeit in Enschede"}
_MINUTES = {"nl": ("minuut", "minuten"), "en": ("minute", "minutes"), "de": ("Minute", "Minuten")}
_HOURS = {"nl": ("uur", "uur"), "en": ("hour", "hours"), "de": ("Stunde", "Stunden")}
_AND = {"nl": "en", "en": "and", "de": "und"}
_UNTIL = {"nl": "{} tot {} uur", "en": "{} to {}", "de": "{} bis {} Uhr"}
_THERE = {
    "nl": "Bij u in {city} is het dan {when}.",
    "en": "For you in {city} that is {when}.",
    "de": "Bei Ihnen in {city} ist es dann {when}.",
}


def day(on: date | datetime, language: str, zone: tzinfo = HOME) -> str:
    """Return a day in full: `donderdag 3 december 2026`."""
    return _written(on, _DAY, language, zone)


def day_without_year(on: date | datetime, language: str, zone: tzinfo = HOME) -> str:
    """Return a day where the year is known: `donderdag 3 december`."""
    return _written(on, _DAY_THIS_YEAR, language, zone)


def bare_date(on: date, language: str) -> str:
    """Return a day whose weekday nobody wants to know, such as a birth date: `27 maart 1985`."""
    return _written(on, _DATE, language, HOME)


def short_day(on: date | datetime, language: str, zone: tzinfo = HOME) -> str:
    """Return a day for lists and narrow columns: `do 3 dec`."""
    return _written(on, _SHORT_DAY, language, zone).replace(".", "" if language != "de" else ".")


def month(on: date | datetime, language: str, zone: tzinfo = HOME) -> str:
    """Return the month and year of a day: `december 2026`."""
    return _written(on, dict.fromkeys(_DAY, "MMMM y"), language, zone)


def bare_time(instant: datetime, zone: tzinfo = HOME) -> str:
    """Return the wall-clock time of an instant: `14:20`; with the offset in the hour that a DST night has twice."""
    local = _aware(instant).astimezone(zone)
    written = f"{local:%H:%M}"
    return f"{written} ({_offset(local)})" if _comes_twice(local) else written


def clock_time(instant: datetime, language: str, zone: tzinfo = HOME) -> str:
    """Return the time of an instant as a sentence says it: `14:20 uur`."""
    return _TIME[language].format(bare_time(instant, zone))


def day_and_time(instant: datetime, language: str, zone: tzinfo = HOME) -> str:
    """Return when something is, in full: `donderdag 3 december 2026, 14:20 uur`."""
    return f"{day(instant, language, zone)}, {clock_time(instant, language, zone)}"


def short_day_and_time(instant: datetime, language: str, zone: tzinfo = HOME) -> str:
    """Return when something is, for lists: `do 3 dec, 14:20 uur`."""
    return f"{short_day(instant, language, zone)}, {clock_time(instant, language, zone)}"


def from_until(starts_at: datetime, ends_at: datetime, language: str, zone: tzinfo = HOME) -> str:
    """Return the times between which something is: `14:20 tot 14:50 uur`."""
    return _UNTIL[language].format(bare_time(starts_at, zone), bare_time(ends_at, zone))


def duration(minutes: int, language: str) -> str:
    """Return how long something takes: `30 minuten`, `1 uur en 20 minuten`."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(f"{hours} {_HOURS[language][hours != 1]}")
    if rest or not hours:
        parts.append(f"{rest} {_MINUTES[language][rest != 1]}")
    return f" {_AND[language]} ".join(parts)


def time_here(language: str) -> str:
    """Return whose clock it is: `Tijd in Enschede`. To be said as soon as a visitor may be elsewhere."""
    return _TIME_HERE[language]


def time_there(instant: datetime, zone_name: str, language: str) -> str | None:
    """Return the same instant for somebody elsewhere: `Bij u in Toronto is het dan 08:20 uur.`

    The day is named when it is another one than in Enschede. None when his clock shows Enschede's time, or when
    nobody knows his zone.
    """
    when = moment_there(instant, zone_name, language)
    return None if when is None else _THERE[language].format(city=city(zone_name, language), when=when)


def moment_there(instant: datetime, zone_name: str, language: str) -> str | None:
    """Return the time (and the day, when it differs) of an instant elsewhere: `vrijdag 4 december, 02:20 uur`."""
    zone = _zone(zone_name)
    if zone is None:
        return None
    here, there = _aware(instant).astimezone(HOME), _aware(instant).astimezone(zone)
    if here.utcoffset() == there.utcoffset():
        return None
    time = clock_time(instant, language, zone)
    if here.date() == there.date():
        return time
    return f"{day_without_year(instant, language, zone)}, {time}"


def city(zone_name: str, language: str) -> str:
    """Return the city after which a zone is named, in the reader's language: `Brussel`, `New York`."""
    known: dict[str, str] = _locale(language).time_zones.get(zone_name, {})
    return known.get("city") or zone_name.rpartition("/")[2].replace("_", " ")


def weekdays(language: str) -> list[tuple[str, str]]:
    """Return short and full names of the days of the week, Monday first: `("ma", "maandag")`."""
    names = _locale(language).days["stand-alone"]
    return [(names["short"][number].rstrip("."), names["wide"][number]) for number in range(7)]


def at_sentence_start(text: str) -> str:
    """Return a text with a capital first letter; the rest stays."""
    return text[:1].upper() + text[1:]


def _written(on: date | datetime, patterns: dict[str, str], language: str, zone: tzinfo) -> str:
    local = _aware(on).astimezone(zone).date() if isinstance(on, datetime) else on
    written: str = format_date(local, patterns[language], locale=_locale(language))
    return written


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("An instant needs a time zone.")
    return instant


def _comes_twice(local: datetime) -> bool:
    """Say whether a wall clock shows this time twice that night (autumn; in a spring gap the signs are reversed)."""
    first, second = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
    return first is not None and second is not None and first > second


def _offset(local: datetime) -> str:
    """Return `UTC+1`, `UTC-3:30`."""
    sign, hours, minutes = f"{local:%z}"[0], int(f"{local:%z}"[1:3]), f"{local:%z}"[3:5]
    return f"UTC{sign}{hours}" + ("" if minutes == "00" else f":{minutes}")


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


@cache
def _locale(language: str) -> Locale:
    return Locale.parse({"nl": "nl_NL", "en": "en_GB", "de": "de_DE"}[language])
