"""Requests of residents, as bytes on the wire."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import uuid4

from tests.bench.crowd import Answer, request
from tests.bench.synthetic import LOCATION, PASSPORT


def wanted(starts_at: datetime, product: str = PASSPORT) -> bytes:
    """Return the body that asks for a hold."""
    asked = {
        "locationId": LOCATION,
        "products": [{"productId": product, "persons": 1}],
        "startsAt": starts_at.isoformat().replace("+00:00", "Z"),
    }
    return json.dumps(asked).encode()


def key() -> str:
    """Return the header that makes a repeat harmless."""
    return f"Idempotency-Key: {uuid4()}\r\n"


def hold_requests(times: Iterable[datetime], *, product: str = PASSPORT) -> Iterator[bytes]:
    """Yield the request for a hold at each time."""
    for starts_at in times:
        yield request("POST", "/v1/holds", body=wanted(starts_at, product), headers=key())


def confirm_request(held: Answer) -> bytes:
    """Return the request that makes an appointment of a hold."""
    hold = json.loads(held.body)
    asked = {
        "holdId": hold["holdId"],
        "name": "J. de Vries",
        "email": f"{hold['holdId']}@bench.example",
        "language": "nl",
    }
    headers = key() + f"Appointment-Secret: {hold['secret']}\r\n"
    return request("POST", "/v1/appointments", body=json.dumps(asked).encode(), headers=headers)


def confirm_when_held(answer: Answer) -> bytes | None:
    """Return what a resident asks who wants a place and has just got it."""
    return confirm_request(answer) if answer.step == 0 and answer.status == 201 else None
