"""The post understands what a real mail server answers, at each step of the conversation."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from services.messaging.settings import Secret
from services.notifications.outside.smtp import (
    MailOutcomeUnknown,
    MailPostponed,
    MailRefused,
    MailUnreachable,
    SmtpMail,
)
from tests.integration.notifications_office import MailServer


@pytest.fixture
def server():
    server = MailServer()
    yield server
    server.down()


def mail(text="Goedendag"):
    made = EmailMessage(policy=SMTP)
    made["Subject"], made["From"], made["To"] = "Ünïcode", "a@enschede.example", "b@voorbeeld.nl"
    made.set_content(text)
    return made


def send(server, *, recipient="b@voorbeeld.nl", text="Goedendag", url=None):
    SmtpMail(Secret(url or server.url), our_name="enschede.example").send(
        mail(text), sender="a@enschede.example", recipient=recipient
    )


@pytest.mark.parametrize("sign", ["Z", "Ž"])
def test_a_mail_arrives_as_it_was_sent(server, sign):
    server.up()
    send(server, text=f".\r\n..\r\nVan A tot {sign}\r\n.")
    (arrived,) = server.mails
    assert arrived["Subject"] == "Ünïcode"
    assert arrived.get_content().splitlines() == [".", "..", f"Van A tot {sign}", "."]
    assert server.recipients == [["b@voorbeeld.nl"]]


@pytest.mark.parametrize(
    ("stage", "answer", "meaning"),
    [
        ("sender", "550 We do not know you", MailUnreachable),
        ("sender", "451 Later", MailUnreachable),
        ("recipient", "550 No such user", MailRefused),
        ("recipient", "553 Bad name", MailRefused),
        ("recipient", "450 Mailbox busy", MailPostponed),
        ("recipient", "421 Closing", MailUnreachable),
        ("content", "554 Looks like spam", MailRefused),
        ("content", "452 Disk full", MailPostponed),
        ("content", "drop", MailOutcomeUnknown),
    ],
)
def test_each_answer_has_its_meaning(server, stage, answer, meaning):
    server.up()
    server.answers[stage] = answer
    with pytest.raises(meaning) as raised:
        send(server)
    assert type(raised.value) is meaning
    assert "voorbeeld" not in str(raised.value)
    assert server.mails == []


def test_a_server_that_is_away_is_unreachable_and_taken_up_again_when_back(server):
    with pytest.raises(MailUnreachable):
        send(server)
    server.up()
    send(server)
    assert len(server.mails) == 1


def test_a_server_without_starttls_gets_neither_password_nor_mail(server):
    server.up()
    with pytest.raises(MailUnreachable):
        send(server, url=f"smtp+starttls://user:secret@127.0.0.1:{server.port}")
    assert server.mails == []


def test_a_server_that_wants_no_login_is_a_matter_of_settings_not_of_the_mail(server):
    server.up()
    with pytest.raises(MailUnreachable):
        send(server, url=f"smtp://user:secret@127.0.0.1:{server.port}")


def test_a_name_with_umlauts_needs_a_server_that_can_take_it(server):
    server.up(enable_SMTPUTF8=True)
    send(server, recipient="jörg@münchen.de")
    assert server.recipients == [["jörg@xn--mnchen-3ya.de"]]
    server.down()
    server.up(enable_SMTPUTF8=False)
    with pytest.raises(MailRefused):
        send(server, recipient="jörg@münchen.de")


@pytest.mark.parametrize("recipient", ["b@c.nl\r\nRCPT TO:<d@e.nl>", "b\x00@c.nl", "b@c.nl\n"])
def test_nobody_can_speak_smtp_through_an_address(server, recipient):
    server.up()
    with pytest.raises(MailRefused):
        send(server, recipient=recipient)
    assert server.recipients == []
