"""A town's agenda as a model that is slow and obvious: every line's day is a list of 288 owners.

Nothing here is shared with the engine: what products need is written out by hand, and free time is counted tick by
tick. Where the engine may choose (which counter, which room) the model says what would be right, and takes over what
was chosen.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

from services.appointments.town import Town

PLACE = "plein"
ZONE = ZoneInfo("Europe/Amsterdam")
MONDAY = date(2026, 11, 23)
DAYS = [MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)]
OPENS, CLOSES = 108, 144
LEAD = timedelta(minutes=60)
HORIZON = 2
RELEASED_DAYS, RELEASED_AT = 1, time(8)

LINES = {
    "desk-1": ("desk", {"a"}),
    "desk-2": ("desk", {"a", "b"}),
    "desk-3": ("desk", {"b"}),
    "room-1": ("room", {"talk", "a"}),
    "room-2": ("room", {"talk"}),
    "intake": ("limit", {"intake", "b", "talk"}),
}
"""By kind and skills; what is no desk serves nobody, whatever its skills."""


@dataclass(frozen=True)
class Rules:
    """What a product needs, in ticks. `beside`: kind, skill, ticks after the first owned, length (None: all)."""

    skill: str
    ticks: tuple[int, int, int]
    """For one, two and three persons, as the visitor sees them."""
    setup: int = 0
    wrap: int = 0
    beside: tuple[tuple[str, str, int, int | None], ...] = ()
    listed: bool = False
    bound: bool = False
    """By the quota."""

    def owned(self, persons):
        return self.setup + self.ticks[persons - 1] + self.wrap

    def needs(self, persons):
        return tuple((kind, skill, offset, ticks or self.owned(persons)) for kind, skill, offset, ticks in self.beside)


PRODUCTS = {
    "short": Rules("a", (2, 3, 4), bound=True),
    "long": Rules("a", (5, 7, 9), setup=1, wrap=1),
    "special": Rules("b", (3, 3, 3), beside=(("limit", "intake", 0, None),)),
    "talk": Rules("a", (4, 5, 6), setup=1, beside=(("room", "talk", 2, 2),)),
    "listed": Rules("b", (3, 4, 5), beside=(("room", "talk", 0, None),), listed=True),
}


def town():
    """Return the town's files as rows: the same town as `LINES` and `PRODUCTS`, in the words of the files."""
    always = {"weekdays": [*range(7)], "breaks": [], "valid_from": None, "valid_until": None}
    hours = [{**always, "from": "09:00", "until": "12:00"}]
    texts = {"nl": "x", "en": "x", "de": "x"}
    beside: dict[str, list[tuple[str, str, int | None, int | None]]] = {
        "special": [("limit", "intake", None, None)],
        "talk": [("room", "talk", 5, 10)],
        "listed": [("room", "talk", None, None)],
    }
    extra = {"short": 5, "long": 10, "special": 0, "talk": 5, "listed": 5}
    products = [
        {
            "id": name, "names": texts, "summary": texts, "bring": [], "needs": [rules.skill],
            "minutes": 5 * rules.ticks[0], "extra_minutes_per_person": extra[name], "max_persons": 3,
            "setup_minutes": 5 * rules.setup, "wrap_minutes": 5 * rules.wrap, "lead_minutes": 60,
            "horizon_days": HORIZON, "shared_minutes": {}, "fees": [], "channels": ["web"], "audience": "resident",
            "valid_from": None, "valid_until": None,
            "policy": {"waiting_list": {"min_gain_days": 1, "min_lead_minutes": 60}} if rules.listed else {},
            "also": [
                {"kind": kind, "skills": [skill], "from_minutes": begin, "minutes": minutes, "extra_minutes": 0}
                for kind, skill, begin, minutes in beside.get(name, ())
            ],
        }
        for name, rules in PRODUCTS.items()
    ]  # fmt: skip
    location = {
        "id": PLACE, "name": "Plein", "street": "Plein 1", "postal_code": "1000 AA", "city": "Proefstad",
        "time_zone": ZONE.key, "phone": "14 000", "directions": texts, "max_visit_minutes": 120, "hours": hours,
    }  # fmt: skip
    lines = [
        {"id": name, "location_id": PLACE, "name": name, "kind": kind, "skills": sorted(skills), "shifts": hours}
        for name, (kind, skills) in LINES.items()
    ]
    calendar = {
        "holidays": {"country": "NL", "categories": ["public"], "open_anyway": []},
        "decree_days": [], "closures": [],
    }  # fmt: skip
    return Town(products=products, locations=[location], lines=lines, calendar=calendar, quotas=[quota(50)])


def quota(share):
    """Return the quota as the files would have it: short visits get a share of the counters that can do them."""
    rules = {
        "kind": "at_most", "products": ["short"], "channels": [], "needs": ["a"], "share": share,
        "release_days": RELEASED_DAYS, "release_at": RELEASED_AT.isoformat("minutes"),
    }  # fmt: skip
    return {"id": "short-share", "location_id": PLACE, "rules": rules}


def instant(on, tick):
    """Return the instant at which a tick of a day begins."""
    return (datetime.combine(on, time(), ZONE) + timedelta(minutes=5 * tick)).astimezone(UTC)


