"""A desk in a loaded Enschede on a real database, whose clock the test holds in its hand."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text

from services.appointments import commands, queries, timers
from services.appointments.links import Links
from services.appointments.load import load
from services.appointments.town_files import read_town
from services.contracts import appointments as contracts
from services.contracts import base
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions
from services.messaging.errors import Refusal

DEMO = Path(__file__).parents[2] / "deploy" / "demo" / "enschede"
ENSCHEDE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TUESDAY, WEDNESDAY, THURSDAY = date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26)
SUNDAY = date(2026, 11, 29)
ABROAD = "passport-abroad"
ABROAD_LINE = "stadskantoor-8"


def at(on, wall):
    """Return the instant of a time on the wall in Enschede."""
    hour, minute = wall.split(":")
    return datetime(on.year, on.month, on.day, int(hour), int(minute), tzinfo=ENSCHEDE).astimezone(UTC)


class HandClock(SystemClock):
    """A clock that stands still until it is told to go."""

    def __init__(self):
        self.at = NOW

    def now(self):
        return self.at


class Desk:
    """Does and asks what the service does and asks, through the contracts, each in a transaction of its own."""

    def __init__(self, pool):
        self.pool = pool
        self.clock = HandClock()
        self.transactions = Transactions(pool, self.clock, source="appointments")
        self.links = Links(b"k" * 32)

    def reload(self, town=None):
        return load(self.transactions, town or read_town(DEMO))

    def clear(self):
        """Forget all visits and open all counters anew."""
        self.clock.at = NOW
        with self.pool.begin() as connection:
            connection.execute(
                text("TRUNCATE affected_visit, opening_change, appointment_history, appointment, outbox")
            )
            connection.execute(text("UPDATE line_day SET free = open WHERE free <> open"))

    # --- commands

    def hold(self, starts_at, *, product="passport", persons=1, location="stadskantoor"):
        asked = base.load(contracts.HoldSlot, self._visit(product, persons, location) | {"starts_at": str(starts_at)})
        with self.transactions.work() as work:
            reply = base.dump(contracts.Hold, commands.hold_slot(work, **asked))
        return {"hold_id": reply["hold_id"], "secret": self._secret(reply["hold_id"])}, reply

    def extend(self, held):
        return self._tell(contracts.HoldRef, contracts.Hold, commands.extend_hold, held)

    def release(self, held):
        return self._tell(contracts.HoldRef, base.Done, commands.release_hold, held)

    def confirm(self, held, **changes):
        told = {"name": "Noor de Wit", "email": "noor@example.nl", "language": "nl"} | changes
        return self._tell(contracts.ConfirmHold, contracts.Appointment, commands.confirm_hold, held | told)

    def book(self, starts_at, **visit):
        """Hold and confirm; return the key of the appointment and the reply."""
        held, _ = self.hold(starts_at, **visit)
        reply = self.confirm(held)
        return {"reference": reply["reference"], "secret": held["secret"]}, reply

    def move(self, key, starts_at, **more):
        asked = key | {"starts_at": str(starts_at)} | more
        return self._tell(contracts.MoveAppointment, contracts.Appointment, commands.move_appointment, asked)

    def cancel(self, key, **more):
        return self._tell(contracts.CancelAppointment, contracts.Appointment, commands.cancel_appointment, key | more)

    def send_link(self, reference, email):
        asked = base.load(contracts.SendLink, {"reference": reference, "email": email})
        with self.transactions.work() as work:
            return commands.send_link(work, **asked)

    def expire(self):
        with self.transactions.work() as work:
            return timers.expire_holds(work)

    def wait(self, **duration):
        self.clock.at += timedelta(**duration)

    # --- queries

    def free_days(self, *, product="passport", persons=1, location="stadskantoor", **bounds):
        asked = base.load(contracts.FindFreeDays, self._visit(product, persons, location) | bounds)
        return self._ask(lambda reading: base.dump(contracts.FreeDays, queries.free_days(reading, **asked)))

    def free_times(self, on, *, product="passport", persons=1, location="stadskantoor"):
        asked = base.load(contracts.FindFreeTimes, self._visit(product, persons, location) | {"on": on.isoformat()})
        reply = self._ask(lambda reading: base.dump(contracts.FreeTimes, queries.free_times(reading, **asked)))
        return [datetime.fromisoformat(start) for start in reply["starts"]]

    def look_at_hold(self, held):
        asked = base.load(contracts.HoldRef, held)
        return self._ask(lambda reading: base.dump(contracts.Hold, queries.hold(reading, self.links, **asked)))

    def look_up(self, key):
        asked = base.load(contracts.AppointmentRef, key)
        return self._ask(
            lambda reading: base.dump(contracts.AppointmentDetails, queries.appointment(reading, self.links, **asked))
        )

    def contact(self, appointment_id):
        asked = base.load(contracts.GetContact, {"appointment_id": appointment_id})
        return self._ask(lambda reading: base.dump(contracts.Contact, queries.contact_of(reading, self.links, **asked)))

    def drift(self):
        return self._ask(lambda reading: base.dump(contracts.CapacityDrift, queries.capacity_drift(reading)))

    def bits(self):
        """Return the free bits of every counter's day."""
        with self.pool.connect() as connection:
            rows = connection.execute(text('SELECT line_id, "on", free FROM line_day'))
            return {(row.line_id, row.on): row.free for row in rows}

    def events(self):
        """Return (kind, version) of what was told to others, in order."""
        with self.pool.connect() as connection:
            rows = connection.execute(text("SELECT type, version FROM outbox ORDER BY id"))
            return [(row.type.removeprefix("nl.afspraken."), row.version) for row in rows]

    def one(self, statement, **values):
        """Run one statement past the rules, as a careless administrator would; return what it returns."""
        with self.pool.begin() as connection:
            result = connection.execute(text(statement), values)
            return result.first() if result.returns_rows else None

    # --- inside

    def _visit(self, product, persons, location):
        return {"location_id": location, "products": [{"product_id": product, "persons": persons}]}

    def _secret(self, hold_id):
        return self.links.secret(UUID(hold_id))

    def _tell(self, request, reply, command, raw):
        asked = base.load(request, raw)
        with self.transactions.work() as work:
            return base.dump(reply, command(work, self.links, **asked))

    def _ask(self, question):
        with self.transactions.reading() as reading:
            return question(reading)


def at_once(number, act):
    """Let a number of people act at the same instant; return what each got: a reply, or the code of a refusal."""
    start = Barrier(number)

    def one(index):
        start.wait(timeout=30)
        try:
            return act(index)
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(number) as crowd:
        return list(crowd.map(one, range(number)))


def refused(act):
    """Return the refusal with which an act ends."""
    try:
        act()
    except Refusal as refusal:
        return refusal
    raise AssertionError("this should have been refused")
