"""Scarce places: how many holds one network may make, and what operators hear of those who take unusually many."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from gateway.app import create_app
from services.messaging.errors import RemoteRefusal
from tests.pages_double import AppointmentsDouble, StillClock
from tests.pages_visitor import Visitor, make_app
from tests.unit.gateway_api_double import PRODUCT, FarSide, settings
from tests.unit.test_gateway_api_answers import A_HOLD, A_PERSON, BY_HOLDER
from tests.unit.test_gateway_api_faults import problem

NETWORK, OTHER = "203.0.113.7", "198.51.100.1"


@pytest.fixture
def far_side():
    side = FarSide()
    side.answers["appointments.list_products"] = {"products": [PRODUCT | {"scarce": True}]}
    return side


@pytest.fixture
def clock():
    return StillClock()


def api_of(far_side, clock, **changes):
    return create_app(settings(**changes), far_side, clock=clock).test_client()


def holds(api, *, network=NETWORK):
    return api.post("/v1/holds", json=A_HOLD, environ_base={"REMOTE_ADDR": network})


def test_one_network_holds_ten_scarce_places_in_ten_minutes_unless_the_town_says_otherwise(far_side, clock):
    api = api_of(far_side, clock)
    assert [holds(api, network=f"203.0.113.{number}").status_code for number in range(10)] == [201] * 10
    refused = holds(api)
    problem(refused, 429, "too-many-requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 600
    assert holds(api, network=OTHER).status_code == 201


def test_who_was_too_late_for_a_scarce_place_has_used_nothing_of_his_share(far_side, clock):
    api = api_of(far_side, clock, rate_scarce="1 per 10 minutes")
    good = far_side.answers["appointments.hold_slot"]
    far_side.answers["appointments.hold_slot"] = RemoteRefusal("slot-taken", "Choose another.", {"alternatives": []})
    assert [holds(api).status_code for _ in range(3)] == [409] * 3
    far_side.answers["appointments.hold_slot"] = good
    assert [holds(api).status_code for _ in range(2)] == [201, 429]


def test_places_that_are_not_scarce_do_not_count(far_side, clock):
    far_side.answers["appointments.list_products"] = {"products": [PRODUCT]}
    api = api_of(far_side, clock, rate_scarce="1 per 10 minutes")
    assert [holds(api).status_code for _ in range(3)] == [201] * 3


def told(act):
    with capture_logs() as lines:
        act()
    return [line for line in lines if line["event"] == "burst"]


def test_operators_hear_of_a_network_that_takes_many_places_and_of_no_address(far_side, clock):
    api = api_of(far_side, clock, burst_holds=3, rate_scarce="1000 per minute")
    assert told(lambda: [holds(api) for _ in range(2)]) == []
    [line] = told(lambda: holds(api, network="203.0.113.200"))
    assert (line["kind"], line["taken_count"]) == ("network", 3)
    assert "203.0" not in str(line)
    [again] = told(lambda: [holds(api) for _ in range(3)])
    assert again["source_id"] == line["source_id"]
    [other] = told(lambda: [holds(api, network=OTHER) for _ in range(3)])
    assert other["source_id"] != line["source_id"]
    clock.at += timedelta(days=1)
    [tomorrow] = told(lambda: [holds(api) for _ in range(3)])
    assert tomorrow["source_id"] != line["source_id"]


def test_places_spread_over_the_day_are_no_burst(far_side, clock):
    api = api_of(far_side, clock, burst_holds=3, rate_scarce="1000 per minute")

    def slowly():
        for _ in range(9):
            holds(api)
            clock.at += timedelta(minutes=6)

    assert told(slowly) == []


def test_operators_hear_of_a_mail_domain_that_takes_many_places(far_side, clock):
    api = api_of(far_side, clock, burst_mails=2)

    def books(email):
        answer = api.post("/v1/appointments", json=A_PERSON | {"email": email}, headers=BY_HOLDER)
        assert answer.status_code == 201

    [line] = told(lambda: [books("jildou@agency.example.nl"), books("sjoerd@AGENCY.example.nl"), books("a@example.nl")])
    assert (line["kind"], line["taken_count"]) == ("mail-domain", 2)
    assert "agency" not in str(line)


def test_a_booking_in_a_browser_counts_as_well(clock):
    app = make_app(AppointmentsDouble(clock), clock, burst_holds=1, burst_mails=1)
    kinds = [line["kind"] for line in told(lambda: Visitor(app).books())]
    assert kinds == ["network", "mail-domain"]
