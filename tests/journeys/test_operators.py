"""What an operator can do at a running town: follow one case, and work on dead letters."""

import subprocess
import sys
from uuid import uuid4

import pika
import pytest

from deploy.local.place import ROOT
from services.messaging.topology import dead_letter_queue, event_queue
from tests.city import City, eventually
from tests.journeys.test_api_booking import Partner

QUEUE = event_queue("crm", "appointments")


def balie(city: City, *arguments: str) -> str:
    """Run the operators' command; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "services.balie", *arguments],
        cwd=ROOT,
        env=city.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def direct_channel(city):
    connection = pika.BlockingConnection(pika.URLParameters(city.environment()["BALIE_AMQP_URL"]))
    yield connection.channel()
    connection.close()


def test_one_case_can_be_followed_from_the_request_to_the_mail_without_personal_data(city):
    partner, email, correlation = Partner(city), f"{uuid4().hex}@example.nl", str(uuid4())
    hold = partner.hold(partner.free_times()[0]).json()
    booked = partner.confirm(hold, email, **{"X-Correlation-ID": correlation}).json()
    city.mailbox.expect(to=email)
    steps = (
        ("appointments", "command", "confirm_hold"),
        ("appointments", "published", "nl.afspraken.afspraak-gemaakt"),
        ("crm", "reacted", "nl.afspraken.afspraak-gemaakt"),
        ("notifications", "reacted", "nl.afspraken.afspraak-gemaakt"),
        ("notifications", "published", "nl.notificaties.bericht-verzonden"),
        ("crm", "reacted", "nl.notificaties.bericht-verzonden"),
    )

    def whole_path():
        lines = [line.split(" s  ", 1)[1].split()[:3] for line in balie(city, "trace", correlation).splitlines()]
        return [step for step in steps if list(step) not in lines] == []

    eventually(whole_path)
    printed = balie(city, "trace", correlation)
    for secret in (email, "Jildou", booked["reference"], hold["secret"]):
        assert secret not in printed


def test_dead_letters_are_listed_shown_and_dropped_with_a_reason(city, direct_channel):
    direct_channel.basic_publish("", QUEUE, b"{not json")
    eventually(lambda: direct_channel.queue_declare(dead_letter_queue(QUEUE), passive=True).method.message_count == 1)
    listed = balie(city, "dead-letters", "list")
    assert "unreadable-1" in listed
    assert "malformed" in listed
    assert "{not json" in balie(city, "dead-letters", "show", QUEUE, "unreadable-1")
    assert "would drop" in balie(city, "dead-letters", "drop", QUEUE, "--why", "test", "--dry-run")
    balie(city, "dead-letters", "drop", QUEUE, "--why", "test")
    assert "0 dead letters" in balie(city, "dead-letters", "list")
    with city.database("crm").connect() as connection:
        acts = connection.exec_driver_sql("SELECT act, why FROM operator_act").all()
    assert ("drop", "test") in [tuple(row) for row in acts]
