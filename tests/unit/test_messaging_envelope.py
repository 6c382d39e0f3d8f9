"""Events on the wire: what comes back is what was sent, and nothing malformed gets further than the frame."""

import contextlib
import json
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from services.contracts import appointments, civil_registry, notifications
from services.contracts.base import load
from services.messaging.clock import SystemClock
from services.messaging.envelope import MAX_BODY_BYTES, Envelope, decode
from services.messaging.errors import Malformed
from services.messaging.work import Stroke

EVENTS = [*appointments.EVENTS, *civil_registry.EVENTS, *notifications.EVENTS]
EVENT = Envelope(
    id=UUID("6f0f4b8c-13a5-4c8e-9f05-6a1f9dd2f8a4"),
    type="nl.afspraken.afspraak-gemaakt",
    source="appointments",
    aggregate_id=UUID("0b8f3f0e-7a54-4e0c-9a3e-0d5b3f6f5c11"),
    version=3,
    occurred_at=datetime(2026, 12, 3, 8, 20, tzinfo=UTC),
    correlation_id="2c8cf5a0-95cf-4c30-a2f5-2a7d1f6e1c11",
    causation_id=None,
    data={"starts_at": "2026-12-03T08:20:00+00:00"},
)


def test_an_event_arrives_as_it_was_sent():
    assert decode(EVENT.encode()) == EVENT


def test_the_wire_form_follows_cloudevents_and_the_dutch_profile():
    attributes = json.loads(EVENT.encode())
    assert attributes["specversion"] == "1.0"
    assert attributes["source"] == "urn:nld:gemeente-enschede:systeem:balie-appointments"
    assert attributes["time"] == "2026-12-03T08:20:00Z"
    assert (attributes["sequence"], attributes["sequencetype"]) == ("3", "Integer")
    assert all(name.isalnum() and name.islower() and len(name) <= 20 for name in attributes)


@pytest.mark.parametrize("wanting", ["location_id", "starts_at", "channel"])
def test_a_stroke_tells_no_event_that_lacks_a_field(wanting):
    stroke = Stroke(
        connection=cast(Connection, None),
        now=EVENT.occurred_at,
        clock=SystemClock(),
        source="appointments",
        correlation_id=EVENT.correlation_id,
        operation="confirm_hold",
        key="k",
        request_hash=b"",
        answer=dict,
    )
    fact = load(appointments.AppointmentBooked, dict(appointments.AppointmentBooked.example))
    data = {name: value for name, value in fact.items() if name != "version"}
    assert stroke.envelope(appointments.AppointmentBooked, about=EVENT.aggregate_id, version=1, **data).data
    for lacking in (data | {wanting: None}, {name: value for name, value in data.items() if name != wanting}):
        with pytest.raises(ValueError, match=wanting):
            stroke.envelope(appointments.AppointmentBooked, about=EVENT.aggregate_id, version=1, **lacking)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{not json",
        b"\xff\xfe\x00",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b"[" * 100_000,
        b"x" * (MAX_BODY_BYTES + 1),
        json.dumps({**json.loads(EVENT.encode()), "id": 5}).encode(),
        json.dumps({**json.loads(EVENT.encode()), "subject": "nobody"}).encode(),
        json.dumps({**json.loads(EVENT.encode()), "sequence": "many"}).encode(),
        json.dumps({**json.loads(EVENT.encode()), "time": "yesterday"}).encode(),
        json.dumps({**json.loads(EVENT.encode()), "time": "2026-12-03T08:20:00"}).encode(),
        json.dumps({**json.loads(EVENT.encode()), "data": []}).encode(),
        json.dumps({**json.loads(EVENT.encode()), "specversion": "2.0"}).encode(),
    ],
)
def test_a_malformed_body_is_named_as_such(body):
    with pytest.raises(Malformed):
        decode(body)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_bytes_whatsoever_do_more_than_be_malformed(body):
    with contextlib.suppress(Malformed):
        decode(body)


def test_a_correlation_id_from_outside_is_only_believed_when_it_is_one():
    forged = json.dumps({**json.loads(EVENT.encode()), "correlationid": "Jan Jansen, Hengelosestraat"}).encode()
    assert decode(forged).correlation_id == str(EVENT.id)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_each_event_has_an_example_that_fits_and_a_newer_publisher_may_say_more(event):
    assert load(event, dict(event.example) | {"something_new": 1}).keys() <= set(event().fields)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_no_event_has_a_place_for_personal_data(event):
    forbidden = {"name", "email", "phone", "bsn", "secret", "reference", "address", "birth_date"}
    assert not forbidden & set(event().fields)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_event_types_are_reverse_domain_names_in_the_past(event):
    assert event.type.startswith("nl.")
    assert event.type == event.type.lower()
