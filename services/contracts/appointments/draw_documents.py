"""The document that is published of a draw. `python -m services.appointments.verify_draw FILE` does the draw again.

Times are those on the wall of the location, `HH:MM`; days are its days.
"""

from marshmallow import fields

from services.contracts.base import Reply, slug


class DrawnPlace(Reply):
    """What a request got: where, when, and at which counter."""

    location_id = slug()
    on = fields.Date(required=True)
    counter = fields.String(required=True)
    starts = fields.String(required=True)


class DrawnEntry(Reply):
    """A request: its number, what it wishes, which quotas bind it, and what it got."""

    number = fields.String(required=True)
    persons = fields.Integer(required=True)
    location_ids = fields.List(fields.String(), required=True)
    weekdays = fields.List(fields.Integer(), required=True)
    parts_of_day = fields.List(fields.String(), required=True)
    quota_ids = fields.List(fields.String(), required=True)
    place = fields.Nested(DrawnPlace, required=True, allow_none=True)


class DrawnRoom(Reply):
    """When a counter was free on a day, as pairs of times, the second one exclusive."""

    location_id = slug()
    on = fields.Date(required=True)
    counter = fields.String(required=True)
    free = fields.List(fields.List(fields.String()), required=True)


class DrawnLocation(Reply):
    """A location, in the town's order, and the shortest visit there: a shorter gap is lost."""

    location_id = slug()
    shortest_minutes = fields.Integer(required=True)


class DrawnLimit(Reply):
    """How many minutes were left of a quota on a day."""

    quota_id = fields.String(required=True)
    location_id = slug()
    on = fields.Date(required=True)
    minutes = fields.Integer(required=True)


class PublishedDraw(Reply):
    """What is promised of a draw; and from `held_at` on the key, what there was to give, and who got what.

    The commitment is the SHA-256 of the key. Requests stand in the order of HMAC-SHA256(key, number). `minutes` is how
    long a visit is, by the number of persons: before it, the visit itself, and after it.
    """

    algorithm = fields.String(required=True)
    draw_id = fields.UUID(required=True)
    product_id = slug()
    first_on = fields.Date(required=True)
    last_on = fields.Date(required=True)
    weekdays = fields.List(fields.Integer(), required=True)
    opens_at = fields.AwareDateTime(required=True)
    closes_at = fields.AwareDateTime(required=True)
    draws_at = fields.AwareDateTime(required=True)
    commitment = fields.String(required=True)
    most_places = fields.Integer(required=True, allow_none=True)
    held_at = fields.AwareDateTime()
    key = fields.String()
    minutes = fields.Dict(keys=fields.String(), values=fields.List(fields.Integer()))
    locations = fields.List(fields.Nested(DrawnLocation))
    places = fields.List(fields.Nested(DrawnRoom))
    limits = fields.List(fields.Nested(DrawnLimit))
    requests = fields.List(fields.Nested(DrawnEntry))


class DrawPublication(Reply):
    """The document. Its bytes are the same for everybody; the digest is the SHA-256 of what `draw` says."""

    draw = fields.Nested(PublishedDraw, required=True)
    digest = fields.String()
