"""What is on offer."""

from marshmallow import fields, validate

from services.contracts.base import Reply, Texts, slug


class Fee(Reply):
    """What a product costs for one person; in force on the day of asking."""

    applies_to = fields.String(required=True, validate=validate.OneOf(("everyone", "adult", "child")))
    cents = fields.Integer(required=True, strict=True)


class CollectionRule(Reply):
    """What is collected in a second visit, from so many working days after the first and within so many days."""

    product_id = slug()
    after_working_days = fields.Integer(required=True)
    within_days = fields.Integer(required=True)


class Product(Reply):
    """Something that a resident can come for."""

    product_id = slug()
    names = fields.Nested(Texts, required=True)
    summary = fields.Nested(Texts, required=True)
    bring = fields.List(fields.Nested(Texts), required=True)
    minutes = fields.Integer(required=True)
    extra_minutes_per_person = fields.Integer(required=True)
    max_persons = fields.Integer(required=True)
    fees = fields.List(fields.Nested(Fee), required=True)
    channels = fields.List(fields.String(), required=True)
    audience = fields.String(required=True, validate=validate.OneOf(("resident", "abroad")))
    location_ids = fields.List(fields.String(), required=True)
    scarce = fields.Boolean(load_default=False)
    """More people want it than there are places: a hold of it may ask for more than others do."""
    code = fields.Boolean(load_default=False)
    """A hold asks for a code that was mailed."""
    most_live = fields.Integer(load_default=None, allow_none=True)
    """How many coming visits may be booked with one e-mail address or phone number; none: any number."""
    bound = fields.Boolean(load_default=False)
    """The visit belongs to one person: who books gives name and birth date, and has no second such visit."""
    drawn = fields.Boolean(load_default=False)
    """Some of its days are given out by lot: see the list of draws."""
    collection = fields.Nested(CollectionRule, allow_none=True)
    wait_norm_days = fields.Integer(allow_none=True)


class ProductList(Reply):
    """All products on offer today, in the order in which residents should see them."""

    products = fields.List(fields.Nested(Product), required=True)


class OpeningHours(Reply):
    """Opening hours of one weekday (0 = Monday), wall-clock `HH:MM`; closing is exclusive."""

    weekday = fields.Integer(required=True)
    opens = fields.String(required=True)
    closes = fields.String(required=True)


class Location(Reply):
    """A place with counters."""

    location_id = slug()
    name = fields.String(required=True)
    street = fields.String(required=True)
    postal_code = fields.String(required=True)
    city = fields.String(required=True)
    time_zone = fields.String(required=True)
    phone = fields.String(required=True)
    directions = fields.Nested(Texts, required=True)
    opening_hours = fields.List(fields.Nested(OpeningHours), required=True)


class LocationList(Reply):
    """All locations."""

    locations = fields.List(fields.Nested(Location), required=True)
