"""What the API answers to who comes twice: to request a document and to collect it."""

import pytest

from services.messaging.errors import RemoteRefusal
from tests.unit.gateway_api_double import JOURNEY_ID, SECRET, FarSide, gateway

BY_HOLDER = {"Appointment-Secret": SECRET}
A_PAIR = {
    "locationId": "stadskantoor",
    "products": [{"productId": "passport-abroad", "persons": 2}],
    "startsAt": "2026-12-03T09:20:00+01:00",
    "collectionStartsAt": "2026-12-10T09:20:00+01:00",
}
A_PERSON = {"name": "Jildou de Vries", "email": "jildou@example.nl", "language": "nl", "timeZone": "America/Toronto"}


@pytest.fixture
def far_side():
    return FarSide()


@pytest.fixture
def api(far_side):
    return gateway(far_side)


def test_free_pairs_tell_from_when_to_collect(api, far_side):
    [day] = api.get("/v1/free-pairs?locationId=stadskantoor&product=passport-abroad:2").json["days"]
    assert (day["collectFromDate"], day["collectUntilDate"]) == ("2026-12-10", "2027-03-03")
    assert day["collectionDays"] == [{"date": "2026-12-10", "starts": 4}]
    assert far_side.asked("appointments.free_pairs")["products"] == [{"product_id": "passport-abroad", "persons": 2}]


def test_days_to_collect_name_the_visit_whose_times_to_ask_for(api, far_side):
    found = api.get("/v1/collection-days?locationId=stadskantoor&product=passport-abroad:2&requestedDate=2026-12-03")
    assert found.json["products"] == [{"productId": "collect-travel-document", "persons": 2}]
    assert far_side.asked("appointments.collection_days")["requested_on"] == "2026-12-03"


def test_a_pair_is_held_with_one_secret_and_is_found_at_its_location(api, far_side):
    held = api.post("/v1/pairs", json=A_PAIR)
    assert held.status_code == 201
    assert held.json["secret"] == SECRET
    assert held.headers["Location"].endswith(f"/v1/pairs/{JOURNEY_ID}")
    assert far_side.asked("appointments.hold_pair")["collection_starts_at"] == "2026-12-10T08:20:00+00:00"
    assert api.get(f"/v1/pairs/{JOURNEY_ID}", headers=BY_HOLDER).json == held.json


def test_a_pair_is_made_longer_given_back_and_confirmed_as_one(api, far_side):
    assert api.post(f"/v1/pairs/{JOURNEY_ID}/extensions", headers=BY_HOLDER).status_code == 200
    assert api.delete(f"/v1/pairs/{JOURNEY_ID}", headers=BY_HOLDER).status_code == 204
    booked = api.post(f"/v1/pairs/{JOURNEY_ID}/appointments", json=A_PERSON, headers=BY_HOLDER)
    assert booked.status_code == 201
    assert [booked.json[part]["reference"] for part in ("request", "collection")] == ["K7Q2MXD4", "M4N8PQRS"]
    assert booked.headers["Location"].endswith("/v1/appointments/K7Q2MXD4")
    assert far_side.asked("appointments.confirm_pair")["journey_id"] == JOURNEY_ID


def test_when_one_of_the_two_is_taken_the_problem_says_which(api, far_side):
    far_side.answers["appointments.hold_pair"] = RemoteRefusal(
        "slot-taken", "Choose.", {"alternatives": ["2026-12-11T08:20:00+00:00"], "visit": "collection"}
    )
    problem = api.post("/v1/pairs", json=A_PAIR)
    assert (problem.status_code, problem.json["visit"]) == (409, "collection")
    assert problem.json["alternatives"] == ["2026-12-11T08:20:00Z"]


def test_a_collection_that_is_too_early_comes_with_the_first_day(api, far_side):
    far_side.answers["appointments.hold_pair"] = RemoteRefusal(
        "collection-too-early",
        "Later.",
        {"visit": "collection", "earliest_on": "2026-12-11", "request_by_on": None},
    )
    problem = api.post("/v1/pairs", json=A_PAIR)
    assert (problem.status_code, problem.json["earliestDate"], problem.json["requestByDate"]) == (
        409,
        "2026-12-11",
        None,
    )
