"""A small appointments service in memory, at the edge of the gateway: same calls, same contracts, no broker.

It stands where `RpcClient` stands, so that the pages are tested with everything between browser and wire.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.contracts.appointments import (
    AnswerAffected,
    AnswerOffer,
    AppointmentRef,
    CancelAppointment,
    CheckCode,
    ConfirmHold,
    ConfirmPair,
    FindCollectionDays,
    FindFreeDays,
    FindFreePairs,
    FindFreeTimes,
    HoldPair,
    HoldRef,
    HoldSlot,
    JoinWaitingList,
    MoveAppointment,
    PairRef,
    ReconfirmAppointment,
    RequestCode,
    SendLink,
)
from services.contracts.base import Nothing, load
from services.messaging.errors import Busy, RemoteRefusal, TimedOut, Unavailable
from tests.draws_double import WEDDING, DrawsDouble
from tests.unit.gateway_api_double import CONTRACTS

HOME = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECRET = "abcdefghijklmnopqrstuvwxyz"
REFERENCE = "K7Q2MXD4"
CODE_ID = "0b8f3f0e-7a54-4e0c-9a3e-0d5b3f6f5c99"
CODE = "012345"
COLLECTION_REFERENCE = "M4N8PQRS"
COLLECTED_AFTER = timedelta(days=7)
LAST_ON = date(2027, 5, 21)


class StillClock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at
        self._ids = 0

    def now(self) -> datetime:
        return self.at

    def new_id(self) -> UUID:
        self._ids += 1
        return UUID(int=0x4000_8000_0000_0000_0000 + self._ids)

    def token(self, nbytes: int) -> bytes:
        return b"t" * nbytes


def texts(nl: str, en: str) -> dict[str, str]:
    return {"nl": nl, "en": en, "de": en}


def _product(key: str, nl: str, en: str, **more: Any) -> dict[str, Any]:
    return {
        "product_id": key,
        "names": texts(nl, en),
        "summary": texts("Voor wie in Enschede woont.", "For people who live in Enschede."),
        "bring": [
            texts("Uw oude paspoort of identiteitskaart", "Your old passport or identity card"),
            texts("Eén recente pasfoto", "One recent passport photo"),
        ],
        "minutes": 15,
        "extra_minutes_per_person": 10,
        "max_persons": 8,
        "fees": [{"applies_to": "adult", "cents": 8387}, {"applies_to": "child", "cents": 6342}],
        "channels": ["web", "phone", "counter"],
        "audience": "resident",
        "location_ids": ["stadskantoor", "glanerbrug"],
    } | more


PRODUCTS = [
    _product("passport", "Paspoort aanvragen", "Passport"),
    _product("driving-licence", "Rijbewijs aanvragen of verlengen", "Driving licence",
             fees=[{"applies_to": "everyone", "cents": 5130}], max_persons=1),
    _product("birth-declaration", "Geboorte aangeven", "Birth declaration", fees=[], minutes=30, max_persons=1,
             location_ids=["stadskantoor"]),
    _product("passport-abroad", "Paspoort voor Nederlanders in het buitenland", "Passport for Dutch nationals abroad",
             audience="abroad", minutes=30, location_ids=["stadskantoor"], wait_norm_days=14, bound=True,
             collection={"product_id": "collect", "after_working_days": 5, "within_days": 90}),
    _product("collect", "Paspoort ophalen", "Collect a passport", audience="abroad", minutes=10, fees=[],
             location_ids=["stadskantoor"]),
    _product(WEDDING, "Kosteloos trouwen", "Free wedding", fees=[], max_persons=2, drawn=True,
             location_ids=["stadskantoor", "glanerbrug"]),
    _product("move", "Verhuizing doorgeven", "Report a move", fees=[], location_ids=["glanerbrug"], max_persons=4),
]  # fmt: skip

_HOURS = [{"weekday": day, "opens": "08:30", "closes": "17:00"} for day in range(5)]


def _location(key: str, name: str, street: str, postal_code: str) -> dict[str, Any]:
    return {
        "location_id": key, "name": name, "street": street, "postal_code": postal_code, "city": "Enschede",
        "time_zone": "Europe/Amsterdam", "phone": "14 053",
        "directions": texts("Vijf minuten lopen vanaf het station.", "Five minutes on foot from the station."),
        "opening_hours": _HOURS,
    }  # fmt: skip


LOCATIONS = [
    _location("stadskantoor", "Stadskantoor", "Hengelosestraat 51", "7514 AD"),
    _location("glanerbrug", "Servicepunt Glanerbrug", "Gronausestraat 1189", "7534 AJ"),
]


def _told(name: str, reply: dict[str, Any]) -> dict[str, Any]:
    """Return what the contract of a reply lets through, as the edge of the real service does."""
    _request, contract = CONTRACTS[name]
    load(contract, reply)
    return {key: value for key, value in reply.items() if key in contract().fields}


class AppointmentsDouble(DrawsDouble):
    """The double. `down`, `slow` and `busy` make it unavailable; `taken` are starts that somebody else has."""

    connected = True
    code_id, code = CODE_ID, CODE

    def __init__(self, clock: StillClock) -> None:
        super().__init__()
        self.clock = clock
        self.calls: list[tuple[str, dict[str, Any], str | None]] = []
        self.down = self.slow = self.busy = False
        self.full = False
        self.refuse: dict[str, str] = {}
        self.refuse_facts: dict[str, Any] = {}
        self.taken: set[datetime] = set()
        self.with_code: set[str] = set()
        self.attempts = 5
        self.holds: dict[str, dict[str, Any]] = {}
        self.pairs: dict[str, list[str]] = {}
        self.booked: dict[str, Any] | None = None
        self.answers: dict[str, dict[str, Any]] = {}
        self.listed = True
        self.wish: dict[str, Any] | None = None

    def close(self) -> None:
        """Nothing to close."""

    def called(self, method: str) -> list[dict[str, Any]]:
        """Return the requests of one method, in order."""
        return [request for name, request, _ in self.calls if name == method]

    def call(
        self,
        service: str,
        method: str,
        request: dict[str, Any],
        *,
        timeout_seconds: float = 5,
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        if self.down:
            raise Unavailable("The message broker cannot be reached.", retry_after_seconds=3)
        if self.busy:
            raise Busy(retry_after_seconds=4)
        if self.slow:
            raise TimedOut("No answer in time; ask again with the same Idempotency-Key.")
        self.calls.append((method, request, idempotency_key))
        if method in self.refuse:
            raise RemoteRefusal(self.refuse[method], "Try something else.", self.refuse_facts)
        if idempotency_key in self.answers:
            return self.answers[idempotency_key]
        reply = _told(f"{service}.{method}", getattr(self, f"_{method}")(request))
        if idempotency_key:
            self.answers[idempotency_key] = reply
        return reply

    # --- the catalogue and search

    def _list_products(self, request: dict[str, Any]) -> dict[str, Any]:
        load(Nothing, request)
        return {"products": [product | {"code": product["product_id"] in self.with_code} for product in PRODUCTS]}

    def _list_locations(self, request: dict[str, Any]) -> dict[str, Any]:
        load(Nothing, request)
        return {"locations": LOCATIONS}

    def _free_days(self, request: dict[str, Any]) -> dict[str, Any]:
        load(FindFreeDays, request)
        day, days = self.clock.now().date(), []
        while day <= LAST_ON:
            if starts := self._starts(day):
                days.append({"on": day.isoformat(), "starts": len(starts)})
            day += timedelta(days=1)
        first = self._starts(date.fromisoformat(str(days[0]["on"])))[0].isoformat() if days else None
        return {"days": days, "first_free": first, "minutes": 20, "last_on": LAST_ON.isoformat()}

    def _free_times(self, request: dict[str, Any]) -> dict[str, Any]:
        asked = load(FindFreeTimes, request)
        return {"starts": [start.isoformat() for start in self._starts(asked["on"])], "minutes": 20}

    def _free_pairs(self, request: dict[str, Any]) -> dict[str, Any]:
        load(FindFreePairs, request)
        found = self._free_days(request)
        for day in found["days"]:
            ready_on = (date.fromisoformat(day["on"]) + COLLECTED_AFTER).isoformat()
            day |= {"collect_from_on": ready_on, "collect_until_on": LAST_ON.isoformat(), "collection_days": []}
        return found

    def _collection_days(self, request: dict[str, Any]) -> dict[str, Any]:
        asked = load(FindCollectionDays, request)
        ready_on = (asked["requested_on"] + COLLECTED_AFTER).isoformat()
        found = self._free_days({key: request[key] for key in ("location_id", "products")})
        days = [day for day in found["days"] if day["on"] >= ready_on]
        first = self._starts(date.fromisoformat(days[0]["on"]))[0].isoformat() if days else None
        products = [{"product_id": "collect", "persons": part.get("persons", 1)} for part in request["products"]]
        return found | {"days": days, "from_on": ready_on, "products": products, "first_free": first}

    def _starts(self, day: date) -> list[datetime]:
        """Weekdays but none in the first ten days, busier on Wednesdays, nothing around Christmas and in January."""
        closed = day.weekday() > 4 or day < self.clock.now().date() + timedelta(days=10)
        if self.full or closed or date(2026, 12, 24) <= day < date(2027, 2, 1):
            return []
        first = datetime.combine(day, time(9), HOME)
        count = 2 if day.weekday() == 2 else 11 if day.weekday() == 3 else 20
        starts = [(first + timedelta(minutes=20 * number)).astimezone(UTC) for number in range(count)]
        held = {hold["starts_at"] for hold in self.holds.values() if hold["state"] == "held"}
        return [start for start in starts if start not in self.taken and start.isoformat() not in held]

    # --- holds

    def _hold_slot(self, request: dict[str, Any]) -> dict[str, Any]:
        asked = load(HoldSlot, request)
        start: datetime = asked["starts_at"].astimezone(UTC)
        free = self._starts(start.astimezone(HOME).date())
        if start not in free:
            raise RemoteRefusal(
                "slot-taken", "Choose one of the alternatives.",
                {"alternatives": [other.isoformat() for other in free[:3]]},
            )  # fmt: skip
        hold_id = str(UUID(int=0x4000_8000_0000_0000_0000 + 1000 + len(self.holds)))
        self.holds[hold_id] = {
            "hold_id": hold_id,
            "state": "held",
            "location_id": asked["location_id"],
            "products": asked["products"],
            "starts_at": start.isoformat(),
            "ends_at": (start + timedelta(minutes=20)).isoformat(),
            "expires_at": (self.clock.now() + timedelta(minutes=10)).isoformat(),
            "extendable": True,
        }
        return self.holds[hold_id] | {"secret": SECRET}

    def _held(self, request: dict[str, Any]) -> dict[str, Any]:
        hold = self.holds.get(request["hold_id"])
        if hold is None or request["secret"] != SECRET:
            raise RemoteRefusal("hold-unknown", "Choose a time again.", {})
        if datetime.fromisoformat(hold["expires_at"]) <= self.clock.now():
            raise RemoteRefusal("hold-expired", "Choose a time again.", {})
        return hold

    def _extend_hold(self, request: dict[str, Any]) -> dict[str, Any]:
        load(HoldRef, request)
        hold = self._held(request)
        if not hold["extendable"]:
            raise RemoteRefusal("hold-not-extendable", "Confirm before it ends.", {})
        later = datetime.fromisoformat(hold["expires_at"]) + timedelta(minutes=10)
        hold |= {"extendable": False, "expires_at": later.isoformat()}
        return hold

    def _release_hold(self, request: dict[str, Any]) -> dict[str, Any]:
        load(HoldRef, request)
        self.holds[request["hold_id"]]["state"] = "released"
        return {}

    def _request_code(self, request: dict[str, Any]) -> dict[str, Any]:
        load(RequestCode, request)
        return {"code_id": CODE_ID, "expires_at": (self.clock.now() + timedelta(minutes=15)).isoformat()}

    def _check_code(self, request: dict[str, Any]) -> dict[str, Any]:
        asked = load(CheckCode, request)
        if (str(asked["code_id"]), asked["code"]) == (CODE_ID, CODE) and self.attempts:
            return {"passed": True, "attempts_left": 0}
        self.attempts = max(0, self.attempts - 1)
        return {"passed": False, "attempts_left": self.attempts}

    def _hold_pair(self, request: dict[str, Any]) -> dict[str, Any]:
        asked = load(HoldPair, request)
        wish = {"location_id": asked["location_id"], "channel": "web"}
        times = (("request", asked["starts_at"]), ("collection", asked["collection_starts_at"]))
        for part, start in times:
            free = self._starts(start.astimezone(HOME).date())
            if start not in free:
                others = [other.isoformat() for other in free[:3]]
                raise RemoteRefusal("slot-taken", "", {"visit": part, "alternatives": others})
        held = {
            part: self._hold_slot(wish | {"products": request["products"], "starts_at": start.isoformat()})
            for part, start in times
        }
        journey_id = str(UUID(int=0x4000_8000_0000_0000_0000 + 9000 + len(self.pairs)))
        self.pairs[journey_id] = [hold["hold_id"] for hold in held.values()]
        return self._pair_of(journey_id) | {"secret": SECRET}

    def _pair_of(self, journey_id: str) -> dict[str, Any]:
        request, collection = (self.holds[hold_id] for hold_id in self.pairs[journey_id])
        return {"journey_id": journey_id, "request": request, "collection": collection}

    def _held_pair(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            self._held({"hold_id": hold_id, "secret": asked["secret"]}) for hold_id in self.pairs[asked["journey_id"]]
        ]

    def _extend_pair(self, request: dict[str, Any]) -> dict[str, Any]:
        load(PairRef, request)
        for hold in self._held_pair(request):
            self._extend_hold({"hold_id": hold["hold_id"], "secret": SECRET})
        return self._pair_of(request["journey_id"])

    def _release_pair(self, request: dict[str, Any]) -> dict[str, Any]:
        load(PairRef, request)
        for hold_id in self.pairs[request["journey_id"]]:
            self.holds[hold_id]["state"] = "released"
        return {}

    def _confirm_pair(self, request: dict[str, Any]) -> dict[str, Any]:
        load(ConfirmPair, request)
        held = self._held_pair(request)
        person = {key: value for key, value in request.items() if key != "journey_id"}
        other = self._confirm_hold(person | {"hold_id": held[1]["hold_id"]})
        other |= {"reference": COLLECTION_REFERENCE, "part": "collection"}
        booked = self._confirm_hold(person | {"hold_id": held[0]["hold_id"]})
        assert self.booked is not None
        self.booked["other_visit"] = other
        return {"journey_id": request["journey_id"], "request": booked, "collection": other}

    # --- appointments

    def _confirm_hold(self, request: dict[str, Any]) -> dict[str, Any]:
        asked = load(ConfirmHold, request)
        hold = self._held(request)
        hold["state"] = "booked"
        self.booked = {
            "appointment_id": hold["hold_id"], "reference": REFERENCE, "state": "booked", "version": 1,
            "sequence": 0, "location_id": hold["location_id"], "products": hold["products"],
            "starts_at": hold["starts_at"], "ends_at": hold["ends_at"], "changeable": True,
            "name": asked["name"], "email": asked["email"], "phone": asked["phone"],
            "language": asked["language"], "time_zone": asked["time_zone"],
            "birth_on": asked["birth_on"] and asked["birth_on"].isoformat(),
            "booked_at": self.clock.now().isoformat(),
        }  # fmt: skip
        return self.booked | {"secret": SECRET}

    def _found(self, request: dict[str, Any]) -> dict[str, Any]:
        booked = self.booked
        if booked is None or request["secret"] != SECRET or request["reference"].replace("-", "") != REFERENCE:
            raise RemoteRefusal("appointment-unknown", "Ask for the link again.", {})
        return booked

    def _appointment(self, request: dict[str, Any]) -> dict[str, Any]:
        load(AppointmentRef, request)
        return self._found(request)

    def _move_appointment(self, request: dict[str, Any]) -> dict[str, Any]:
        asked = load(MoveAppointment, request)
        booked = self._found(request)
        start: datetime = asked["starts_at"].astimezone(UTC)
        if start not in self._starts(start.astimezone(HOME).date()):
            free = self._starts(start.astimezone(HOME).date())
            raise RemoteRefusal("slot-taken", "", {"alternatives": [other.isoformat() for other in free[:3]]})
        booked |= {
            "starts_at": start.isoformat(),
            "ends_at": (start + timedelta(minutes=20)).isoformat(),
            "location_id": asked["location_id"] or booked["location_id"],
            "version": booked["version"] + 1,
            "sequence": booked["sequence"] + 1,
        }
        return booked

    def _cancel_appointment(self, request: dict[str, Any]) -> dict[str, Any]:
        load(CancelAppointment, request)
        booked = self._found(request)
        booked |= {"state": "cancelled", "changeable": False}
        other = booked.pop("other_visit", None)
        return booked | ({"also_cancelled": other["reference"]} if other else {})

    # --- whether somebody still comes

    def _reconfirm_appointment(self, request: dict[str, Any]) -> dict[str, Any]:
        load(ReconfirmAppointment, request)
        booked = self._found(request)
        if booked["state"] != "booked":
            raise RemoteRefusal("appointment-over", "Make a new appointment.", {})
        if booked.get("question") is None:
            raise RemoteRefusal("not-asked", "You need not confirm this appointment.", {})
        booked |= {"question": None, "version": booked["version"] + 1}
        return booked

    def _note_seen(self, request: dict[str, Any]) -> dict[str, Any]:
        load(AppointmentRef, request)
        booked = self._found(request)
        if booked.get("question"):
            booked["question"] |= {"seen": True}
        return {}

    # --- the waiting list

    def _waiting_list(self, request: dict[str, Any]) -> dict[str, Any]:
        load(AppointmentRef, request)
        booked = self._found(request)
        latest = datetime.fromisoformat(booked["starts_at"]) - timedelta(days=3)
        return {
            "possible": self.listed and booked["changeable"],
            "location_ids": ["stadskantoor", "glanerbrug"],
            "latest_at": latest.isoformat(),
            "wish": self.wish,
        }

    def _join_waiting_list(self, request: dict[str, Any]) -> dict[str, Any]:
        asked = load(JoinWaitingList, request)
        latest = self._waiting_list({"reference": asked["reference"], "secret": asked["secret"]})["latest_at"]
        if asked["earliest_on"] > datetime.fromisoformat(latest).date():
            raise RemoteRefusal("wish-impossible", "Wish an earlier day.", {})
        self.wish = {
            "state": "waiting",
            "location_ids": asked["location_ids"],
            "earliest_on": asked["earliest_on"].isoformat(),
            "latest_at": latest,
            "weekdays": asked["weekdays"],
            "parts_of_day": asked["parts_of_day"],
            "notice_minutes": asked["notice_minutes"],
            "offer": None,
        }
        return self._waiting_list({"reference": asked["reference"], "secret": asked["secret"]})

    def _leave_waiting_list(self, request: dict[str, Any]) -> dict[str, Any]:
        load(AppointmentRef, request)
        self.wish = None
        return {}

    def offers(self, starts_at: datetime) -> None:
        """Offer an earlier time to who waits."""
        assert self.wish is not None
        self.wish |= {
            "state": "offered",
            "offer": {
                "offer_id": str(UUID(int=0x4000_8000_0000_0000_0000 + 77)),
                "location_id": "glanerbrug",
                "starts_at": starts_at.isoformat(),
                "ends_at": (starts_at + timedelta(minutes=20)).isoformat(),
                "expires_at": (self.clock.now() + timedelta(hours=4)).isoformat(),
            },
        }

    def _answer_offer(self, request: dict[str, Any]) -> dict[str, Any]:
        asked = load(AnswerOffer, request)
        booked = self._found(request)
        offer = self.wish and self.wish["offer"]
        if not offer or str(asked["offer_id"]) != offer["offer_id"]:
            raise RemoteRefusal("offer-over", "Keep the appointment as it is.", {})
        if asked["answer"] == "accept":
            booked |= {key: offer[key] for key in ("starts_at", "ends_at", "location_id")}
            self.wish = None
        else:
            assert self.wish is not None
            self.wish |= {"state": "waiting", "offer": None}
        return booked

    def _answer_affected(self, request: dict[str, Any]) -> dict[str, Any]:
        asked = load(AnswerAffected, request)
        booked = self._found(request)
        if asked["accept"]:
            booked["starts_at"] = booked["affected"]["proposed_starts_at"]
            booked["affected"] = None
        else:
            booked["affected"] = {"proposed_starts_at": None, "answer_by": None}
        return booked

    def _send_link(self, request: dict[str, Any]) -> dict[str, Any]:
        load(SendLink, request)
        return {}
