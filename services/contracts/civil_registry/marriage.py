"""What a notice of marriage or registered partnership (*melding van voorgenomen huwelijk*) says.

Source: BW 1:31-33, 1:41, 1:43-46, 1:62-67, 1:80a; BBS art. 57.
"""

from marshmallow import fields, validate

from services.contracts.base import Request
from services.contracts.civil_registry.base import ContactData, LocalTime, sealed_bsn

BONDS = ("marriage", "partnership")
KINSHIPS = ("none", "third-or-fourth-degree", "siblings-by-adoption", "siblings", "direct-line")
RESIDENCE = ("dutch", "eu-or-permanent", "other")
"""Whether a declaration of no sham purpose is needed. Source: BW 1:44 lid 1 k."""
NAME_USES = ("own", "partner", "partner-own", "own-partner")
"""Which surname somebody wants to be called by: his own, the partner's, or both, in this order (*naamgebruik*).

Source: BW 1:9; Wet BRP art. 2.7.
"""


class Partner(Request):
    """One of the two, known by the BSN; names and bonds come from the BRP."""

    bsn = sealed_bsn()
    email = fields.Email(load_default=None, allow_none=True, validate=validate.Length(max=254))
    """Where the second partner is asked to confirm."""
    residence = fields.String(load_default="dutch", validate=validate.OneOf(RESIDENCE))
    no_sham = fields.Boolean(load_default=False)
    """Declares that the bond is not meant to get a right of residence."""
    custody = fields.Boolean(load_default=False)
    """Has custody of children of an earlier marriage: the court is told. Source: BW 1:48."""
    guardianship = fields.Boolean(load_default=False)
    name_use = fields.String(load_default="own", validate=validate.OneOf(NAME_USES))


class Witness(Request):
    """An adult who will be there (*getuige*)."""

    first_names = fields.String(required=True, validate=validate.Length(min=1, max=200))
    surname = fields.String(required=True, validate=validate.Length(min=1, max=200))
    born_on = fields.Date(required=True)
    address = fields.String(required=True, validate=validate.Length(min=1, max=200))


class Ceremony(Request):
    """Where and when they want to marry. `officer_id` None: whoever is free."""

    on = fields.Date(required=True)
    time = LocalTime(required=True)
    room_id = fields.String(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9-]{0,62}\Z"))
    officer_id = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=60))


class MarriageContent(Request):
    """A notice as it is submitted; each part may come by itself while it is a draft."""

    bond = fields.String(required=True, validate=validate.OneOf(BONDS))
    partner_1 = fields.Nested(Partner, required=True)
    partner_2 = fields.Nested(Partner, required=True)
    kinship = fields.String(required=True, validate=validate.OneOf(KINSHIPS))
    witnesses = fields.List(fields.Nested(Witness), required=True)
    ceremony = fields.Nested(Ceremony, required=True)
    contact = fields.Nested(ContactData, required=True)
    confirmed = fields.Boolean(required=True, validate=validate.Equal(True))
