"""Draws over HTTP: what is published, to the byte, and asking for a place."""

import json

import pytest
from marshmallow import RAISE

from services.appointments.domain.draw_document import promise, write
from services.contracts.appointments import DrawPublication
from services.messaging.errors import RemoteRefusal
from tests.unit.gateway_api_double import DRAW, DRAW_ID, DRAW_REQUEST, DRAW_TURN, ENTERED, JOURNEY_ID, SECRET, FarSide
from tests.unit.gateway_api_double import gateway as make_gateway
from tests.unit.test_appointments_drawing import held
from tests.unit.test_gateway_api_faults import problem, wrong

DRAWS, REQUESTS = "/v1/draws", f"/v1/draws/{DRAW_ID}/requests"
MINE = f"/v1/draw-requests/{JOURNEY_ID}"
ASKED = {
    "locationIds": ["stadskantoor"],
    "weekdays": [0, 1],
    "partsOfDay": ["morning"],
    "persons": 2,
    "name": "Noor de Wit",
    "birthDate": "1990-02-28",
    "email": "noor@example.nl",
    "language": "nl",
    "codeId": JOURNEY_ID,
    "code": "012 345",
}
KEY = {"Appointment-Secret": SECRET}


@pytest.fixture
def far_side():
    return FarSide()


@pytest.fixture
def api(far_side):
    return make_gateway(far_side)


def publish(far_side, document, *, held):
    far_side.answers["appointments.draw"] = {"draw_id": DRAW["draw_id"], "held": held, "document": document}


def test_draws_are_listed_with_their_moments_and_the_hash_of_the_key(api):
    answer = api.get(DRAWS)
    [draw] = answer.get_json()["draws"]
    assert (draw["drawId"], draw["state"], draw["places"], draw["commitment"]) == (DRAW_ID, "open", 4, "c" * 64)
    assert (draw["firstDate"], draw["drawsAt"]) == ("2027-01-11", "2026-11-30T11:00:00Z")
    assert answer.headers["Cache-Control"] == "public, max-age=5"


def test_a_draw_that_is_only_planned_has_no_id(api, far_side):
    far_side.answers["appointments.list_draws"] = {
        "draws": [DRAW | {"draw_id": None, "state": "planned", "places": None, "commitment": None}]
    }
    assert api.get(DRAWS).get_json()["draws"][0]["drawId"] is None


def test_the_document_of_a_draw_comes_byte_by_byte_as_it_was_published(api, far_side):
    document, digest = write(held())
    publish(far_side, document, held=True)
    answer = api.get(f"{DRAWS}/{DRAW_ID}")
    assert answer.get_data() == document.encode()
    assert answer.get_json()["digest"] == digest
    assert (answer.content_type, answer.headers["Cache-Control"]) == ("application/json", "public, max-age=3600")


def test_who_knows_the_document_already_is_told_so(api, far_side):
    publish(far_side, write(held())[0], held=True)
    etag = api.get(f"{DRAWS}/{DRAW_ID}").headers["ETag"]
    again = api.get(f"{DRAWS}/{DRAW_ID}", headers={"If-None-Match": etag})
    assert (again.status_code, again.get_data()) == (304, b"")


def test_what_is_promised_is_not_kept_for_long(api, far_side):
    publish(far_side, promise(held().draw), held=False)
    answer = api.get(f"{DRAWS}/{DRAW_ID}")
    assert answer.headers["Cache-Control"] == "public, max-age=5"
    assert "key" not in answer.get_json()["draw"]


@pytest.mark.parametrize("document", [write(held())[0], promise(held().draw)])
def test_the_published_document_is_the_one_that_the_api_describes(document):
    def snake(name):
        name = {"firstDate": "first_on", "lastDate": "last_on", "date": "on"}.get(name, name)
        return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name)

    def inward(node):
        if isinstance(node, dict):
            return {snake(name): inward(inner) for name, inner in node.items()}
        return [inward(inner) for inner in node] if isinstance(node, list) else node

    def strict(schema):
        schema.unknown = RAISE
        for field in schema.fields.values():
            inner = getattr(field, "inner", field)
            if hasattr(inner, "schema"):
                strict(inner.schema)
        return schema

    assert strict(DrawPublication()).validate(inward(json.loads(document))) == {}


