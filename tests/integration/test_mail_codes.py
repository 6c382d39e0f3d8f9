"""A code by mail: it goes to whoever asked, is right once and few times wrong, and leaves nothing behind."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from services.appointments import commands, queries
from services.appointments.codes import Codes
from services.appointments.storage import codes
from services.appointments.tables import metadata
from services.contracts import appointments as contracts
from services.contracts import base
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions
from services.messaging.envelope import Envelope
from services.messaging.errors import RemoteRefusal
from tests.integration.appointments_desk import HandClock
from tests.integration.notifications_office import NOW, MailServer, Office

MAILED = Codes(b"c" * 32)
EMAIL = "jildou@example.nl"


class CodeDesk:
    """Asks for codes and tries them, each in a transaction of its own."""

    def __init__(self, pool):
        self.pool = pool
        self.clock = HandClock()
        self.transactions = Transactions(pool, self.clock, source="appointments")

    def asks(self, email=EMAIL):
        asked = base.load(contracts.RequestCode, {"email": email, "language": "en"})
        with self.transactions.work() as work:
            return UUID(base.dump(contracts.CodeOnItsWay, commands.request_code(work, **asked))["code_id"])

    def tries(self, code_id, code):
        asked = base.load(contracts.CheckCode, {"code_id": str(code_id), "code": code})
        with self.transactions.work() as work:
            reply = base.dump(contracts.CheckedCode, commands.check_code(work, MAILED, **asked))
        return reply["passed"], reply["attempts_left"]

    def mailed(self, code_id):
        with self.transactions.reading() as reading:
            return base.dump(contracts.MailCode, queries.mail_code(reading, MAILED, code_id=code_id))

    def told(self):
        statement = text("SELECT type, convert_from(body, 'UTF8') FROM outbox ORDER BY id")
        with self.pool.connect() as connection:
            return [tuple(row) for row in connection.execute(statement)]

    def addresses(self):
        with self.pool.connect() as connection:
            return connection.execute(text("SELECT count(*) FROM mail_code")).scalar_one()


@pytest.fixture(scope="module")
def agenda_pool(databases):
    return databases("appointments")


@pytest.fixture
def desk(agenda_pool):
    with agenda_pool.begin() as connection:
        connection.execute(text("TRUNCATE mail_code, outbox"))
    return CodeDesk(agenda_pool)


def wrong(code_id):
    return f"{(int(MAILED.code(code_id)) + 1) % 1_000_000:06d}"


def test_the_tables_are_what_the_migrations_make(agenda_pool):
    with agenda_pool.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    assert [change for change in found if "mail_code" in str(change)] == []


def test_the_right_code_passes_once_however_it_is_spaced(desk):
    code_id = desk.asks()
    code = desk.mailed(code_id)["code"]
    assert desk.tries(code_id, f" {code[:3]} {code[3:]} ") == (True, 0)
    assert desk.tries(code_id, code) == (False, 0)
    assert desk.addresses() == 0


def test_after_five_wrong_codes_the_right_one_is_worthless(desk):
    code_id = desk.asks()
    assert [desk.tries(code_id, wrong(code_id)) for _ in range(5)] == [(False, left) for left in (4, 3, 2, 1, 0)]
    assert desk.tries(code_id, MAILED.code(code_id)) == (False, 0)


def test_a_code_lives_a_quarter_of_an_hour_and_its_address_no_longer(desk):
    code_id = desk.asks()
    desk.clock.at += timedelta(minutes=15)
    assert desk.tries(code_id, MAILED.code(code_id)) == (False, 0)
    with desk.transactions.work() as work:
        assert codes.forget_expired(work) == 1
    assert desk.addresses() == 0


def test_a_code_of_another_or_of_nobody_is_wrong(desk):
    mine, other = desk.asks(), desk.asks("sjoerd@example.nl")
    assert desk.tries(mine, MAILED.code(other))[0] is False
    assert desk.tries(uuid4(), "123456") == (False, 0)


def test_nobody_floods_a_mailbox_and_the_answer_does_not_tell(desk):
    asked = [desk.asks(email) for email in (EMAIL, EMAIL.upper(), EMAIL, EMAIL)]
    assert len(set(asked)) == 4
    assert len(desk.told()) == 3
    desk.clock.at += timedelta(minutes=15)
    desk.asks()
    assert len(desk.told()) == 4


def test_the_fact_that_is_told_holds_no_address_and_no_code(desk):
    code_id = desk.asks()
    [(type_, data)] = desk.told()
    assert type_ == "nl.afspraken.code-gevraagd"
    assert EMAIL not in data and MAILED.code(code_id) not in data


# --- the mail


@pytest.fixture(scope="module")
def mail_pool(databases):
    return databases("notifications")


@pytest.fixture
def living():
    """The language of each code that lives."""
    return {}


@pytest.fixture
def office(mail_pool, living):
    server = MailServer()
    server.up()
    with mail_pool.begin() as connection:
        connection.execute(text("TRUNCATE message, message_history, appointment_seen, inbox, outbox, event_log"))
    made = Office(mail_pool, server)
    setattr(made.town, "mail_code", lambda request: _known(living, request))  # noqa: B010
    yield made
    server.down()


def _known(known, request):
    code_id = base.load(contracts.GetMailCode, request)["code_id"]
    if code_id not in known:
        raise RemoteRefusal("code-over", "", {})
    return {"code_id": str(code_id), "email": EMAIL, "language": known[code_id], "code": "012345"}


def requested(code_id):
    return Envelope(
        id=SystemClock().new_id(),
        type=contracts.CodeRequested.type,
        source="appointments",
        aggregate_id=code_id,
        version=1,
        occurred_at=NOW,
        correlation_id=str(uuid4()),
        causation_id=None,
        data={"code_id": str(code_id), "version": 1, "expires_at": (NOW + timedelta(minutes=15)).isoformat()},
    )


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("nl", "Uw code om een afspraak te maken"),
        ("en", "Your code to make an appointment"),
        ("de", "Ihr Code für die Terminvereinbarung"),
    ],
)
def test_the_code_is_mailed_in_the_language_of_the_page_and_no_timeline_hears_of_it(office, living, language, subject):
    code_id = uuid4()
    living[code_id] = language
    event = requested(code_id)
    office.hear(event)
    office.hear(event)
    office.send_all()
    [mail] = office.server.mails
    assert (mail["Subject"], mail["To"]) == (subject, EMAIL)
    for kind in ("plain", "html"):
        said = mail.get_body((kind,)).get_content()
        assert "012 345" in said
        assert "/a/" not in said
    assert office.events() == []


def test_a_code_that_is_over_is_not_mailed(office, living):
    late, gone = uuid4(), uuid4()
    living[late] = "nl"
    office.hear(requested(gone))
    office.send_all()
    office.hear(requested(late))
    office.wait(minutes=15)
    office.send_all()
    assert office.server.mails == []
    assert office.events() == []
