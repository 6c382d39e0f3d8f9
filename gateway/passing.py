"""What a hold must pass before it is asked of the service: the limit of scarce products and a proof of work."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from flask import current_app
from prometheus_client import Counter

from gateway.bursts import Bursts
from gateway.challenge import Challenged, Challenger, CodeWanted
from gateway.limits import check_scarce_holds, client_prefix, count_scarce_hold
from gateway.rpc import services
from services.messaging.errors import Refusal

challenges = Counter("balie_challenges_total", "Holds that met a proof of work.", ("outcome",))


@contextmanager
def passing(wish: Mapping[str, Any], *, solution: str, key: str) -> Iterator[None]:
    """Let a hold be made within the limits, after a proof of work when one is wanted. A refused hold costs neither.

    Raises: TooMany, Challenged, CodeWanted, Unavailable.
    """
    wanted = _wanted(wish)
    scarce = any(product["scarce"] for product in wanted)
    if scarce:
        check_scarce_holds()
    mark = _proof(wish, solution, key, scarce=scarce, by_mail=any(product["code"] for product in wanted))
    try:
        yield
    except Refusal:
        if mark:
            challenger().give_back(mark)
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


def challenger() -> Challenger:
    """Return the challenger of the app that handles the present request."""
    return cast(Challenger, current_app.extensions["challenger"])


def _proof(wish: Mapping[str, Any], solution: str, key: str, *, scarce: bool, by_mail: bool) -> str:
    """Return the mark of the proof that is used for this hold; empty when none is wanted or it is a repeat."""
    if not challenger().wants_proof(scarce=scarce) and not by_mail:
        return ""
    mark = challenger().take_by_mail(solution, key)
    if mark is None and solution and not by_mail:
        mark = challenger().take(solution, wish, key)
    challenges.labels("asked" if mark is None else "passed").inc()
    if mark is None:
        raise CodeWanted if by_mail else Challenged(challenger().challenge(wish))
    return mark


def _wanted(wish: Mapping[str, Any]) -> list[dict[str, Any]]:
    wanted = {part["product_id"] for part in wish["products"]}
    return [product for product in services().products() if product["product_id"] in wanted]
