"""A rush: many who ask the same are served by one question, and who comes too many is sent away at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from gateway.rpc import Services
from services.messaging.errors import RemoteRefusal, Unavailable
from tests.integration.probe import eventually
from tests.pages_double import AppointmentsDouble, StillClock
from tests.pages_visitor import Visitor, make_app
from tests.unit.gateway_api_double import FarSide, gateway
from tests.unit.test_gateway_api_answers import A_HOLD

DAYS = "/v1/free-days?locationId=stadskantoor&product=passport"
TIMES = "/v1/free-times?locationId=stadskantoor&product=passport&date=2026-12-03"
VISIT = {"location_id": "stadskantoor", "products": [{"product_id": "passport", "persons": 1}]}


class SlowSide(FarSide):
    """A far side that answers when it is told to."""

    def __init__(self):
        super().__init__()
        self.go = threading.Event()
        self.waiting = 0

    def call(self, service, method, request, **more):
        self.waiting += 1
        assert self.go.wait(20)
        self.waiting -= 1
        return super().call(service, method, request, **more)


@pytest.fixture
def far_side():
    return FarSide()


@pytest.fixture
def slow_side():
    side = SlowSide()
    yield side
    side.go.set()


def asked(side, method):
    return [name for name, _, _ in side.calls].count(f"appointments.{method}")


def test_two_hundred_who_ask_the_same_at_once_are_one_question_to_the_service(far_side):
    app = gateway(far_side, search_seconds=60, calls_at_once=200).application
    together = threading.Barrier(200)

    def visitor(_):
        together.wait(20)
        return app.test_client().get(DAYS)

    with ThreadPoolExecutor(200) as crowd:
        answers = list(crowd.map(visitor, range(200)))
    assert [answer.status_code for answer in answers] == [200] * 200
    assert len({answer.data for answer in answers}) == len({answer.headers["ETag"] for answer in answers}) == 1
    assert asked(far_side, "free_days") == 1


def test_the_same_question_in_other_words_is_not_asked_again(far_side):
    web = gateway(far_side, search_seconds=60)
    first = web.get(DAYS)
    other = web.get("/v1/free-days?product=passport:1&locationId=stadskantoor")
    assert first.json == other.json
    assert asked(far_side, "free_days") == 1
    web.get(DAYS.replace("passport", "passport:2"))
    assert asked(far_side, "free_days") == 2


@pytest.mark.parametrize("path", [DAYS, TIMES])
def test_a_kept_answer_is_the_same_answer(far_side, path):
    web = gateway(far_side, search_seconds=60)
    fresh, kept = web.get(path), web.get(path)
    assert fresh.data == kept.data and fresh.headers["ETag"] == kept.headers["ETag"]
    for name in ("Content-Type", "Cache-Control", "API-Version", "Content-Security-Policy"):
        assert fresh.headers[name] == kept.headers[name]
    assert kept.headers["Cache-Control"] == "public, max-age=1"
    assert fresh.headers["X-Correlation-ID"] != kept.headers["X-Correlation-ID"]
    assert web.get(path, headers={"If-None-Match": kept.headers["ETag"]}).status_code == 304
    assert web.get(path, headers={"Accept": "text/csv"}).status_code == 406


def test_without_a_second_of_grace_each_question_is_asked(far_side):
    web = gateway(far_side, search_seconds=0)
    for _ in range(2):
        web.get(DAYS)
    assert asked(far_side, "free_days") == 2


def test_a_failed_look_up_is_not_kept(far_side):
    web = gateway(far_side, search_seconds=60)
    good, far_side.answers["appointments.free_days"] = far_side.answers["appointments.free_days"], Unavailable()
    failed = web.get(DAYS)
    assert (failed.status_code, failed.headers["Cache-Control"]) == (503, "no-store")
    far_side.answers["appointments.free_days"] = good
    assert web.get(DAYS).status_code == 200


def test_who_was_too_late_for_a_time_sees_fresh_times(far_side):
    web = gateway(far_side, search_seconds=60)
    web.get(TIMES)
    far_side.answers["appointments.free_times"] = {"starts": [], "minutes": 30}
    far_side.answers["appointments.hold_slot"] = RemoteRefusal("slot-taken", "Choose another.", {"alternatives": []})
    assert web.get(TIMES).get_json()["starts"]
    assert web.post("/v1/holds", json=A_HOLD).status_code == 409
    assert web.get(TIMES).get_json()["starts"] == []


def test_a_refusal_makes_a_question_that_is_under_way_old(slow_side):
    services = Services(slow_side, search_seconds=60)
    with ThreadPoolExecutor(1) as other:
        early = other.submit(services.free_days, VISIT)
        eventually(lambda: slow_side.waiting)
        services._lookups.forget("stadskantoor")
        slow_side.go.set()
        assert early.result(20).reply["days"]
    services.free_days(VISIT)
    assert asked(slow_side, "free_days") == 2


def test_a_resident_who_was_too_late_sees_the_page_without_that_time():
    clock = StillClock()
    double = AppointmentsDouble(clock)
    visitor = Visitor(make_app(double, clock, search_seconds=60)).until_time()
    first = visitor.times()[0]
    double.taken.add(datetime.fromisoformat(first).astimezone(UTC))
    visitor.sends("/afspraak/dag-en-tijd", time=first)
    assert visitor.page.status_code == 422
    assert visitor.times() and first not in visitor.times()


def test_a_resident_who_comes_too_many_is_told_so_and_keeps_his_form():
    clock = StillClock()
    double = AppointmentsDouble(clock)
    visitor = Visitor(make_app(double, clock)).until_time()
    first = visitor.times()[0]
    double.busy = True
    visitor.sends("/afspraak/dag-en-tijd", time=first)
    assert visitor.page.status_code == 503
    assert visitor.page.headers["Retry-After"] == "4"
    assert "Het is nu erg druk" in visitor.text and "Uw antwoorden zijn bewaard" in visitor.text
    double.busy = False
    visitor.sends("/afspraak/dag-en-tijd", time=visitor.hidden("time", action="/afspraak/dag-en-tijd"))
    assert visitor.path == "/afspraak/gegevens"


def test_readers_who_fill_their_door_keep_nobody_from_booking(slow_side):
    app = gateway(slow_side, calls_at_once=3).application
    with ThreadPoolExecutor(8) as crowd:
        for product in ("passport", "passport:2", "passport:3"):
            crowd.submit(app.test_client().get, DAYS.replace("passport", product))
        eventually(lambda: slow_side.waiting == 3)
        refused = app.test_client().get(DAYS.replace("passport", "passport:4"))
        assert refused.status_code == 503
        assert refused.get_json()["type"].endswith("/problems/busy")
        assert 1 <= int(refused.headers["Retry-After"]) <= 5
        booked = crowd.submit(app.test_client().post, "/v1/holds", json=A_HOLD)
        eventually(lambda: slow_side.waiting == 4)
        slow_side.go.set()
        assert booked.result(20).status_code == 201
    assert app.test_client().get(DAYS.replace("passport", "passport:4")).status_code == 200


def test_who_waits_for_anothers_question_counts_as_waiting(slow_side):
    app = gateway(slow_side, calls_at_once=2).application
    with ThreadPoolExecutor(8) as crowd:
        answers = [crowd.submit(app.test_client().get, DAYS) for _ in range(6)]
        eventually(lambda: sum(answer.done() for answer in answers) == 4)
        assert slow_side.waiting == 1
        slow_side.go.set()
    assert sorted(answer.result().status_code for answer in answers) == [200] * 2 + [503] * 4


def test_who_is_sent_away_does_not_come_back_in_step(slow_side):
    app = gateway(slow_side, calls_at_once=1).application
    with ThreadPoolExecutor(1) as crowd:
        crowd.submit(app.test_client().get, DAYS)
        eventually(lambda: slow_side.waiting)
        waits = {app.test_client().get(DAYS).headers["Retry-After"] for _ in range(60)}
        slow_side.go.set()
    assert len(waits) >= 3
