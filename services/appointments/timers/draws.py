"""Draws at work: made known, held and told, each step a transaction of its own that may be repeated.

Timers are rows, never memory: whatever dies, the next run finds what is due. Several processes share the work.
"""

from services.appointments import figures
from services.appointments.commands.drawing import (
    announce_next,
    enter_waiting,
    hold_next,
    tell_losers,
    tell_winners,
)
from services.appointments.domain.draws import Draw
from services.appointments.storage import draw_requests, draws
from services.messaging.database import Transactions
from services.messaging.log import get_logger

log = get_logger()

WINNERS_AT_ONCE = 1
"""Each locks the keys of a person; who has those of several may wait for somebody who waits for him."""
LOSERS_AT_ONCE = 100


def work_the_draws(transactions: Transactions) -> None:
    """Do all that is due about draws."""
    _measure(transactions)
    while _announced(transactions):
        pass
    while _held(transactions) is not None:
        pass
    with transactions.reading() as reading:
        unsettled = draws.unsettled(reading)
    for drawn in unsettled:
        _settle(transactions, drawn)
    _let_waiting_in(transactions)
    _measure(transactions)


def _announced(transactions: Transactions) -> bool:
    with transactions.work() as work:
        return announce_next(work)


def _held(transactions: Transactions) -> Draw | None:
    with transactions.work() as work:
        return hold_next(work)


def _settle(transactions: Transactions, drawn: Draw) -> None:
    """Tell everybody what he got: the winners first, whose visits are sooner."""
    told = WINNERS_AT_ONCE
    while told:
        with transactions.work() as work:
            told = tell_winners(work, drawn, most=WINNERS_AT_ONCE)
    told = LOSERS_AT_ONCE
    while told:
        with transactions.work() as work:
            told = tell_losers(work, drawn, most=LOSERS_AT_ONCE)
    with transactions.work() as work:
        settled = draws.note_settled(work, drawn.id)
    if settled:
        log.info("draw_settled", draw_id=drawn.id, product=drawn.product_id)


def _let_waiting_in(transactions: Transactions) -> None:
    with transactions.reading() as reading:
        products = draw_requests.products_with_waiting(reading)
    for product_id in products:
        entered = LOSERS_AT_ONCE
        while entered:
            with transactions.work() as work:
                entered = enter_waiting(work, product_id, most=LOSERS_AT_ONCE)


def _measure(transactions: Transactions) -> None:
    with transactions.reading() as reading:
        since = draws.overdue_since(reading)
        figures.draw_overdue_seconds.set(0 if since is None else (reading.now - since).total_seconds())
