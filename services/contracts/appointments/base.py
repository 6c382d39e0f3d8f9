"""What several contracts of appointments share."""

from marshmallow import fields, validate

from services.contracts.base import Request, slug

MAX_PERSONS = 8
MAX_PRODUCTS = 5

EXAMPLE_ID = "0b8f3f0e-7a54-4e0c-9a3e-0d5b3f6f5c11"
EXAMPLE_START = "2026-12-03T08:20:00+00:00"


class WantedProduct(Request):
    """One product for a number of persons."""

    product_id = slug()
    persons = fields.Integer(
        load_default=1, dump_default=1, strict=True, validate=validate.Range(min=1, max=MAX_PERSONS)
    )


class Visit(Request):
    """What somebody comes for, and where."""

    location_id = slug()
    products = fields.List(
        fields.Nested(WantedProduct), required=True, validate=validate.Length(min=1, max=MAX_PRODUCTS)
    )
