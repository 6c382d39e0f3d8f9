"""Declarations on the timeline, and customers who died: facts in any order, what a court or a sign of life undoes."""

from datetime import timedelta
from itertools import permutations
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import pytest
from sqlalchemy import text

from services.contracts import appointments as events
from services.contracts import civil_registry as registry
from services.contracts import crm as contract
from services.contracts import notifications
from services.contracts.base import dump, load
from services.crm import queries, tables
from services.messaging.envelope import Envelope
from services.messaging.errors import Unavailable
from tests.integration.test_crm_timeline import DIGESTS, MONDAY, Crm, booked, happened


@pytest.fixture(scope="module")
def crm_engine(databases):
    return databases("crm")


@pytest.fixture
def crm(crm_engine):
    with crm_engine.begin() as connection:
        names = ", ".join(table.name for table in tables.metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {names} CASCADE"))
    return Crm(crm_engine)


def fact(kind, record_id, version=1, /, *, after=None, **data):
    """Return a fact of the registry as the edge hands it to a reaction."""
    told = kind.example | {"record_id": str(record_id), "version": version} | data
    return kind, Envelope(
        id=uuid5(NAMESPACE_URL, f"{kind.type}:{record_id}:{version}"),
        type=kind.type,
        source=kind.source,
        aggregate_id=UUID(str(record_id)),
        version=version,
        occurred_at=MONDAY + (after or timedelta(minutes=version)),
        correlation_id=str(uuid4()),
        causation_id=None,
        data=load(kind, told),
    )


def died(appointment_id, record_id, *, alone=True, after=timedelta(hours=1)):
    more = {"record_id": str(record_id), "alone": alone}
    return happened(events.HolderDeceased, appointment_id, 2, after=after, **more)


def struck_out(record_id):
    return fact(registry.DeedCancelledByCourt, record_id, 9, kind="death", status="registered")


def deceased(crm, email="jan@example.nl"):
    with crm.transactions.reading() as reading:
        answer = queries.check_customer(reading, DIGESTS, email=email)
    return load(contract.CustomerCheck, dump(contract.CustomerCheck, answer))["deceased_since"]


# --- declarations


def test_a_clerk_sees_a_declaration_beside_the_visits_of_the_same_resident(crm):
    crm.hear(booked(crm.appointments.book("jan@example.nl"), after=timedelta(minutes=1)))
    record_id = crm.appointments.declare("Jan@Example.nl")
    crm.hear(fact(registry.BirthDeclarationSubmitted, record_id, 2, after=timedelta(minutes=2)))
    crm.hear(fact(registry.BirthRegistered, record_id, 3, after=timedelta(minutes=3), status="registered"))
    crm.link_all()
    entries = crm.timeline(email="jan@example.nl")["entries"]
    assert [(entry["kind"], entry["channel"], entry["outcome"], entry["receipt"]) for entry in entries] == [
        ("birth-registered", "web", "registered", "G-2026-7K2Q9M"),
        ("birth-submitted", "web", "submitted", "G-2026-7K2Q9M"),
        ("appointment-booked", "web", "planned", None),
    ]
    assert [entry["record_id"] for entry in entries] == [record_id, record_id, None]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_in_which_facts_arrive_does_not_matter(crm, order):
    record_id = crm.appointments.declare("jan@example.nl")
    life = [
        fact(registry.BirthDeclarationSubmitted, record_id, 2),
        fact(registry.BirthInformationRequested, record_id, 3, status="info-requested"),
        fact(registry.BirthDeclarationWithdrawn, record_id, 4, status="withdrawn"),
    ]
    for place in order:
        crm.hear(life[place])
        crm.hear(life[place])
        crm.link_all()
    assert crm.kinds(email="jan@example.nl") == ["birth-withdrawn", "birth-information-requested", "birth-submitted"]


@pytest.mark.parametrize(
    "kind",
    [
        registry.BirthDeclarationStarted,
        registry.ShamCheckStarted,
        registry.ProsecutorClearanceRequested,
        registry.DeedPrinted,
        registry.RemarriageReported,
    ],
)
def test_drafts_and_the_work_of_the_office_are_no_contacts(crm, kind):
    crm.hear(fact(kind, uuid4()))
    crm.link_all()
    assert crm.count(tables.entry) == crm.count(tables.contact) == crm.appointments.asked == 0


def test_a_mail_about_a_declaration_is_a_contact_too(crm):
    record_id = crm.appointments.declare("jan@example.nl")
    about = {"appointment_id": None, "record_id": str(record_id), "kind": "birth-submitted"}
    crm.hear(happened(notifications.MessageSent, uuid4(), **about))
    crm.hear(happened(notifications.MessageFailed, uuid4(), **about))
    crm.link_all()
    entries = crm.timeline(email="jan@example.nl")["entries"]
    assert {(entry["kind"], entry["record_id"]) for entry in entries} == {
        ("message-sent", record_id),
        ("message-failed", record_id),
    }


def test_a_record_without_an_address_belongs_to_nobody_and_is_asked_for_once(crm):
    record_id = crm.appointments.declare(None)
    crm.hear(fact(registry.BirthDeclarationWithdrawn, record_id, 2, status="withdrawn"))
    crm.link_all()
    crm.clock.ahead = timedelta(days=1)
    crm.link_all()
    assert crm.state_of(record_id) == "unknown" and crm.appointments.asked == 1


def test_while_the_registry_is_silent_its_contacts_wait_and_visits_are_linked(crm):
    record_id, appointment_id = crm.appointments.declare("jan@example.nl"), crm.appointments.book("jan@example.nl")
    crm.appointments.registry_trouble = Unavailable("away")
    crm.hear(fact(registry.BirthDeclarationSubmitted, record_id, 2))
    crm.hear(booked(appointment_id))
    for _ in range(3):
        crm.linker.link_next()
    assert (crm.state_of(record_id), crm.state_of(appointment_id)) == ("waiting", "linked")
    crm.appointments.registry_trouble = None
    crm.clock.ahead = timedelta(seconds=6)
    crm.link_all()
    assert len(crm.kinds(email="jan@example.nl")) == 2


def test_older_code_goes_on_with_contacts_about_appointments(crm):
    appointment_id = crm.appointments.book("jan@example.nl")
    with crm.transactions.work() as work:
        work.connection.execute(
            text(
                "INSERT INTO appointment_contact (appointment_id, state, next_attempt_at)"
                " VALUES (:id, 'waiting', :now) ON CONFLICT DO NOTHING"
            ),
            {"id": appointment_id, "now": work.now},
        )
        work.connection.execute(
            text(
                "INSERT INTO entry"
                " (event_id, appointment_id, occurred_at, kind, channel, outcome, version, product_ids)"
                " VALUES (:id, :about, :now, 'appointment-booked', 'web', 'planned', 1, '{}')"
            ),
            {"id": uuid4(), "about": appointment_id, "now": work.now},
        )
    crm.link_all()
    assert crm.kinds(email="jan@example.nl") == ["appointment-booked"]
    with crm.transactions.work() as work:
        row = work.connection.execute(
            text("SELECT state FROM appointment_contact WHERE appointment_id = :id FOR UPDATE SKIP LOCKED"),
            {"id": appointment_id},
        ).one()
    assert row.state == "linked"


# --- customers who have died


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_who_has_died_is_shown_as_such_whichever_fact_comes_first(crm, order):
    appointment_id, record_id = crm.appointments.book("jan@example.nl"), uuid4()
    life = [booked(appointment_id), died(appointment_id, record_id)]
    for place in order:
        crm.hear(life[place])
        crm.hear(life[place])
    crm.link_all()
    timeline = crm.timeline(email="jan@example.nl")
    assert timeline["deceased_since"] == MONDAY + timedelta(hours=1)
    assert [(entry["kind"], entry["outcome"]) for entry in timeline["entries"]] == [
        ("holder-deceased", "deceased"),
        ("appointment-booked", "planned"),
    ]
    assert deceased(crm) == MONDAY + timedelta(hours=1)


def test_nobody_else_is_taken_for_dead(crm):
    for email in ("jan@example.nl", "piet@example.nl"):
        crm.hear(booked(crm.appointments.book(email)))
    appointment_id = crm.appointments.book("jan@example.nl")
    crm.hear(died(appointment_id, uuid4()))
    crm.link_all()
    assert deceased(crm) is not None
    assert deceased(crm, "piet@example.nl") is None
    assert deceased(crm, "nobody@example.nl") is None


def test_an_address_that_others_use_too_is_not_that_of_somebody_dead(crm):
    appointment_id = crm.appointments.book("family@example.nl")
    crm.hear(died(appointment_id, uuid4(), alone=False))
    crm.link_all()
    assert deceased(crm, "family@example.nl") is None
    assert crm.kinds(email="family@example.nl") == ["holder-deceased"]


@pytest.mark.parametrize("court_first", [True, False])
def test_when_a_court_strikes_the_deed_out_the_customer_lives(crm, court_first):
    appointment_id, record_id = crm.appointments.book("jan@example.nl"), uuid4()
    facts = [died(appointment_id, record_id), struck_out(record_id)]
    for event in reversed(facts) if court_first else facts:
        crm.hear(event)
    crm.link_all()
    assert deceased(crm) is None
    assert crm.timeline(email="jan@example.nl")["deceased_since"] is None


def test_another_death_with_the_same_address_still_counts(crm):
    first, second = (crm.appointments.book("jan@example.nl") for _ in range(2))
    wrong = uuid4()
    crm.hear(died(first, wrong))
    crm.hear(died(second, uuid4(), after=timedelta(hours=2)))
    crm.hear(struck_out(wrong))
    crm.link_all()
    assert deceased(crm) == MONDAY + timedelta(hours=2)


@pytest.mark.parametrize(
    ("after", "lives"), [(timedelta(minutes=59), False), (timedelta(hours=1, minutes=1), True)], ids=["before", "after"]
)
def test_who_books_after_the_death_was_told_lives_and_an_older_booking_proves_nothing(crm, after, lives):
    crm.hear(died(crm.appointments.book("jan@example.nl"), uuid4()))
    crm.hear(booked(crm.appointments.book("jan@example.nl"), after=after))
    crm.link_all()
    assert (deceased(crm) is None) is lives


def test_who_declares_a_birth_afterwards_lives(crm):
    crm.hear(died(crm.appointments.book("jan@example.nl"), uuid4()))
    record_id = crm.appointments.declare("jan@example.nl")
    crm.hear(fact(registry.BirthRegistered, record_id, 3, after=timedelta(hours=2), status="registered"))
    crm.link_all()
    assert deceased(crm) is not None  # the office registers, whoever is alive
    crm.hear(fact(registry.BirthDeclarationSubmitted, record_id, 4, after=timedelta(hours=3)))
    assert deceased(crm) is None
