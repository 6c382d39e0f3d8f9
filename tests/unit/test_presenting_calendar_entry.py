"""Calendar files keep the rules of RFC 5545 and 5546 by which calendars accept, replace and remove an entry."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from services.presenting import calendar_entry
from services.presenting.calendar_entry import Entry

START = datetime(2026, 12, 3, 13, 20, tzinfo=UTC)
STAMP = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
ENTRY = Entry(
    uid=UUID("0b8f3f0e-7a54-4e0c-9a3e-0d5b3f6f5c11"),
    sequence=2,
    starts_at=START,
    ends_at=START + timedelta(minutes=30),
    place="Stadskantoor, Hengelosestraat 51, 7514 AD Enschede",
    reference="K7Q2MXD4",
    manage_link="https://balie.enschede.nl/nl/a/K7Q2MXD4/secret",
    language="nl",
)
MAIL = {"organizer": "no-reply@enschede.example", "attendee": "sanne@voorbeeld.nl"}


def invite(entry=ENTRY, stamped_at=STAMP, **more):
    return calendar_entry.invitation(entry, stamped_at=stamped_at, **(MAIL | more))


def cancel(entry=ENTRY):
    return calendar_entry.cancellation(entry, stamped_at=STAMP, **MAIL)


def publish(entry=ENTRY):
    return calendar_entry.published(entry, stamped_at=STAMP, organizer=MAIL["organizer"])


def event_of(file):
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    return event


@pytest.mark.parametrize(("make", "method"), [(invite, "REQUEST"), (cancel, "CANCEL"), (publish, "PUBLISH")])
def test_each_file_says_its_method_once_and_has_one_event(make, method):
    calendar = Calendar.from_ical(make())
    assert calendar_entry.method_of(make()) == method
    assert calendar["VERSION"] == "2.0" and calendar["PRODID"]
    assert len(calendar.walk("VEVENT")) == 1
    assert make().count(b"METHOD:") == 1


@pytest.mark.parametrize("make", [invite, cancel, publish])
def test_lines_end_with_crlf_and_are_at_most_75_octets_long(make):
    file = make()
    assert file.count(b"\n") == file.count(b"\r\n")
    assert max(len(line) for line in file.split(b"\r\n")) <= 75


@pytest.mark.parametrize("make", [invite, cancel, publish])
def test_uid_sequence_and_organizer_are_there_exactly_once(make):
    file = make()
    event = event_of(file)
    assert str(event["UID"]) == str(ENTRY.uid)
    assert event["SEQUENCE"] == 2
    assert event["DTSTAMP"].dt == STAMP
    unfolded = file.replace(b"\r\n ", b"")
    assert unfolded.count(b"ORGANIZER;") == 1 and b"mailto:no-reply@enschede.example" in unfolded


def test_an_invitation_and_a_withdrawal_have_one_attendee_and_a_download_has_none():
    assert str(event_of(invite())["ATTENDEE"]) == "mailto:sanne@voorbeeld.nl"
    assert str(event_of(cancel())["ATTENDEE"]) == "mailto:sanne@voorbeeld.nl"
    assert "ATTENDEE" not in event_of(publish())


def test_only_what_takes_place_rings_an_alarm():
    assert [len(event_of(make()).walk("VALARM")) for make in (invite, publish, cancel)] == [1, 1, 0]
    (alarm,) = event_of(invite()).walk("VALARM")
    assert (alarm["ACTION"], alarm["TRIGGER"].dt) == ("DISPLAY", timedelta(days=-1)) and alarm["DESCRIPTION"]


def test_the_status_follows_the_visit():
    assert [str(event_of(make())["STATUS"]) for make in (invite, publish, cancel)] == [
        "CONFIRMED",
        "CONFIRMED",
        "CANCELLED",
    ]
    assert str(event_of(publish(replace(ENTRY, cancelled=True)))["STATUS"]) == "CANCELLED"


@pytest.mark.parametrize("start", [START, datetime(2026, 7, 1, 8, 0, tzinfo=UTC), datetime(2027, 1, 1, 8, tzinfo=UTC)])
def test_the_times_are_enschedes_and_their_zone_is_explained(start):
    entry = replace(ENTRY, starts_at=start, ends_at=start + timedelta(minutes=30))
    calendar = Calendar.from_ical(invite(entry))
    (zone,) = calendar.timezones
    event = event_of(invite(entry))
    assert str(zone["TZID"]) == event["DTSTART"].params["TZID"] == "Europe/Amsterdam"
    assert event["DTSTART"].dt == start and event["DTEND"].dt == start + timedelta(minutes=30)
    assert zone.to_tz().utcoffset(start.replace(tzinfo=None) + timedelta(hours=2)) == event["DTSTART"].dt.utcoffset()
    assert len(zone.subcomponents) <= 4


def test_the_summary_tells_neither_product_nor_name():
    for language, summary in (("nl", "Afspraak gemeente Enschede"), ("de", "Termin Gemeinde Enschede")):
        assert str(event_of(invite(replace(ENTRY, language=language)))["SUMMARY"]) == summary


def test_the_description_has_reference_and_link():
    description = str(event_of(invite())["DESCRIPTION"])
    assert "K7Q2-MXD4" in description and ENTRY.manage_link in description


def test_the_same_version_sent_again_differs_in_nothing_but_its_stamp():
    again = invite(stamped_at=STAMP + timedelta(hours=1))
    assert again.replace(b"DTSTAMP:20261123T210000Z", b"DTSTAMP:20261123T200000Z") == invite()


@pytest.mark.parametrize(
    ("email", "uri"),
    [
        ("o'neil+balie@voorbeeld.nl", "mailto:o'neil+balie@voorbeeld.nl"),
        ("sanne@münchen.de", "mailto:sanne@xn--mnchen-3ya.de"),
        ("jörg@voorbeeld.nl", "mailto:j%C3%B6rg@voorbeeld.nl"),
        ('"a b"@voorbeeld.nl', "mailto:%22a%20b%22@voorbeeld.nl"),
    ],
)
def test_every_address_becomes_a_valid_uri(email, uri):
    assert str(event_of(invite(attendee=email))["ATTENDEE"]) == uri


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_no_text_can_break_out_of_its_line(place):
    calendar = Calendar.from_ical(invite(replace(ENTRY, place=place + "\r\nMETHOD:CANCEL")))
    assert str(calendar["METHOD"]) == "REQUEST"
    assert len(calendar.walk("VEVENT")) == 1
