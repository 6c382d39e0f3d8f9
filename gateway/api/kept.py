"""Answers that are the same for everybody, kept ready to send: body and ETag, as long as what they tell is good."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from cachetools import LRUCache
from flask import Flask, Response, current_app, g, request

from gateway.api.accepting import JSON, check_accept
from gateway.lookups import Found

LARGEST = 1024
"""Answers that one process keeps ready; of more the longest unused goes."""


@dataclass(frozen=True, slots=True)
class _Ready:
    found: Found
    body: bytes
    etag: str
    caching: str


class _Shelf:
    """What one app keeps ready, by path and query as they were written."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ready: LRUCache[tuple[str, bytes], _Ready] = LRUCache(LARGEST)

    def get(self, key: tuple[str, bytes]) -> _Ready | None:
        with self._lock:
            ready = self._ready.get(key)
        return ready if ready is not None and ready.found.good else None

    def put(self, key: tuple[str, bytes], ready: _Ready) -> None:
        with self._lock:
            self._ready[key] = ready


def register_shelf(app: Flask) -> None:
    """Give the app a place for what it keeps ready."""
    app.extensions["kept_answers"] = _Shelf()


def shared(found: Found, *, seconds: int) -> dict[str, Any]:
    """Return a reply that anybody may see, and let this answer be kept: by us while it is good, by others so long."""
    g.shared = (found, f"public, max-age={seconds}")
    return found.reply


def kept(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a view that tells everybody the same: who asks what was just asked gets the same bytes.

    It stands inside the limits and outside the reading of the input: what is kept was valid when it was read.
    """

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        ready = _shelf().get(_key())
        if ready is None:
            return view(*args, **kwargs)
        check_accept(JSON)
        response = Response(ready.body, content_type=JSON)
        response.headers["Cache-Control"] = ready.caching
        response.set_etag(ready.etag)
        return response.make_conditional(request)

    return answer


def keep(response: Response) -> None:
    """Keep an answer that its view called shared; it has its ETag already."""
    if "shared" in g:
        found, caching = g.shared
        response.headers["Cache-Control"] = caching
        etag, _ = response.get_etag()
        _shelf().put(_key(), _Ready(found, response.get_data(), etag or "", caching))


def _key() -> tuple[str, bytes]:
    return request.path, request.query_string


def _shelf() -> _Shelf:
    return cast(_Shelf, current_app.extensions["kept_answers"])
