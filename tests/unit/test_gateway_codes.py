"""A code by mail before a hold: where the town asks for it, and for who cannot do a sum."""

from datetime import timedelta

import pytest

from gateway.app import create_app
from tests.pages_double import CODE, AppointmentsDouble, StillClock
from tests.pages_visitor import Visitor, make_app
from tests.unit.gateway_api_double import HOLD_ID, PRODUCT, FarSide, settings
from tests.unit.test_gateway_api_answers import A_HOLD
from tests.unit.test_gateway_api_faults import problem, wrong

TIME, ASK, ENTER = "/afspraak/dag-en-tijd", "/afspraak/code", "/afspraak/code/invullen"
WHO = {"email": "jildou@example.nl", "language": "nl"}
PROOFS = f"/v1/codes/{HOLD_ID}/proofs"


@pytest.fixture
def clock():
    return StillClock()


@pytest.fixture
def far_side():
    side = FarSide()
    side.answers["appointments.list_products"] = {"products": [PRODUCT | {"code": True}]}
    return side


@pytest.fixture
def api(far_side, clock):
    return create_app(settings(challenge_cost=1), far_side, clock=clock).test_client()


def holds(api, proof=""):
    return api.post("/v1/holds", json=A_HOLD, headers={"Challenge-Solution": proof} if proof else {})


def proof_of(api):
    assert api.post("/v1/codes", json=WHO).status_code == 201
    return api.post(PROOFS, json={"code": CODE}).get_json()["solution"]


def test_a_product_with_a_code_is_held_with_it_and_once(api, far_side):
    problem(holds(api), 428, "code-required")
    asked = api.post("/v1/codes", json=WHO)
    assert asked.get_json()["codeId"] == HOLD_ID
    assert asked.headers["Location"].endswith(PROOFS)
    proof = proof_of(api)
    assert holds(api, proof).status_code == 201
    problem(holds(api, proof), 428, "code-required")
    assert far_side.asked("appointments.check_code") == {"code_id": HOLD_ID, "code": CODE}


def test_a_wrong_code_tells_how_often_it_may_be_tried(api, far_side):
    far_side.answers["appointments.check_code"] = {"passed": False, "attempts_left": 4}
    told = problem(api.post(PROOFS, json={"code": "000000"}), 400, "code-wrong")
    assert told["attemptsLeft"] == 4


def test_a_proof_by_mail_lives_ten_minutes_and_nobody_makes_one(api, clock):
    proof = proof_of(api)
    for other in (proof[:-8] + "AAAAAAA=", "mail.", "mail.abc", proof.removeprefix("mail.")):
        problem(holds(api, other), 428, "code-required")
    clock.at += timedelta(minutes=10, seconds=1)
    problem(holds(api, proof), 428, "code-required")


def test_a_code_is_good_where_a_sum_is_asked_as_well(clock):
    api = create_app(settings(challenge="always", challenge_cost=1), FarSide(), clock=clock).test_client()
    problem(holds(api), 428, "challenge-required")
    assert holds(api, proof_of(api)).status_code == 201


def test_codes_go_to_real_addresses_and_not_to_many_from_one_network(far_side, clock):
    api = create_app(settings(rate_codes="2 per 10 minutes"), far_side, clock=clock).test_client()
    assert wrong(api.post("/v1/codes", json=WHO | {"email": "jildou"})) == {"#/email"}
    assert api.post("/v1/codes", json=WHO).status_code == 201
    problem(api.post("/v1/codes", json=WHO), 429, "too-many-requests")


# --- pages


@pytest.fixture
def double(clock):
    made = AppointmentsDouble(clock)
    made.with_code.add("passport")
    return made


@pytest.fixture
def visitor(double, clock):
    visitor = Visitor(make_app(double, clock)).until_time()
    return visitor.sends(TIME, time=visitor.times()[0])


def asks(visitor, email="jildou@example.nl"):
    return visitor.sends(ASK, time=visitor.hidden("time", action=ASK), email=email)


def enters(visitor, code):
    carried = {name: visitor.hidden(name, action=ENTER) for name in ("time", "code_id")}
    return visitor.sends(ENTER, code=code, **carried)


def test_a_visitor_types_the_code_from_the_mail_and_goes_on(visitor, double):
    assert "Eerst een code per e-mail" in visitor.text
    assert "challenge.js" not in visitor.source
    asks(visitor)
    assert "code van 6 cijfers" in visitor.text and 'autocomplete="one-time-code"' in visitor.source
    enters(visitor, CODE)
    assert visitor.path == "/afspraak/gegevens"
    assert double.called("request_code") == [{"email": "jildou@example.nl", "language": "nl"}]
    assert len(double.called("hold_slot")) == 1


def test_a_wrong_code_may_be_tried_again_until_there_are_no_attempts_left(visitor, double):
    asks(visitor)
    enters(visitor, "")
    assert visitor.page.status_code == 422 and double.called("check_code") == []
    for _ in range(4):
        enters(visitor, "999999")
        assert "De code klopt niet" in visitor.text
    enters(visitor, "999999")
    assert "Deze code werkt niet meer" in visitor.text
    assert double.called("hold_slot") == []
    asks(visitor)
    assert len(double.called("request_code")) == 2


def test_what_is_no_address_gets_no_code(visitor, double):
    asks(visitor, "jildou")
    assert visitor.page.status_code == 422
    assert "geldig e-mailadres" in visitor.text
    assert double.called("request_code") == []


def test_who_is_too_late_after_the_code_chooses_again_without_a_new_one(visitor, double):
    asks(visitor)
    double.refuse["hold_slot"] = "slot-taken"
    enters(visitor, CODE)
    assert visitor.page.status_code == 422
    double.refuse.clear()
    visitor.sends(TIME, time=visitor.times()[1], solution=visitor.hidden("solution", action=TIME))
    assert visitor.path == "/afspraak/gegevens"


def test_when_the_service_is_away_during_the_hold_the_same_form_goes_on_later(visitor, double):
    asks(visitor)
    form = {name: visitor.hidden(name, action=ENTER) for name in ("time", "code_id", "key", "csrf_token")}
    double.busy = True
    enters(visitor, CODE)
    assert visitor.page.status_code == 503
    double.busy = False
    visitor.sends(ENTER, **form, code=CODE)
    assert visitor.path == "/afspraak/gegevens"


def test_at_a_busy_moment_a_code_is_offered_beside_the_sum(clock):
    double = AppointmentsDouble(clock)
    visitor = Visitor(make_app(double, clock, challenge="always")).until_time()
    visitor.sends(TIME, time=visitor.times()[0])
    assert "challenge.js" in visitor.source and "Of gebruik een code" in visitor.text
    asks(visitor)
    enters(visitor, CODE)
    assert visitor.path == "/afspraak/gegevens"


@pytest.mark.parametrize("path", [ASK, ENTER])
def test_the_pages_of_a_code_lead_back_to_the_times(visitor, path):
    assert visitor.goes_to(path).path == TIME
