"""A person as the BRP knows him, as far as the civil registry needs it. Dates may be known in part only."""

from marshmallow import fields, validate

from services.contracts.base import Reply
from services.contracts.civil_registry.base import Asked, sealed_bsn

PURPOSES = ("prefill", "review", "deed", "extract", "counter")
"""Why a person is looked at; part of the log of looks (*logboek dataverwerkingen*)."""


class PartialDate(Reply):
    """A date of which day, or day and month, or all may be unknown (then None)."""

    year = fields.Integer(required=True, allow_none=True)
    month = fields.Integer(required=True, allow_none=True)
    day = fields.Integer(required=True, allow_none=True)


class PersonName(Reply):
    """First names, prefix (*voorvoegsel*) and surname."""

    first_names = fields.String(required=True)
    prefix = fields.String(required=True)
    surname = fields.String(required=True)


class Relative(Reply):
    """A partner, parent or child as recorded with a person."""

    bsn = sealed_bsn(required=False)
    name = fields.Nested(PersonName, required=True)
    born = fields.Nested(PartialDate, required=True)
    born_place = fields.String(required=True)
    bond = fields.String(required=True)
    """For partners `marriage` or `partnership`, else empty."""
    since_on = fields.Nested(PartialDate, required=True, allow_none=True)
    ended_on = fields.Nested(PartialDate, required=True, allow_none=True)


class Person(Reply):
    """One person. `suspended`: None, `deceased`, `emigrated` or `other` (*opschorting bijhouding*)."""

    bsn = sealed_bsn()
    name = fields.Nested(PersonName, required=True)
    sex = fields.String(required=True)
    born = fields.Nested(PartialDate, required=True)
    born_place = fields.String(required=True)
    born_country = fields.String(required=True)
    nationalities = fields.List(fields.String(), required=True)
    """Codes of national table 32; 0001 is Dutch."""
    residence_title = fields.String(required=True)
    municipality = fields.String(required=True)
    """Code of the municipality of registration; 1999 is the register of non-residents (RNI)."""
    address = fields.String(required=True)
    """On one line, as it is written on letters; empty when unknown."""
    partners = fields.List(fields.Nested(Relative), required=True)
    parents = fields.List(fields.Nested(Relative), required=True)
    children = fields.List(fields.Nested(Relative), required=True)
    suspended = fields.String(required=True, allow_none=True)
    suspended_on = fields.Nested(PartialDate, required=True, allow_none=True)
    secret = fields.Boolean(required=True)
    """Asked that nothing be told to third parties (*geheimhouding*)."""
    guardianship = fields.Boolean(required=True)
    """Stands in the register of guardianship (*curatele*)."""
    under_investigation = fields.Boolean(load_default=False)
    """Whether some of it is true is being investigated (*in onderzoek*): ask, before you rely on it."""


class LookUpPerson(Asked):
    """Who has this BSN? Residents may ask for themselves only; the look is logged before anything comes back."""

    bsn = sealed_bsn()
    purpose = fields.String(required=True, validate=validate.OneOf(PURPOSES))


class PersonFound(Reply):
    """The person, or None when the BRP knows nobody with this number."""

    person = fields.Nested(Person, required=True, allow_none=True)
