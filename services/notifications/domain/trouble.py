"""How long to wait after trouble. Nothing is lost by waiting: a message stays until it is sent or refused for good."""

from datetime import timedelta

_WHILE_NOBODY_ANSWERS = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 30))
_WHEN_POSTPONED = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900, 3600))

GIVE_UP_AFTER = timedelta(hours=24)
"""How long a server may say "not now" about one recipient. An unreachable server or service has no such limit."""


def pause_while_unreachable(attempts: int) -> timedelta:
    """Return the pause when a server or service cannot be reached at all.

    It ends short: as soon as the server is back, everybody's mail must go. The sender itself slows down meanwhile.
    """
    return _of(_WHILE_NOBODY_ANSWERS, attempts)


def pause_when_postponed(attempts: int) -> timedelta:
    """Return the pause when the mail server took the call and said "not now" (a 4xx reply, such as greylisting)."""
    return _of(_WHEN_POSTPONED, attempts)


def _of(ladder: tuple[timedelta, ...], attempts: int) -> timedelta:
    return ladder[min(max(attempts, 1), len(ladder)) - 1]
