"""What a birth declaration (*geboorteaangifte*) says. Source: BW 1:19e lid 9-11, 1:5; BBS art. 36, 43."""

from marshmallow import fields, validate

from services.contracts.base import Request
from services.contracts.civil_registry.base import ContactData, LocalTime, sealed_bsn

DECLARANTS = ("mother", "father", "other-mother")
SEXES = ("female", "male", "undetermined")
ACKNOWLEDGEMENTS = ("not-needed", "done", "to-do")
SURNAME_CHOICES = ("mother", "other-parent", "mother-then-other", "other-then-mother")


class BirthAnswers(Request):
    """What decides whether the birth can be declared online; each condition is a switch of the town."""

    alive = fields.Boolean(required=True)
    professional_present = fields.Boolean(required=True)
    """A doctor or midwife was there."""
    acknowledgement = fields.String(required=True, validate=validate.OneOf(ACKNOWLEDGEMENTS))
    """Whether the second parent has still to acknowledge the child (*erkenning*)."""
    first_child = fields.Boolean(required=True)
    """The first child of these two parents together: a surname is chosen with the first child only."""
    name_choice = fields.String(required=True, validate=validate.OneOf(("none", "deed", "wanted")))
    """No choice of surname, a choice laid down in an earlier deed (*akte van naamskeuze*), or one still to be made."""
    foreign_name_law = fields.Boolean(required=True)
    born_on = fields.Date(load_default=None, allow_none=True)
    """The day of birth as it was answered first, until the child's own part says it."""
    place = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=120))
    """Where the other child of this birth was born, until the child's own part says it."""


class Child(Request):
    """Who was born. All official first names, in order; none means that the officer gives one."""

    first_names = fields.String(required=True, validate=validate.Length(max=200))
    sex = fields.String(required=True, validate=validate.OneOf(SEXES))
    born_on = fields.Date(required=True)
    born_time = LocalTime(required=True)
    municipality = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{4}\Z"))
    """The code of the municipality of birth; 0153 is Enschede."""
    place = fields.String(required=True, validate=validate.Length(min=1, max=120))
    """The hospital, or street and number."""


class Parent(Request):
    """A parent, known by the BSN; names and addresses come from the BRP."""

    bsn = sealed_bsn()


class Surname(Request):
    """Which surname the child gets. Source: BW 1:5; combined surname since 1 January 2024."""

    choice = fields.String(required=True, validate=validate.OneOf(SURNAME_CHOICES))
    name_choice_deed = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=20))


class BirthContent(Request):
    """A birth declaration as it is submitted; each part may come by itself while it is a draft."""

    declarant = fields.String(required=True, validate=validate.OneOf(DECLARANTS))
    answers = fields.Nested(BirthAnswers, required=True)
    child = fields.Nested(Child, required=True)
    mother = fields.Nested(Parent, required=True)
    other_parent = fields.Nested(Parent, load_default=None, allow_none=True)
    surname = fields.Nested(Surname, required=True)
    contact = fields.Nested(ContactData, required=True)
    confirmed = fields.Boolean(required=True, validate=validate.Equal(True))
    """The declarant saw everything as it will stand on the deed, and says that it is right."""


class BirthNotice(Request):
    """What the doctor or midwife confirms (*geboortebericht*). Source: BW 1:19e lid 10-11; BBS art. 27."""

    mother_bsn = sealed_bsn()
    sex = fields.String(required=True, validate=validate.OneOf(SEXES))
    born_on = fields.Date(required=True)
    born_time = LocalTime(required=True)
    municipality = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{4}\Z"))
    place = fields.String(required=True, validate=validate.Length(min=1, max=120))
    present = fields.Boolean(required=True)
    signed_by = fields.String(required=True, validate=validate.Length(min=1, max=120))
    profession = fields.String(required=True, validate=validate.OneOf(("doctor", "midwife")))
    phone = fields.String(required=True, validate=validate.Length(min=4, max=30))
