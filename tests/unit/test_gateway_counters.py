"""Counts of one process: exact when many come at once, over when their time is, forgotten afterwards."""

import threading
import time

import pytest

from gateway import counters
from gateway.counters import Counters


@pytest.fixture
def now(monkeypatch):
    """The clock of the counters, in the test's hand."""
    moment = [1_000_000.0]
    monkeypatch.setattr(time, "time", lambda: moment[0])
    return moment


def test_a_number_begins_anew_when_its_time_is_over(now):
    numbers = Counters()
    assert [numbers.incr("a", 60) for _ in range(3)] == [1, 2, 3]
    assert (numbers.get("a"), numbers.get_expiry("a")) == (3, now[0] + 60)
    now[0] += 59
    assert numbers.incr("a", 60) == 4
    now[0] += 1
    assert (numbers.get("a"), numbers.get_expiry("a")) == (0, now[0])
    assert numbers.incr("a", 60) == 1


def test_what_is_over_is_forgotten_in_passing(now):
    numbers = Counters()
    for visitor in range(100):
        numbers.incr(f"network {visitor}", 1)
    now[0] += counters._FORGET_EVERY_SECONDS
    numbers.incr("somebody", 1)
    assert numbers.reset() == 1


def test_none_is_lost_when_many_count_at_once():
    numbers, together = Counters(), threading.Barrier(8)

    def count():
        together.wait()
        for _ in range(500):
            numbers.incr("all", 60)

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers.get("all") == 4000


def test_counting_starts_no_threads():
    before = set(threading.enumerate())
    numbers = Counters()
    numbers.incr("a", 60)
    assert set(threading.enumerate()) <= before


def test_a_number_can_be_cleared():
    numbers = Counters()
    numbers.incr("a", 60)
    numbers.clear("a")
    assert numbers.get("a") == 0
    assert numbers.check()