def test_who_asks_gets_a_number_and_a_secret(api, far_side):
    answer = api.post(REQUESTS, json=ASKED, headers={"Idempotency-Key": "draw-5f1d7a4e-9d4c"})
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"https://balie.example.nl{MINE}"
    told = answer.get_json()
    assert (told["number"], told["secret"], told["firstDate"]) == ("482193057", SECRET, "2027-01-11")
    asked = far_side.asked("appointments.enter_draw")
    assert (asked["draw_id"], asked["channel"], asked["birth_on"]) == (DRAW_ID, "web", "1990-02-28")


@pytest.mark.parametrize("left_out", ["code", "codeId", "birthDate", "name", "email", "locationIds", "language"])
def test_on_the_web_nothing_is_left_out(api, far_side, left_out):
    sent = {name: value for name, value in ASKED.items() if name != left_out}
    assert wrong(api.post(REQUESTS, json=sent)) == {f"#/{left_out}"}
    assert not far_side.calls


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("weekdays", [7]), ("weekdays", []), ("partsOfDay", ["night"]), ("persons", 0), ("persons", 9),
        ("birthDate", "1899-12-31"), ("birthDate", "28-2-1990"), ("channel", "counter"), ("drawId", DRAW_ID),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(api, field, value):
    [place] = wrong(api.post(REQUESTS, json=ASKED | {field: value}))
    assert place.startswith(f"#/{field}")


def test_a_wrong_code_tells_how_often_it_may_be_tried(api, far_side):
    far_side.answers["appointments.enter_draw"] = {"passed": False, "attempts_left": 2, "entered": None}
    assert problem(api.post(REQUESTS, json=ASKED), 400, "code-wrong")["attemptsLeft"] == 2


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("draw-unknown", 404), ("draw-closed", 409), ("draw-entered-already", 409), ("draw-wish-impossible", 400),
        ("not-offered-here", 400), ("visit-too-long", 400),
    ],
)  # fmt: skip
def test_a_refusal_has_its_own_problem(api, far_side, code, status):
    far_side.answers["appointments.enter_draw"] = RemoteRefusal(code, "The cure.", {})
    problem(api.post(REQUESTS, json=ASKED), status, code)


def test_a_time_that_is_to_be_drawn_cannot_be_held_and_the_answer_tells_when(api, far_side):
    far_side.answers["appointments.hold_slot"] = RemoteRefusal(
        "to-be-drawn", "Put in a request.", {"draws_at": "2026-11-30T11:00:00+00:00"}
    )
    wish = {"locationId": "stadskantoor", "products": [{"productId": "passport"}], "startsAt": "2027-01-11T08:00:00Z"}
    assert problem(api.post("/v1/holds", json=wish), 409, "to-be-drawn")["drawsAt"] == "2026-11-30T11:00:00Z"


def test_a_request_is_read_and_withdrawn_with_its_secret(api, far_side):
    read = api.get(MINE, headers=KEY).get_json()
    assert (read["state"], read["birthDate"], read["entries"][0]["outcome"]) == ("live", "1990-02-28", "waiting")
    assert api.delete(MINE, headers=KEY).status_code == 204
    assert far_side.asked("appointments.withdraw_draw_request") == {"request_id": JOURNEY_ID, "secret": SECRET}
    assert wrong(api.get(MINE)) == {"Appointment-Secret"}


def test_what_somebody_got_comes_with_the_key_to_the_appointment(api, far_side):
    won = {"reference": "K7Q2-MXD4", "secret": SECRET}
    far_side.answers["appointments.draw_request"] = DRAW_REQUEST | {
        "state": "placed",
        "entries": [DRAW_TURN | {"outcome": "placed", "appointment": won}],
    }
    assert api.get(MINE, headers=KEY).get_json()["entries"][0]["appointment"] == won
    assert ENTERED["number"]
