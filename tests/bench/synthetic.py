"""A town of any size that is nobody's: one location with many equal counters, as files for `load`."""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
LOCATION = "hall"
PASSPORT, LICENCE, MOVE = "passport", "driving-licence", "move"
DRAWN = "passport-by-draw"
DRAWN_PLACES = 60
DRAW_OPEN_DAYS = range(3, 28)
"""How many days before its week a draw takes requests, at least."""
MINUTES = 15
OPENS, CLOSES = time(8), time(20)
_NEEDS = {PASSPORT: ["documents"], LICENCE: ["licences"], MOVE: ["registration"], DRAWN: ["documents"]}
_STEPS = ("opens", "closes", "draws")
_EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def write_town(folder: Path, *, lines: int) -> Path:
    """Write a town's files and return their folder; open every day, without lead time, a full 26 weeks ahead.

    Every counter does passports, two of three also licences, one of three also moves. JSON is YAML.
    """
    content = {
        "products": {"products": [_product(product_id, needs) for product_id, needs in _NEEDS.items()]},
        "locations": {"locations": [_location()]},
        "lines": {"lines": [_line(number) for number in range(lines)]},
        "calendar": {
            "holidays": {"country": "NL", "categories": ["public"], "open_anyway": []},
            "decree_days": [],
            "closures": [],
        },
    }
    for name, entries in content.items():
        (folder / f"{name}.yaml").write_text(json.dumps(entries))
    return folder


def _texts(text: str) -> dict[str, str]:
    return {"nl": text, "en": text, "de": text}


def _product(product_id: str, needs: Sequence[str]) -> dict[str, Any]:
    return {
        "id": product_id,
        "names": _texts(product_id),
        "summary": _texts(product_id),
        "bring": [],
        "needs": needs,
        "minutes": MINUTES,
        "extra_minutes_per_person": 10,
        "max_persons": 4,
        "lead_minutes": 0,
        "horizon_days": 182,
        "fees": [],
        "channels": ["web"],
        "audience": "resident",
        "policy": {"draw": [_draw()]} if product_id == DRAWN else {},
    }


def _draw() -> dict[str, Any]:
    """Return the rule of a draw of which some batch takes requests at any moment."""
    days = (DRAW_OPEN_DAYS.stop, DRAW_OPEN_DAYS.start - 1, DRAW_OPEN_DAYS.start - 2)
    steps = {name: {"days_ahead": ahead, "at": "00:00"} for name, ahead in zip(_STEPS, days, strict=True)}
    return steps | {"every": "week", "most_places": DRAWN_PLACES, "valid_from": "2026-01-01"}


def _hours() -> dict[str, Any]:
    return {"weekdays": _EVERY_DAY, "from": f"{OPENS:%H:%M}", "until": f"{CLOSES:%H:%M}"}


def _location() -> dict[str, Any]:
    return {
        "id": LOCATION,
        "name": "Hal",
        "street": "Plein 1",
        "postal_code": "1000 AA",
        "city": "Proefstad",
        "time_zone": ZONE.key,
        "phone": "14 000",
        "directions": _texts("Hal"),
        "max_visit_minutes": 120,
        "hours": [_hours()],
    }


def _line(number: int) -> dict[str, Any]:
    skills = ["documents"] + ["licences"] * (number % 3 > 0) + ["registration"] * (number % 3 > 1)
    return {
        "id": f"balie-{number:02}",
        "location_id": LOCATION,
        "name": f"Balie {number}",
        "skills": skills,
        "shifts": [_hours()],
    }


def times_of(on: date) -> list[datetime]:
    """Return all times on a day at which passport visits can begin back to back."""
    first = datetime.combine(on, OPENS, ZONE).astimezone(UTC)
    minutes = (CLOSES.hour - OPENS.hour) * 60
    return [first + timedelta(minutes=passed) for passed in range(0, minutes, MINUTES)]


def scattered_times(days: Sequence[date], *, lines: int, seed: int) -> Iterator[datetime]:
    """Yield as many times as there are places, each once per counter; neighbours in the order lie on different days."""
    chance = random.Random(seed)
    by_day = []
    for on in days:
        times = times_of(on) * lines
        chance.shuffle(times)
        by_day.append(times)
    for round_of_days in zip(*by_day, strict=True):
        yield from round_of_days
