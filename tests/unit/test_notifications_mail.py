"""Every mail, in every language: complete, readable, safe, and an invitation that calendars understand."""

import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.parser import BytesParser
from html.parser import HTMLParser
from itertools import product
from typing import ClassVar
from uuid import UUID

import pytest
import yaml
from icalendar import Calendar

from services.contracts.base import LANGUAGES
from services.messaging.settings import Environment, Secret, SettingsError
from services.notifications.catalogue import Catalogue
from services.notifications.domain.message import QUESTIONS, AppointmentId, Facts, Kind, Message, MessageId
from services.notifications.mail import Unsendable, posted
from services.notifications.outside.smtp import SmtpMail
from services.notifications.rendering import _FOLDER, Letter, Templates
from services.notifications.settings import MailSettings, read_mail_settings
from services.notifications.wording import draw_letter, letter_for, safe_name

PUBLIC = "https://balie.enschede.nl"
SETTINGS = MailSettings(Secret("smtp://localhost"), "no-reply@enschede.example", "balie@enschede.example", PUBLIC)
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
START = datetime(2026, 12, 3, 13, 20, tzinfo=UTC)
TEMPLATES = Templates()
EVERY_MAIL = list(product(Kind, LANGUAGES))
NAMES_OF_BRING = {"nl": "een pasfoto", "en": "a photo", "de": "ein Foto"}


class Shelf(Catalogue):
    """A catalogue of two products and a place."""

    def __init__(self):
        pass

    def product(self, product_id):
        return {
            "passport": {
                "names": {"nl": "Paspoort aanvragen", "en": "Apply for a passport", "de": "Reisepass beantragen"},
                "location_ids": ["stadskantoor"],
                "bring": [NAMES_OF_BRING],
                "fees": [{"applies_to": "adult", "cents": 8387}, {"applies_to": "child", "cents": 6342}],
            },
            "birth": {
                "names": {"nl": "Geboorte aangeven", "en": "Declare a birth", "de": "Geburt anzeigen"},
                "bring": [],
                "fees": [],
            },
        }.get(product_id)

    def location(self, location_id):
        return {
            "name": {"glanerbrug": "Servicepunt Glanerbrug"}.get(location_id, "Stadskantoor"),
            "street": "Hengelosestraat 51",
            "postal_code": "7514 AD",
            "city": "Enschede",
            "phone": "14 053",
            "directions": dict.fromkeys(LANGUAGES, "Naast het station & de garage."),
        }


def message(kind, *, products=({"product_id": "passport", "persons": 2},), by="resident", start=START, before=None):
    facts = Facts(
        location_id="stadskantoor",
        products=products,
        starts_at=start,
        ends_at=start + timedelta(minutes=30),
        sequence=3,
        from_starts_at=start - timedelta(days=2) if kind in (Kind.MOVED, Kind.OFFER) else None,
        answer_by=NOW + timedelta(hours=15) if kind in (Kind.OFFER, *QUESTIONS) else None,
        cancelled_by=by if kind is Kind.CANCELLED else None,
    )
    facts = replace(facts, **(before or {}))
    return Message(
        id=MessageId(UUID(int=7)),
        dedupe_key="k",
        appointment_id=AppointmentId(UUID(int=9)),
        version=4,
        kind=kind,
        not_before=NOW,
        expires_at=None,
        facts=None if kind is Kind.LINK else facts,
        event_id=UUID(int=3),
        correlation_id=str(UUID(int=5)),
        created_at=NOW,
    )


def contact(language, **more):
    return {
        "language": language,
        "name": "Sanne de Vries",
        "reference": "K7Q2MXD4",
        "secret": "abcdefghijklmnopqrstuvwxyz",
        "email": "sanne@voorbeeld.nl",
        "time_zone": "Europe/Amsterdam",
    } | more


OF_DRAWS = (Kind.DRAW_ENTERED, Kind.DRAW_LOST)
REQUEST_ID, DRAW_ID = UUID(int=11), UUID(int=13)


