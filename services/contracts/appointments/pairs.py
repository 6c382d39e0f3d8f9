"""Two visits at once: one to request documents, one to collect them. Kept together and booked together."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields, validate

from services.contracts.appointments.base import EXAMPLE_START, Visit, WantedProduct
from services.contracts.appointments.holds import ByStaff, Hold, Told
from services.contracts.appointments.search import FindFreeDays, FreeDay, FreeDays
from services.contracts.appointments.visits import Appointment
from services.contracts.base import CHANNELS, Reply, Request


class FindFreePairs(FindFreeDays):
    """On which days can this visit be made so that there is also room to collect afterwards?"""


class PairDay(FreeDay):
    """A day for the request, and from when its documents may be collected: the rule, and the first days with room."""

    collect_from_on = fields.Date(required=True)
    collect_until_on = fields.Date(required=True)
    collection_days = fields.List(fields.Nested(FreeDay), required=True)


class FreePairs(FreeDays):
    """Days for the request that leave room to collect; `first_free` is the first of such requests."""

    days = fields.List(fields.Nested(PairDay), required=True)


class FindCollectionDays(Visit):
    """When can be collected what is requested on this day? `location_id` and `products` are those of the request."""

    requested_on = fields.Date(required=True)


class CollectionDays(FreeDays):
    """Days with room to collect; `products` is what that visit is called. Between `from_on` and `last_on`."""

    from_on = fields.Date(required=True)
    products = fields.List(fields.Nested(WantedProduct), required=True)


class HoldPair(Visit):
    """Keep a time to request and a time to collect for ten minutes, or neither."""

    starts_at = fields.AwareDateTime(required=True)
    collection_starts_at = fields.AwareDateTime(required=True)
    channel = fields.String(load_default="web", validate=validate.OneOf(CHANNELS))
    example: ClassVar[Mapping[str, Any]] = {
        "location_id": "stadskantoor",
        "products": [{"product_id": "passport-abroad", "persons": 2}],
        "starts_at": EXAMPLE_START,
        "collection_starts_at": "2026-12-10T08:20:00+00:00",
        "channel": "web",
    }


class PairRef(Request):
    """A pair of holds and the secret that came with it."""

    journey_id = fields.UUID(required=True)
    secret = fields.String(required=True, validate=validate.Length(min=1, max=64))


class Pair(Reply):
    """Two held times that are confirmed, made longer and given back together."""

    journey_id = fields.UUID(required=True)
    secret = fields.String()
    request = fields.Nested(Hold, required=True)
    collection = fields.Nested(Hold, required=True)


class ConfirmPair(Told, ByStaff, PairRef):
    """Turn a pair of holds into two appointments of one person."""


class BookedPair(Reply):
    """Two appointments, each with its own reference and secret."""

    journey_id = fields.UUID(required=True)
    request = fields.Nested(Appointment, required=True)
    collection = fields.Nested(Appointment, required=True)
