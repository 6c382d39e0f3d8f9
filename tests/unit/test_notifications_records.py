"""Every mail about a record, in every language: complete, plain, without a name, with what to do next and by when."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.parser import BytesParser
from itertools import product
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import yaml
from icalendar import Calendar

from services.contracts import civil_registry as contracts
from services.contracts import notifications
from services.contracts.base import LANGUAGES
from services.messaging.settings import Secret
from services.notifications.domain.message import (
    DISPENSABLE,
    OF_NO_APPOINTMENT,
    Kind,
    Message,
    MessageId,
    Reason,
    kind_of,
)
from services.notifications.domain.records import (
    ASKING,
    ENDS_CEREMONY,
    IN_CALENDAR,
    Receiver,
    RecordFacts,
    RecordKind,
    answer_window,
)
from services.notifications.mail import posted
from services.notifications.record_reactions import LETTERS
from services.notifications.record_wording import Unwanted, recipient_of, record_letter, staff_words
from services.notifications.rendering import _FOLDER, PARTS, Templates
from services.notifications.settings import MailSettings
from tests.unit.test_notifications_mail import Outline

PUBLIC = "https://balie.enschede.nl"
SETTINGS = MailSettings(Secret("smtp://localhost"), "no-reply@enschede.example", None, PUBLIC)
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
HOME = ZoneInfo("Europe/Amsterdam")
TEMPLATES = Templates()
EVERY_MAIL = list(product(RecordKind, LANGUAGES))
RECEIPTS = {
    "birth": "G-2026-7K2Q9M",
    "death": "O-2026-7K2Q9M",
    "funeral-permit": "L-2026-7K2Q9M",
    "marriage": "H-2026-7K2Q9M",
}
OFFICE = {"office": "Hengelosestraat 51, 7514 AD Enschede", "telephone": "14 053"}
QUESTION = {
    "reason": "De naam is niet te lezen.",
    "items": ["Alle voornamen", "Een kopie van de akte"],
    "answer_by": "2026-12-01",
}
FACTS = {
    "birth": {"declare_by": "2026-11-30"},
    "death": {"funeral_from": "2026-11-27T09:10:00+00:00", "funeral_by": "2026-12-03"},
    "funeral-permit": {"funeral_from": "2026-11-27T09:10:00+00:00", "funeral_by": "2026-12-03"},
    "marriage": {
        "marry_from": "2026-12-10",
        "marry_by": "2027-11-26",
        "bond": "marriage",
        "starts_at": "2026-12-18T13:00:00+00:00",
        "ends_at": "2026-12-18T14:00:00+00:00",
        "room": "Trouwzaal Stadhuis",
    },
}  # fmt: skip
BY_WHEN = {
    RecordKind.BIRTH_DIFFERS: "30",
    RecordKind.BIRTH_QUESTION: "1",
    RecordKind.BIRTH_REFUSED: "7",
    RecordKind.BIRTH_REDIRECTED: "30",
    RecordKind.BIRTH_WITHDRAWN: "30",
    RecordKind.DEATH_SUBMITTED: "3",
    RecordKind.DEATH_QUESTION: "1",
    RecordKind.DEATH_REFUSED: "7",
    RecordKind.DEATH_WITHDRAWN: "3",
    RecordKind.PERMIT_REFUSED: "3",
    RecordKind.FUNERAL_TERM_DECIDED: "10",
    RecordKind.FUNERAL_TERM_NEAR: "3",
    RecordKind.MARRIAGE_QUESTION: "1",
    RecordKind.MARRIAGE_ACCEPTED: "26",
    RecordKind.CEREMONY_SCHEDULED: "18",
    RecordKind.CEREMONY_RESCHEDULED: "18",
    RecordKind.PLANNING_REMINDED: "26",
    RecordKind.OBJECTION_LIFTED: "26",
    RecordKind.MARRIAGE_REFUSED: "7",
    RecordKind.MARRIAGE_EXPIRED: "26",
    RecordKind.ANSWER_REMINDER: "1",
}
"""The day of the month that each mail with a last day must tell."""


def about(kind):
    """Return the kind of record that a message is about."""
    word = kind.partition("-")[0]
    if kind in (
        RecordKind.PERMIT_ISSUED,
        RecordKind.PERMIT_AMENDED,
        RecordKind.PERMIT_REFUSED,
        RecordKind.PERMIT_REVOKED,
    ):
        return "funeral-permit"
    if word == "funeral":
        return "funeral-permit"
    return {"birth": "birth", "answer": "birth", "death": "death", "originals": "death"}.get(word, "marriage")


def contact(kind, language, **more):
    record = about(kind)
    facts: dict[str, Any] = OFFICE | FACTS[record]
    if kind in ASKING or kind is RecordKind.ANSWER_REMINDER:
        facts |= QUESTION
    if kind.endswith("refused"):
        facts |= {"refused_because": "De papieren spreken elkaar tegen.", "remedy_by": "2027-01-07"}
    if kind is RecordKind.PERMIT_REVOKED:
        facts |= {"revoked_because": "De verklaring is ingetrokken."}
    if kind is RecordKind.FUNERAL_TERM_DECIDED:
        facts |= {"term": {"not_before_at": None, "last_on": "2026-12-10"}}
    return {
        "email": "sanne@voorbeeld.nl",
        "phone": None,
        "language": language,
        "receipt": RECEIPTS[record],
        "kind": record,
        "status": "submitted",
        "partner_email": "thomas@voorbeeld.nl",
        "source": "online",
        "facts": facts | more.pop("facts", {}),
    } | more


def message(kind, *, receiver=Receiver.DECLARANT, cancels=None):
    return Message(
        id=MessageId(UUID(int=7)),
        dedupe_key="k",
        about=UUID(int=9),
        version=4,
        kind=kind,
        not_before=NOW,
        expires_at=None,
        facts=RecordFacts(receiver, cancels=kind in ENDS_CEREMONY if cancels is None else cancels),
        event_id=UUID(int=3),
        correlation_id=str(UUID(int=5)),
        created_at=NOW,
    )


def letter(kind, language, *, to=None, **more):
    told = contact(kind, language, **(to or {}))
    return record_letter(message(kind, **more), told, templates=TEMPLATES, public_url=PUBLIC)


def render(kind, language, **more):
    return TEMPLATES.render(letter(kind, language, **more))


def mail_of(kind, language, **more):
    written = letter(kind, language, **more)
    ready = posted(
        message(kind), written, TEMPLATES.render(written), recipient="sanne@voorbeeld.nl", settings=SETTINGS, at=NOW
    )
    return BytesParser(policy=policy.default).parsebytes(ready.mail.as_bytes())


def calendars(mail):
    return [
        Calendar.from_ical(part.get_content()) for part in mail.walk() if part.get_content_type() == "text/calendar"
    ]


# --- every mail


@pytest.mark.parametrize(("kind", "language"), EVERY_MAIL)
def test_every_mail_is_complete_and_leaves_no_placeholder(kind, language):
    mail = render(kind, language)
    for part in (mail.subject, mail.text, mail.html):
        assert part.strip()
        assert not re.search(r"\{\{|\}\}|\{%|None|Undefined|\\", part)
    assert "\n" not in mail.subject and len(mail.subject) < 90
    for part in (mail.text, mail.html):
        assert RECEIPTS[about(kind)] in part
        assert "14 053" in part


@pytest.mark.parametrize(("kind", "language"), EVERY_MAIL)
def test_every_mail_has_a_page_that_a_screen_reader_understands(kind, language):
    outline = Outline(render(kind, language).html)
    assert outline.open == []
    assert outline.attributes["html"]["lang"] == language
    assert outline.tags.count("h1") == 1 and outline.tags.count("title") == 1
    assert not {"img", "script", "link", "form"} & set(outline.tags)


@pytest.mark.parametrize(("kind", "language"), EVERY_MAIL)
def test_every_mail_leads_to_the_page_of_its_reader(kind, language):
    pages = f"{PUBLIC}/mijn-zaken" if language == "nl" else f"{PUBLIC}/en/my-cases"
    if about(kind) in ("death", "funeral-permit"):
        pages = f"{PUBLIC}/uitvaart"
    if kind is RecordKind.BIRTH_REDIRECTED:
        pages = f"{PUBLIC}/" if language == "nl" else f"{PUBLIC}/en"
    mail = render(kind, language)
    assert Outline(mail.html).links == [pages]
    assert pages in mail.text.split()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in RecordKind if about(kind) != "marriage"])
def test_who_declared_at_the_counter_is_told_to_call_and_not_to_log_in(kind, language):
    mail = render(kind, language, to={"source": "counter"})
    if kind is RecordKind.BIRTH_REDIRECTED:
        return
    assert Outline(mail.html).links == [] and "https://" not in mail.text
    assert not re.search(r"\b(log in|melden sie sich an)\b", mail.text.lower())


@pytest.mark.parametrize(("kind", "language"), list(product(BY_WHEN, LANGUAGES)))
def test_who_has_to_do_something_reads_by_when(kind, language):
    days = {
        "30": "2026-11-30", "1": "2026-12-01", "7": "2027-01-07", "3": "2026-12-03", "10": "2026-12-10",
        "26": "2027-11-26", "18": "2026-12-18",
    }  # fmt: skip
    on = date.fromisoformat(days[BY_WHEN[kind]])
    for part in (render(kind, language).text, Outline(render(kind, language).html).text):
        assert re.search(rf"\b{on.day}\.? \w+ {on.year}", part)


@pytest.mark.parametrize(("kind", "language"), EVERY_MAIL)
def test_no_mail_speaks_of_names_or_numbers_of_people(kind, language):
    mail = render(kind, language)
    assert not re.search(r"\d{8,}", mail.text)
    assert "Waarom" not in mail.subject and not re.search(r"spreken elkaar|niet te lezen", mail.subject)


def test_the_three_languages_say_the_same_things():
    def shape(node):
        if isinstance(node, dict):
            return {key: shape(value) for key, value in node.items()}
        if isinstance(node, list):
            return [shape(value) for value in node]
        return sorted(re.findall(r"\{\{ (\w+) \}\}|\{% if (?:not )?(\w+)", node))

    known = []
    for part in PARTS:
        read = [yaml.safe_load((_FOLDER / "v1" / f"{part}.{language}.yaml").read_text()) for language in LANGUAGES]
        assert shape(read[0]) == shape(read[1]) == shape(read[2])
        known += read[0]
    assert Counter(known) == Counter(str(kind) for kind in RecordKind)


@pytest.mark.parametrize("kind", RecordKind)
def test_dutch_sentences_are_short(kind):
    read: dict[str, Any] = {}
    for part in PARTS:
        read |= yaml.safe_load((_FOLDER / "v1" / f"{part}.nl.yaml").read_text())
    own = read[kind]
    worded = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "x", " ".join([own["title"] + ".", own["intro"], *own["steps"]]))
    lengths = [len(sentence.split()) for sentence in re.split(r"[.?!:]+\s*", worded) if sentence.split()]
    assert sum(lengths) / len(lengths) <= 10 and max(lengths) <= 15


@pytest.mark.parametrize("part", PARTS)
def test_dutch_is_polite_and_plain(part):
    text = (_FOLDER / "v1" / f"{part}.nl.yaml").read_text().lower()
    assert not re.search(r"\b(je|jij|jouw|jullie|dient|derhalve|indien|middels|teneinde|uw medewerking)\b", text)


# --- what some mails say beside


def test_a_question_is_repeated_in_the_words_of_who_asked_and_a_number_in_it_is_not():
    told = {"facts": {"reason": "Het BSN 999 980 002 klopt niet.", "items": ["Kopie van <b>paspoort</b>"]}}
    mail = render(RecordKind.BIRTH_QUESTION, "nl", to=told)
    assert "Het BSN ••• klopt niet." in mail.text and "Kopie van <b>paspoort</b>" in mail.text
    assert "&lt;b&gt;paspoort" in mail.html and "999 980" not in mail.text + mail.html


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("999980002", "•••"),
        ("9999.80.002", "•••"),
        ("01234567.", "•••."),
        ("Bel 053-4817000 of 06 12 34 56 78", "Bel 053-4817000 of 06 12 34 56 78"),
        ("de akte 1A0001 van 2026", "de akte 1A0001 van 2026"),
        ("geboren op 12-11-2026", "geboren op 12-11-2026"),
        ("een\nregel\x07", "een regel"),
        ("x" * 2000, "x" * 1000),
    ],
)
def test_what_staff_type_goes_out_without_long_numbers_and_control_signs(typed, told):
    assert staff_words(typed) == told


@pytest.mark.parametrize("kind", [*sorted(ASKING), RecordKind.ANSWER_REMINDER])
def test_what_has_been_answered_is_asked_no_more(kind):
    told = contact(kind, "nl")
    answered = told | {"facts": {name: value for name, value in told["facts"].items() if name != "answer_by"}}
    with pytest.raises(Unwanted) as unwanted:
        record_letter(message(kind), answered, templates=TEMPLATES, public_url=PUBLIC)
    assert unwanted.value.reason is Reason.ANSWERED


@pytest.mark.parametrize("kind", [kind for kind in RecordKind if kind.endswith("refused")])
def test_a_refusal_says_why_and_where_to_go_with_it(kind):
    mail = render(kind, "nl")
    assert "De papieren spreken elkaar tegen." in mail.text and "De papieren spreken elkaar tegen." in mail.html
    court = "rechtbank. Vraag dat uiterlijk op donderdag 7 januari 2027" in mail.text
    assert court == (kind is not RecordKind.PERMIT_REFUSED)


def test_a_partnership_is_called_by_its_name():
    partnership = {"facts": {"bond": "partnership"}}
    for kind in (RecordKind.PARTNER_INVITED, RecordKind.MARRIAGE_ACCEPTED, RecordKind.MARRIAGE_REGISTERED):
        text = render(kind, "nl", to=partnership).text
        assert "partnerschap" in text and "huwelijk " not in text.replace("een huwelijk of partnerschap", "")


def test_who_is_invited_without_an_address_is_told_by_the_other():
    told = contact(RecordKind.PARTNER_AWAITED, "nl", partner_email=None)
    text = TEMPLATES.render(
        record_letter(message(RecordKind.PARTNER_AWAITED), told, templates=TEMPLATES, public_url=PUBLIC)
    ).text
    assert "Vertel uw partner dat de melding klaarstaat." in text
    with pytest.raises(Unwanted):
        recipient_of(message(RecordKind.PARTNER_INVITED, receiver=Receiver.PARTNER), told)


def test_each_mail_goes_to_its_receiver_and_twice_to_none():
    told = contact(RecordKind.MARRIAGE_ACCEPTED, "nl")
    assert recipient_of(message(RecordKind.MARRIAGE_ACCEPTED), told) == "sanne@voorbeeld.nl"
    to_partner = message(RecordKind.MARRIAGE_ACCEPTED, receiver=Receiver.PARTNER)
    assert recipient_of(to_partner, told) == "thomas@voorbeeld.nl"
    shared = told | {"partner_email": "Sanne@voorbeeld.nl"}
    with pytest.raises(Unwanted):
        recipient_of(to_partner, shared)
    invited = message(RecordKind.PARTNER_INVITED, receiver=Receiver.PARTNER)
    assert recipient_of(invited, shared) == "Sanne@voorbeeld.nl"  # it says something else than the first one's


def test_a_draft_without_an_address_has_no_receiver():
    with pytest.raises(Unwanted) as unwanted:
        recipient_of(message(RecordKind.BIRTH_LAPSED), contact(RecordKind.BIRTH_LAPSED, "nl", email=None))
    assert unwanted.value.reason is Reason.NO_ADDRESS


# --- calendars


@pytest.mark.parametrize("kind", sorted(IN_CALENDAR))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_ceremony_comes_as_an_invitation_with_the_id_of_the_record_and_the_number_of_the_fact(kind, language):
    mail = mail_of(kind, language)
    (calendar,) = calendars(mail)
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "REQUEST"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (str(UUID(int=9)), 4, "CONFIRMED")
    assert event.decoded("DTSTART") == datetime(2026, 12, 18, 13, 0, tzinfo=UTC)
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(hours=1)
    assert event["LOCATION"] == "Trouwzaal Stadhuis"
    assert RECEIPTS["marriage"] in event["DESCRIPTION"] and "K7Q2" not in event["DESCRIPTION"]
    assert "14:00" in mail["Subject"] and "Trouwzaal Stadhuis" in mail.get_body(("plain",)).get_content()


@pytest.mark.parametrize("kind", sorted(ENDS_CEREMONY))
def test_a_ceremony_that_does_not_take_place_leaves_the_calendar(kind):
    mail = mail_of(kind, "nl")
    (calendar,) = calendars(mail)
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "CANCEL"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (str(UUID(int=9)), 4, "CANCELLED")
    assert "kan uw agenda haar weghalen" in mail.get_body(("plain",)).get_content()
    assert calendars(mail_of(kind, "nl", cancels=False)) == []


@pytest.mark.parametrize("kind", [kind for kind in RecordKind if kind not in IN_CALENDAR | ENDS_CEREMONY])
def test_nothing_else_touches_a_calendar(kind):
    assert calendars(mail_of(kind, "en")) == []


# --- which facts lead to which mails


def test_every_kind_of_mail_is_led_to_by_a_fact():
    told = {kind for letters in LETTERS.values() for kind in letters.values()}
    assert told == set(RecordKind) - {RecordKind.ANSWER_REMINDER}


def test_the_contract_knows_every_kind_of_message():
    assert Counter(notifications.KINDS) == Counter({*map(str, Kind), *map(str, RecordKind)} - OF_NO_APPOINTMENT)
    assert {kind_of(str(kind)) for kind in (*Kind, *RecordKind)} == {*Kind, *RecordKind}


def test_every_end_of_a_record_is_told_to_whoever_declared():
    ends = {
        contracts.BirthRegistered, contracts.BirthDeclarationRefused, contracts.BirthDeclarationClosedAsDuplicate,
        contracts.BirthDeclarationRedirected, contracts.BirthDeclarationWithdrawn, contracts.BirthDeclarationLapsed,
        contracts.DeathRegistered, contracts.DeathDeclarationRefused, contracts.DeathDeclarationClosedAsDuplicate,
        contracts.DeathDeclarationWithdrawn, contracts.DeathDeclarationLapsed, contracts.PermitIssued,
        contracts.PermitRefused, contracts.PermitRevoked, contracts.MarriageRegistered,
        contracts.MarriageNoticeRefused, contracts.MarriageNoticeExpired, contracts.MarriageNoticeLapsed,
        contracts.MarriageNoticeWithdrawn,
    }  # fmt: skip
    assert all(Receiver.DECLARANT in LETTERS[event] for event in ends)


def test_what_only_the_office_or_the_prosecutor_does_is_told_to_nobody():
    silent = {
        contracts.ShamCheckStarted, contracts.ShamCheckConcluded, contracts.ProsecutorClearanceRequested,
        contracts.DeathSecondLook, contracts.LateBirthReported, contracts.RemarriageReported, contracts.DeedPrinted,
        contracts.BirthReviewStarted, contracts.DeclarationReleased, contracts.DeedCancelledByCourt,
    }  # fmt: skip
    assert not silent & set(LETTERS)


def test_reminders_can_be_missed_and_what_has_an_effect_in_law_cannot():
    assert {RecordKind.ANSWER_REMINDER, RecordKind.PARTNER_REMINDED, RecordKind.PLANNING_REMINDED} <= DISPENSABLE
    assert not {kind for kind in DISPENSABLE if kind.endswith(("refused", "registered", "question", "expired"))}


# --- when to remind of an answer


@pytest.mark.parametrize(
    ("answer_by", "due"),
    [
        (date(2026, 12, 1), datetime(2026, 11, 29, 8, 0, tzinfo=UTC)),
        (date(2027, 3, 29), datetime(2027, 3, 27, 8, 0, tzinfo=UTC)),  # the clock goes forward in between
        (date(2027, 4, 1), datetime(2027, 3, 30, 7, 0, tzinfo=UTC)),
    ],
)
def test_an_answer_is_reminded_of_two_days_before_its_last_day(answer_by, due):
    window = answer_window(answer_by, asked_at=NOW, zone=HOME)
    assert window is not None and window.not_before == due
    assert window.expires_at == datetime.combine(answer_by + timedelta(days=1), datetime.min.time(), HOME)


@pytest.mark.parametrize("days", [0, 1, 2])
def test_a_question_with_less_than_two_days_to_answer_is_its_own_reminder(days):
    assert answer_window(NOW.date() + timedelta(days=days), asked_at=NOW, zone=HOME) is None
