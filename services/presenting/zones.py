"""The time zones of the world for a list to choose from, with names in the reader's language."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel import Locale

from services.presenting.times import HOME_ZONE, city


@dataclass(frozen=True, slots=True)
class Zone:
    """A choice: the IANA name, and what people read (`Canada, Toronto`)."""

    name: str
    label: str


@cache
def zones(language: str) -> tuple[Zone, ...]:
    """Return every zone that somebody may live in, Enschede's own first, the others by country and city."""
    countries = Locale.parse(language).territories
    named = [Zone(name, f"{countries.get(country, country)}, {city(name, language)}") for country, name in _inhabited()]
    home = [zone for zone in named if zone.name == HOME_ZONE]
    others = sorted((zone for zone in named if zone.name != HOME_ZONE), key=lambda zone: _sorted_as(zone.label))
    return (*home, *others)


@cache
def is_zone(name: str) -> bool:
    """Say whether a name means a time zone that we know; safe for whatever a browser sends."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _inhabited() -> list[tuple[str, str]]:
    """Return (country code, zone) pairs of the IANA table."""
    table = files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return [(row[0], row[2].strip()) for row in rows]


def _sorted_as(label: str) -> str:
    return unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().casefold()
