"""How often one visitor may ask: counted per network prefix, because one home or phone has many addresses.

The counters live in the memory of one process. With several gunicorn workers or machines each counts for itself:
give `limiter` a shared storage then (`storage_uri`, for example of a Valkey server).
"""

import hashlib
import math
import time
from collections.abc import Callable, Mapping
from ipaddress import ip_address, ip_network
from typing import Any, TypeVar, cast

from flask import Flask, current_app, request
from flask_limiter import Limiter, RequestLimit
from limits import parse

from gateway.settings import GatewaySettings

View = TypeVar("View", bound=Callable[..., Any])

_LOOK_ALIKES = str.maketrans("OIL", "011")
WAITED_OF_ALL = "6 per minute"
_IPV4_PREFIX = 24
_IPV6_PREFIX = 56


def client_prefix() -> str:
    """Return the network that the visitor comes from: /24 of IPv4, /56 of IPv6."""
    try:
        address = ip_address(request.remote_addr or "")
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


limiter = Limiter(client_prefix, storage_uri="memory://")

reads = limiter.shared_limit(_setting("rate_reads"), scope="reads")
"""For views and blueprints that only look."""

holds = limiter.shared_limit(_setting("rate_holds"), scope="holds")
"""For making a hold, by page and API together."""

writes = limiter.shared_limit(_setting("rate_writes"), scope="writes")
"""For everything else that changes something."""

codes = limiter.shared_limit(_setting("rate_codes"), scope="codes")
"""For having a code mailed, by page and API together."""

_links_of_visitor = limiter.shared_limit(_setting("rate_links"), scope="links")
_links_of_reference = limiter.shared_limit(
    _setting("rate_links"), scope="links-of-reference", key_func=_asked_reference
)


def links(view: View) -> View:
    """Decorate a view for asking the secret link again: counted per visitor and per reference, against mail floods."""
    return cast(View, _links_of_reference(_links_of_visitor(view)))


def let_waited_through() -> bool:
    """Say whether one more may pass who could not do a sum and waited instead: few per network, few of all."""
    own, all_together = parse(_setting("rate_waited")()), parse(WAITED_OF_ALL)
    return limiter.limiter.hit(own, "waited", client_prefix()) and limiter.limiter.hit(all_together, "waited-of-all")


class TooMany(Exception):
    """This network had its share for now."""

    def __init__(self, *, retry_after_seconds: int) -> None:
        super().__init__("too many")
        self.retry_after_seconds = retry_after_seconds


def check_scarce_holds() -> None:
    """Let pass who has room for another hold of a scarce product.

    Raises: TooMany.
    """
    rate = parse(_setting("rate_scarce")())
    if not limiter.limiter.test(rate, "scarce-holds", client_prefix()):
        reset = limiter.limiter.get_window_stats(rate, "scarce-holds", client_prefix()).reset_time
        raise TooMany(retry_after_seconds=max(1, math.ceil(reset - time.time())))


def count_scarce_hold() -> None:
    """Count a hold of a scarce product that was made: who was too late for a time has lost nothing."""
    limiter.limiter.hit(parse(_setting("rate_scarce")()), "scarce-holds", client_prefix())


def register_limits(app: Flask) -> None:
    """Let the app count."""
    limiter.init_app(app)


def seconds_to_wait(limit: RequestLimit | None, now: float) -> int:
    """Return after how many seconds a refused visitor may come back; at least one."""
    return max(1, math.ceil(limit.reset_at - now)) if limit is not None else 60
