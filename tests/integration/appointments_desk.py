"""A desk in a loaded Enschede on a real database, whose clock the test holds in its hand."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Barrier
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text

from services.appointments import commands, queries, timers
from services.appointments.commands import at_once as in_one_statement
from services.appointments.links import Links
from services.appointments.load import load
from services.appointments.lots import Lots
from services.appointments.people import People
from services.appointments.town_files import read_town
from services.contracts import appointments as contracts
from services.contracts import base, notifications
from services.messaging import strokes
from services.messaging.bundle import Call
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions
from services.messaging.errors import Refusal, Unavailable

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
        self.fast_lane = True
        self.strokes = 0
        self.lots = Lots(b"l" * 32)
        self.people = People(b"p" * 32)
        self.persons = count(1)

    def reload(self, town=None):
        return load(self.transactions, town or read_town(DEMO))

    def open_to_all(self):
        """Give out all places first come, first served: no list, no delay."""
        self.one("UPDATE product SET policy = policy - 'scarce' - 'waiting_list'")
        self.one("UPDATE calendar SET edition = gen_random_uuid()")

    def clear(self):
        """Forget all visits and open all counters anew."""
        self.clock.at = NOW
        self.persons = count(1)
        with self.pool.begin() as connection:
            connection.execute(
                text(
                    "TRUNCATE affected_visit, opening_change, appointment_history, offer, wish, freed_place,"
                    " companion_claim, staff_act, departed_visit, departure, reconfirmation, draw_entry, draw_request,"
                    " draw_batch, mail_code, appointment, outbox, shown_start"
                )
            )
            connection.execute(text("UPDATE line_day SET free = open WHERE free <> open"))
            connection.execute(text("UPDATE quota_day SET used_ticks = 0 WHERE used_ticks <> 0"))

    # --- commands

    def hold(self, starts_at, *, product="passport", persons=1, location="stadskantoor", channel="web"):
        wish = {"starts_at": str(starts_at), "channel": channel}
        asked = base.load(contracts.HoldSlot, self._visit(product, persons, location) | wish)
        reply = self._command(contracts.Hold, asked, commands.hold_slot, in_one_statement.hold_slots)
        return {"hold_id": reply["hold_id"], "secret": self._secret(reply["hold_id"])}, reply

    def fill(self, on, *, product=ABROAD):
        """Hold what is on offer on a day until nothing is; return the keys of the holds."""
        held = []
        while times := self.free_times(on, product=product):
            held.append(self.hold(times[0], product=product)[0])
        return held

    def extend(self, held):
        return self._tell(contracts.HoldRef, contracts.Hold, commands.extend_hold, held)

    def release(self, held):
        return self._tell(contracts.HoldRef, base.Done, commands.release_hold, held)

    def somebody(self):
        """Return what somebody tells who has not booked before; the first one is noor@example.nl."""
        number = next(self.persons)
        return {
            "name": "Noor de Wit",
            "email": f"noor{number if number > 1 else ''}@example.nl",
            "language": "nl",
            "birth_on": (date(1970, 1, 1) + timedelta(days=number)).isoformat(),
        }

    def confirm(self, held, **changes):
        told = self.somebody() | changes
        asked = base.load(contracts.ConfirmHold, held | told)
        ways = commands.confirm_hold, in_one_statement.confirm_holds
        return self._command(contracts.Appointment, asked, *ways, links=self.links, people=self.people)

    def book(self, starts_at, *, told=None, **visit):
        """Hold and confirm; return the key of the appointment and the reply."""
        held, _ = self.hold(starts_at, **visit)
        reply = self.confirm(held, **(told or {}))
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

    # --- whether somebody still comes

    def ask_holders(self):
        return timers.ask_holders(self.transactions)

    def follow_questions(self, postbox):
        return timers.follow_questions(self.transactions, postbox)

    def reconfirm(self, key):
        return self._tell(contracts.ReconfirmAppointment, contracts.Appointment, commands.reconfirm_appointment, key)

    def see(self, key):
        return self._tell(contracts.AppointmentRef, base.Done, commands.note_seen, key)

    # --- the waiting list

    def join(self, key, **wishes):
        asked = base.load(contracts.JoinWaitingList, key | {"location_ids": ["stadskantoor"]} | wishes)
        with self.transactions.work() as work:
            return base.dump(contracts.WaitingList, commands.join_waiting_list(work, self.links, self.lots, **asked))

    def leave(self, key):
        return self._tell(contracts.AppointmentRef, base.Done, commands.leave_waiting_list, key)

    def answer(self, key, offer_id, answer):
        asked = key | {"offer_id": str(offer_id), "answer": answer}
        return self._tell(contracts.AnswerOffer, contracts.Appointment, commands.answer_offer, asked)

    def waiting_list(self, key):
        asked = base.load(contracts.AppointmentRef, key)
        return self.ask(
            lambda reading: base.dump(contracts.WaitingList, queries.waiting_list(reading, self.links, **asked))
        )

    def offer_for(self, key):
        """Return the open offer of an appointment, or None."""
        wish = self.waiting_list(key)["wish"]
        return wish and wish["offer"]

    def work_the_list(self):
        """Do what the background process does about the list, once; return how many offers were made."""
        made = "SELECT count(*) AS number FROM offer"
        before = self.one(made).number
        timers.work_the_list(self.transactions)
        return self.one(made).number - before

    def sweep_the_list(self):
        return timers.sweep(self.transactions)

    def hold_pair(self, starts_at, collection_starts_at, *, product=ABROAD, persons=1, location="stadskantoor"):
        times = {"starts_at": str(starts_at), "collection_starts_at": str(collection_starts_at)}
        asked = base.load(contracts.HoldPair, self._visit(product, persons, location) | times)
        with self.transactions.work() as work:
            reply = base.dump(contracts.Pair, commands.hold_pair(work, **asked))
        return {"journey_id": reply["journey_id"], "secret": self._secret(reply["journey_id"])}, reply

    def extend_pair(self, pair):
        return self._tell(contracts.PairRef, contracts.Pair, commands.extend_pair, pair)

    def release_pair(self, pair):
        return self._tell(contracts.PairRef, base.Done, commands.release_pair, pair)

    def confirm_pair(self, pair, **changes):
        asked = base.load(contracts.ConfirmPair, pair | self.somebody() | changes)
        with self.transactions.work() as work:
            return base.dump(contracts.BookedPair, commands.confirm_pair(work, self.links, self.people, **asked))

    def book_pair(self, starts_at, collection_starts_at, **visit):
        """Hold and confirm; return the keys of the two appointments."""
        reply = self.confirm_pair(self.hold_pair(starts_at, collection_starts_at, **visit)[0])
        return tuple(
            {"reference": reply[part]["reference"], "secret": self._secret(reply[part]["appointment_id"])}
            for part in ("request", "collection")
        )

    # --- queries

    def free_pairs(self, *, product=ABROAD, persons=1, location="stadskantoor", **bounds):
        asked = base.load(contracts.FindFreePairs, self._visit(product, persons, location) | bounds)
        return self.ask(lambda reading: base.dump(contracts.FreePairs, queries.free_pairs(reading, **asked)))

    def collection_days(self, requested_on, *, product=ABROAD, persons=1, location="stadskantoor"):
        asked = self._visit(product, persons, location) | {"requested_on": requested_on.isoformat()}
        loaded = base.load(contracts.FindCollectionDays, asked)
        return self.ask(lambda reading: base.dump(contracts.CollectionDays, queries.collection_days(reading, **loaded)))

    def look_at_pair(self, pair):
        asked = base.load(contracts.PairRef, pair)
        return self.ask(lambda reading: base.dump(contracts.Pair, queries.pair(reading, self.links, **asked)))

    def free_days(self, *, product="passport", persons=1, location="stadskantoor", **bounds):
        asked = base.load(contracts.FindFreeDays, self._visit(product, persons, location) | bounds)
        return self.ask(lambda reading: base.dump(contracts.FreeDays, queries.free_days(reading, **asked)))

    def free_times(self, on, *, product="passport", persons=1, location="stadskantoor"):
        asked = base.load(contracts.FindFreeTimes, self._visit(product, persons, location) | {"on": on.isoformat()})
        reply = self.ask(lambda reading: base.dump(contracts.FreeTimes, queries.free_times(reading, **asked)))
        return [datetime.fromisoformat(start) for start in reply["starts"]]

    def look_at_hold(self, held):
        asked = base.load(contracts.HoldRef, held)
        return self.ask(lambda reading: base.dump(contracts.Hold, queries.hold(reading, self.links, **asked)))

    def look_up(self, key):
        asked = base.load(contracts.AppointmentRef, key)
        return self.ask(
            lambda reading: base.dump(contracts.AppointmentDetails, queries.appointment(reading, self.links, **asked))
        )

    def contact(self, appointment_id):
        asked = base.load(contracts.GetContact, {"appointment_id": appointment_id})
        return self.ask(lambda reading: base.dump(contracts.Contact, queries.contact_of(reading, self.links, **asked)))

    def drift(self):
        return self.ask(lambda reading: base.dump(contracts.CapacityDrift, queries.capacity_drift(reading)))

    def bits(self):
        """Return the free bits of every counter's day."""
        with self.pool.connect() as connection:
            rows = connection.execute(text('SELECT line_id, "on", free FROM line_day'))
            return {(row.line_id, row.on): row.free for row in rows}

    def do(self, act):
        """Do something in a transaction of its own; return what it returns."""
        with self.transactions.work() as work:
            return act(work)

    def ask(self, question):
        """Return the answer to a question."""
        with self.transactions.reading() as reading:
            return question(reading)

    def events(self):
        """Return (kind, version) of what was told to others, in order."""
        with self.pool.connect() as connection:
            rows = connection.execute(text("SELECT type, version FROM outbox ORDER BY id"))
            return [(row.type.removeprefix("nl.afspraken."), row.version) for row in rows]

    def all(self, statement, **values):
        """Return all rows of a question."""
        with self.pool.connect() as connection:
            return connection.execute(text(statement), values).all()

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

    def _command(self, reply, asked, thorough, fast, **given):
        """Do what the edge does: one statement if that will do, else the thorough way; each with a key of its own."""
        if self.fast_lane:
            done = self.at_once(thorough.__name__, str(self.clock.new_id()), {}, asked, fast, reply, **given)
            if done is not None:
                return done
        with self.transactions.work() as work:
            return base.dump(reply, thorough(work, **given, **asked))

    def at_once(self, operation, key, request, asked, fast, reply, **given):
        """Do one call in one statement and return its answer, or None."""
        [done] = strokes.at_once(
            self.transactions,
            operation,
            [(Call("", key, "", request), asked)],
            lambda mine, wishes: fast(mine, *given.values(), wishes),
            answer=lambda told: base.dump(reply, told),
        )
        self.strokes += done is not None
        return done

    def _tell(self, request, reply, command, raw):
        asked = base.load(request, raw)
        with self.transactions.work() as work:
            return base.dump(reply, command(work, self.links, **asked))


class Postbox:
    """Stands where the RPC client stands, and answers what notifications would say of its messages."""

    def __init__(self):
        self.messages = []
        self.away = False

    def takes(self, kind, at, *, state="sent"):
        """Note a message that the mail server took, or did not."""
        self.messages.append(
            {
                "message_id": str(UUID(int=len(self.messages))),
                "kind": kind,
                "state": state,
                "not_before": at.isoformat(),
                "sent_at": at.isoformat() if state == "sent" else None,
                "attempts": 1,
            }
        )

    def call(self, service, method, request):
        assert (service, method) == ("notifications", "messages_about")
        base.load(notifications.MessagesAbout, request)
        if self.away:
            raise Unavailable
        return {"messages": self.messages}


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
