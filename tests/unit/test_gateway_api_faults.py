"""Bad input and faults: each a clear answer, as problem+json."""

import json
from io import BytesIO

import pytest

from gateway.api.problems import PROBLEMS
from services.contracts import appointments, civil_registry
from services.messaging.errors import Malformed, RemoteRefusal, TimedOut, Unavailable
from tests.unit.gateway_api_double import SECRET, FarSide, gateway
from tests.unit.test_gateway_api_answers import A_HOLD, A_PERSON, A_VISIT, BY_HOLDER

SEARCH = "/v1/free-days?locationId=stadskantoor&product=passport"


@pytest.fixture
def far_side():
    return FarSide()


@pytest.fixture
def api(far_side):
    return gateway(far_side)


def problem(answer, status, code):
    """The problem that was answered, after a check of what every problem must have."""
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    body = answer.json
    assert body["type"] == f"https://balie.example.nl/problems/{code}"
    assert body["status"] == status
    assert body["title"] and body["detail"]
    assert body["instance"] == f"urn:uuid:{answer.headers['X-Correlation-ID']}"
    assert answer.headers["API-Version"] == "1.0.0"
    return body


def wrong(answer):
    """Where the input was wrong."""
    errors = problem(answer, 400, "invalid-input")["errors"]
    assert all(error["detail"] for error in errors)
    return {error.get("pointer") or error["parameter"] for error in errors}


# --- the rules say no


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("unknown-product", 400),
        ("in-the-past", 400),
        ("day-closed", 400),
        ("hold-unknown", 404),
        ("appointment-unknown", 404),
        ("hold-expired", 410),
        ("version-conflict", 412),
        ("idempotency-key-reused", 422),
    ],
)
def test_a_refusal_is_a_problem_with_its_own_type(api, far_side, code, status):
    far_side.answers["appointments.hold_slot"] = RemoteRefusal(code, "The cure.", {})
    assert problem(api.post("/v1/holds", json=A_HOLD), status, code)["detail"] == "The cure."


def test_a_taken_slot_comes_with_the_nearest_alternatives(api, far_side):
    far_side.answers["appointments.hold_slot"] = RemoteRefusal(
        "slot-taken", "Choose one of the alternatives.", {"alternatives": ["2026-12-03T08:50:00+00:00"]}
    )
    body = problem(api.post("/v1/holds", json=A_HOLD), 409, "slot-taken")
    assert body["alternatives"] == ["2026-12-03T08:50:00Z"]


def test_every_refusal_of_every_contract_stands_in_the_table():
    promised = set(appointments.REFUSALS) | set(civil_registry.REFUSALS) | {"idempotency-key-reused"}
    assert promised <= set(PROBLEMS)


def test_a_refusal_that_the_table_does_not_know_tells_nothing(api, far_side):
    far_side.answers["appointments.hold_slot"] = RemoteRefusal("brand-new", "Inner words.", {"secret": "x"})
    body = problem(api.post("/v1/holds", json=A_HOLD), 500, "internal-error")
    assert "Inner words" not in json.dumps(body)
    assert "secret" not in body


def test_a_reused_idempotency_key_with_another_body_is_422(api):
    key = {"Idempotency-Key": "once-5f1d7a4e-9d4c"}
    assert api.post("/v1/holds", json=A_HOLD, headers=key).status_code == 201
    other = A_HOLD | {"startsAt": "2026-12-04T08:20:00Z"}
    problem(api.post("/v1/holds", json=other, headers=key), 422, "idempotency-key-reused")


@pytest.mark.parametrize("path", ["/v1/products/rocket", "/v1/locations/mars", "/v1/products/No%20Such"])
def test_an_unknown_product_or_location_has_no_page(api, path):
    problem(api.get(path), 404, "not-found")


# --- input


@pytest.mark.parametrize("persons", [0, 9, -1, "2", 1.5, None, True])
def test_a_visit_is_for_one_to_eight_persons(api, far_side, persons):
    visit = A_HOLD | {"products": [{"productId": "passport", "persons": persons}]}
    assert wrong(api.post("/v1/holds", json=visit)) == {"#/products/0/persons"}
    assert not far_side.calls


