"""Asks the services in Python values: every request and reply goes through its contract."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, cast
from uuid import UUID

from flask import current_app
from marshmallow import Schema

from gateway.gates import Gate
from gateway.lookups import Found, Lookups
from services.contracts.appointments import (
    DrawDocument,
    DrawList,
    FindFreeDays,
    FindFreeTimes,
    FreeDays,
    FreeTimes,
    GetDraw,
    LocationList,
    ProductList,
)
from services.contracts.base import Nothing, dump, load
from services.messaging.clock import Clock, SystemClock
from services.messaging.errors import Malformed, Refusal, Unavailable
from services.messaging.log import get_logger
from services.messaging.rpc_client import RpcClient

log = get_logger()

CATALOGUE_SECONDS = 30
CATALOGUE_RETRY_SECONDS = 3
TOGETHER = ("appointments.hold_slot", "appointments.confirm_hold")
"""What many people do in the same moment."""
OUTDATED = ("slot-taken", "day-closed", "too-soon", "in-the-past")
"""Refusals that show that what the visitor saw is no longer so."""


class Caller(Protocol):
    """What `Services` needs of an RPC client."""

    @property
    def connected(self) -> bool:
        """Say whether calls can be made now."""

    def call(
        self,
        service: str,
        method: str,
        request: dict[str, Any],
        *,
        timeout_seconds: float = 5,
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        """Return a service's reply, JSON-native."""

    def close(self) -> None:
        """End all pending calls and the connection."""


class UnreadableReply(Exception):
    """A service sent what its own contract forbids: a bug there, never the visitor's fault."""


class LateClient:
    """An RPC client that is made at its first use, so that a server may fork before."""

    def __init__(self, amqp_url: str, *, name: str) -> None:
        self._amqp_url = amqp_url
        self._name = name
        self._lock = threading.Lock()
        self._client: RpcClient | None = None
        self._closed = False

    @property
    def connected(self) -> bool:
        """Say whether calls can be made now; asking starts the connection."""
        return self._made().connected

    def call(
        self,
        service: str,
        method: str,
        request: dict[str, Any],
        *,
        timeout_seconds: float = 5,
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        """Return a service's reply.

        Raises: Refusal, Malformed, Unavailable, TimedOut.
        """
        return self._made().call(
            service, method, request, timeout_seconds=timeout_seconds, idempotency_key=idempotency_key
        )

    def close(self) -> None:
        """Close the connection, if there ever was one."""
        with self._lock:
            client, self._client, self._closed = self._client, None, True
        if client is not None:
            client.close()

    def _made(self) -> RpcClient:
        with self._lock:
            if self._closed:
                raise Unavailable("This server is stopping.", retry_after_seconds=2)
            if self._client is None:
                self._client = RpcClient(self._amqp_url, name=self._name, together=TOGETHER)
            return self._client


@dataclass(slots=True)
class _Remembered:
    """A reply that rarely changes: fresh for a while, and better old than nothing."""

    ask: Callable[[], dict[str, Any]]
    found: Found | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self) -> Found:
        known = self.found
        if known is None:  # everybody asks for himself: in a queue each would wait for all time-outs before his own
            return self._renew()
        # One thread asks anew; the others go on with what is known.
        if known.good or not self.lock.acquire(blocking=False):
            return known
        try:
            return self._renew()
        except Unavailable:
            known.good_until = time.monotonic() + CATALOGUE_RETRY_SECONDS
            log.warning("catalogue_stale")
            return known
        finally:
            self.lock.release()

    def _renew(self) -> Found:
        self.found = Found(self.ask(), time.monotonic() + CATALOGUE_SECONDS)
        return self.found


