"""A proof of work before a hold: when it is asked, what it is good for, and the way for who cannot do it."""

import html
import json
import re
from base64 import b64decode, b64encode
from datetime import timedelta
from uuid import uuid4

import pytest
from altcha import Challenge, Payload, solve_challenge

from gateway.app import create_app
from services.messaging.errors import RemoteRefusal
from tests.pages_double import AppointmentsDouble, StillClock
from tests.pages_visitor import Visitor, make_app
from tests.unit.gateway_api_double import PRODUCT, FarSide, settings
from tests.unit.test_gateway_api_answers import A_HOLD
from tests.unit.test_gateway_api_faults import problem

TIME = "/afspraak/dag-en-tijd"


@pytest.fixture
def far_side():
    return FarSide()


@pytest.fixture
def clock():
    return StillClock()


def api_of(far_side, clock, **changes):
    return create_app(settings(challenge_cost=1, **changes), far_side, clock=clock).test_client()


def solved(challenge):
    found = Challenge.from_dict(challenge)
    solution = solve_challenge(found)
    assert solution is not None
    return Payload(found, solution).to_base64()


def asks(api, *, solution="", key="", wish=A_HOLD):
    headers = {"Idempotency-Key": key or new_key()} | ({"Challenge-Solution": solution} if solution else {})
    return api.post("/v1/holds", json=wish, headers=headers)


def new_key():
    return str(uuid4())


def challenge_of(answer):
    return problem(answer, 428, "challenge-required")["challenge"]


def test_a_hold_passes_with_the_sum_done_and_a_sum_is_good_for_one_hold(far_side, clock):
    api = api_of(far_side, clock, challenge="always")
    proof, key = solved(challenge_of(asks(api))), new_key()
    assert asks(api, solution=proof, key=key).status_code == 201
    assert asks(api, solution=proof, key=key).status_code == 201  # the same hold, asked again after a lost answer
    challenge_of(asks(api, solution=proof))
    assert [name for name, _, _ in far_side.calls].count("appointments.hold_slot") == 2


def test_without_a_key_a_sum_is_still_good_for_one_hold(far_side, clock):
    api = api_of(far_side, clock, challenge="always")
    headers = {"Challenge-Solution": solved(challenge_of(asks(api)))}
    assert api.post("/v1/holds", json=A_HOLD, headers=headers).status_code == 201
    assert api.post("/v1/holds", json=A_HOLD, headers=headers).status_code == 428


def changed(proof, act):
    content = json.loads(b64decode(proof))
    act(content)
    return b64encode(json.dumps(content).encode()).decode()


@pytest.mark.parametrize(
    "act",
    [
        lambda sent: sent["solution"].update(counter=sent["solution"]["counter"] + 1),
        lambda sent: sent["challenge"]["parameters"].update(keyPrefix=""),
        lambda sent: sent["challenge"]["parameters"]["data"].update(made=2_000_000_000),
        lambda sent: sent["challenge"].update(signature="00"),
        lambda sent: sent["challenge"].pop("signature"),
        lambda sent: sent.pop("solution"),
        lambda sent: sent.update(challenge=[]),
    ],
)
def test_a_sum_that_was_tampered_with_is_none(far_side, clock, act):
    api = api_of(far_side, clock, challenge="always")
    challenge_of(asks(api, solution=changed(solved(challenge_of(asks(api))), act)))


def test_a_sum_is_for_one_visit_and_lives_ten_minutes(far_side, clock):
    api = api_of(far_side, clock, challenge="always")
    proof = solved(challenge_of(asks(api)))
    challenge_of(asks(api, solution=proof, wish=A_HOLD | {"locationId": "glanerbrug"}))
    clock.at += timedelta(minutes=10, seconds=1)
    challenge_of(asks(api, solution=proof))


def test_a_sum_of_another_town_is_none(far_side, clock):
    other = api_of(FarSide(), clock, challenge="always", secret_key=settings().secret_key.__class__("z" * 40))
    api = api_of(far_side, clock, challenge="always")
    challenge_of(asks(api, solution=solved(challenge_of(asks(other)))))


