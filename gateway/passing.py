"""What a hold must pass before it is asked of the service: the limit of scarce products and a proof of work."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from flask import current_app
from prometheus_client import Counter

from gateway.bursts import Bursts
from gateway.challenge import Challenged, Challenger
from gateway.limits import check_scarce_holds, client_prefix, count_scarce_hold
from gateway.rpc import services
from services.messaging.errors import Refusal

challenges = Counter("balie_challenges_total", "Holds that met a proof of work.", ("outcome",))


@contextmanager
def passing(wish: Mapping[str, Any], *, solution: str, key: str) -> Iterator[None]:
    """Let a hold be made within the limits, after a proof of work when one is wanted. A refused hold costs neither.

    Raises: TooMany, Challenged, Unavailable.
    """
    scarce = _scarce(wish)
    if scarce:
        check_scarce_holds()
    challenger = cast(Challenger, current_app.extensions["challenger"])
    mark = None
    if challenger.wants_proof(scarce=scarce):
        mark = challenger.take(solution, wish, key) if solution else None
        challenges.labels("asked" if mark is None else "passed").inc()
        if mark is None:
            raise Challenged(challenger.challenge(wish))
    try:
        yield
    except Refusal:
        if mark is not None:
            challenger.give_back(mark)
        raise
    if scarce:
        count_scarce_hold()
    bursts().note("network", client_prefix())


def note_mail(email: str) -> None:
    """Count an appointment for the domain of its mail address."""
    bursts().note("mail-domain", email.rpartition("@")[2].lower())


def bursts() -> Bursts:
    """Return the watch of the app that handles the present request."""
    return cast(Bursts, current_app.extensions["bursts"])


def _scarce(wish: Mapping[str, Any]) -> bool:
    wanted = {part["product_id"] for part in wish["products"]}
    return any(product["scarce"] for product in services().products() if product["product_id"] in wanted)
