"""What the API answers when all is well."""

import re

import pytest
from icalendar import Calendar

from services.messaging.errors import Unavailable
from tests.unit.gateway_api_double import HOLD_ID, OFFER_ID, SECRET, STARTS, FarSide, gateway

BY_HOLDER = {"Appointment-Secret": SECRET}
A_VISIT = {"locationId": "stadskantoor", "products": [{"productId": "passport", "persons": 2}]}
A_HOLD = A_VISIT | {"startsAt": "2026-12-03T09:20:00+01:00"}
A_PERSON = {"holdId": HOLD_ID, "name": "Jildou de Vries", "email": "jildou@example.nl", "language": "nl"}


@pytest.fixture
def far_side():
    return FarSide()


@pytest.fixture
def api(far_side):
    return gateway(far_side)


def test_products_and_locations_are_listed_and_found_by_their_id(api):
    (product,) = api.get("/v1/products").json["products"]
    assert product == api.get("/v1/products/passport").json
    assert product["extraMinutesPerPerson"] == 10
    assert product["fees"] == [{"appliesTo": "adult", "cents": 8387}]
    (location,) = api.get("/v1/locations").json["locations"]
    assert location == api.get("/v1/locations/stadskantoor").json
    assert location["openingHours"] == [{"weekday": 0, "opens": "09:00", "closes": "17:00"}]


def test_the_catalogue_is_asked_once_and_served_when_its_service_is_away(api, far_side):
    first = api.get("/v1/products").json
    far_side.answers["appointments.list_products"] = Unavailable()
    assert api.get("/v1/products").json == first
    assert len(far_side.calls) == 1


@pytest.mark.parametrize(("path", "asked", "headers"), [("holds", A_HOLD, {}), ("appointments", A_PERSON, BY_HOLDER)])
def test_what_was_made_comes_with_the_headers_that_werkzeug_would_write(api, monkeypatch, path, asked, headers):
    made = api.post(f"/v1/{path}", json=asked, headers=headers)
    monkeypatch.delattr("gateway.app._Answer.get_wsgi_headers")
    by_werkzeug = api.post(f"/v1/{path}", json=asked, headers=headers)
    assert {name for name, _ in {*made.headers} ^ {*by_werkzeug.headers}} == {"X-Correlation-ID"}
    assert made.headers["Content-Length"] == str(len(made.data))
    assert made.headers["Location"].startswith("http")


def test_free_days_take_repeated_products_with_their_number_of_persons(api, far_side):
    answer = api.get("/v1/free-days?locationId=stadskantoor&product=passport:2&product=extract&fromDate=2026-12-01")
    assert answer.json == {
        "days": [{"date": "2026-12-03", "starts": 11}],
        "firstFree": "2026-12-03T08:20:00Z",
        "minutes": 30,
        "lastDate": "2027-05-24",
    }
    assert far_side.asked("appointments.free_days") == {
        "location_id": "stadskantoor",
        "products": [{"product_id": "passport", "persons": 2}, {"product_id": "extract", "persons": 1}],
        "from_on": "2026-12-01",
    }


def test_free_times_are_instants_in_utc(api):
    answer = api.get("/v1/free-times?locationId=stadskantoor&product=passport&date=2026-12-03")
    assert answer.json == {"starts": ["2026-12-03T08:20:00Z"], "minutes": 30}


def test_a_hold_takes_any_offset_and_answers_where_it_is(api, far_side):
    answer = api.post("/v1/holds", json=A_HOLD)
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"https://balie.example.nl/v1/holds/{HOLD_ID}"
    assert answer.json["secret"] == SECRET
    assert answer.json["expiresAt"] == "2026-11-23T20:10:00Z"
    assert far_side.asked("appointments.hold_slot") == {
        "location_id": "stadskantoor",
        "products": [{"product_id": "passport", "persons": 2}],
        "starts_at": "2026-12-03T08:20:00+00:00",
        "channel": "web",
    }


def test_a_hold_can_be_seen_extended_and_released_with_its_secret(api, far_side):
    assert api.get(f"/v1/holds/{HOLD_ID}", headers=BY_HOLDER).json["state"] == "held"
    assert api.post(f"/v1/holds/{HOLD_ID}/extensions", headers=BY_HOLDER).json["extendable"] is False
    released = api.delete(f"/v1/holds/{HOLD_ID}", headers=BY_HOLDER)
    assert (released.status_code, released.data) == (204, b"")
    assert far_side.asked("appointments.release_hold") == {"hold_id": HOLD_ID, "secret": SECRET}


def test_a_hold_becomes_an_appointment(api, far_side):
    answer = api.post("/v1/appointments", json=A_PERSON, headers=BY_HOLDER)
    assert answer.status_code == 201
    assert answer.headers["Location"] == "https://balie.example.nl/v1/appointments/K7Q2MXD4"
    assert answer.json["reference"] == "K7Q2MXD4"
    assert far_side.asked("appointments.confirm_hold")["secret"] == SECRET


def test_an_appointment_is_read_with_its_secret_in_a_header(api, far_side):
    answer = api.get("/v1/appointments/k7q2-mxd4", headers=BY_HOLDER)
    assert answer.json["name"] == "Jildou de Vries"
    assert answer.json["bookedAt"] == "2026-11-23T20:00:00Z"
    assert far_side.asked("appointments.appointment") == {"reference": "k7q2-mxd4", "secret": SECRET}