def test_who_was_too_late_need_not_do_the_sum_again(far_side, clock):
    api = api_of(far_side, clock, challenge="always")
    proof = solved(challenge_of(asks(api)))
    good = far_side.answers["appointments.hold_slot"]
    far_side.answers["appointments.hold_slot"] = RemoteRefusal("slot-taken", "Choose another.", {"alternatives": []})
    assert asks(api, solution=proof).status_code == 409
    far_side.answers["appointments.hold_slot"] = good
    assert asks(api, solution=proof).status_code == 201


def test_a_refused_repeat_does_not_give_back_what_a_hold_has_used(far_side, clock):
    api = api_of(far_side, clock, challenge="always")
    proof, key = solved(challenge_of(asks(api))), new_key()
    assert asks(api, solution=proof, key=key).status_code == 201
    later = A_HOLD | {"startsAt": "2026-12-03T10:20:00+01:00"}
    assert asks(api, solution=proof, key=key, wish=later).status_code == 422  # the key belongs to the first hold
    challenge_of(asks(api, solution=proof))


def test_only_a_scarce_product_asks_for_it_and_only_at_a_busy_moment(far_side, clock):
    api = api_of(far_side, clock, challenge_holds=3)
    far_side.answers["appointments.list_products"] = {"products": [PRODUCT | {"scarce": True}]}
    for _ in range(3):
        assert asks(api).status_code == 201
    challenge_of(asks(api))
    clock.at += timedelta(seconds=61)
    assert asks(api).status_code == 201


def test_a_product_that_is_not_scarce_asks_for_nothing_however_busy_it_is(far_side, clock):
    api = api_of(far_side, clock, challenge_holds=1)
    assert [asks(api).status_code for _ in range(5)] == [201] * 5


@pytest.fixture
def double(clock):
    return AppointmentsDouble(clock)


@pytest.fixture
def visitor(double, clock):
    return Visitor(make_app(double, clock, challenge="always")).until_time()


def test_a_browser_does_the_sum_and_the_visitor_goes_on(visitor):
    visitor.sends(TIME, time=visitor.times()[0])
    assert "Het is nu druk" in visitor.text and "U hoeft zelf niets te doen" in visitor.text
    assert "/static/challenge.js" in visitor.source
    visitor.sends(TIME, time=chosen(visitor), solution=solved(challenge_on(visitor)))
    assert visitor.path == "/afspraak/gegevens"


def test_without_javascript_a_visitor_waits_half_a_minute_instead(visitor, double, clock):
    visitor.sends(TIME, time=visitor.times()[0])
    first = challenge_on(visitor)
    visitor.sends(TIME, time=chosen(visitor), solution=visitor.hidden("solution", action=TIME))
    assert "Het is nu druk" in visitor.text
    assert challenge_on(visitor) == first  # pressing too early does not begin the wait anew
    clock.at += timedelta(seconds=30)
    visitor.sends(TIME, time=chosen(visitor), solution=visitor.hidden("solution", action=TIME))
    assert visitor.path == "/afspraak/gegevens"
    assert len(double.called("hold_slot")) == 1


def test_of_one_network_few_may_wait_instead(visitor, double, clock):
    others = [Visitor(visitor.client.application).until_time() for _ in range(3)]
    for number, other in enumerate(others):
        other.sends(TIME, time=other.times()[number])
    clock.at += timedelta(seconds=30)
    for other in others:
        other.sends(TIME, time=chosen(other), solution=other.hidden("solution", action=TIME))
    assert [other.path for other in others] == ["/afspraak/gegevens"] * 2 + [TIME]
    assert len(double.called("hold_slot")) == 2


def chosen(visitor):
    return visitor.hidden("time", action=TIME)


def challenge_on(visitor):
    found = re.search(r'data-challenge="([^"]*)"', visitor.source)
    assert found, visitor.text
    return json.loads(html.unescape(found[1]))