@pytest.mark.parametrize(
    "product", ["passport:0", "passport:9", "passport:x", "passport:-1", "passport:٣", "Pass port", "", "passport:1:2"]
)
def test_a_product_in_a_query_is_checked_as_well(api, product):
    answer = api.get("/v1/free-days", query_string={"locationId": "stadskantoor", "product": product})
    assert wrong(answer) == {"product"}


def test_all_errors_of_body_and_headers_come_at_once(api, far_side):
    body = {"holdId": "no-uuid", "name": "  ", "email": "no-at", "language": "fr", "timeZone": "Mars/Base", "x": 1}
    answer = api.post("/v1/appointments", json=body, headers={"Idempotency-Key": "é" * 20})
    assert wrong(answer) == {
        "#/holdId",
        "#/name",
        "#/email",
        "#/language",
        "#/timeZone",
        "#/x",
        "Idempotency-Key",
        "Appointment-Secret",
    }
    assert not far_side.calls


def test_all_errors_of_a_query_come_at_once(api):
    answer = api.get("/v1/free-days?locationId=Not%20One&product=passport:9&fromDate=2026-02-30&colour=red")
    assert wrong(answer) == {"locationId", "product", "fromDate", "colour"}


@pytest.mark.parametrize("body", [b"", b"{", b"null\x00", b"\xff\xfe", b"[" * 60_000, b"1" * 5000])
@pytest.mark.parametrize("path", ["/v1/holds", "/v1/link-requests"])
def test_broken_json_is_told(api, body, path):
    answer = api.post(path, data=body, content_type="application/json")
    problem(answer, 400, "invalid-json")


@pytest.mark.parametrize("body", [[], "text", 3])
def test_json_that_is_no_object_is_told(api, body):
    assert wrong(api.post("/v1/holds", json=body)) >= {"#"}


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_characters_that_nobody_can_store_are_refused_at_the_door(api, far_side, text):
    sent = json.dumps(A_PERSON | {"name": text})
    answer = api.post("/v1/appointments", data=sent, content_type="application/json", headers=BY_HOLDER)
    assert wrong(answer) == {"#/name"}
    assert not far_side.calls


@pytest.mark.parametrize("moment", ["2026-12-03T09:20:00", "2026-12-03", "0001-01-01T00:00:00+14:00", "soon", 7, None])
def test_an_instant_must_have_an_offset_and_exist(api, moment):
    assert wrong(api.post("/v1/holds", json=A_HOLD | {"startsAt": moment})) == {"#/startsAt"}


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", None])
def test_another_content_type_than_json_is_415(api, content_type):
    answer = api.post("/v1/holds", data=json.dumps(A_HOLD), content_type=content_type)
    problem(answer, 415, "unsupported-media-type")


def test_a_body_over_64_kb_is_413(api):
    big = json.dumps(A_VISIT | {"x": "y" * 70_000})
    problem(api.post("/v1/holds", data=big, content_type="application/json"), 413, "too-large")


