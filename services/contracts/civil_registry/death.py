"""What a death declaration (*overlijdensaangifte*) says, and the funeral that needs a permit.

Source: BW 1:19h lid 4; Wet op de lijkbezorging art. 11-12, 16-17; BBS art. 61.
"""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.contracts.base import Request
from services.contracts.civil_registry.base import ContactData, LocalTime, sealed_bsn
from services.contracts.civil_registry.birth import SEXES, Parent

MANNERS = ("natural", "not-natural", "unclear", "euthanasia")
"""How death came, as far as it decides which paper is needed; never the cause of death."""
MARITAL_STATUSES = ("unmarried", "married", "partnership", "divorced", "partnership-ended", "widowed", "unknown")
FUNERALS = ("burial", "cremation", "science")
PLANS = ("within-term", "earlier", "later")
NO_BSN = ("visitor", "unknown", "stillborn")
"""Why the deceased's number is not given: he had none, or nobody knows it."""


class Deceased(Request):
    """Who died. Without a BSN (a visitor, a stillborn child) the names are what there is.

    `born_time` is only told of who died within a day: whether the act on funerals applies may depend on it.
    """

    bsn = sealed_bsn(required=False)
    no_bsn = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(NO_BSN))
    first_names = fields.String(required=True, validate=validate.Length(max=200))
    surname_prefix = fields.String(load_default="", validate=validate.Length(max=20))
    surname = fields.String(required=True, validate=validate.Length(min=1, max=200))
    sex = fields.String(required=True, validate=validate.OneOf(SEXES))
    born_on = fields.Date(load_default=None, allow_none=True)
    born_time = LocalTime(load_default=None, allow_none=True)
    born_place = fields.String(load_default="", validate=validate.Length(max=120))
    marital_status = fields.String(required=True, validate=validate.OneOf(MARITAL_STATUSES))
    partner_name = fields.String(load_default="", validate=validate.Length(max=200))
    last_address = fields.String(required=True, validate=validate.Length(min=1, max=200))


class Death(Request):
    """When and where. `time` is None when nobody knows it.

    `pregnancy_weeks`: how long the pregnancy was (*zwangerschapsduur*) of a child that was stillborn or lived less than
    a day. Under 24 weeks the act on funerals does not apply. Source: Wet op de lijkbezorging art. 2 lid 2.
    """

    on = fields.Date(required=True)
    time = LocalTime(load_default=None, allow_none=True)
    municipality = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{4}\Z"))
    place = fields.String(required=True, validate=validate.Length(min=1, max=120))
    manner = fields.String(required=True, validate=validate.OneOf(MANNERS))
    stillborn = fields.Boolean(load_default=False)
    minor = fields.Boolean(load_default=False)
    pregnancy_weeks = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(min=0, max=45)
    )


class Authorised(Request):
    """Who has own knowledge of the death and authorised the undertaker. Source: BW 1:19h lid 1-2."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=200))
    relation = fields.String(required=True, validate=validate.Length(min=1, max=100))
    phone = fields.String(required=True, validate=validate.Length(min=4, max=30))


class Declarant(Request):
    """Who declares (*aangever*), as he stands on the deed. Source: BBS art. 61 lid 3."""

    first_names = fields.String(required=True, validate=validate.Length(min=1, max=200))
    surname_prefix = fields.String(load_default="", validate=validate.Length(max=20))
    surname = fields.String(required=True, validate=validate.Length(min=1, max=200))
    born_on = fields.Date(required=True)
    born_place = fields.String(required=True, validate=validate.Length(min=1, max=120))


class Funeral(Request):
    """What is planned. `at` is an aware instant; `plan` says whether another term than the law's is asked for, and why.

    The place of a funeral for science is where the body is dissected (*plaats van ontleding*): the permit names it.
    """

    kind = fields.String(required=True, validate=validate.OneOf(FUNERALS))
    at = fields.AwareDateTime(load_default=None, allow_none=True)
    place = fields.String(load_default="", validate=validate.Length(max=200))
    plan = fields.String(load_default="within-term", validate=validate.OneOf(PLANS))
    reason = fields.String(load_default="", validate=validate.Length(max=500))


class DeathContent(Request):
    """A death declaration as it is submitted; each part may come by itself while it is a draft.

    `mother` and `other_parent` are those of a stillborn child: their names stand on its deed (BBS art. 66).
    """

    deceased = fields.Nested(Deceased, required=True)
    death = fields.Nested(Death, required=True)
    declarant = fields.Nested(Declarant, required=True)
    authorised = fields.Nested(Authorised, load_default=None, allow_none=True)
    funeral = fields.Nested(Funeral, required=True)
    contact = fields.Nested(ContactData, required=True)
    mother = fields.Nested(Parent, load_default=None, allow_none=True)
    other_parent = fields.Nested(Parent, load_default=None, allow_none=True)
    confirmed = fields.Boolean(required=True, validate=validate.Equal(True))

    @validates_schema
    def _a_stillborn_child_has_a_mother(self, data: dict[str, Any], **_: object) -> None:
        if data["death"]["stillborn"] and data["mother"] is None:
            raise ValidationError("Say who the mother is.", "mother")


class PermitContent(Request):
    """What a permit is about; who died stands with the declaration that it belongs to."""

    funeral = fields.Nested(Funeral, required=True)
