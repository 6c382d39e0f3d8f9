"""Jobs go on for ever: neither a night of trouble nor an hour of waiting ends one or makes it look dead."""

import threading

from services.messaging.background import Job, _Loop
from services.messaging.errors import Unavailable


def _loop(run, *, every_seconds=0.1):
    stopping = threading.Event()
    loop = _Loop(Job("test", every_seconds, run), stopping)
    return loop, stopping


def test_a_job_survives_more_failures_than_a_float_has_doublings():
    failures = 0

    def run():
        nonlocal failures
        failures += 1
        if failures > 1100:
            stopping.set()
        raise Unavailable

    loop, stopping = _loop(run, every_seconds=1e-300)
    loop.thread.start()
    loop.thread.join(timeout=60)
    assert failures > 1100
    assert not loop.thread.is_alive()


def test_a_job_that_waits_an_hour_for_its_turn_is_alive():
    ran = threading.Event()

    def run():
        ran.set()
        return False

    loop, stopping = _loop(run, every_seconds=3600)
    loop.thread.start()
    assert ran.wait(30)
    assert not loop.stuck()
    stopping.set()
    loop.thread.join(timeout=30)
    assert loop.stuck()
