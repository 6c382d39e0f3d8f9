"""What parents ask while they declare a birth: where children are born here, and how the deed will read."""

from marshmallow import fields, validate

from services.contracts.base import Reply
from services.contracts.civil_registry.base import Asked
from services.contracts.civil_registry.birth import SURNAME_CHOICES
from services.contracts.civil_registry.persons import Person
from services.contracts.civil_registry.records import Obstacle


class BirthPlaces(Reply):
    """Where births are declared here, and where most children are born."""

    municipality = fields.String(required=True)
    """The town's code; only who was born there is declared there."""
    town = fields.String(required=True)
    places = fields.List(fields.String(), required=True)


class PreviewBirth(Asked):
    """How the birth deed will read, from what was declared so far and from what the BRP says of both parents."""

    record_id = fields.UUID(required=True)


class Parents(Reply):
    """Both parents, as far as who asks may see them; None: nobody was named, or it is not the asker's to see."""

    mother = fields.Nested(Person, required=True, allow_none=True)
    other_parent = fields.Nested(Person, required=True, allow_none=True)


class SurnameOption(Reply):
    """One choice of surname. `surname`: what the child would be called, None while that cannot be said.

    `refusal`: the code of why the law does not leave this choice, None when it does.
    """

    choice = fields.String(required=True, validate=validate.OneOf(SURNAME_CHOICES))
    surname = fields.String(required=True, allow_none=True)
    refusal = fields.String(required=True, allow_none=True)


class Problem(Reply):
    """What the registry would refuse, with the code and the facts of that refusal."""

    code = fields.String(required=True)
    facts = fields.Dict(required=True)


class BirthDeedLine(Reply):
    """One line of a deed; `key` names it for those who translate it."""

    key = fields.String(required=True)
    label = fields.String(required=True)
    value = fields.String(required=True)


class BirthDeedSection(Reply):
    """Lines that belong together."""

    heading = fields.String(required=True)
    lines = fields.List(fields.Nested(BirthDeedLine), required=True)


class BirthPreview(Reply):
    """What is known of the birth, and how the deed will read. `brp` False: the BRP is away, the rest is as declared."""

    brp = fields.Boolean(required=True)
    parents = fields.Nested(Parents, required=True)
    hidden = fields.List(fields.String(), required=True)
    """The roles of those whom the BRP knows, but whose data are not the asker's to see: they are `[…]` in the text."""
    surnames = fields.List(fields.Nested(SurnameOption), required=True)
    surname = fields.String(required=True, allow_none=True)
    surname_to_verify = fields.Boolean(required=True)
    """The surname should be that of the first child, whom the BRP does not show: an officer looks."""
    sections = fields.List(fields.Nested(BirthDeedSection), required=True)
    """In Dutch, without what only the officer adds; empty while something is missing."""
    obstacles = fields.List(fields.Nested(Obstacle), required=True)
    problems = fields.List(fields.Nested(Problem), required=True)
    noticed = fields.Boolean(required=True)
    """A doctor or midwife has confirmed this birth already."""
