"""Deeds (*akten*) as the register holds them. Source: BW 1:17-1:24b; BBS; Regeling vermelding nummer op akten."""

from marshmallow import fields, validate

from services.contracts.base import Reply
from services.contracts.civil_registry.base import AboutRecord, Asked

REGISTERS = ("birth", "death", "marriage", "partnership")
COURT_ORDER = "court-order"
MENTIONS = (
    "acknowledgement",
    "name-choice",
    "name-change",
    "sex-change",
    "adoption",
    "parenthood",
    "divorce",
    "conversion",
    COURT_ORDER,
    "other",
)


def changes() -> fields.Dict:
    """Return a field for what an extract tells from now on: fields of the deed's first part, with their new content.

    Such as `surname`, `born_on` (2026-03-05), `partner_1.surname_after`; `ended` says how, where and when a marriage
    ended, `cancelled` that a court struck the deed out.
    """
    return fields.Dict(
        keys=fields.String(validate=validate.Regexp(r"^[a-z_0-9.]{1,60}\Z")),
        values=fields.String(validate=validate.Length(max=500)),
        load_default=dict,
    )


class GetDeed(Asked):
    """One deed by its number of six positions; only keepers of the registers see it, and each look is logged."""

    register_year = fields.Integer(required=True, strict=True, validate=validate.Range(min=1811, max=9999))
    number = fields.String(required=True, validate=validate.Regexp(r"^[1-6][0-9A-Z][0-9]{4}\Z"))


class LaterMention(Reply):
    """Something that was added to a deed (*latere vermelding*), never changing it."""

    mention_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    text = fields.String(required=True)
    source_reference = fields.String(required=True)
    added_at = fields.AwareDateTime(required=True)
    added_by = fields.String(required=True)


class Deed(Reply):
    """A deed with all that was added. `text` is Dutch, as printed and signed."""

    deed_id = fields.UUID(required=True)
    record_id = fields.UUID(required=True)
    register = fields.String(required=True)
    register_year = fields.Integer(required=True)
    number = fields.String(required=True)
    brp_number = fields.String(required=True)
    text = fields.String(required=True)
    drawn_at = fields.AwareDateTime(required=True)
    drawn_by = fields.String(required=True)
    printed_at = fields.AwareDateTime(required=True, allow_none=True)
    signed_at = fields.AwareDateTime(required=True, allow_none=True)
    mentions = fields.List(fields.Nested(LaterMention), required=True)
    blocked = fields.String(required=True, allow_none=True)
    """Why no extract may be given at present."""
    registered_at = fields.AwareDateTime(load_default=None, allow_none=True)
    cancelled = fields.Boolean(load_default=False)
    """Whether a court struck the deed out."""
    now = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    """What extracts tell at present and a mention can change, by the names of `changes`."""
    documents = fields.List(fields.Dict(), load_default=list)
    """The papers that were given out of it, the newest first, as in `Record`."""


class PreviewDeed(AboutRecord):
    """How the deed of a record will read when the asker draws it up. `first_names`: those that he gives a child."""

    first_names = fields.String(load_default="", validate=validate.Length(max=200))


class DeedPreview(Reply):
    """The Dutch text, without a number as long as none is taken; None when something is missing.

    `problems`: what would be refused now, as `code` and `facts`. `drawn`: it is the deed as it stands in the register.
    """

    text = fields.String(required=True, allow_none=True)
    problems = fields.List(fields.Dict(), required=True)
    drawn = fields.Boolean(required=True)
    register_year = fields.Integer(required=True, allow_none=True)
    number = fields.String(required=True, allow_none=True)


class AddMention(GetDeed):
    """Add a later mention. The same `source_reference` twice is one mention. Orders of a court: `AddCourtOrder`."""

    kind = fields.String(
        required=True, validate=validate.OneOf(tuple(kind for kind in MENTIONS if kind != COURT_ORDER))
    )
    text = fields.String(required=True, validate=validate.Length(min=1, max=4000))
    source_reference = fields.String(required=True, validate=validate.Length(min=1, max=100))
    changes = changes()


class AddCourtOrder(GetDeed):
    """Mention an order of the court (*last van de rechtbank*) to complete, correct or strike out (`cancels`) a deed.

    Source: BW 1:20 lid 1 a, 1:24, 1:24b lid 2.
    """

    court = fields.String(required=True, validate=validate.Length(min=1, max=200))
    country = fields.String(load_default="", validate=validate.Length(max=60))
    """Only of a foreign court."""
    judged_on = fields.Date(required=True)
    orders = fields.String(required=True, validate=validate.Length(min=1, max=2000))
    source_reference = fields.String(required=True, validate=validate.Length(min=1, max=100))
    cancels = fields.Boolean(load_default=False)
    changes = changes()


class CorrectSlip(GetDeed):
    """Correct an obvious slip by later mention (*kennelijke misslag*, BW 1:24a)."""

    wrong = fields.String(required=True, validate=validate.Length(min=1, max=500))
    right = fields.String(required=True, validate=validate.Length(min=1, max=500))
    source_reference = fields.String(required=True, validate=validate.Length(min=1, max=100))
    """Such as a letter or a note: the same twice is one correction."""
    changes = changes()


class BlockExtracts(GetDeed):
    """Let no extract be given of a deed that is in doubt, or (`blocked` False) let it again."""

    blocked = fields.Boolean(required=True)
    reason = fields.String(required=True, validate=validate.Length(min=1, max=500))


class CloseRegister(Asked):
    """Close a register of a past year after its last deed (BBS art. 7, 16)."""

    register = fields.String(required=True, validate=validate.OneOf(REGISTERS))
    register_year = fields.Integer(required=True, strict=True)


class RegisterPart(Reply):
    """One part of a register in one year, with its last number."""

    register = fields.String(required=True)
    part = fields.String(required=True)
    register_year = fields.Integer(required=True)
    last_number = fields.Integer(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class Registers(Reply):
    """All parts of all registers, newest year first."""

    parts = fields.List(fields.Nested(RegisterPart), required=True)
