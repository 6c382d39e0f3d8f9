"""Appointments that belong to one person, and the limit per person, over the API."""

from datetime import date

import pytest

from services.messaging.errors import Malformed, RemoteRefusal
from tests.unit.gateway_api_double import DETAILS, HOLD_ID, JOURNEY_ID, PRODUCT, SECRET, FarSide, gateway

PERSON = {"name": "Jildou de Vries", "email": "jildou@example.nl", "language": "nl"}
HOLDER = {"Appointment-Secret": SECRET}
SINGLE, PAIR = "/v1/appointments", f"/v1/pairs/{JOURNEY_ID}/appointments"


@pytest.fixture
def far_side():
    return FarSide()


@pytest.fixture
def api(far_side):
    return gateway(far_side)


def confirm(api, path, **told):
    hold = {"holdId": HOLD_ID} if path == SINGLE else {}
    return api.post(path, json=PERSON | hold | told, headers=HOLDER)


@pytest.mark.parametrize(
    ("path", "method"), [(SINGLE, "appointments.confirm_hold"), (PAIR, "appointments.confirm_pair")]
)
def test_a_birth_date_goes_to_the_service_and_staff_fields_are_unknown_here(api, far_side, path, method):
    assert confirm(api, path, birthDate="1985-03-27").status_code == 201
    assert far_side.asked(method)["birth_on"] == "1985-03-27"
    for field in ("exceedReason", "staffId"):
        answer = confirm(api, path, **{field: "please"})
        assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (400, f"#/{field}")


@pytest.mark.parametrize("born", ["1985-02-30", "27-03-1985", "1899-12-31", 19850327, ""])
def test_a_birth_date_that_is_none_is_named_by_its_field(api, born):
    answer = confirm(api, SINGLE, birthDate=born)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (400, "#/birthDate")


def test_a_birth_date_that_is_missing_is_named_by_its_field(api, far_side):
    far_side.answers["appointments.confirm_hold"] = Malformed({"birth_on": ["Missing: bound to a person."]})
    answer = confirm(api, SINGLE)
    assert (answer.status_code, answer.json["errors"]) == (
        400,
        [{"pointer": "#/birthDate", "detail": "Missing: bound to a person."}],
    )


@pytest.mark.parametrize(
    ("path", "method"), [(SINGLE, "appointments.confirm_hold"), (PAIR, "appointments.confirm_pair")]
)
def test_too_many_appointments_are_a_problem_with_its_cure_and_its_products_only(api, far_side, path, method):
    far_side.answers[method] = RemoteRefusal("too-many-live", "Cancel one first.", {"product_ids": ["passport"]})
    answer = confirm(api, path)
    assert (answer.status_code, answer.content_type) == (409, "application/problem+json")
    assert answer.json["type"].endswith("/problems/too-many-live")
    assert answer.json["detail"] == "Cancel one first."
    assert set(answer.json) == {"type", "title", "status", "detail", "instance", "productIds"}
    assert answer.json["productIds"] == ["passport"]


def test_products_tell_whether_they_are_bound_and_how_many_one_may_have(api, far_side):
    far_side.answers["appointments.list_products"] = {"products": [PRODUCT | {"bound": True, "most_live": 2}]}
    [product] = api.get("/v1/products").json["products"]
    assert (product["bound"], product["mostLive"]) == (True, 2)


def test_its_holder_reads_the_birth_date(api, far_side):
    far_side.answers["appointments.appointment"] = DETAILS | {"birth_on": date(1985, 3, 27)}
    assert api.get("/v1/appointments/K7Q2MXD4", headers=HOLDER).json["birthDate"] == "1985-03-27"
