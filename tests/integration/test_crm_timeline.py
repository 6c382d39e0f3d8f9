"""The contact history on a real database: events in any order, twice, late; and whose they are."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import pytest
from sqlalchemy import func, select, text

from services.contracts import appointments as events
from services.contracts import civil_registry, notifications
from services.contracts import crm as contract
from services.contracts.base import dump, load
from services.crm import commands, queries, reactions, storage, tables
from services.crm.digests import Digests
from services.crm.domain.contact import CLAIM
from services.crm.domain.errors import CustomerUnknown
from services.crm.timers import Linker
from services.messaging import inbox
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions
from services.messaging.envelope import Envelope
from services.messaging.errors import RemoteRefusal, TimedOut, Unavailable
from services.messaging.settings import Secret

DIGESTS = Digests.of(Secret("s" * 40))
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
REACTIONS = {
    events.AppointmentBooked: reactions.on_appointment_booked,
    events.AppointmentMoved: reactions.on_appointment_moved,
    events.AppointmentCancelled: reactions.on_appointment_cancelled,
    notifications.MessageSent: reactions.on_message_sent,
    notifications.MessageFailed: reactions.on_message_failed,
    events.HolderDeceased: reactions.on_holder_deceased,
} | dict.fromkeys(civil_registry.EVENTS, reactions.on_record_fact)


class Clock(SystemClock):
    """A clock that a test can set forward."""

    def __init__(self):
        self.ahead = timedelta()

    def now(self):
        return super().now() + self.ahead


class Appointments:
    """The appointments service and the registry as the wire shows them: they answer, know nothing, or are away."""

    def __init__(self):
        self.contacts = {}
        self.records = {}
        self.trouble = None
        self.registry_trouble = None
        self.asked = 0

    def call(self, service, method, request):
        self.asked += 1
        if service == "civil_registry":
            return self._of_record(method, request)
        assert (service, method) == ("appointments", "contact_of")
        if self.trouble is not None:
            raise self.trouble
        if request["appointment_id"] not in self.contacts:
            raise RemoteRefusal("appointment-unknown", "", {})
        return self.contacts[request["appointment_id"]]

    def _of_record(self, method, request):
        assert method == "contact_of_record"
        if self.registry_trouble is not None:
            raise self.registry_trouble
        record_id = str(load(civil_registry.AboutFact, request)["record_id"])
        if record_id not in self.records:
            raise RemoteRefusal("record-unknown", "", {})
        return dump(civil_registry.RecordContact, self.records[record_id])

    def declare(self, email, phone=None, receipt="G-2026-7K2Q9M"):
        record_id = uuid4()
        self.records[str(record_id)] = {
            "email": email,
            "phone": phone,
            "language": "nl",
            "receipt": receipt,
            "kind": "birth",
            "status": "submitted",
            "partner_email": None,
            "source": "online",
            "facts": {},
        }
        return record_id

    def book(self, email, phone=None):
        appointment_id = uuid4()
        self.contacts[str(appointment_id)] = {
            "appointment_id": str(appointment_id),
            "reference": "K7Q2MXD4",
            "secret": "x" * 26,
            "name": "Jan",
            "email": email,
            "phone": phone,
            "language": "nl",
            "time_zone": "Europe/Amsterdam",
        }
        return appointment_id


class Crm:
    """The CRM's rooms on a real database, without a broker."""

    def __init__(self, pool):
        self.clock = Clock()
        self.transactions = Transactions(pool, self.clock, source="crm")
        self.appointments = Appointments()
        self.linker = Linker(self.transactions, self.appointments, DIGESTS)

    def hear(self, event):
        """Do what the edge does with a delivery: inbox and effect in one transaction."""
        kind, envelope = event
        with self.transactions.work() as work:
            if inbox.first_time(work, "crm.test", envelope):
                REACTIONS[kind](work, envelope)

    def link_all(self):
        while self.linker.link_next():
            pass

    def timeline(self, **who):
        with self.transactions.reading() as reading:
            answer = queries.timeline(reading, DIGESTS, **who)
        return load(contract.Timeline, dump(contract.Timeline, answer))

    def kinds(self, **who):
        return [entry["kind"] for entry in self.timeline(**who)["entries"]]

    def count(self, table):
        with self.transactions.reading() as reading:
            return reading.connection.execute(select(func.count()).select_from(table)).scalar_one()

    def state_of(self, appointment_id):
        contact = tables.contact
        with self.transactions.reading() as reading:
            return reading.connection.execute(
                select(contact.c.state).where(contact.c.about_id == appointment_id)
            ).scalar_one()