def test_a_change_names_the_version_that_was_read(api, far_side):
    etag = api.get("/v1/appointments/K7Q2MXD4", headers=BY_HOLDER).headers["ETag"]
    assert re.fullmatch(r'"v3-[0-9a-f]{24}"', etag)
    change = BY_HOLDER | {"If-Match": etag}
    api.post("/v1/appointments/K7Q2MXD4/moves", json={"startsAt": "2026-12-04T08:20:00Z"}, headers=change)
    assert far_side.asked("appointments.move_appointment")["expected_version"] == 3
    answer = api.post("/v1/appointments/K7Q2MXD4/cancellations", headers=change)
    assert answer.json["state"] == "cancelled"
    assert far_side.asked("appointments.cancel_appointment")["expected_version"] == 3


@pytest.mark.parametrize(
    ("if_match", "version"),
    [("*", None), ('"v2-ab", "v3-cd"', 3), ('"other", "v1-ab"', 1)],
)
def test_if_match_may_be_a_star_or_a_list(api, far_side, if_match, version):
    api.post("/v1/appointments/K7Q2MXD4/cancellations", headers=BY_HOLDER | {"If-Match": if_match})
    assert far_side.asked("appointments.cancel_appointment").get("expected_version") == version


@pytest.mark.parametrize("if_match", ['W/"v3-ab"', '"somebody-elses"', "v3", ""])
def test_an_if_match_that_no_version_of_ours_can_have_is_412(api, far_side, if_match):
    answer = api.post("/v1/appointments/K7Q2MXD4/cancellations", headers=BY_HOLDER | {"If-Match": if_match})
    assert answer.status_code == 412
    assert not far_side.calls


@pytest.mark.parametrize(
    "path",
    [
        "/v1/products",
        "/v1/products/passport",
        "/v1/locations",
        "/v1/free-days?locationId=stadskantoor&product=passport",
        f"/v1/holds/{HOLD_ID}",
        "/v1/appointments/K7Q2MXD4",
        "/v1/declarations",
    ],
)
def test_what_is_known_already_is_not_sent_again(api, path):
    first = api.get(path, headers=BY_HOLDER)
    assert first.status_code == 200
    again = api.get(path, headers=BY_HOLDER | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["API-Version"]
    other = api.get(path, headers=BY_HOLDER | {"If-None-Match": '"other"'})
    assert other.data == first.data


def test_the_link_is_asked_again_with_the_same_answer_for_everybody(api):
    answer = api.post("/v1/link-requests", json={"reference": "K7Q2MXD4", "email": "jildou@example.nl"})
    assert (answer.status_code, answer.data) == (202, b"")


def test_declarations_are_those_of_the_asked_day(api, far_side):
    assert api.get("/v1/declarations?date=2026-12-03").json == {"date": "2026-12-03", "declarations": []}
    assert far_side.asked("civil_registry.offered_declarations") == {"on": "2026-12-03"}


def test_an_idempotency_key_reaches_the_service_and_a_missing_one_is_made(api, far_side):
    api.post("/v1/holds", json=A_HOLD, headers={"Idempotency-Key": "my-key-5f1d7a4e-9d4c"})
    api.post("/v1/holds", json=A_HOLD)
    api.post("/v1/holds", json=A_HOLD)
    given, made, other = (key for name, _, key in far_side.calls if name == "appointments.hold_slot")
    assert given == "my-key-5f1d7a4e-9d4c"
    assert made and other and made != other


def test_head_is_get_without_a_body(api):
    answer = api.head("/v1/products")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["ETag"] == api.get("/v1/products").headers["ETag"]


def test_an_appointment_is_taken_home_as_a_calendar_file(api):
    answer = api.get("/v1/appointments/K7Q2MXD4/calendar", headers=BY_HOLDER | {"Accept": "text/calendar"})
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert answer.mimetype_params["method"] == "PUBLISH"
    calendar = Calendar.from_ical(answer.data)
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "PUBLISH"
    assert event["UID"] == HOLD_ID
    assert event["SEQUENCE"] == 1
    assert event.decoded("DTSTART") == STARTS
    assert "Hengelosestraat 51" in str(event["LOCATION"])
    assert "ATTENDEE" not in event


WISH = "/v1/appointments/K7Q2MXD4/wish"


def test_a_wish_is_read_joined_and_given_up(api, far_side):
    seen = api.get(WISH, headers=BY_HOLDER).json
    assert seen["possible"] is True
    assert seen["wish"]["offer"]["startsAt"] == "2026-12-03T08:20:00Z"
    wish = {"locationIds": ["stadskantoor"], "earliestDate": "2026-11-30", "weekdays": [0], "partsOfDay": ["morning"]}
    joined = api.post(WISH, json=wish, headers=BY_HOLDER)
    assert (joined.status_code, joined.json["wish"]["state"], joined.json["wish"]["offer"]) == (200, "waiting", None)
    assert far_side.asked("appointments.join_waiting_list") == {
        "reference": "K7Q2MXD4",
        "secret": SECRET,
        "location_ids": ["stadskantoor"],
        "earliest_on": "2026-11-30",
        "weekdays": [0],
        "parts_of_day": ["morning"],
        "notice_minutes": 1440,
    }
    assert api.delete(WISH, headers=BY_HOLDER).status_code == 204
    assert api.post(WISH, json={"locationIds": []}, headers=BY_HOLDER).status_code == 400
    assert api.get(WISH).status_code == 400


@pytest.mark.parametrize(("path", "answer"), [("acceptances", "accept"), ("refusals", "decline")])
def test_an_offer_is_answered_by_a_post(api, far_side, path, answer):
    offer = f"{WISH}/offers/{OFFER_ID}/{path}"
    assert api.post(offer, headers=BY_HOLDER).json["reference"] == "K7Q2MXD4"
    assert far_side.asked("appointments.answer_offer") == {
        "reference": "K7Q2MXD4",
        "secret": SECRET,
        "offer_id": OFFER_ID,
        "answer": answer,
    }
    assert api.get(offer, headers=BY_HOLDER).status_code == 405