def test_a_body_that_hides_its_length_is_413_as_well(api):
    answer = api.post(
        "/v1/holds",
        input_stream=BytesIO(b'{"x":"' + b"y" * 70_000 + b'"}'),
        content_type="application/json",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    problem(answer, 413, "too-large")


def test_an_answer_in_another_form_than_json_is_406_and_does_nothing(api, far_side):
    answer = api.post("/v1/holds", json=A_HOLD, headers={"Accept": "application/xml"})
    problem(answer, 406, "not-acceptable")
    assert not far_side.calls
    assert api.get(SEARCH, headers={"Accept": "text/html, */*;q=0.1"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/v1/products/", "/v1/free-days/", "/v1/holds/", "/v1/", "/v1", "/v1//products", "/v1/nothing", "/v1/holds/12"],
)
def test_an_unknown_route_or_a_trailing_slash_is_404_and_never_a_redirect(api, path):
    problem(api.get(path, headers=BY_HOLDER), 404, "not-found")


def test_a_wrong_method_is_405_and_says_which_are_right(api):
    answer = api.put("/v1/holds", json=A_HOLD)
    problem(answer, 405, "method-not-allowed")
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("key", ["", " ", "a" * 81, "two words", "é"])
def test_an_idempotency_key_is_1_to_80_visible_characters(api, key):
    assert wrong(api.post("/v1/holds", json=A_HOLD, headers={"Idempotency-Key": key})) == {"Idempotency-Key"}


def test_the_secret_is_asked_for(api):
    assert wrong(api.get("/v1/appointments/K7Q2MXD4")) == {"Appointment-Secret"}


def test_what_a_service_finds_wrong_is_told_in_our_words(api, far_side):
    far_side.answers["appointments.hold_slot"] = Malformed({"products": {0: {"product_id": ["No."]}}})
    assert wrong(api.post("/v1/holds", json=A_HOLD)) == {"#/products/0/productId"}


# --- rates


def test_too_many_holds_are_429_with_a_time_to_wait(far_side):
    api = gateway(far_side, rate_holds="2 per 10 minutes")
    neighbour = {"REMOTE_ADDR": "192.0.2.77"}
    for address in ("192.0.2.1", "192.0.2.2"):
        assert api.post("/v1/holds", json=A_HOLD, environ_base={"REMOTE_ADDR": address}).status_code == 201
    answer = api.post("/v1/holds", json=A_HOLD, environ_base=neighbour)
    problem(answer, 429, "too-many-requests")
    assert 1 <= int(answer.headers["Retry-After"]) <= 601
    assert api.get(SEARCH, environ_base=neighbour).status_code == 200
    elsewhere = {"REMOTE_ADDR": "198.51.100.1"}
    assert api.post("/v1/holds", json=A_HOLD, environ_base=elsewhere).status_code == 201


def test_one_network_is_a_slash_56_of_ipv6(far_side):
    api = gateway(far_side, rate_reads="1 per minute")
    statuses = [
        api.get("/v1/products", environ_base={"REMOTE_ADDR": address}).status_code
        for address in ("2001:db8:0:1::1", "2001:db8:0:ff::9", "2001:db8:0:100::1")
    ]
    assert statuses == [200, 429, 200]


def test_the_visitor_behind_our_proxy_is_counted_and_a_forged_address_is_not(far_side):
    api = gateway(far_side, rate_reads="1 per minute", trusted_proxies=1)
    statuses = [
        api.get("/v1/products", headers={"X-Forwarded-For": hops}).status_code
        for hops in ("192.0.2.1", "203.0.113.9, 192.0.2.1", "198.51.100.1")
    ]
    assert statuses == [200, 429, 200]


def test_nobody_is_flooded_with_links_from_many_addresses(far_side):
    api = gateway(far_side, rate_links="2 per hour")
    statuses = [
        api.post(
            "/v1/link-requests",
            json={"reference": reference, "email": "jildou@example.nl"},
            environ_base={"REMOTE_ADDR": f"192.0.{number}.1"},
        ).status_code
        for number, reference in enumerate(("K7Q2-MXD4", "k7q2mxd4", "K7Q2 MXD4", "AAAA-BBBB"))
    ]
    assert statuses == [202, 202, 429, 202]


# --- us


def test_no_service_is_503_with_a_time_to_come_back(api, far_side):
    far_side.answers["appointments.hold_slot"] = Unavailable("Not running.", retry_after_seconds=3)
    answer = api.post("/v1/holds", json=A_HOLD)
    problem(answer, 503, "unavailable")
    assert answer.headers["Retry-After"] == "3"


def test_no_answer_in_time_is_504_and_says_that_a_repeat_is_safe(api, far_side):
    far_side.answers["appointments.hold_slot"] = TimedOut("Ask again with the same Idempotency-Key.")
    answer = api.post("/v1/holds", json=A_HOLD)
    assert "same Idempotency-Key" in problem(answer, 504, "timed-out")["detail"]
    assert int(answer.headers["Retry-After"]) >= 1


def test_a_page_that_is_not_ours_gets_no_problem_json_redirect_either(api):
    answer = api.get("/nothing-here/")
    assert answer.status_code == 404
    assert "Location" not in answer.headers


def test_the_secret_never_stands_in_an_answer_about_a_fault(api, far_side):
    far_side.answers["appointments.appointment"] = RemoteRefusal("appointment-unknown", "", {})
    answer = api.get("/v1/appointments/K7Q2MXD4", headers=BY_HOLDER)
    assert SECRET not in answer.text


def test_a_key_that_somebody_else_might_choose_too_is_refused(api):
    answer = api.post("/v1/holds", json=A_HOLD, headers={"Idempotency-Key": "1"})
    assert answer.status_code == 400
