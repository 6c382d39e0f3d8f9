"""`python -m tests.chaos.run --minutes 10 --seed 1`: books, moves and cancels while the town is broken, then judges."""

import random
import signal
import sys
import threading
import time
from dataclasses import dataclass

import click

from services.contracts.subscriptions import SUBSCRIPTIONS
from services.messaging.dead_letter_desk import Desk
from services.messaging.topology import build
from tests.chaos.clients import Resident
from tests.chaos.havoc import Havoc
from tests.chaos.judge import Judge, Verdict
from tests.chaos.ledger import Ledger
from tests.chaos.town import ChaosTown

CLIENTS = 6
REST_SECONDS = 800
"""Longer than the whole retry ladder."""
TOPOLOGY = build(SUBSCRIPTIONS)


@dataclass
class Outcome:
    """All that a run found out."""

    seed: int
    ledger: Ledger
    havoc: Havoc
    verdict: Verdict
    rest_seconds: float


def run(town: ChaosTown, *, seconds: float, seed: int) -> Outcome:
    """Let residents and havoc loose on a town, wait until it has come to rest, and judge."""
    ledger, no_visits, no_havoc = Ledger(), threading.Event(), threading.Event()
    residents = [Resident(town.urls, ledger, no_visits, seed=seed * 100 + n) for n in range(CLIENTS)]
    havoc = Havoc(town, no_havoc, seed=seed)
    for thread in (*residents, havoc):
        thread.start()
    no_havoc.wait(seconds)
    no_havoc.set()
    havoc.join()
    no_visits.set()
    for resident in residents:
        resident.join()
    judge = judge_of(town)
    began = time.monotonic()
    wait_for_rest(town, judge)
    rest = time.monotonic() - began
    verdict = judge.judge(ledger)
    _judge_dead_letters(town, verdict)
    if not ledger.outcomes["accepted"]:
        verdict.lost.append("nothing was accepted: this run proves nothing")
    return Outcome(seed, ledger, havoc, verdict, rest)


def judge_of(town: ChaosTown) -> Judge:
    """Return a judge of a town."""
    return Judge(town.urls[0], town.engine, town.place.mail)


def wait_for_rest(town: ChaosTown, judge: Judge, *, seconds: float = REST_SECONDS) -> None:
    """Wait until nothing is under way any more: twice in a row, since what is in somebody's hands cannot be counted.

    Raises: TimeoutError (something never comes to rest: that is a loss).
    """
    deadline = time.monotonic() + seconds
    unrest, quiet = "", 0
    while quiet < 2:
        if time.monotonic() > deadline:
            raise TimeoutError(unrest)
        try:
            unrest = "processes are not ready" if not town.all_ready() else judge.unrest() or _queued(town)
        except Exception as error:  # a server is still coming back
            unrest = repr(error)
        quiet = 0 if unrest else quiet + 1
        time.sleep(1.5 if quiet else 0.5)


def _queued(town: ChaosTown) -> str:
    """Return which queues of work or retries hold messages, or an empty text."""
    connection = town.broker()
    try:
        channel = connection.channel()
        names = [queue.name for queue in TOPOLOGY.queues if not queue.name.endswith(".dead")]
        depths = {name: channel.queue_declare(name, passive=True).method.message_count for name in names}
    finally:
        connection.close()
    return ", ".join(f"{number} messages in {name}" for name, number in depths.items() if number)


def _judge_dead_letters(town: ChaosTown, verdict: Verdict) -> None:
    """Only what was malformed may lie among the dead letters, however often."""
    desk = Desk(";".join(town.broker_urls), TOPOLOGY)
    for queue in desk.queues:
        with desk.opened(queue) as (_, letters):
            verdict.dead_letters += len(letters)
            verdict.lost += [f"{queue}: {letter.type} is a dead letter" for letter in letters if letter.event]


def table(outcome: Outcome) -> str:
    """Return the result of a run as a table."""
    ledger, verdict, outcomes = outcome.ledger, outcome.verdict, outcome.ledger.outcomes
    lines = [
        f"chaos, seed {outcome.seed}",
        f"  writes attempted          {sum(outcomes.values()):6}",
        f"  accepted                  {outcomes['accepted']:6}",
        f"  refused                   {outcomes['refused']:6}",
        f"  first outcome unknown     {sum(ledger.resolved.values()):6}  repeats told: {dict(ledger.resolved)}",
        f"  bookings confirmed        {sum('booked' in b.told for b in ledger.bookings):6}",
        f"  lost                      {len(verdict.lost):6}",
        f"  effects twice             {len(verdict.twice):6}",
        f"  double-booked             {len(verdict.double_booked):6}",
        f"  out of order              {len(verdict.out_of_order):6}",
        f"  mails twice, explained    {verdict.mails_twice_explained:6}  (the mail server's answer was lost)",
        f"  mails twice, unexplained  {len(verdict.mails_twice_unexplained):6}",
        f"  dead letters              {verdict.dead_letters:6}  (malformed messages injected: {outcome.havoc.garbage})",
        f"  longest standstill        {ledger.longest_standstill():6.1f} s",
        f"  to rest after the havoc   {outcome.rest_seconds:6.1f} s",
        "  what was done             "
        + ", ".join(f"{number} x {what}" for what, number in sorted(outcome.havoc.done.items())),
    ]
    return "\n".join(lines + [f"  ! {finding}" for finding in verdict.findings()[:20]])


@click.command()
@click.option("--minutes", type=float, default=2.0)
@click.option("--seed", type=int, default=0, help="0: by chance, and printed")
@click.option("--cluster", type=int, default=1, help="nodes of the broker; with 3, two of every process as well")
def main(minutes: float, seed: int, cluster: int) -> None:
    """Break a town and judge it; exit 1 when anything was lost, doubled or double-booked."""
    chosen = seed or random.SystemRandom().randrange(1, 10_000)
    print(f"seed {chosen}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the town is stopped as well
    town = ChaosTown(nodes=cluster)
    try:
        town.start()
        outcome = run(town, seconds=minutes * 60, seed=chosen)
    finally:
        town.stop()
    print(table(outcome))
    raise SystemExit(0 if outcome.verdict.clean else 1)


if __name__ == "__main__":
    main()