class Services:
    """The services behind the gateway. In a request: `services()`."""

    def __init__(
        self,
        client: Caller,
        *,
        clock: Clock | None = None,
        query_seconds: float = 3,
        command_seconds: float = 8,
        search_seconds: float = 1,
        calls_at_once: int = 20,
    ) -> None:
        self._client = client
        self._clock = clock or SystemClock()
        self._query_seconds = query_seconds
        self._command_seconds = command_seconds
        self._questions = self._gate("questions", calls_at_once)
        self._commands = self._gate("commands", calls_at_once)
        self._lookups = Lookups(self._gate("searches", calls_at_once), seconds=search_seconds)
        self._products = _Remembered(lambda: self.ask("appointments.list_products", Nothing, ProductList))
        self._locations = _Remembered(lambda: self.ask("appointments.list_locations", Nothing, LocationList))

    @property
    def clock(self) -> Clock:
        """Where this gateway's time and ids come from."""
        return self._clock

    @property
    def connected(self) -> bool:
        """Say whether the services can be reached at all."""
        return self._client.connected

    def ask(
        self, what: str, request: type[Schema], reply: type[Schema], values: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the answer to a question, such as `appointments.free_days`, in Python values.

        Raises: Refusal, Malformed, Unavailable, TimedOut; UnreadableReply (a bug in the service).
        """
        with self._questions:
            return self._asked(what, request, reply, values or {})

    def look_up(
        self, what: str, request: type[Schema], reply: type[Schema], values: Mapping[str, Any], *, about: str = ""
    ) -> Found:
        """Return the answer to a question that anybody may ask; it may be a moment old, and is shared.

        Raises: as `ask`.
        """
        asked = dump(request, values)
        return self._lookups.get(
            (what, json.dumps(asked, sort_keys=True)), lambda: self._asked(what, request, reply, values), about=about
        )

    def free_days(self, visit: Mapping[str, Any]) -> Found:
        """Return the days with room for a visit, as `contracts.appointments.FreeDays`; up to a second old.

        Raises: as `ask`.
        """
        return self.look_up("appointments.free_days", FindFreeDays, FreeDays, visit, about=visit["location_id"])

    def free_times(self, visit: Mapping[str, Any]) -> Found:
        """Return the free times on one day, as `contracts.appointments.FreeTimes`; up to a second old.

        Raises: as `ask`.
        """
        return self.look_up("appointments.free_times", FindFreeTimes, FreeTimes, visit, about=visit["location_id"])

    def draw_list(self) -> Found:
        """Return the draws, as `contracts.appointments.DrawList`; up to a second old.

        Raises: as `ask`.
        """
        return self.look_up("appointments.list_draws", Nothing, DrawList, {})

    def draw_document(self, draw_id: UUID) -> Found:
        """Return what is published of a draw, as `contracts.appointments.DrawDocument`; up to a second old.

        Raises: as `ask`.
        """
        return self.look_up("appointments.draw", GetDraw, DrawDocument, {"draw_id": draw_id})

    def _asked(
        self, what: str, request: type[Schema], reply: type[Schema], values: Mapping[str, Any]
    ) -> dict[str, Any]:
        service, method = what.split(".")
        raw = self._client.call(service, method, dump(request, values), timeout_seconds=self._query_seconds)
        return _read(what, reply, raw)

    def tell(
        self,
        what: str,
        request: type[Schema],
        reply: type[Schema],
        values: Mapping[str, Any],
        *,
        key: str | None = None,
    ) -> dict[str, Any]:
        """Have a command carried out, once per `key` (Idempotency-Key), and return its answer in Python values.

        Without a key a random one is made: a repeat by the broker is harmless, one by the visitor is a new command.

        Raises: Refusal, Malformed, Unavailable, TimedOut; UnreadableReply (a bug in the service).
        """
        return _read(what, reply, self.tell_raw(what, request, values, key=key))

    def tell_raw(
        self, what: str, request: type[Schema], values: Mapping[str, Any], *, key: str | None = None
    ) -> dict[str, Any]:
        """Have a command carried out, and return its answer JSON-native, as the service sent it.

        Raises: Refusal, Malformed, Unavailable, TimedOut.
        """
        service, method = what.split(".")
        try:
            with self._commands:
                return self._client.call(
                    service,
                    method,
                    dump(request, values),
                    timeout_seconds=self._command_seconds,
                    idempotency_key=key or str(self._clock.new_id()),
                )
        except Refusal as refusal:
            if refusal.code in OUTDATED:  # he chose from an answer that is old now; the next one is new
                self._lookups.forget(values.get("location_id") or "")
            raise

    def products(self) -> list[dict[str, Any]]:
        """Return the products on offer, as `contracts.appointments.Product`; up to 30 s old, older when away.

        Raises: Unavailable (the service is away and was never reached).
        """
        return cast(list[dict[str, Any]], self.product_list().reply["products"])

    def product_list(self) -> Found:
        """Return the same with the moment until which it is good.

        Raises: as `products`.
        """
        return self._products.get()

    def locations(self) -> list[dict[str, Any]]:
        """Return the locations, as `contracts.appointments.Location`; up to 30 s old, older when away.

        Raises: Unavailable (the service is away and was never reached).
        """
        return cast(list[dict[str, Any]], self.location_list().reply["locations"])

    def location_list(self) -> Found:
        """Return the same with the moment until which it is good.

        Raises: as `locations`.
        """
        return self._locations.get()

    def _gate(self, kind: str, at_once: int) -> Gate:
        return Gate(kind, at_once=at_once, chance=lambda: self._clock.token(1)[0])


def _read(what: str, reply: type[Schema], raw: dict[str, Any]) -> dict[str, Any]:
    try:
        return load(reply, raw)
    except Malformed as error:
        raise UnreadableReply(f"{what}: {', '.join(sorted(map(str, error.errors)))}") from None


def services() -> Services:
    """Return the services of the app that handles the present request."""
    return cast(Services, current_app.extensions["services"])