@pytest.fixture(scope="module")
def crm_engine(databases):
    return databases("crm")


@pytest.fixture
def crm(crm_engine):
    with crm_engine.begin() as connection:
        names = ", ".join(table.name for table in tables.metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {names} CASCADE"))
    return Crm(crm_engine)


def happened(kind, appointment_id, version=1, /, *, after=None, **data):
    """Return an event as the edge hands it to a reaction; its id follows from what it tells."""
    occurred_at = MONDAY + (after or timedelta(minutes=version))
    content = load(kind, kind.example | {"appointment_id": str(appointment_id), "version": version} | data)
    about = content.get("message_id", appointment_id)
    return kind, Envelope(
        id=uuid5(NAMESPACE_URL, f"{kind.type}:{appointment_id}:{version}"),
        type=kind.type,
        source=kind.source,
        aggregate_id=UUID(str(about)),
        version=version,
        occurred_at=occurred_at,
        correlation_id=str(uuid4()),
        causation_id=None,
        data=content,
    )


def booked(appointment_id, **data):
    return happened(events.AppointmentBooked, appointment_id, **data)


def life_of(appointment_id):
    return [
        booked(appointment_id),
        happened(notifications.MessageSent, appointment_id, after=timedelta(seconds=90)),
        happened(events.AppointmentMoved, appointment_id, 2, starts_at="2026-12-10T10:00:00+00:00"),
        happened(events.AppointmentCancelled, appointment_id, 3, starts_at="2026-12-10T10:00:00+00:00"),
    ]


def at_once(number, do):
    """Run something in so many threads that begin together; return what each returned or raised."""
    gate = threading.Barrier(number)
    outcomes: list[Any] = [None] * number

    def run(index):
        gate.wait(10)
        try:
            outcomes[index] = do(index)
        except Exception as error:
            outcomes[index] = error

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


# --- the timeline ------------------------------------------------------------------------------------------


def test_a_clerk_sees_what_happened_to_a_resident_newest_first(crm):
    appointment_id = crm.appointments.book("jan@example.nl")
    for event in life_of(appointment_id):
        crm.hear(event)
    crm.link_all()
    entries = crm.timeline(email="jan@example.nl")["entries"]
    assert [(entry["kind"], entry["channel"], entry["outcome"]) for entry in entries] == [
        ("appointment-cancelled", "web", "cancelled"),
        ("appointment-moved", "web", "moved"),
        ("message-sent", "email", "sent"),
        ("appointment-booked", "web", "planned"),
    ]
    assert all(entry["product_ids"] == ["passport"] for entry in entries)
    assert entries[1]["starts_at"] == datetime(2026, 12, 10, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_order_in_which_events_arrive_does_not_matter(crm, order):
    appointment_id = crm.appointments.book("jan@example.nl")
    life = life_of(appointment_id)
    for number in order:
        crm.hear(life[number])
        crm.hear(life[number])
        crm.link_all()
    timeline = crm.timeline(email="jan@example.nl")
    assert {entry["entry_id"] for entry in timeline["entries"]} == {envelope.id for _, envelope in life}
    assert len(timeline["entries"]) == 4
    with crm.transactions.reading() as reading:
        state = reading.connection.execute(select(tables.appointment_state)).one()
    assert (state.version, state.outcome) == (3, "cancelled")


def test_an_event_that_the_inbox_has_forgotten_is_still_one_contact(crm):
    appointment_id = crm.appointments.book("jan@example.nl")
    kind, envelope = booked(appointment_id)
    for _ in range(2):
        with crm.transactions.work() as work:
            REACTIONS[kind](work, envelope)
    assert crm.count(tables.entry) == 1


def test_the_same_event_twenty_times_at_once_is_one_contact(crm):
    event = booked(crm.appointments.book("jan@example.nl"))
    assert at_once(20, lambda _: crm.hear(event)) == [None] * 20
    assert crm.count(tables.entry) == crm.count(tables.contact) == 1


def test_a_failed_message_is_a_contact_too(crm):
    appointment_id = crm.appointments.book("jan@example.nl")
    crm.hear(happened(notifications.MessageFailed, appointment_id))
    crm.link_all()
    entry = crm.timeline(email="jan@example.nl")["entries"][0]
    assert (entry["kind"], entry["outcome"], entry["product_ids"]) == ("message-failed", "failed", [])


def test_a_timeline_of_more_than_a_screen_shows_the_newest(crm, monkeypatch):
    monkeypatch.setattr(queries, "MOST_ENTRIES", 2)
    appointment_id = crm.appointments.book("jan@example.nl")
    for event in life_of(appointment_id):
        crm.hear(event)
    crm.link_all()
    assert crm.kinds(email="jan@example.nl") == ["appointment-cancelled", "appointment-moved"]


def test_each_look_at_a_customer_is_logged_without_contact_data(crm, capsys):
    crm.hear(booked(crm.appointments.book("jan@example.nl", "06-12345678")))
    crm.link_all()
    customer_id = crm.timeline(phone="+31612345678")["customer_id"]
    lines = capsys.readouterr().out
    assert "customer_viewed" in lines
    assert str(customer_id) in lines
    assert "jan@" not in lines
    assert "12345678" not in lines


# --- whose it is -------------------------------------------------------------------------------------------


def test_a_customer_is_found_by_e_mail_and_by_phone_however_they_are_written(crm):
    crm.hear(booked(crm.appointments.book("Jan.Jansen@Example.nl", "06-12345678")))
    crm.link_all()
    found = [
        crm.timeline(**who)["customer_id"]
        for who in (
            {"email": "jan.jansen@example.NL"},
            {"phone": "+31 6 12345678"},
            {"phone": "0031612345678"},
        )
    ]
    assert len(set(found)) == 1
    assert crm.timeline(customer_id=found[0])["customer_id"] == found[0]


@pytest.mark.parametrize(
    "who", [{"email": "nobody@example.nl"}, {"phone": "0687654321"}, {"phone": "?"}, {"customer_id": uuid4()}]
)
def test_a_stranger_has_no_timeline(crm, who):
    with pytest.raises(CustomerUnknown):
        crm.timeline(**who)


def test_two_appointments_with_one_e_mail_belong_to_one_customer(crm):
    for phone in (None, "0612345678", "0687654321"):
        crm.hear(booked(crm.appointments.book("jan@example.nl", phone)))
    crm.link_all()
    assert crm.count(tables.customer) == 1
    assert len(crm.kinds(phone="0687654321")) == 3


def test_a_new_e_mail_with_a_known_phone_belongs_to_the_known_customer(crm):
    crm.hear(booked(crm.appointments.book("jan@example.nl", "0612345678")))
    crm.link_all()
    crm.hear(booked(crm.appointments.book("jan@work.example.nl", "+31 6 12345678")))
    crm.link_all()
    assert crm.count(tables.customer) == 1
    assert len(crm.kinds(email="jan@work.example.nl")) == 2


def test_when_e_mail_and_phone_point_to_two_people_the_e_mail_decides_and_nothing_is_merged(crm):
    for email, phone in (("jan@example.nl", "0612345678"), ("piet@example.nl", "0687654321")):
        crm.hear(booked(crm.appointments.book(email, phone)))
    crm.link_all()
    jan, piet = (crm.timeline(email=email)["customer_id"] for email in ("jan@example.nl", "piet@example.nl"))
    for _ in range(2):
        crm.hear(booked(crm.appointments.book("jan@example.nl", "0687654321")))
    crm.link_all()
    assert len(crm.kinds(email="jan@example.nl")) == 3
    assert len(crm.kinds(email="piet@example.nl")) == 1
    assert crm.timeline(phone="0687654321")["customer_id"] == piet
    with crm.transactions.reading() as reading:
        pairs = reading.connection.execute(
            select(tables.possible_duplicate.c.customer_a, tables.possible_duplicate.c.customer_b)
        ).all()
    assert [set(pair) for pair in pairs] == [{jan, piet}]


def test_of_twenty_linkers_of_one_new_e_mail_all_end_with_one_customer(crm):
    booked_ids = [crm.appointments.book("jan@example.nl", f"06123456{number:02}") for number in range(20)]
    for appointment_id in booked_ids:
        crm.hear(booked(appointment_id))

    def link(number):
        with crm.transactions.work() as work:
            return commands.link_contact(
                work,
                DIGESTS,
                about_id=booked_ids[number],
                email="jan@example.nl",
                phone=f"06123456{number:02}",
            )

    outcomes = at_once(20, link)
    assert len(Counter(outcomes)) == 1
    assert crm.count(tables.customer) == 1
    assert len(crm.kinds(email="jan@example.nl")) == 20


def test_linkers_of_one_shared_phone_never_wait_for_each_other_in_a_circle(crm):
    booked_ids = [crm.appointments.book(f"person{number}@example.nl", "0612345678") for number in range(20)]
    for appointment_id in booked_ids:
        crm.hear(booked(appointment_id))

    def link(number):
        with crm.transactions.work() as work:
            return commands.link_contact(
                work,
                DIGESTS,
                about_id=booked_ids[number],
                email=f"person{number}@example.nl",
                phone="0612345678",
            )

    outcomes = at_once(20, link)
    assert all(isinstance(outcome, UUID) for outcome in outcomes)
    assert {crm.state_of(appointment_id) for appointment_id in booked_ids} == {"linked"}


def test_several_linkers_share_the_work_and_ask_once_for_each_appointment(crm):
    for number in range(30):
        crm.hear(booked(crm.appointments.book(f"person{number}@example.nl")))
    assert at_once(6, lambda _: crm.link_all()) == [None] * 6
    crm.link_all()
    assert crm.appointments.asked == 30
    assert crm.count(tables.customer) == 30


# --- the appointments service is away ----------------------------------------------------------------------


@pytest.mark.parametrize("trouble", [Unavailable("away"), TimedOut("slow")])
def test_while_appointments_is_away_contacts_wait_and_are_linked_afterwards(crm, trouble):
    appointment_id = crm.appointments.book("jan@example.nl")
    crm.hear(booked(appointment_id))
    crm.appointments.trouble = trouble
    assert not crm.linker.link_next()
    assert crm.state_of(appointment_id) == "waiting"
    crm.appointments.trouble = None
    crm.link_all()
    assert crm.state_of(appointment_id) == "waiting", "its pause is not over"
    crm.clock.ahead = timedelta(seconds=6)
    crm.link_all()
    assert crm.kinds(email="jan@example.nl") == ["appointment-booked"]


def test_an_appointment_that_nobody_knows_any_more_is_not_asked_for_again(crm):
    appointment_id = uuid4()
    crm.hear(booked(appointment_id))
    crm.link_all()
    crm.clock.ahead = timedelta(days=1)
    crm.link_all()
    assert crm.state_of(appointment_id) == "unknown"
    assert crm.appointments.asked == 1


def test_when_a_linker_dies_with_an_appointment_in_hand_another_takes_over(crm):
    crm.hear(booked(crm.appointments.book("jan@example.nl")))
    with crm.transactions.work() as work:
        assert storage.claim_waiting(work, CLAIM) is not None
    assert not crm.linker.link_next()
    crm.clock.ahead = CLAIM + timedelta(seconds=1)
    crm.link_all()
    assert crm.kinds(email="jan@example.nl") == ["appointment-booked"]


def test_a_linker_that_comes_too_late_changes_nothing(crm):
    appointment_id = crm.appointments.book("jan@example.nl")
    crm.hear(booked(appointment_id))
    crm.link_all()
    with crm.transactions.work() as work:
        late = commands.link_contact(work, DIGESTS, about_id=appointment_id, email="piet@example.nl", phone=None)
    assert late is None
    assert crm.count(tables.customer) == 1


# --- privacy and schema ------------------------------------------------------------------------------------


def test_no_address_and_no_number_stands_in_the_database(crm):
    crm.hear(booked(crm.appointments.book("jan.jansen@example.nl", "06-12345678")))
    crm.link_all()
    with crm.transactions.reading() as reading:
        for table in tables.metadata.sorted_tables:
            rows = reading.connection.execute(text(f"SELECT {table.name}::text FROM {table.name}")).scalars()
            for row in rows:
                assert "jansen" not in row
                assert "12345678" not in row
                assert b"jansen".hex() not in row
                assert b"12345678".hex() not in row


def test_the_migrations_make_exactly_the_tables_that_the_code_expects(crm_engine):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with crm_engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), tables.metadata)
    assert differences == []
