"""Mails about draws, on a real database and mail server: once, in time, and never about what was withdrawn."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.contracts import appointments as contract
from services.contracts import base
from services.messaging.envelope import Envelope
from services.messaging.errors import RemoteRefusal
from tests.integration.notifications_office import NOW, MailServer, Office

DRAWS_AT = NOW + timedelta(days=7)


@pytest.fixture(scope="module")
def pool(databases):
    return databases("notifications")


@pytest.fixture
def refused():
    """The refusal with which appointments answers for each request."""
    return {}


@pytest.fixture
def office(pool, refused):
    with pool.begin() as connection:
        connection.execute(text("TRUNCATE message, message_history, appointment_seen, inbox, outbox, event_log"))
    server = MailServer()
    server.up()
    made = Office(pool, server)
    setattr(made.town, "draw_contact", lambda request: _contact(refused, request))  # noqa: B010
    yield made
    server.down()


def _contact(refused, request):
    asked = base.load(contract.GetDrawContact, request)
    if asked["request_id"] in refused:
        raise RemoteRefusal(refused[asked["request_id"]], "", {})
    turn = {
        "draw_id": str(asked["draw_id"]),
        "number": "482193057",
        "first_on": "2027-01-11",
        "last_on": "2027-01-17",
        "closes_at": DRAWS_AT.isoformat(),
        "draws_at": DRAWS_AT.isoformat(),
        "outcome": "waiting",
        "appointment": None,
    }
    return {
        "request_id": str(asked["request_id"]),
        "secret": "s" * 26,
        "product_id": "passport",
        "name": "Sanne de Vries",
        "email": "sanne@voorbeeld.nl",
        "language": "nl",
        "about": turn,
        "requests": 5,
        "places_given": 4,
        "following": None,
        "next_opens_at": None,
        "some_left": False,
        "has_visit": False,
    }


def fact(schema, request_id, version, **more):
    data = {"request_id": str(request_id), "draw_id": str(uuid4()), "version": version} | more
    return Envelope(
        id=uuid4(),
        type=schema.type,
        source="appointments",
        aggregate_id=request_id,
        version=version,
        occurred_at=NOW,
        correlation_id=str(uuid4()),
        causation_id=None,
        data=data,
    )


def entered(request_id):
    return fact(contract.DrawEntered, request_id, 1, draws_at=DRAWS_AT.isoformat())


def lost(request_id, version=2):
    return fact(contract.DrawLost, request_id, version)


def test_who_takes_part_is_told_once_and_no_timeline_hears_of_it(office):
    event = entered(uuid4())
    office.hear(event)
    office.hear(event)
    office.send_all()
    assert office.subjects() == ["U doet mee aan de loting. Uw lotnummer is 482 193 057"]
    assert office.server.recipients == [["sanne@voorbeeld.nl"]]
    assert not any(part.get_content_type() == "text/calendar" for part in office.server.mails[0].walk())
    assert office.events() == []


def test_who_loses_twice_is_told_twice(office):
    request_id = uuid4()
    for event in (entered(request_id), lost(request_id), lost(request_id, 3)):
        office.hear(event)
        office.send_all()
    assert office.messages() == [("draw-entered", "sent"), ("draw-lost", "sent"), ("draw-lost", "sent")]


def test_that_somebody_takes_part_is_no_news_after_the_draw(office):
    office.hear(entered(uuid4()))
    office.clock.at = DRAWS_AT
    office.send_all()
    assert office.history("draw-entered")[-1] == ("withdrawn", "expired")


def test_who_withdrew_is_written_nothing_more(office, refused):
    request_id = uuid4()
    refused[request_id] = "draw-request-over"
    office.hear(entered(request_id))
    office.hear(lost(request_id))
    office.send_all()
    assert office.messages() == [("draw-entered", "withdrawn"), ("draw-lost", "withdrawn")]
    assert office.subjects() == []


def test_a_request_that_is_gone_cannot_be_written_to(office, refused):
    request_id = uuid4()
    refused[request_id] = "draw-request-unknown"
    office.hear(lost(request_id))
    office.send_all()
    assert office.history("draw-lost")[-1] == ("failed", "contact-gone")
    assert office.events() == []


def test_a_mail_about_a_draw_waits_until_appointments_answers(office):
    office.town.away = True
    office.hear(lost(uuid4()))
    assert office.try_to_send()
    office.town.away = False
    office.wait(minutes=5)
    office.send_all()
    assert office.messages() == [("draw-lost", "sent")]
