"""The published document of a draw: everything that anybody needs to do the draw again, and nothing about people.

It has one way of being written (JSON, keys sorted, no spaces, ASCII) and carries the SHA-256 of what it says, so that
every change of one byte is found: by the way it is written, by the digest, or because the draw comes out otherwise.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from services.appointments.domain.draw_rules import Batch
from services.appointments.domain.drawing import (
    ALGORITHM,
    Limit,
    Outcome,
    Place,
    Places,
    Request,
    Room,
    commitment_of,
    draw,
    in_order,
)
from services.appointments.domain.draws import Draw, DrawState
from services.appointments.domain.ticks import TICK_MINUTES, TICKS, mask, tick_of, to_text
from services.appointments.domain.visit import Size

_HOUR_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Held:
    """A draw that was held."""

    draw: Draw
    held_at: datetime
    places: Places
    outcomes: tuple[Outcome, ...]


def write(held: Held) -> tuple[str, str]:
    """Return the document of a draw, and the digest that it carries."""
    said = _said(held)
    digest = _digest(said)
    return _canonical({"digest": digest, "draw": said}), digest


def promise(promised: Draw) -> str:
    """Return what is published of a draw before it is held: when it will be, and the hash of its key."""
    return _canonical({"draw": _said_before(promised)})


def faults(document: bytes) -> list[str]:
    """Return what is wrong with a published document; nothing when it is exactly what the draw gives."""
    try:
        content = json.loads(document)
        if _canonical(content).encode() != document:
            return ["It is not written as it was published: something was added, removed or laid out anew."]
        said, digest = content["draw"], content["digest"]
        if set(content) != {"draw", "digest"} or _digest(said) != digest:
            return ["The digest does not belong to what the document says: something was changed."]
        held = _read(said)
        if _canonical(_said(held)) != _canonical(said):
            return ["It says more or other things than a draw has to say."]
        return _broken_promises(held)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, RecursionError):
        return ["It is not the document of a draw."]


def _broken_promises(held: Held) -> list[str]:
    found = []
    requests = [outcome.request for outcome in held.outcomes]
    key = held.draw.key
    if commitment_of(key) != held.draw.commitment:
        found.append("The key is not the one that was promised before requests opened.")
    if len({request.number for request in requests}) != len(requests):
        found.append("A request stands there twice.")
    if in_order(key, requests) != requests:
        found.append("The order is not that of the key.")
    for said, right in zip(held.outcomes, draw(key, requests, held.places), strict=True):
        if said != right:
            found.append(f"Request {said.request.number} should have got {_in_words(right.place)}.")
    return found


def _in_words(place: Place | None) -> str:
    return f"{place.on} at {_clock(place.first_tick)}, {place.counter}" if place else "no place"


# --- writing


def _canonical(content: Any) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _digest(said: Any) -> str:
    return hashlib.sha256(_canonical(said).encode()).hexdigest()


def _said_before(promised: Draw) -> dict[str, Any]:
    batch = promised.batch
    return {
        "algorithm": ALGORITHM,
        "drawId": str(promised.id),
        "productId": promised.product_id,
        "firstDate": batch.first_on.isoformat(),
        "lastDate": batch.last_on.isoformat(),
        "weekdays": sorted(batch.weekdays),
        "opensAt": _instant(batch.opens_at),
        "closesAt": _instant(batch.closes_at),
        "drawsAt": _instant(batch.draws_at),
        "commitment": promised.commitment,
        "mostPlaces": batch.most_places,
    }


def _said(held: Held) -> dict[str, Any]:
    places = held.places
    return _said_before(held.draw) | {
        "heldAt": _instant(held.held_at),
        "key": held.draw.key.hex(),
        "minutes": {
            str(persons): [ticks * TICK_MINUTES for ticks in (size.setup_ticks, size.visit_ticks, size.wrap_ticks)]
            for persons, size in places.sizes.items()
        },
        "locations": [
            {"locationId": location_id, "shortestMinutes": ticks * TICK_MINUTES}
            for location_id, ticks in places.shortest.items()
        ],
        "places": [
            {
                "locationId": room.location_id,
                "date": room.on.isoformat(),
                "counter": room.counter,
                "free": [[_clock(first), _clock(until)] for first, until in _spans(room.free)],
            }
            for room in places.rooms
        ],
        "limits": [
            {
                "quotaId": limit.quota_id,
                "locationId": limit.location_id,
                "date": limit.on.isoformat(),
                "minutes": limit.ticks * TICK_MINUTES,
            }
            for limit in places.limits
        ],
        "requests": [_said_of(outcome, places.sizes) for outcome in held.outcomes],
    }


def _said_of(outcome: Outcome, sizes: Mapping[int, Size]) -> dict[str, Any]:
    request, place = outcome.request, outcome.place
    return {
        "number": request.number,
        "persons": request.persons,
        "locationIds": sorted(request.location_ids),
        "weekdays": sorted(request.weekdays),
        "partsOfDay": sorted(request.parts_of_day),
        "quotaIds": list(request.quota_ids),
        "place": None
        if place is None
        else {
            "locationId": place.location_id,
            "date": place.on.isoformat(),
            "counter": place.counter,
            "starts": _clock(place.first_tick + sizes[request.persons].setup_ticks),
        },
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _clock(tick: int) -> str:
    minutes = tick * TICK_MINUTES
    return f"{minutes // _HOUR_MINUTES:02d}:{minutes % _HOUR_MINUTES:02d}"


def _spans(bits: int) -> list[tuple[int, int]]:
    """Return the runs of which bits consist, as half-open pairs of ticks."""
    found, first = [], None
    for tick, bit in enumerate(to_text(bits) + "0"):
        if bit == "1" and first is None:
            first = tick
        elif bit == "0" and first is not None:
            found.append((first, tick))
            first = None
    return found


# --- reading


def _read(said: Mapping[str, Any]) -> Held:
    """Return what a document says.

    Raises: KeyError, ValueError, TypeError, AttributeError, IndexError (it is no document of a draw).
    """
    if said["algorithm"] != ALGORITHM:
        raise ValueError("another algorithm")
    sizes = {int(persons): _size(minutes) for persons, minutes in said["minutes"].items()}
    places = Places(
        rooms=tuple(
            Room(entry["locationId"], date.fromisoformat(entry["date"]), entry["counter"], _bits(entry["free"]))
            for entry in said["places"]
        ),
        limits=tuple(
            Limit(
                entry["quotaId"],
                entry["locationId"],
                date.fromisoformat(entry["date"]),
                entry["minutes"] // TICK_MINUTES,
            )
            for entry in said["limits"]
        ),
        shortest={entry["locationId"]: entry["shortestMinutes"] // TICK_MINUTES for entry in said["locations"]},
        sizes=sizes,
        most=said["mostPlaces"],
    )
    return Held(
        draw=Draw(
            id=UUID(said["drawId"]),
            product_id=said["productId"],
            batch=Batch(
                first_on=date.fromisoformat(said["firstDate"]),
                last_on=date.fromisoformat(said["lastDate"]),
                weekdays=frozenset(said["weekdays"]),
                opens_at=datetime.fromisoformat(said["opensAt"]),
                closes_at=datetime.fromisoformat(said["closesAt"]),
                draws_at=datetime.fromisoformat(said["drawsAt"]),
                most_places=said["mostPlaces"],
            ),
            key=bytes.fromhex(said["key"]),
            commitment=said["commitment"],
            state=DrawState.DRAWN,
        ),
        held_at=datetime.fromisoformat(said["heldAt"]),
        places=places,
        outcomes=tuple(_outcome(entry, sizes) for entry in said["requests"]),
    )


def _outcome(entry: Mapping[str, Any], sizes: Mapping[int, Size]) -> Outcome:
    request = Request(
        number=entry["number"],
        persons=entry["persons"],
        location_ids=frozenset(entry["locationIds"]),
        weekdays=frozenset(entry["weekdays"]),
        parts_of_day=frozenset(entry["partsOfDay"]),
        quota_ids=tuple(entry["quotaIds"]),
    )
    if entry["place"] is None:
        return Outcome(request, None)
    place = entry["place"]
    starts = tick_of(time.fromisoformat(place["starts"]))
    first_tick = starts - sizes[request.persons].setup_ticks
    return Outcome(request, Place(place["locationId"], date.fromisoformat(place["date"]), place["counter"], first_tick))


def _size(minutes: Sequence[int]) -> Size:
    before, visit, after = (part // TICK_MINUTES for part in minutes)
    return Size(before, visit, after)


def _bits(spans: Iterable[Sequence[str]]) -> int:
    bits = 0
    for start, end in spans:
        first, until = tick_of(time.fromisoformat(start)), TICKS if end == "24:00" else tick_of(time.fromisoformat(end))
        bits |= mask(first, until - first)
    return bits
