"""Commands that are a single statement each (see `Stroke`), done together: one round trip, one transaction.

Either all that find something to do are done, or nothing is. Whatever is in the way (a lock that somebody keeps, a rule
of the database, a database that has gone) undoes all of it, and each command takes the thorough way by itself.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.exc import DBAPIError

from services.messaging import idempotency
from services.messaging.bundle import Call
from services.messaging.database import Transactions
from services.messaging.log import get_logger, is_correlation_id, set_correlation
from services.messaging.prepared import Prepared, execute
from services.messaging.work import Strike, Stroke

log = get_logger()

LOCK_WAIT = "200ms"
"""How long one of them waits for a lock, while the others wait for it."""

Command = Callable[[list[Stroke], list[dict[str, Any]]], list[Strike | None]]
"""Says for each of several requests what is to be done, or None when it is not sure."""

_WAIT_SHORTLY = Prepared("wait_shortly", "SELECT set_config('lock_timeout', :wait, true)", {"wait": "text"})

_ANSWERS = Prepared(
    "answers",
    """
    SELECT known.* FROM unnest(:keys) AS wanted (key)
    CROSS JOIN LATERAL (
        SELECT key, request_hash, reply FROM idempotency WHERE operation = :operation AND key = wanted.key
        OFFSET 0  -- each by its key, so that no plan looks through all
    ) AS known
    """,
    {"operation": "text", "keys": "text[]"},
)


def at_once(
    transactions: Transactions,
    operation: str,
    calls: Sequence[tuple[Call, dict[str, Any]]],
    command: Command,
    *,
    answer: Callable[[Any], dict[str, Any]],
) -> list[dict[str, Any] | None]:
    """Do what `command` says for these calls, each with its request in Python values, and return the answers.

    None stands for who found nothing to do: nothing was changed for him. A key that was claimed by the same request
    before is answered as it was then. `answer` makes the stored form of a reply.
    """
    if not calls:
        return []
    with transactions.reading() as reading:
        strokes = [
            Stroke(
                connection=reading.connection,
                now=reading.now,
                clock=transactions.clock,
                source=transactions.source,
                correlation_id=call.correlation_id
                if is_correlation_id(call.correlation_id)
                else str(transactions.clock.new_id()),
                operation=operation,
                key=call.key,
                request_hash=idempotency.hash_of(call.request),
                answer=answer,
            )
            for call, _ in calls
        ]
        try:
            strikes = command(strokes, [asked for _, asked in calls])
            known = _strike(strokes, strikes)
        except DBAPIError as error:
            sqlstate = getattr(error.orig, "pgcode", None)
            log.info("strokes_undone", operation=operation, calls_count=len(calls), sqlstate=sqlstate)
            return [None] * len(calls)
    return [_outcome(stroke, strike, known) for stroke, strike in zip(strokes, strikes, strict=True)]


def _strike(strokes: Sequence[Stroke], strikes: Sequence[Strike | None]) -> dict[str, tuple[bytes, dict[str, Any]]]:
    """Execute the statements, and return what is known of the keys then: the hash of the request, and its answer."""
    in_turn = sorted((strike for strike in strikes if strike is not None), key=lambda strike: strike.turn)
    if not in_turn:
        return {}
    keys: Mapping[str, Any] = {"operation": strokes[0].operation, "keys": [stroke.key for stroke in strokes]}
    rows = execute(
        strokes[0].connection,
        [
            (_WAIT_SHORTLY, {"wait": LOCK_WAIT}),
            *((strike.statement, strike.values) for strike in in_turn),
            (_ANSWERS, keys),
        ],
    )
    return {key: (bytes(request_hash), reply) for key, request_hash, reply in rows}


def _outcome(
    stroke: Stroke, strike: Strike | None, known: Mapping[str, tuple[bytes, dict[str, Any]]]
) -> dict[str, Any] | None:
    request_hash, answer = known.get(stroke.key, (b"", None))
    if answer is None or request_hash != stroke.request_hash:
        return None
    if strike is not None and answer == strike.answer:
        set_correlation(stroke.correlation_id)
        strike.done()
    return answer
