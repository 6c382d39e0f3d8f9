"""Runs jobs again and again in a plain process (no eventlet): timers, sending, housekeeping.

Every instance runs every job; jobs claim rows with SKIP LOCKED or a lease, so several instances are harmless.
"""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from sqlalchemy.exc import DBAPIError

from services.messaging import metrics
from services.messaging.database import is_down, may_pass
from services.messaging.errors import Unavailable
from services.messaging.log import get_logger, set_correlation
from services.messaging.ops import serve_ops

log = get_logger()

_LONGEST_PAUSE_SECONDS = 30.0
_STALLED_AFTER_SECONDS = 300.0
_MOST_DOUBLINGS = 16


@dataclass(frozen=True, slots=True)
class Job:
    """Something that is due every so often. `run` returns True when there is probably more to do at once."""

    name: str
    every_seconds: float
    run: Callable[[], bool]


class _Loop:
    """One job in one thread."""

    def __init__(self, job: Job, stopping: threading.Event) -> None:
        self.job = job
        self.stopping = stopping
        self.busy_since: float | None = None  # None: it waits for its turn
        self.thread = threading.Thread(target=self.run, name=f"job-{job.name}", daemon=True)

    def run(self) -> None:
        pause = 0.0
        troubles = 0
        while not self.stopping.wait(pause):
            self.busy_since = time.monotonic()
            set_correlation("")
            try:
                more = self.job.run()
            except Exception as error:  # a job must not end: the next run may succeed
                troubles += 1
                self._report(error)
                pause = min(self.job.every_seconds * 2 ** min(troubles, _MOST_DOUBLINGS), _LONGEST_PAUSE_SECONDS)
            else:
                troubles = 0
                metrics.job_runs.labels(self.job.name, "done").inc()
                metrics.job_last_success.labels(self.job.name).set_to_current_time()
                pause = 0.0 if more else self.job.every_seconds
            self.busy_since = None

    def stuck(self) -> bool:
        """Say whether the job has ended, or has been at one run for far too long."""
        busy_since = self.busy_since
        too_long = busy_since is not None and time.monotonic() - busy_since > _STALLED_AFTER_SECONDS
        return too_long or not self.thread.is_alive()

    def _report(self, error: Exception) -> None:
        passing = isinstance(error, Unavailable) or is_down(error) or may_pass(error)
        metrics.job_runs.labels(self.job.name, "unavailable" if passing else "failed").inc()
        if passing:
            state = getattr(error.orig, "pgcode", None) if isinstance(error, DBAPIError) else None
            log.warning("job_postponed", job=self.job.name, error=type(error).__name__, sqlstate=state)
        else:
            log.error("job_failed", job=self.job.name, exc_info=error)


def run_jobs(jobs: Sequence[Job], *, ops_port: int | None, ready: dict[str, Callable[[], bool]]) -> NoReturn:
    """Run jobs until SIGTERM or SIGINT, each in its own thread; a job that is under way is finished first."""
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    loops = [_Loop(job, stopping) for job in jobs]

    for loop in loops:
        loop.thread.start()
    serve_ops(ops_port, live=lambda: not any(loop.stuck() for loop in loops), ready=ready)
    log.info("started")
    while not stopping.wait(1.0):
        pass
    for loop in loops:
        loop.thread.join(timeout=25)
    log.info("stopped")
    raise SystemExit(0)