def turn(**changes):
    return {
        "draw_id": DRAW_ID,
        "number": "482193057",
        "first_on": date(2027, 1, 11),
        "last_on": date(2027, 1, 17),
        "draws_at": datetime(2026, 11, 30, 11, tzinfo=UTC),
    } | changes


def draw_contact(language, **more):
    return {
        "request_id": REQUEST_ID,
        "secret": "abcdefghijklmnopqrstuvwxyz",
        "product_id": "passport",
        "name": "Sanne de Vries",
        "email": "sanne@voorbeeld.nl",
        "language": language,
        "about": turn(),
        "requests": 3000,
        "places_given": 60,
        "following": None,
        "next_opens_at": None,
        "some_left": False,
        "has_visit": False,
    } | more


def letter(kind, language, *, to=None, **more) -> Letter:
    if kind in OF_DRAWS:
        return draw_letter(
            replace(message(kind), facts=None, draw_id=DRAW_ID),
            draw_contact(language, **(to or {})),
            catalogue=Shelf(),
            templates=TEMPLATES,
            public_url=PUBLIC,
        )
    told = contact(language) | (to or {})
    return letter_for(message(kind, **more), told, catalogue=Shelf(), templates=TEMPLATES, public_url=PUBLIC)


def render(kind, language, **more):
    return TEMPLATES.render(letter(kind, language, **more))


def mail_of(kind, language, *, to=None, **more):
    written = letter(kind, language, to=to, **more)
    recipient = (contact(language) | (to or {}))["email"]
    ready = posted(
        message(kind, **more), written, TEMPLATES.render(written), recipient=recipient, settings=SETTINGS, at=NOW
    )
    return BytesParser(policy=policy.default).parsebytes(ready.mail.as_bytes())