@dataclass
class Visit:
    """What the model knows of one hold or appointment."""

    id: str
    held: dict[str, str]
    product: str
    persons: int
    on: date
    first: int
    ticks: int
    expires_at: datetime
    counted: bool
    """By the quota."""
    state: str = "held"
    line: str = ""
    rooms: tuple[str, ...] = ()
    needs: tuple[tuple[str, str, int, int], ...] = ()
    reference: str | None = None
    version: int = 0
    sequence: int = 0
    extended: bool = False

    @property
    def live(self):
        return self.state in ("held", "booked")

    @property
    def key(self):
        return {"reference": self.reference, "secret": self.held["secret"]}

    @property
    def starts_at(self):
        return instant(self.on, self.first + PRODUCTS[self.product].setup)

    def runs(self):
        """Return (line, ticks) of its counter and of each thing that it has besides."""
        yield self.line, range(self.first, self.first + self.ticks)
        for line, (_, _, offset, ticks) in zip(self.rooms, self.needs, strict=True):
            yield line, range(self.first + offset, self.first + offset + ticks)


@dataclass
class Kept:
    """A place that is kept for the list, or held for somebody whose counter closed."""

    id: str
    kept_for: str
    on: date
    runs: tuple[tuple[str, range], ...]


@dataclass
class Model:
    """The whole agenda."""

    now: datetime
    visits: dict[str, Visit] = field(default_factory=dict)
    kept: dict[str, Kept] = field(default_factory=dict)
    changes: list[tuple[str, str, str | None, date, int, int]] = field(default_factory=list)
    """(id, kind, line or all, day, first tick, first tick after), in the order in which they were made."""
    share: int = 50

    # --- openings and owners

    def opened(self, line, on):
        ticks = set(range(OPENS, CLOSES))
        for _, kind, which, day, first, until in self.changes:
            if day == on and which in (None, line):
                span = set(range(first, until))
                ticks = ticks | span if kind == "open-extra" else ticks - span
        return ticks

    def owners(self, on, *, without=None):
        """Return who owns each tick of each line on a day.

        Raises: AssertionError (two own the same tick).
        """
        days: dict[str, list[str | None]] = {line: [None] * 288 for line in LINES}
        live = [visit for visit in self.visits.values() if visit.live and visit.on == on and visit is not without]
        owned = [(visit.id, [*visit.runs()]) for visit in live]
        owned += [(one.id, [*one.runs]) for one in self.kept.values() if one.on == on]
        for owner, runs in owned:
            for line, run in runs:
                for tick in run:
                    assert days[line][tick] is None, f"{line} on {on} at {tick}: two visits"
                    days[line][tick] = owner
        return days

    def free(self, on, *, without=None):
        owners = self.owners(on, without=without)
        return {line: {t for t in self.opened(line, on) if owners[line][t] is None} for line in LINES}

    # --- what would be right

    def able(self, kind, skill):
        return [line for line, (of_kind, skills) in LINES.items() if of_kind == kind and skill in skills]

    def fits(self, skill, ticks, needs, room, first):
        """Say whether a visit could begin at a tick, when `room` is what there is of each line."""
        run = set(range(first, first + ticks))
        if not any(run <= room[line] for line in self.able("desk", skill)):
            return False
        lines = [line for line, (kind, _) in LINES.items() if kind != "desk"]
        return any(
            all(
                line in self.able(kind, skill) and set(range(first + offset, first + offset + length)) <= room[line]
                for line, (kind, skill, offset, length) in zip(chosen, needs, strict=True)
            )
            for chosen in permutations(lines, len(needs))
        )

    def possible(self, product, persons, on):
        """Return the first owned ticks at which a visit of a product could be booked."""
        rules, room = PRODUCTS[product], self.free(on)
        ticks, needs = rules.owned(persons), rules.needs(persons)
        return {first for first in range(288 - ticks) if self.fits(rules.skill, ticks, needs, room, first)}

    def used(self, on):
        return sum(v.ticks for v in self.visits.values() if v.live and v.counted and v.on == on)

    def limit(self, on):
        return sum(len(self.opened(line, on)) for line in self.able("desk", "a")) * self.share // 100

    def released(self, on):
        return datetime.combine(on - timedelta(days=RELEASED_DAYS), RELEASED_AT, ZONE) <= self.now

    def quota_full(self, on, ticks):
        return not self.released(on) and self.used(on) + ticks > self.limit(on)

    def bounds(self, starts_at, on):
        """Return the code with which a time is refused whatever is free then, or None."""
        if starts_at <= self.now:
            return "in-the-past"
        if on > self.now.astimezone(ZONE).date() + timedelta(days=HORIZON):
            return "too-far"
        return "too-soon" if starts_at < self.now + LEAD else None

    def refusal(self, product, persons, on, first):
        """Return with which code a hold must be refused, `slot-taken` if repacking does not help, or None."""
        rules = PRODUCTS[product]
        ticks, needs = rules.owned(persons), rules.needs(persons)
        if (code := self.bounds(instant(on, first + rules.setup), on)) is not None:
            return code
        opened = {line: self.opened(line, on) for line in LINES}
        if not self.fits(rules.skill, ticks, needs, opened, first):
            return "day-closed"
        if rules.bound and self.quota_full(on, ticks):
            return "slot-taken"
        return None if self.fits(rules.skill, ticks, needs, self.free(on), first) else "slot-taken"

    def outside(self, visit):
        """Say whether some line of a visit is closed while it needs it."""
        return any(set(run) - self.opened(line, visit.on) for line, run in visit.runs())
