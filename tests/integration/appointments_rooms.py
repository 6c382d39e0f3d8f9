"""A town whose passports need a room besides one of five counters, and a desk in it that sees every line of a visit."""

from copy import deepcopy
from dataclasses import replace

from services.appointments.domain.ticks import from_text, mask
from services.appointments.town_files import read_town
from tests.integration.appointments_desk import DEMO
from tests.integration.appointments_staff import Staff

ROOMS = ("kamer-1", "kamer-2")
ALWAYS = {
    "weekdays": [*range(7)],
    "from": "04:00",
    "until": "24:00",
    "breaks": [],
    "valid_from": None,
    "valid_until": None,
}
WELL: dict[str, list[object]] = {
    "drifts": [],
    "miscounted_quotas": [],
    "outside_openings": [],
    "claims_out_of_step": [],
}


def line(line_id, kind="room", skills=("talk",), location="stadskantoor"):
    """Return a line as the files would have it, there whenever the location is open."""
    return {
        "id": line_id, "location_id": location, "name": line_id, "kind": kind, "skills": list(skills),
        "shifts": [deepcopy(ALWAYS)],
    }  # fmt: skip


def also(kind="room", skills=("talk",), from_minutes=None, minutes=None, extra_minutes=0):
    """Return what a product needs besides its counter, as the files would have it."""
    return {
        "kind": kind, "skills": list(skills), "from_minutes": from_minutes, "minutes": minutes,
        "extra_minutes": extra_minutes,
    }  # fmt: skip


def town_with(lines=None, **needs):
    """Return Enschede with lines more, and products (written with _ for -) that need something besides."""
    town = read_town(DEMO)
    by_product = {product_id.replace("_", "-"): asked for product_id, asked in needs.items()}
    products = [{**entry, "also": by_product.get(entry["id"], entry["also"])} for entry in town.products]
    more = [line(room) for room in ROOMS] if lines is None else lines
    return replace(town, products=products, lines=[*town.lines, *more])


class Hall(Staff):
    """The desk and its team lead, who also look at where visits are."""

    early: dict[str, str]
    mine: dict[str, str]

    def lines_of(self, appointment_id):
        """Return the counter of a visit, and the lines that it has besides in the order of its needs."""
        row = self.one("SELECT line_id, claims FROM appointment WHERE id = :id", id=appointment_id)
        return row.line_id, [claim["line_id"] for claim in row.claims]

    def locked(self):
        """Return what the second lock holds besides counters: (line, first tick, ticks)."""
        rows = self.all("SELECT line_id, first_tick, ticks FROM companion_claim ORDER BY line_id, first_tick")
        return [(row.line_id, row.first_tick, row.ticks) for row in rows]

    def at_a_time(self, line_ids, on):
        """Return how many of these lines are in use at a time at most, counted from the visits themselves."""
        rows = self.all(
            'SELECT line_id, first_tick, ticks FROM live_claim WHERE "on" = :on AND line_id = ANY(:ids)',
            on=on, ids=list(line_ids),
        )  # fmt: skip
        return max(
            (sum(bool(mask(row.first_tick, row.ticks) & mask(tick, 1)) for row in rows) for tick in range(288)),
            default=0,
        )

    def free_bits(self, line_id, on):
        row = self.one('SELECT free FROM line_day WHERE line_id = :id AND "on" = :on', id=line_id, on=on)
        return from_text(row.free)