class Outline(HTMLParser):
    """Collects what matters of a page: tags, links, text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.links, self.open = [], [], []
        self.attributes = {}
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.setdefault(tag, dict(attrs))
        if tag not in ("br", "meta", "link", "img"):
            self.open.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize(("kind", "language"), EVERY_MAIL)
def test_every_mail_is_complete_and_leaves_no_placeholder(kind, language):
    mail = render(kind, language)
    for part in (mail.subject, mail.text, mail.html):
        assert part.strip()
        assert not re.search(r"\{\{|\}\}|\{%|None|Undefined|\\", part)
    assert "\n" not in mail.subject and len(mail.subject) < 90
    number = "482 193 057" if kind in OF_DRAWS else "K7Q2-MXD4"
    assert number in mail.text and number in mail.html


@pytest.mark.parametrize(("kind", "language"), EVERY_MAIL)
def test_every_mail_has_a_page_that_a_screen_reader_understands(kind, language):
    outline = Outline(render(kind, language).html)
    assert outline.open == []
    assert outline.attributes["html"]["lang"] == language
    assert outline.tags.count("h1") == 1 and outline.tags.count("title") == 1
    tables = re.findall(r"<table[^>]*>", render(kind, language).html)
    assert tables and all('role="presentation"' in table for table in tables)


@pytest.mark.parametrize(("kind", "language"), EVERY_MAIL)
def test_no_mail_loads_or_counts_anything(kind, language):
    html = render(kind, language).html
    assert not re.search(r"<img|<script|<link|url\(|@import|<iframe|<form", html)
    assert Outline(html).links != []
    assert all(link.startswith(PUBLIC + "/") for link in Outline(html).links)


@pytest.mark.parametrize(("kind", "language"), EVERY_MAIL)
def test_every_mail_has_the_link_that_its_reader_needs(kind, language):
    pages = "nl" if language == "nl" else "en"
    expected = f"{PUBLIC}/{pages}/a/K7Q2MXD4/abcdefghijklmnopqrstuvwxyz"
    if kind is Kind.CANCELLED:
        expected = f"{PUBLIC}/" if language == "nl" else f"{PUBLIC}/en"
    if kind in OF_DRAWS:
        expected = f"{PUBLIC}/{pages}/l/{REQUEST_ID}/abcdefghijklmnopqrstuvwxyz"
    result = f"{PUBLIC}/{'loting/uitslag' if language == 'nl' else 'en/draw/result'}/{DRAW_ID}"
    wanted = [expected, result] if kind is Kind.DRAW_LOST else [expected]
    assert Outline(render(kind, language).html).links == wanted
    assert expected in render(kind, language).text.split()


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_and_page_tell_when_where_what_costs_and_what_to_bring(language):
    mail = render(Kind.BOOKED, language)
    seen = Outline(mail.html).text.replace("\u00a0", " ")
    for part in (mail.text.replace("\u00a0", " "), seen):
        assert "14:20" in part and "2026" in part
        assert "Stadskantoor" in part and "7514 AD Enschede" in part and "Naast het station & de garage." in part
        assert {"nl": "€ 83,87", "en": "€83.87", "de": "83,87 €"}[language] in part
        assert NAMES_OF_BRING[language][1:] in part
        assert {"nl": "2 personen", "en": "2 people", "de": "2 Personen"}[language] in part
        assert "14 053" in part


def test_the_three_languages_say_the_same_things():
    def shape(node):
        if isinstance(node, dict):
            return {key: shape(value) for key, value in node.items()}
        if isinstance(node, list):
            return [shape(value) for value in node]
        return sorted(re.findall(r"\{\{ (\w+) \}\}|\{% if (\w+)", node))

    read = [yaml.safe_load((_FOLDER / "v1" / f"{language}.yaml").read_text()) for language in LANGUAGES]
    assert shape(read[0]) == shape(read[1]) == shape(read[2])
    assert set(read[0]) == {"common", *Kind}


@pytest.mark.parametrize("kind", Kind)
def test_dutch_sentences_are_short(kind):
    own = yaml.safe_load((_FOLDER / "v1" / "nl.yaml").read_text())[kind]
    worded = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "x", " ".join([own["title"] + ".", own["intro"], *own["steps"]]))
    lengths = [len(sentence.split()) for sentence in re.split(r"[.?!:]+\s*", worded) if sentence.split()]
    assert sum(lengths) / len(lengths) <= 10 and max(lengths) <= 15


def test_dutch_is_polite_and_plain():
    text = (_FOLDER / "v1" / "nl.yaml").read_text().lower()
    assert not re.search(r"\b(je|jij|jouw|jullie|dient|derhalve|indien|middels|teneinde|uw medewerking)\b", text)


def test_somebody_abroad_reads_enschedes_time_first_and_his_own_under_it():
    mail = render(Kind.BOOKED, "nl", to={"time_zone": "Pacific/Auckland"})
    for part in (mail.text, Outline(mail.html).text):
        assert part.index("14:20 uur") < part.index("Tijd in Enschede. Bij u in Auckland")
        assert "vrijdag 4 december, 02:20 uur" in part
    assert "Tijd in Enschede" not in render(Kind.BOOKED, "nl").text


@pytest.mark.parametrize(
    ("language", "person", "personal"),
    [
        (
            "nl",
            "Op naam van: Sanne de Vries, geboren op 27 maart 1985",
            "Iemand anders kan deze afspraak niet gebruiken.",
        ),
        ("en", "For: Sanne de Vries, born on 27 March 1985", "Another person cannot use this appointment."),
        ("de", "Auf den Namen: Sanne de Vries, geboren am 27. März 1985", "Eine andere Person kann den Termin nicht"),
    ],
)
@pytest.mark.parametrize("kind", [Kind.BOOKED, Kind.MOVED, Kind.REMINDER, Kind.KEPT])
def test_a_bound_visit_says_whose_it_is_and_to_bring_the_passport(kind, language, person, personal):
    mail = render(kind, language, to={"birth_on": date(1985, 3, 27)})
    assert person in mail.text and personal in mail.text
    assert person.partition(": ")[2] in Outline(mail.html).text and personal in Outline(mail.html).text
    assert "1985" not in mail.subject


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.CODE, Kind.BOOKED)])
def test_a_visit_that_is_bound_to_nobody_or_off_names_no_birth_date(kind):
    bound = {"birth_on": date(1985, 3, 27)} if kind in (Kind.CANCELLED, Kind.LINK, Kind.AFFECTED) else {}
    mail = render(kind, "nl", to=bound)
    assert "persoonlijk" not in mail.text + mail.html
    assert "geboren" not in mail.text + mail.html


def test_a_name_that_looks_like_a_link_is_not_told_beside_the_birth_date():
    mail = render(Kind.BOOKED, "nl", to={"birth_on": date(1985, 3, 27), "name": "example.com/free"})
    assert "Op naam van: Geboren op 27 maart 1985" in mail.text
    assert "example.com" not in mail.text + mail.html


def other_visit(part, **more):
    return {"part": part, "reference": "M4N8PQRS", "starts_at": START + timedelta(days=7), "changeable": True} | more


@pytest.mark.parametrize(
    ("part", "subject", "says"),
    [
        ("collection", "Bevestiging van uw afspraak om aan te vragen:", "U haalt uw document op: "),
        ("request", "Bevestiging van uw afspraak om op te halen:", "U vraagt het document eerst aan: "),
    ],
)
def test_who_comes_twice_reads_which_visit_a_mail_is_about_and_when_the_other_one_is(part, subject, says):
    rendered = TEMPLATES.render(letter(Kind.BOOKED, "nl", to={"other_visit": other_visit(part)}))
    assert rendered.subject.startswith(subject)
    assert says in rendered.text
    assert "M4N8-PQRS" in rendered.text
    assert "M4N8-PQRS" in rendered.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visit_that_has_passed_is_not_mentioned_in_the_reminder_of_the_other(language):
    passed = other_visit("request", changeable=False)
    reminder = letter(Kind.REMINDER, language, to={"other_visit": passed})
    assert TEMPLATES.render(reminder) == TEMPLATES.render(letter(Kind.REMINDER, language))


@pytest.mark.parametrize(("language", "says"), [("nl", "geloot"), ("en", "drawn lots"), ("de", "gelost")])
def test_who_won_in_a_draw_reads_so_in_the_confirmation(language, says):
    won = render(Kind.BOOKED, language, to={"draw_number": "482193057"})
    assert says in won.text and "482 193 057" in won.text and "482 193 057" in won.html
    assert says not in render(Kind.BOOKED, language).text


def test_who_takes_part_reads_when_lots_are_drawn_and_for_which_days():
    mail = render(Kind.DRAW_ENTERED, "nl")
    for part in (mail.text, Outline(mail.html).text):
        assert "maandag 30 november 2026, 12:00 uur" in part
        assert "maandag 11 januari 2027 tot en met zondag 17 januari 2027" in part
        assert "Paspoort aanvragen" in part and "14 053" in part
    assert "482 193 057" in mail.subject


FOLLOWING = turn(number="007000123", first_on=date(2027, 1, 18), last_on=date(2027, 1, 24))


@pytest.mark.parametrize(
    ("to", "says", "silent"),
    [
        ({"following": FOLLOWING}, ["007 000 123", "18 januari 2027", "Trek uw aanvraag dan in"], ["voorlopig geen"]),
        ({"next_opens_at": NOW}, ["Aanvragen kan vanaf maandag 23 november 2026, 21:00 uur"], ["nieuwe lotnummer"]),
        ({}, ["Er komt voorlopig geen nieuwe loting"], ["Trek uw aanvraag dan in", "nog plekken vrij"]),
        ({"some_left": True}, ["Er zijn nog plekken vrij", f"{PUBLIC}/"], []),
    ],
)
def test_who_had_no_luck_reads_what_now(to, says, silent):
    text = " ".join(render(Kind.DRAW_LOST, "nl", to=to).text.split())
    assert "Er waren 3000 aanvragen" in text and "60" in text
    assert all(sentence in text for sentence in says), text
    assert not any(sentence in text for sentence in silent), text


@pytest.mark.parametrize(
    ("language", "says", "silent"),
    [
        ("nl", "U hebt hiervoor al een afspraak", "aanvragen. Wij gaven"),
        ("en", "You already have an appointment for this", "requests. We gave"),
        ("de", "Sie haben dafür schon einen Termin", "Anfragen. Wir haben"),
    ],
)
def test_who_has_such_an_appointment_reads_why_he_takes_part_no_more(language, says, silent):
    to = {"has_visit": True, "some_left": True}
    mail = render(Kind.DRAW_LOST, language, to=to)
    text = " ".join(mail.text.split())
    assert says in text and silent not in text
    assert mail.subject != render(Kind.DRAW_LOST, language).subject
    assert "Er zijn nog plekken" not in text and "Er komt voorlopig" not in text


def test_a_reminder_is_announced_only_when_there_will_be_one():
    assert "herinnering" in render(Kind.BOOKED, "nl").text
    soon = NOW + timedelta(hours=3)
    assert "herinnering" not in render(Kind.BOOKED, "nl", start=soon).text
    assert "\n3. " in render(Kind.BOOKED, "nl", start=soon).text


def test_who_did_not_cancel_himself_reads_that_we_are_sorry():
    assert "Dat spijt ons" in render(Kind.CANCELLED, "nl", by="municipality").text
    assert "U heeft uw afspraak" in render(Kind.CANCELLED, "nl").text


PLACES = {
    "nl": "Let op: u komt nu naar Stadskantoor, niet naar Servicepunt Glanerbrug.",
    "en": "Please note: come to Stadskantoor, not to Servicepunt Glanerbrug.",
    "de": "Bitte beachten: Ihr Termin ist jetzt hier: Stadskantoor, nicht hier: Servicepunt Glanerbrug.",
}
NEW_TIME = {"nl": "De nieuwe tijd is", "en": "The new time is", "de": "Der neue Termin ist"}
OLD_TIME = {"nl": "De oude tijd", "en": "The old time", "de": "Der alte Termin"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_moved_to_another_place_reads_where_to_go_and_where_no_more(language):
    mail = render(Kind.MOVED, language, before={"from_location_id": "glanerbrug"})
    for part in (mail.text, Outline(mail.html).text):
        assert f". {PLACES[language]}" in part and NEW_TIME[language] in part


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_move_to_another_place_only_tells_no_new_time(language):
    mail = render(Kind.MOVED, language, before={"from_location_id": "glanerbrug", "from_starts_at": START})
    for part in (mail.text, Outline(mail.html).text):
        assert f"\n{PLACES[language]}" in part or f">{PLACES[language]}" in mail.html
        assert NEW_TIME[language] not in part and OLD_TIME[language] not in part


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_move_within_one_place_speaks_of_no_place(language):
    text = render(Kind.MOVED, language, before={"from_location_id": "stadskantoor"}).text
    assert PLACES[language].split()[0] + " " + PLACES[language].split()[1] not in text


def test_the_place_before_a_move_is_kept_and_old_messages_know_none():
    facts = replace(message(Kind.MOVED).facts, from_location_id="glanerbrug")
    assert Facts.of_json(facts.as_json()) == facts
    older = {name: value for name, value in facts.as_json().items() if name != "from_location_id"}
    assert Facts.of_json(older).from_location_id is None


def test_a_cancellation_tells_no_time_elsewhere():
    for kind in (Kind.BOOKED, Kind.CANCELLED):
        mail = render(kind, "nl", to={"time_zone": "Pacific/Auckland"})
        assert ("Bij u in Auckland" in mail.text) == ("Bij u in Auckland" in mail.html) == (kind is Kind.BOOKED)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("nl", "niet antwoorden op deze mail"), ("en", "cannot reply"), ("de", "können Sie nicht antworten")],
)
def test_a_mail_whose_answers_are_read_does_not_forbid_them(language, sentence):
    written = letter(Kind.BOOKED, language)
    unread, read = (TEMPLATES.render(replace(written, answers_are_read=answer)) for answer in (False, True))
    assert sentence in unread.text and sentence in unread.html
    assert sentence not in read.text and sentence not in read.html


def test_nothing_to_pay_is_free_and_nothing_is_paid_at_the_counter():
    text = render(Kind.BOOKED, "nl", products=({"product_id": "birth", "persons": 1},)).text
    assert "gratis" in text and "betaalt" not in text and "Meenemen" not in text


def test_a_product_that_has_left_the_offer_does_not_stop_the_mail():
    text = render(Kind.BOOKED, "nl", products=({"product_id": "gone", "persons": 1},)).text
    assert "Uw afspraak staat vast" in text and "Kosten" not in text


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "Win € 100 op evil.com", "http://evil", "a@b", "www", "\r\n", "x" * 101, ""]
)
def test_a_name_that_could_become_a_link_is_not_repeated(name):
    assert safe_name(name) is None
    mail = render(Kind.BOOKED, "nl", to={"name": name})
    assert "Goedendag," in mail.text and "script>alert" not in mail.html and "evil" not in mail.text


@pytest.mark.parametrize("name", ["O'Neill & Zn.", "J.P. de Vries", "Žofie Łęcka-Çelik", "李小龍", "محمد", "-- "])
def test_any_name_that_people_bear_is_greeted(name):
    mail = render(Kind.BOOKED, "nl", to={"name": name})
    assert f"Beste {name.strip()}," in mail.text
    assert f"Beste {name.strip()}," in Outline(mail.html).text


def test_signs_of_html_in_texts_are_shown_and_not_obeyed():
    told = replace(letter(Kind.BOOKED, "nl"), name="A & <b>B</b>")
    mail = TEMPLATES.render(told)
    assert "A &amp; &lt;b&gt;B&lt;/b&gt;" in mail.html and "&amp;amp;" not in mail.html
    assert "A & <b>B</b>" in mail.text


@pytest.mark.parametrize(("kind", "language"), EVERY_MAIL)
def test_the_headers_say_what_machines_must_know(kind, language):
    mail = mail_of(kind, language)
    assert mail["To"] == "Sanne de Vries <sanne@voorbeeld.nl>"
    assert mail["From"].addresses[0].addr_spec == "no-reply@enschede.example"
    assert mail["Reply-To"] == "balie@enschede.example"
    assert mail["Message-ID"] == f"<{UUID(int=7)}@enschede.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Correlation-ID"] == str(UUID(int=5))
    assert mail["Content-Language"] == language
    assert mail["Date"].datetime == NOW
    assert [len(mail.get_all(name)) for name in ("Subject", "Date", "Message-ID", "To", "From")] == [1] * 5
    assert mail.get_body(("plain",)).get_content_charset() == "utf-8"
    assert mail.get_body(("html",)) is not None


@pytest.mark.parametrize(
    ("kind", "method"), [(Kind.BOOKED, "REQUEST"), (Kind.MOVED, "REQUEST"), (Kind.CANCELLED, "CANCEL")]
)
def test_the_invitation_has_the_same_method_in_mime_and_in_the_file(kind, method):
    mail = mail_of(kind, "nl")
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    (attached,) = list(mail.iter_attachments())[-1:]
    assert part.get_param("method") == method and part.get_content_charset() == "utf-8"
    for content in (part.get_content().encode(), attached.get_content()):
        calendar = Calendar.from_ical(content)
        (event,) = calendar.walk("VEVENT")
        assert calendar["METHOD"] == method
        assert (event["UID"], event["SEQUENCE"]) == (str(UUID(int=9)), 3)
        assert str(event["ATTENDEE"]) == "mailto:sanne@voorbeeld.nl"
        assert str(event["LOCATION"]) == "Stadskantoor, Hengelosestraat 51, 7514 AD Enschede"
    assert attached.get_filename() == "afspraak.ics"
    assert mail.get_content_type() == "multipart/mixed"


@pytest.mark.parametrize("kind", [Kind.REMINDER, Kind.LINK, Kind.OFFER])
def test_what_changes_no_calendar_carries_no_invitation(kind):
    assert [p for p in mail_of(kind, "en").walk() if "calendar" in p.get_content_type() or p.get_filename()] == []


@pytest.mark.parametrize(
    "email",
    [
        "a" * 64 + "@" + ".".join(["b" * 61] * 3) + ".nl",
        "sanne@münchen.de",
        "jörg@voorbeeld.nl",
        "o'neil+tag@voorbeeld.nl",
        "a b@voorbeeld.nl",
    ],
)
def test_every_allowed_address_gets_its_mail(email):
    assert len(email) <= 254
    mail = mail_of(Kind.BOOKED, "nl", to={"email": email, "name": "Žofie Łęcka"})
    local, _, domain = email.rpartition("@")
    (address,) = mail["To"].addresses
    assert (address.username, address.domain) == (local, domain.encode("idna").decode())
    assert address.display_name == "Žofie Łęcka"


def test_a_long_name_with_a_comma_stays_one_receiver():
    name = "de Boer, Anna Maria Johanna Wilhelmina Catharina en haar man de Boer, Pieter Jan Cornelis Hendrik"
    mail = mail_of(Kind.BOOKED, "nl", to={"name": name})
    (address,) = mail["To"].addresses
    assert address.addr_spec == "sanne@voorbeeld.nl"
    assert address.display_name == name.replace(",", "")
    assert f"Beste {name}," in mail.get_body(("plain",)).get_content()


def test_mail_to_a_domain_with_sharp_s_does_not_go_to_its_neighbour():
    mail = mail_of(Kind.BOOKED, "de", to={"email": "info@straße.de"})
    (calendar,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    (event,) = Calendar.from_ical(calendar.get_content().encode()).walk("VEVENT")
    assert mail["To"].addresses[0].addr_spec == "info@xn--strae-oqa.de"
    assert str(event["ATTENDEE"]) == "mailto:info@xn--strae-oqa.de"


def test_the_mail_server_is_told_the_same_domain_as_the_header():
    class Server:
        told: ClassVar[list[str]] = []

        def mail(self, _sender, _options):
            return 250, b""

        def rcpt(self, recipient):
            self.told.append(recipient)
            return 250, b""

    class Mail(SmtpMail):
        @contextmanager
        def _connected(self):
            yield Server()

        def _content(self, server, content):
            assert b"To: info@xn--strae-oqa.de" in content

    written = letter(Kind.BOOKED, "de", to={"name": ""})
    ready = posted(
        message(Kind.BOOKED),
        written,
        TEMPLATES.render(written),
        recipient="info@straße.de",
        settings=SETTINGS,
        at=NOW,
    )
    Mail(SETTINGS.smtp_url, our_name="balie").send(ready.mail, sender=SETTINGS.sender, recipient="info@straße.de")
    assert Server.told == ["info@xn--strae-oqa.de"]


@pytest.mark.parametrize("email", ["a@b.nl\r\nBcc: x@y.nl", "no address", "@", "a\x00@b.nl"])
def test_an_address_that_would_add_a_header_is_refused(email):
    with pytest.raises(Unsendable):
        mail_of(Kind.BOOKED, "nl", to={"email": email})


def test_lines_of_the_mail_fit_smtp():
    written = letter(Kind.BOOKED, "de")
    ready = posted(
        message(Kind.BOOKED), written, TEMPLATES.render(written), recipient="a@b.nl", settings=SETTINGS, at=NOW
    )
    content = ready.mail.as_bytes()
    assert content.isascii() and max(map(len, content.split(b"\r\n"))) < 998


def test_in_production_the_sender_has_no_default():
    variables = {"BALIE_SMTP_URL": "smtp://127.0.0.1:25", "BALIE_PUBLIC_URL": "https://balie.enschede.nl/"}
    assert read_mail_settings(Environment(variables)).public_url == PUBLIC
    with pytest.raises(SettingsError, match="BALIE_MAIL_FROM"):
        read_mail_settings(Environment(variables | {"BALIE_ENVIRONMENT": "production"}))
    with pytest.raises(SettingsError, match="BALIE_MAIL_FROM"):
        read_mail_settings(Environment(variables | {"BALIE_MAIL_FROM": "balie"}))
    with pytest.raises(SettingsError, match="BALIE_SMTP_URL"):
        read_mail_settings(Environment(variables | {"BALIE_SMTP_URL": "http://x"}))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", ["Antwoord vóór dinsdag 24 november 2026, 12:00 uur", "Zegt u nee?"]),
        ("en", ["Answer before Tuesday 24 November 2026, 12:00", "You say no?"]),
        ("de", ["Antworten Sie vor Dienstag, 24. November 2026, 12:00 Uhr", "Sagen Sie nein?"]),
    ],
)
def test_an_offer_tells_the_old_and_the_new_time_and_until_when_to_answer(language, said):
    mail = render(Kind.OFFER, language, before={"from_location_id": "glanerbrug"})
    for sentence in [*said, "14:20", "Servicepunt Glanerbrug", "/a/K7Q2MXD4/"]:
        assert sentence in mail.text and sentence in mail.html.replace("&#39;", "'")


def test_when_an_answer_is_due_is_kept_and_old_messages_know_none():
    facts = message(Kind.OFFER).facts
    assert Facts.of_json(facts.as_json()) == facts
    stored = {key: value for key, value in facts.as_json().items() if key != "answer_by"}
    assert Facts.of_json(stored).answer_by is None


@pytest.mark.parametrize("kind", QUESTIONS)
@pytest.mark.parametrize(
    ("language", "asks", "warns", "by"),
    [
        (
            "nl",
            "Komt u nog op uw afspraak?",
            "Horen wij niets van u? Dan kunnen wij uw plaats aan iemand anders",
            "vóór ",
        ),
        (
            "en",
            "Are you still coming",
            "If we do not hear from you, we may give your place to somebody else",
            "before ",
        ),
        (
            "de",
            "Kommen Sie noch",
            "Wenn wir nichts von Ihnen hören, können wir Ihren Platz jemand anderem geben",
            "bis ",
        ),
    ],
)
def test_a_question_says_by_when_to_answer_where_and_what_silence_may_mean(kind, language, asks, warns, by):
    written = letter(kind, language)
    mail = TEMPLATES.render(written)
    for part in (mail.text, Outline(mail.html).text):
        assert asks in part and warns in part
        assert by + written.answer_by in part
        assert written.when in part
    assert written.manage_link in mail.text and written.manage_link in mail.html
    assert not any(part.get_content_type() == "text/calendar" for part in mail_of(kind, language).walk())


@pytest.mark.parametrize(
    ("language", "also"),
    [
        ("nl", "Uw afspraak om op te halen vervalt dan ook."),
        ("en", "Your appointment to collect is then cancelled too."),
        ("de", "Ihr Termin zum Abholen entfällt dann auch."),
    ],
)
def test_who_comes_twice_reads_what_his_no_would_cancel(language, also):
    assert also in render(Kind.RECONFIRM, language, to={"other_visit": other_visit("collection")}).text
    assert also not in render(Kind.RECONFIRM, language).text


@pytest.mark.parametrize(
    ("because", "says"),
    [
        ("not-reconfirmed", "Wij vroegen u twee keer of u nog komt op donderdag 3 december 2026, 14:20 uur."),
        ("with-request", "Uw afspraak om het document aan te vragen gaat niet door."),
    ],
)
def test_who_is_let_go_reads_why_and_what_he_can_do(because, says):
    mail = render(Kind.CANCELLED, "nl", by="municipality", before={"because": because})
    assert says in mail.text and says in Outline(mail.html).text
    assert "Dat spijt ons" not in mail.text
    assert "Maak een nieuwe afspraak op een tijd die u past." in mail.text


def test_why_a_visit_was_called_off_is_kept_and_old_messages_know_nothing_of_it():
    facts = message(Kind.CANCELLED, before={"because": "not-reconfirmed"}).facts
    assert Facts.of_json(facts.as_json()) == facts
    old = {key: value for key, value in facts.as_json().items() if key != "because"}
    assert Facts.of_json(old).because is None
