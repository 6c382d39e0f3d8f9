"""A release by draw: everybody asks when he likes, lots are cast once, and who got a place is told."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text

from services.appointments.codes import Codes
from services.appointments.commands.drawing import hold_next
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions
from services.messaging.settings import Secret
from tests.bench.asking import key
from tests.bench.crowd import Answer, Visit, drive, request
from tests.bench.synthetic import LOCATION, ZONE
from tests.bench.town import BenchTown
from tests.city import eventually

BACKGROUND = "appointments-background"
_NO_ANSWER_YET = (429, 503, 504)


@dataclass
class Drawn:
    """What a draw took; `visit` is how people asked."""

    visit: Visit
    cast_seconds: float
    told_seconds: float


def ask_and_draw(town: BenchTown, times: Sequence[datetime], wanted: int, *, clients: int) -> Drawn:
    """Let people ask for places on a day, each with a mailed code, cast lots, and wait until everybody is told.

    Raises: RuntimeError (not exactly those take part who were told so).
    """
    on = times[0].astimezone(ZONE).date()
    draw_id = eventually(lambda: _open_draw(town, on), what="a draw that takes requests")
    codes = Codes.of(Secret(town.place.secrets["BALIE_SECRET_KEY"]))

    def enter(answer: Answer) -> bytes | None:
        if answer.status in _NO_ANSWER_YET:
            return answer.asked  # with the same key: it is done once
        if answer.status != 201 or _is_entry(answer):
            return None
        code_id = UUID(json.loads(answer.body)["codeId"])
        email = json.loads(answer.asked.partition(b"\r\n\r\n")[2])["email"]
        return _entry(draw_id, on, email, code_id, codes.code(code_id))

    visit = drive(town.ports, _code_requests(wanted), clients=clients, follow=enter)
    entered = [answer._replace(step=0 if _is_entry(answer) else 1) for answer in visit.answers]
    town.stop(BACKGROUND)  # so that the casting can be timed
    with town.database.begin() as connection:
        connection.execute(
            text(
                "UPDATE draw_batch SET opens_at = opens_at - interval '60 days',"
                " closes_at = now() - interval '1 second', draws_at = now() - interval '1 second' WHERE id = :id"
            ),
            {"id": draw_id},
        )
    began = time.perf_counter()
    with Transactions(town.database, SystemClock(), source="appointments").work() as work:
        held = hold_next(work)
    cast_seconds = time.perf_counter() - began
    told_so = sum(answer.step == 0 and answer.status == 201 for answer in entered)
    if held is None or held.id != draw_id or held.requests != told_so:
        raise RuntimeError(f"{told_so} were told that they take part, but: {held}")
    town.start(BACKGROUND)
    began = time.perf_counter()
    eventually(lambda: _settled(town, draw_id), within=600, what="everybody was told")
    return Drawn(Visit(visit.seconds, entered), cast_seconds, time.perf_counter() - began)


def _open_draw(town: BenchTown, on: date) -> UUID | None:
    for draw in town.get("/v1/draws")["draws"]:
        if draw["state"] == "open" and draw["firstDate"] <= on.isoformat() <= draw["lastDate"]:
            return UUID(draw["drawId"])
    return None


def _code_requests(wanted: int) -> Iterator[bytes]:
    for number in range(wanted):
        body = {"email": f"lot-{number}@bench.example", "language": "nl"}
        yield request("POST", "/v1/codes", body=json.dumps(body).encode(), headers=key())


def _entry(draw_id: UUID, on: date, email: str, code_id: UUID, code: str) -> bytes:
    asked = {
        "locationIds": [LOCATION],
        "weekdays": [on.weekday()],
        "partsOfDay": ["morning"],
        "persons": 1,
        "name": f"Jan {email.partition('@')[0]}",
        "birthDate": "1990-02-28",
        "email": email,
        "language": "nl",
        "codeId": str(code_id),
        "code": code,
    }
    return request("POST", f"/v1/draws/{draw_id}/requests", body=json.dumps(asked).encode(), headers=key())


def _is_entry(answer: Answer) -> bool:
    return answer.asked.startswith(b"POST /v1/draws/")


def _settled(town: BenchTown, draw_id: UUID) -> bool:
    with town.database.connect() as connection:
        return connection.scalar(text("SELECT state FROM draw_batch WHERE id = :id"), {"id": draw_id}) == "settled"
