"""Draws: days that are given out by lot, asking for a place in one, and what came of it. All instants are UTC."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from services.contracts.appointments.base import EXAMPLE_ID, EXAMPLE_START, MAX_PERSONS
from services.contracts.appointments.holds import Told
from services.contracts.appointments.people import birth_field
from services.contracts.appointments.waiting_list import PARTS_OF_DAY
from services.contracts.base import CHANNELS, Event, Reply, Request, slug

DRAW_STATES = ("planned", "open", "closed", "held")
DRAW_REQUEST_STATES = ("live", "placed", "withdrawn", "ended")
DRAW_OUTCOMES = ("waiting", "placed", "not-placed")

_DRAW_ID = "7d0f4a50-3a7e-4b43-9d4b-2f6c7d3c9a10"


class DrawSummary(Reply):
    """A draw of the days `first_on` to `last_on`. `state`: planned, open (one may ask), closed, or held.

    `places` is for how many visits of one person there is room now; `places_given` is what the draw gave. `open_days`,
    `parts_of_day` and `location_ids` are when and where a counter is open for it at all, while it has not been held.
    The commitment is the SHA-256 of the key; the digest is that of what the published document says.
    """

    draw_id = fields.UUID(required=True, allow_none=True)
    product_id = slug()
    first_on = fields.Date(required=True)
    last_on = fields.Date(required=True)
    weekdays = fields.List(fields.Integer(), required=True)
    opens_at = fields.AwareDateTime(required=True)
    closes_at = fields.AwareDateTime(required=True)
    draws_at = fields.AwareDateTime(required=True)
    state = fields.String(required=True)
    places = fields.Integer(required=True, allow_none=True)
    open_days = fields.List(fields.Date(), required=True)
    parts_of_day = fields.List(fields.String(), required=True)
    location_ids = fields.List(fields.String(), required=True)
    commitment = fields.String(required=True, allow_none=True)
    held_at = fields.AwareDateTime(required=True, allow_none=True)
    requests = fields.Integer(required=True, allow_none=True)
    places_given = fields.Integer(required=True, allow_none=True)
    digest = fields.String(required=True, allow_none=True)


class DrawList(Reply):
    """Draws that are known, the next one that is planned of each product, and those that were held last."""

    draws = fields.List(fields.Nested(DrawSummary), required=True)


class GetDraw(Request):
    """What is published of a draw?"""

    draw_id = fields.UUID(required=True)


class DrawDocument(Reply):
    """The published document, exactly as it is to be told: once the draw was `held`, all that it takes to verify it."""

    draw_id = fields.UUID(required=True)
    held = fields.Boolean(required=True)
    document = fields.String(required=True)


class DrawWish(Request):
    """Which places somebody would take. `weekdays`: 0 = Monday."""

    location_ids = fields.List(slug(), required=True, validate=validate.Length(min=1, max=20))
    weekdays = fields.List(
        fields.Integer(strict=True, validate=validate.Range(min=0, max=6)),
        load_default=lambda: list(range(7)),
        validate=validate.Length(min=1, max=7),
    )
    parts_of_day = fields.List(
        fields.String(validate=validate.OneOf(PARTS_OF_DAY)),
        load_default=lambda: list(PARTS_OF_DAY),
        validate=validate.Length(min=1, max=3),
    )
    persons = fields.Integer(load_default=1, strict=True, validate=validate.Range(min=1, max=MAX_PERSONS))


class EnterDraw(Told, DrawWish):
    """Take part in a draw. On the web a mailed code comes along; on the phone and at the counter staff ask.

    Who has no luck takes part in the next draw by himself, until he withdraws.
    """

    draw_id = fields.UUID(required=True)
    birth_on = birth_field(required=True)
    channel = fields.String(load_default="web", validate=validate.OneOf(CHANNELS))
    code_id = fields.UUID(load_default=None, allow_none=True)
    code = fields.String(load_default=None, allow_none=True, validate=validate.Length(min=1, max=20))
    example: ClassVar[Mapping[str, Any]] = {
        "draw_id": _DRAW_ID,
        "location_ids": ["stadskantoor"],
        "weekdays": [0, 1],
        "parts_of_day": ["morning"],
        "persons": 2,
        "name": "Noor de Wit",
        "birth_on": "1990-02-28",
        "email": "noor@example.nl",
        "language": "nl",
        "code_id": EXAMPLE_ID,
        "code": "012345",
    }

    @validates_schema
    def _proven(self, data: Mapping[str, Any], **_: Any) -> None:
        given = [data["code_id"] is not None, data["code"] is not None]
        if given[0] != given[1] or (data["channel"] == "web" and not all(given)):
            raise ValidationError("Give the id of the code and the code that was mailed.", "code")


class Entered(Reply):
    """A request that takes part. `number` is random and published with the result; the secret opens the request."""

    request_id = fields.UUID(required=True)
    draw_id = fields.UUID(required=True)
    number = fields.String(required=True)
    secret = fields.String()
    first_on = fields.Date(required=True)
    last_on = fields.Date(required=True)
    draws_at = fields.AwareDateTime(required=True)


class DrawAnswer(Reply):
    """Whether the code was right, and the request if it was. Without attempts left the code is of no use any more."""

    passed = fields.Boolean(required=True)
    attempts_left = fields.Integer(required=True)
    entered = fields.Nested(Entered, required=True, allow_none=True)


class DrawRequestRef(Request):
    """A request and its secret."""

    request_id = fields.UUID(required=True)
    secret = fields.String(required=True, validate=validate.Length(min=1, max=64))


class WonAppointment(Reply):
    """What somebody got: an appointment like any other, and the secret that opens it."""

    reference = fields.String(required=True)
    secret = fields.String(required=True)


class DrawTurn(Reply):
    """A request in one draw. `outcome`: waiting, placed or not-placed."""

    draw_id = fields.UUID(required=True)
    number = fields.String(required=True)
    first_on = fields.Date(required=True)
    last_on = fields.Date(required=True)
    closes_at = fields.AwareDateTime(required=True)
    draws_at = fields.AwareDateTime(required=True)
    outcome = fields.String(required=True)
    appointment = fields.Nested(WonAppointment, load_default=None, allow_none=True)


class DrawRequestDetails(Reply):
    """A request with its draws, the newest first. `state`: live, placed, withdrawn, ended.

    A live request that waits takes part in the draw that opens at `next_opens_at`. `has_visit`: it has ended because
    the person has such an appointment already.
    """

    request_id = fields.UUID(required=True)
    product_id = slug()
    state = fields.String(required=True)
    location_ids = fields.List(fields.String(), required=True)
    weekdays = fields.List(fields.Integer(), required=True)
    parts_of_day = fields.List(fields.String(), required=True)
    persons = fields.Integer(required=True)
    name = fields.String(required=True)
    birth_on = fields.Date(required=True)
    email = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    language = fields.String(required=True)
    entries = fields.List(fields.Nested(DrawTurn), required=True)
    has_visit = fields.Boolean(required=True)
    next_opens_at = fields.AwareDateTime(required=True, allow_none=True)


class GetDrawContact(Request):
    """For the service that writes to people: whom does a request belong to, and how did it fare in a draw?"""

    request_id = fields.UUID(required=True)
    draw_id = fields.UUID(required=True)


class DrawContact(Reply):
    """Who asked, and what a mail about a draw must say. Never stored by the asker.

    `following` is the draw in which the request takes part next, `next_opens_at` when that one opens; neither: none
    comes. `some_left`: places of the draw that nobody got are still free for everybody. `has_visit` as in the details.
    """

    request_id = fields.UUID(required=True)
    secret = fields.String(required=True)
    product_id = slug()
    name = fields.String(required=True)
    email = fields.String(required=True)
    language = fields.String(required=True)
    about = fields.Nested(DrawTurn, required=True)
    requests = fields.Integer(required=True, allow_none=True)
    places_given = fields.Integer(required=True, allow_none=True)
    following = fields.Nested(DrawTurn, required=True, allow_none=True)
    next_opens_at = fields.AwareDateTime(required=True, allow_none=True)
    some_left = fields.Boolean(required=True)
    has_visit = fields.Boolean(required=True)


class _DrawEvent(Event):
    """A fact about one request for a draw; `version` counts the facts of that request from 1, without gaps."""

    source = "appointments"
    request_id = fields.UUID(required=True)
    draw_id = fields.UUID(required=True)
    version = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))


class DrawEntered(_DrawEvent):
    """Somebody takes part in a draw; whom to tell is asked by RPC."""

    type = "nl.afspraken.loting-aangevraagd"
    draws_at = fields.AwareDateTime(required=True)
    example: ClassVar[Mapping[str, Any]] = {
        "request_id": EXAMPLE_ID,
        "draw_id": _DRAW_ID,
        "version": 1,
        "draws_at": EXAMPLE_START,
    }


class DrawLost(_DrawEvent):
    """Nothing that fits was left for somebody in a draw; what now, is asked by RPC."""

    type = "nl.afspraken.loting-zonder-plek"
    example: ClassVar[Mapping[str, Any]] = {"request_id": EXAMPLE_ID, "draw_id": _DRAW_ID, "version": 2}
