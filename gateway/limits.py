"""How often one visitor may ask: counted per network prefix, because one home or phone has many addresses.

The counters live in the memory of one process. With several gunicorn workers or machines each counts for itself:
give it a shared storage then (`limits.storage`, for example of a Valkey server).
"""

import hashlib
import math
import time
from collections.abc import Callable, Mapping
from functools import cache, lru_cache, wraps
from ipaddress import ip_address, ip_network
from typing import Any, NoReturn, TypeVar, cast

from flask import Blueprint, Flask, current_app, request
from limits import RateLimitItem, parse_many
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import HTTPException

from gateway.counters import Counters
from gateway.settings import GatewaySettings

View = TypeVar("View", bound=Callable[..., Any])

_LOOK_ALIKES = str.maketrans("OIL", "011")
WAITED_OF_ALL = "6 per minute"
_IPV4_PREFIX = 24
_IPV6_PREFIX = 56


def client_prefix() -> str:
    """Return the network that the visitor comes from: /24 of IPv4, /56 of IPv6."""
    return _prefix_of(request.remote_addr or "")


@lru_cache(maxsize=4096)
def _prefix_of(remote: str) -> str:
    try:
        address = ip_address(remote)
    except ValueError:
        return "unknown"
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    prefix = _IPV4_PREFIX if address.version == 4 else _IPV6_PREFIX  # noqa: PLR2004
    return str(ip_network((address, prefix), strict=False).network_address)


def _setting(name: str) -> Callable[[], str]:
    def read() -> str:
        return cast(str, getattr(cast(GatewaySettings, current_app.extensions["settings"]), name))

    return read


def _asked_reference() -> str:
    """Return which reference a form or a JSON body asks about, as a digest: a counter's key is no place for it."""
    try:
        body = request.get_json(silent=True) if request.is_json else request.form
    except RecursionError:  # brackets without end; the view will say so
        body = None
    asked = body.get("reference") if isinstance(body, Mapping) else None
    bare = "".join(sign for sign in str(asked).upper() if sign.isalnum())
    return hashlib.sha256(bare.translate(_LOOK_ALIKES).encode(errors="replace")).hexdigest()


class TooMany(HTTPException):
    """This visitor has asked too often."""

    code = 429

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__("Too many requests.")
        self.retry_after_seconds = retry_after_seconds


class Allowance:
    """How often one visitor may do one kind of thing. Decorates views, and whole blueprints by `guard`."""

    def __init__(self, scope: str, rate: Callable[[], str], *, key: Callable[[], str] = client_prefix) -> None:
        self._scope = scope
        self._rate = rate
        self._key = key

    def __call__(self, view: View) -> View:
        """Return the view with this allowance before it."""

        @wraps(view)
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.take()
            return view(*args, **kwargs)

        return cast(View, counted)

    def guard(self, blueprint: Blueprint) -> None:
        """Count every request to a blueprint."""
        blueprint.before_request(self.take)

    def take(self) -> None:
        """Count this request.

        Raises: TooMany.
        """
        if not self.count():
            self._refuse()

    def check(self) -> None:
        """Do nothing when another one would be let in, and count nothing.

        Raises: TooMany.
        """
        if not self.has_room():
            self._refuse()

    def has_room(self) -> bool:
        """Say whether another one would be let in."""
        return all(_counter().test(rate, self._scope, self._key()) for rate in _rates(self._rate()))

    def count(self) -> bool:
        """Count one; say whether it is let in."""
        return all(_counter().hit(rate, self._scope, self._key()) for rate in _rates(self._rate()))

    def _refuse(self) -> NoReturn:
        stats = [_counter().get_window_stats(rate, self._scope, self._key()) for rate in _rates(self._rate())]
        reset_at = max((stat.reset_time for stat in stats if stat.remaining < 1), default=0.0)
        raise TooMany(max(1, math.ceil(reset_at - time.time())))


def _counter() -> FixedWindowRateLimiter:
    return cast(FixedWindowRateLimiter, current_app.extensions["rate-limits"])


@cache
def _rates(written: str) -> tuple[RateLimitItem, ...]:
    return tuple(parse_many(written))


reads = Allowance("reads", _setting("rate_reads"))
"""For views and blueprints that only look."""

holds = Allowance("holds", _setting("rate_holds"))
"""For making a hold, by page and API together."""

writes = Allowance("writes", _setting("rate_writes"))
"""For everything else that changes something."""

codes = Allowance("codes", _setting("rate_codes"))
"""For having a code mailed, by page and API together."""

uploads = Allowance("uploads", _setting("rate_uploads"))
"""For sending files."""

checks = Allowance("checks", _setting("rate_checks"))
"""For checking a paper by its code."""
logins = Allowance("logins", _setting("rate_logins"))
"""For setting out to log in, and for coming back."""

_scarce_holds = Allowance("scarce-holds", _setting("rate_scarce"))
_waited = Allowance("waited", _setting("rate_waited"))
_waited_of_all = Allowance("waited-of-all", lambda: WAITED_OF_ALL, key=lambda: "all")
_links_of_visitor = Allowance("links", _setting("rate_links"))
_links_of_reference = Allowance("links-of-reference", _setting("rate_links"), key=_asked_reference)


def links(view: View) -> View:
    """Decorate a view for asking the secret link again: counted per visitor and per reference, against mail floods."""
    return _links_of_reference(_links_of_visitor(view))


def let_waited_through() -> bool:
    """Say whether one more may pass who could not do a sum and waited instead: few per network, few of all."""
    return _waited.has_room() and _waited_of_all.has_room() and _waited.count() and _waited_of_all.count()


def check_scarce_holds() -> None:
    """Let pass who has room for another hold of a scarce product.

    Raises: TooMany.
    """
    _scarce_holds.check()


def count_scarce_hold() -> None:
    """Count a hold of a scarce product that was made: who was too late for a time has lost nothing."""
    _scarce_holds.count()


def register_limits(app: Flask) -> None:
    """Let the app count."""
    app.extensions["rate-limits"] = FixedWindowRateLimiter(Counters())
