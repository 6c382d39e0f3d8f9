"""Residents who book, move and cancel over the API, and who ask again with the same key when they hear nothing."""

import random
import threading
import time
from typing import Any
from uuid import uuid4

import requests

from tests.chaos.ledger import Booking, Ledger

_PATIENCE_SECONDS = 120
_REFUSALS = range(400, 500)
_TRY_AGAIN = {408, 425, 429}
_PRODUCTS = ("passport", "identity-card", "driving-licence", "move", "extract")


class Resident(threading.Thread):
    """One client: does one visit after the other until told to stop."""

    def __init__(self, urls: list[str], ledger: Ledger, stopping: threading.Event, *, seed: int) -> None:
        super().__init__(name=f"resident-{seed}", daemon=True)
        self._urls = [f"{url}/v1" for url in urls]
        self._ledger = ledger
        self._stopping = stopping
        self._chance = random.Random(seed)
        self._session = requests.Session()

    def run(self) -> None:
        while not self._stopping.is_set():
            self.one_visit()

    def one_visit(self) -> None:
        """Book; then perhaps move; then perhaps cancel."""
        products = [{"productId": self._chance.choice(_PRODUCTS), "persons": self._chance.choice((1, 1, 2))}]
        starts_at = self._some_time(products)
        if starts_at is None:
            self._stopping.wait(0.3)
            return
        visit = {"locationId": "stadskantoor", "products": products}
        outcome, held = self._write("/holds", visit | {"startsAt": starts_at})
        if outcome != "accepted":
            return
        booking = self._ledger.open(f"r-{uuid4().hex}@chaos.example")
        details = {"holdId": held["holdId"], "name": "Proef", "email": booking.email, "language": "nl"}
        outcome, booked = self._write("/appointments", details, secret=held["secret"])
        if not self._believe(booking, "booked", outcome):
            return
        booking.reference, booking.secret = booked["reference"], held["secret"]
        booking.starts_at = booked["startsAt"]
        if self._chance.random() < 0.5:
            self._move(booking, products)
        if not booking.unsure and self._chance.random() < 0.4:
            outcome, _ = self._write(f"/appointments/{booking.reference}/cancellations", {}, secret=booking.secret)
            self._believe(booking, "cancelled", outcome)

    def _move(self, booking: Booking, products: list[dict[str, Any]]) -> None:
        starts_at = self._some_time(products)
        if starts_at is None or starts_at == booking.starts_at:
            return
        path = f"/appointments/{booking.reference}/moves"
        outcome, moved = self._write(path, {"startsAt": starts_at}, secret=booking.secret)
        if self._believe(booking, "moved", outcome):
            booking.starts_at = moved["startsAt"]

    @staticmethod
    def _believe(booking: Booking, what: str, outcome: str) -> bool:
        if outcome == "accepted":
            booking.told.append(what)
        elif outcome == "unresolved":
            booking.unsure = what
        return outcome == "accepted"

    def _some_time(self, products: list[dict[str, Any]]) -> str | None:
        query = {"locationId": "stadskantoor", "product": [f"{p['productId']}:{p['persons']}" for p in products]}
        days = self._read("/free-days", query)
        if not days or not days.get("days"):
            return None
        day = self._chance.choice(days["days"])["date"]
        times = self._read("/free-times", query | {"date": day})
        if not times or not times.get("starts"):
            return None
        return str(self._chance.choice(times["starts"]))

    def _read(self, path: str, query: dict[str, Any]) -> dict[str, Any] | None:
        try:
            answer = self._session.get(self._urls[0] + path, params=query, timeout=10)
        except requests.RequestException:
            self._urls.append(self._urls.pop(0))
            return None
        return answer.json() if answer.ok else None

    def _write(self, path: str, body: dict[str, Any], *, secret: str = "") -> tuple[str, dict[str, Any]]:
        """Return accepted, refused or unresolved, and the answer. One key for all tries."""
        headers = {"Idempotency-Key": str(uuid4())}
        if secret:
            headers["Appointment-Secret"] = secret
        first_unknown = False
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = self._session.post(
                    self._urls[0] + path, json=body, headers=headers, timeout=15, allow_redirects=False
                )
            except requests.RequestException:
                answer = None
                self._urls.append(self._urls.pop(0))  # as a load balancer would
            if answer is not None and answer.ok:
                self._ledger.write_down("accepted", first_unknown=first_unknown)
                return "accepted", answer.json()
            if answer is not None and answer.status_code in _REFUSALS and answer.status_code not in _TRY_AGAIN:
                self._ledger.write_down("refused", first_unknown=first_unknown)
                return "refused", answer.json()
            first_unknown = True
            time.sleep(self._chance.uniform(0.2, 0.8))
        self._ledger.write_down("unresolved", first_unknown=True)
        return "unresolved", {}
