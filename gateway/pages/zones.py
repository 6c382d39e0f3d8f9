"""Enschede's clock is the truth; somebody elsewhere sees his own under it. His zone stands in a plain cookie."""

from functools import cache
from zoneinfo import available_timezones

from flask import request

HOME = "Europe/Amsterdam"
COOKIE = "balie_zone"
COOKIE_SECONDS = 180 * 24 * 3600


@cache
def known_zones() -> frozenset[str]:
    """Return the names of all zones that this machine knows."""
    return frozenset(available_timezones())


def visitor_zone() -> str:
    """Return the zone that the visitor's device told or that he chose; Enschede's when he told none."""
    told = request.cookies.get(COOKIE, "").replace("%2F", "/")
    return told if told in known_zones() else HOME
