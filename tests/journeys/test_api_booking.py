"""The API through real processes: gateway, broker, services, database and mail."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4
from zlib import crc32

import pytest
import requests
from sqlalchemy import text

from tests.city import City, eventually

PRODUCT = "passport-abroad"  # one counter in town can do it, so that a held time is a taken time
LOCATION = "stadskantoor"
_numbers = count(1)


class Partner:
    """A program that books for residents."""

    def __init__(self, city: City) -> None:
        self._base = f"{city.url}/v1"
        self._http = requests.Session()
        self._http.trust_env = False

    def ask(self, method: str, path: str, *, within: float = 20, **options: Any) -> requests.Response:
        return self._http.request(method, self._base + path, timeout=within, **options)

    def free_times(self) -> list[str]:
        """The free times of the first day with at least six."""
        visit = {"locationId": LOCATION, "product": PRODUCT}
        days = self.ask("GET", "/free-days", params=visit).json()["days"]
        day = next(day["date"] for day in days if day["starts"] >= 6)
        starts: list[str] = self.ask("GET", "/free-times", params=visit | {"date": day}).json()["starts"]
        return starts

    def hold(self, starts_at: str, key: str | None = None) -> requests.Response:
        wanted = {"locationId": LOCATION, "products": [{"productId": PRODUCT}], "startsAt": starts_at}
        return self.ask("POST", "/holds", json=wanted, headers={"Idempotency-Key": key} if key else None)

    def confirm(self, hold: dict[str, Any], email: str, **headers: str) -> requests.Response:
        person = {"holdId": hold["holdId"], "name": "Jildou Ünal", "email": email, "language": "nl"}
        person["birthDate"] = (date(1950, 1, 1) + timedelta(days=crc32(email.encode()) % 20_000)).isoformat()
        return self.ask("POST", "/appointments", json=person, headers=by_holder(hold) | headers)

    def books(self, email: str) -> dict[str, Any]:
        hold = self.hold(self.free_times()[0]).json()
        booked: dict[str, Any] = self.confirm(hold, email).json()
        return booked


def by_holder(held: dict[str, Any]) -> dict[str, str]:
    return {"Appointment-Secret": held["secret"]}


def problem(answer: requests.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"].endswith(f"/problems/{code}")
    return body


@pytest.fixture
def partner(city: City) -> Partner:
    return Partner(city)


@pytest.fixture
def email() -> Iterator[str]:
    yield f"resident{next(_numbers)}@example.nl"


def test_a_partner_books_and_the_resident_gets_a_mail_with_an_invite(city, partner, email):
    correlation = str(uuid4())
    hold = partner.hold(partner.free_times()[0]).json()
    answer = partner.confirm(hold, email, **{"X-Correlation-ID": correlation})
    assert answer.status_code == 201
    booked = answer.json()
    assert booked["state"] == "booked"
    assert (booked["startsAt"], booked["secret"]) == (hold["startsAt"], hold["secret"])
    found = partner.ask("GET", f"/appointments/{booked['reference']}", headers=by_holder(booked))
    assert (found.json()["name"], found.json()["email"]) == ("Jildou Ünal", email)
    mail = city.mailbox.expect(to=email)
    assert mail["X-Correlation-ID"] == correlation
    assert any(part.get_content_type() == "text/calendar" for part in mail.walk())


def test_the_same_key_gives_the_same_answer_and_books_once(city, partner, email):
    starts = partner.free_times()[0]
    first, again = (partner.hold(starts, key="hold-once-5f1d7a4e-9d4c") for _ in range(2))
    assert first.status_code == 201
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    hold = first.json()
    once = {"Idempotency-Key": "book-once-7f0c-4a43-8f3a"}
    booked, repeated = (partner.confirm(hold, email, **once) for _ in range(2))
    assert (booked.status_code, booked.json()) == (repeated.status_code, repeated.json())
    other = partner.confirm(hold, "other@example.nl", **once)
    problem(other, 422, "idempotency-key-reused")
    with city.database("appointments").connect() as connection:
        statement = text("SELECT count(*) FROM appointment WHERE email = :email")
        assert connection.scalar(statement, {"email": email}) == 1


def test_of_many_who_want_one_time_one_gets_it_and_the_others_hear_of_alternatives(partner):
    starts = partner.free_times()[0]
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda _: partner.hold(starts), range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    for refused in (answer for answer in answers if answer.status_code == 409):
        alternatives = problem(refused, 409, "slot-taken")["alternatives"]
        assert alternatives
        assert starts not in alternatives
        assert all(moment.endswith("Z") for moment in alternatives)


def test_a_wrong_secret_is_answered_like_an_unknown_appointment(partner, email):
    booked = partner.books(email)
    wrong = {"Appointment-Secret": "a" * 26}
    found = problem(
        partner.ask("GET", f"/appointments/{booked['reference']}", headers=wrong), 404, "appointment-unknown"
    )
    unknown = problem(partner.ask("GET", "/appointments/0000-0000", headers=wrong), 404, "appointment-unknown")
    assert (found["detail"], found["title"]) == (unknown["detail"], unknown["title"])
    cancelled = partner.ask("POST", f"/appointments/{booked['reference']}/cancellations", headers=wrong)
    problem(cancelled, 404, "appointment-unknown")


def test_a_hold_that_is_over_and_taken_by_another_cannot_be_confirmed(city, partner, email):
    hold = partner.hold(partner.free_times()[0]).json()
    with city.database("appointments").begin() as connection:
        connection.execute(
            text("UPDATE appointment SET expires_at = now() - interval '1 second' WHERE id = :id"),
            {"id": hold["holdId"]},
        )
    taken = eventually(lambda: _held(partner, hold["startsAt"]), within=60, what="the time comes back")
    problem(partner.confirm(hold, email), 410, "hold-expired")
    assert taken["holdId"] != hold["holdId"]


def _held(partner: Partner, starts_at: str) -> dict[str, Any] | None:
    answer = partner.hold(starts_at)
    return answer.json() if answer.status_code == 201 else None


def test_a_released_hold_is_free_at_once(partner):
    hold = partner.hold(partner.free_times()[0]).json()
    for _ in range(2):
        assert partner.ask("DELETE", f"/holds/{hold['holdId']}", headers=by_holder(hold)).status_code == 204
    assert partner.hold(hold["startsAt"]).status_code == 201


def test_a_hold_is_extended_once(partner):
    hold = partner.hold(partner.free_times()[0]).json()
    longer = partner.ask("POST", f"/holds/{hold['holdId']}/extensions", headers=by_holder(hold)).json()
    assert longer["expiresAt"] > hold["expiresAt"]
    assert longer["extendable"] is False
    again = partner.ask("POST", f"/holds/{hold['holdId']}/extensions", headers=by_holder(hold))
    problem(again, 409, "hold-not-extendable")


def test_an_appointment_is_moved_and_cancelled_in_the_version_that_was_read(partner, email):
    booked = partner.books(email)
    path = f"/appointments/{booked['reference']}"
    etag = partner.ask("GET", path, headers=by_holder(booked)).headers["ETag"]
    if_same = by_holder(booked) | {"If-Match": etag}
    elsewhen = {"startsAt": partner.free_times()[-1]}
    moved = partner.ask("POST", f"{path}/moves", json=elsewhen, headers=if_same)
    assert (moved.status_code, moved.json()["startsAt"]) == (200, elsewhen["startsAt"])
    problem(partner.ask("POST", f"{path}/cancellations", headers=if_same), 412, "version-conflict")
    cancelled = partner.ask("POST", f"{path}/cancellations", headers=by_holder(booked))
    assert cancelled.json()["state"] == "cancelled"
    over = partner.ask("POST", f"{path}/moves", json=elsewhen, headers=by_holder(booked))
    problem(over, 409, "appointment-over")


def test_an_appointment_is_taken_home_as_a_calendar_file(partner, email):
    booked = partner.books(email)
    answer = partner.ask("GET", f"/appointments/{booked['reference']}/calendar", headers=by_holder(booked))
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert booked["appointmentId"] in answer.text


def _next_sunday_morning() -> str:
    """A moment at which no counter is open, a week ahead, so that no lead time is in the way."""
    in_a_week = datetime.now(UTC).date() + timedelta(days=7)
    sunday = in_a_week + timedelta(days=6 - in_a_week.weekday())
    return f"{sunday}T10:00:00Z"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"products": [{"productId": "rocket"}]}, "unknown-product"),
        ({"locationId": "mars"}, "unknown-location"),
        ({"startsAt": "2020-01-06T09:00:00+01:00"}, "in-the-past"),
        ({"startsAt": _next_sunday_morning()}, "day-closed"),
        ({"products": [{"productId": PRODUCT, "persons": 9}]}, "invalid-input"),
    ],
)
def test_what_the_rules_forbid_is_refused_with_a_reason(partner, changes, code):
    wanted = {"locationId": LOCATION, "products": [{"productId": PRODUCT}], "startsAt": partner.free_times()[0]}
    problem(partner.ask("POST", "/holds", json=wanted | changes), 400, code)


def test_declarations_are_told_by_the_civil_registry(partner):
    kinds = {item["kind"] for item in partner.ask("GET", "/declarations").json()["declarations"]}
    assert "birth" in kinds


# --- faults


def test_a_service_killed_in_the_middle_leaves_a_clear_answer_and_the_same_key_works_later(city, partner):
    starts = partner.free_times()[0]
    service = city.process("appointments")
    service.pause()
    with ThreadPoolExecutor(1) as waiting:
        answer = waiting.submit(partner.hold, starts, "killed-in-the-middle")
        eventually(answer.running, what="the request is under way")
        service.kill()
        refused = answer.result(timeout=20)
    assert refused.status_code in (503, 504), refused.text
    assert int(refused.headers["Retry-After"]) >= 1
    service.restart()
    again = eventually(
        lambda: (got := partner.hold(starts, "killed-in-the-middle")).status_code == 201 and got, within=60
    )
    assert again.json()["startsAt"] == starts


def test_without_the_service_the_catalogue_stays_and_the_rest_says_try_again(city, partner):
    products = partner.ask("GET", "/products").json()
    city.process("appointments").stop()
    answer = partner.ask("GET", "/free-days", params={"locationId": LOCATION, "product": PRODUCT}, within=10)
    assert answer.status_code in (503, 504)
    assert answer.headers["Retry-After"]
    assert partner.ask("GET", "/products").json() == products


def test_without_the_broker_the_api_says_so_and_comes_back_by_itself(city, partner):
    starts = partner.free_times()[0]
    city.broker_cable.cut()
    problem(partner.hold(starts), 503, "unavailable")
    city.broker_cable.mend()
    assert eventually(lambda: _held(partner, starts), within=60, what="a hold after the broker came back")
