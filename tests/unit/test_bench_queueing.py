"""The model of queues obeys the laws that every such system obeys, so its figures can be read."""

import math

import pytest

from tests.bench.simulation.figures import percentile
from tests.bench.simulation.queueing import Load, Network

ROUTE = (("gateway", 0.004), ("service", 0.003), ("database", 0.001))
SERVERS = {"gateway": 2, "service": 1, "database": 1}


def _load(rate, *, seconds=120.0, route=ROUTE):
    return Load({"request": (route, rate)}, seconds)


def test_when_nobody_waits_a_request_takes_the_sum_of_its_service_times():
    flow = Network(SERVERS).run(_load(2, seconds=2000.0), seed=1)
    assert sum(flow.latencies) / len(flow.latencies) == pytest.approx(0.008, rel=0.05)


def test_a_station_is_in_use_by_throughput_times_demand():
    flow = Network(SERVERS).run(_load(200), seed=2)
    for station, demand in _load(200).demands().items():
        assert flow.use[station] == pytest.approx(flow.done * demand / SERVERS[station], rel=0.03)


def test_as_many_are_inside_as_come_in_the_time_that_each_stays():
    """A single station with one server: mean stay is 1 / (service rate - arrival rate)."""
    flow = Network({"only": 1}).run(_load(80, seconds=600.0, route=(("only", 0.01),)), seed=3)
    assert sum(flow.latencies) / len(flow.latencies) == pytest.approx(1 / (100 - 80), rel=0.15)


def test_two_servers_with_one_line_keep_the_time_that_erlang_tells():
    service, rate = 0.01, 160.0
    offered = rate * service
    busy = offered**2 / (2 - offered) / (1 + offered + offered**2 / (2 - offered))
    flow = Network({"pair": 2}).run(_load(rate, seconds=400.0, route=(("pair", service),)), seed=4)
    expected = service + busy / (2 / service - rate)
    assert sum(flow.latencies) / len(flow.latencies) == pytest.approx(expected, rel=0.1)


def test_a_flood_is_served_as_fast_as_the_busiest_station_can():
    bottleneck = min(SERVERS[station] / demand for station, demand in _load(1).demands().items())
    flow = Network(SERVERS, most_inside=64).run(_load(3 * bottleneck, seconds=60.0), seed=5)
    assert flow.done == pytest.approx(bottleneck, rel=0.03)
    assert flow.use["service"] == pytest.approx(1, abs=0.03)
    assert flow.refused == pytest.approx(2 / 3, abs=0.03)


def test_who_is_let_in_never_waits_for_more_than_are_inside():
    flow = Network(SERVERS, most_inside=16).run(_load(2000, seconds=30.0), seed=6)
    assert percentile(flow.latencies, 0.5) < 16 * 0.008
    assert math.isfinite(percentile(flow.latencies, 1.0))


def test_refusing_costs_the_gateway_time_that_others_do_not_get():
    route = (("gateway", 0.01),)
    flow = Network({"gateway": 1}, most_inside=16, refusal=0.002).run(_load(300, seconds=60.0, route=route), seed=7)
    left = (1 - 300 * 0.002) / (0.01 - 0.002)
    assert flow.done == pytest.approx(left, rel=0.1), "x requests at 10 ms and the others at 2 ms fill one second"


def test_the_row_that_all_want_lets_one_through_at_a_time():
    route = (("service", 0.001), ("row", 0.005))
    flow = Network({"service": 8, "row": 1}, most_inside=64).run(_load(1000, seconds=30.0, route=route), seed=8)
    assert flow.done == pytest.approx(200, rel=0.05)


def test_demands_are_weighted_by_how_often_each_kind_comes():
    load = Load({"write": ((("gateway", 0.004),), 1.0), "read": ((("gateway", 0.001),), 3.0)}, 1.0)
    assert load.demands() == {"gateway": pytest.approx(0.00175)}
