"""What undertakers ask: what a death needs, the declarations of their firm, and how a deed will read."""

from marshmallow import fields, validate

from services.contracts.base import Reply
from services.contracts.civil_registry.base import Asked, LocalTime
from services.contracts.civil_registry.death import MANNERS
from services.contracts.civil_registry.records import Obstacle

MOST_FUNERALS = 50
"""How many declarations that need nobody any more are told of at once."""


class CheckDeath(Asked):
    """What is needed to declare a death, and can it be done online? Asked before much is typed; nothing is stored.

    `bsn_given` None: nobody said yet.
    """

    died_on = fields.Date(load_default=None, allow_none=True)
    died_time = LocalTime(load_default=None, allow_none=True)
    bsn_given = fields.Boolean(load_default=None, allow_none=True)
    stillborn = fields.Boolean(load_default=False)
    minor = fields.Boolean(load_default=False)


class ManneredPapers(Reply):
    """Which papers a manner of death needs: one of `any_of`; `coroner`, `prosecutor`: who has to look at it as well."""

    manner = fields.String(required=True, validate=validate.OneOf(MANNERS))
    any_of = fields.List(fields.String(), required=True)
    coroner = fields.Boolean(required=True)
    prosecutor = fields.Boolean(required=True)


class DeathChecked(Reply):
    """Where deaths are declared here, which papers they need, what stands in the way, and when the funeral may be."""

    municipality = fields.String(required=True)
    """The town's code; only who died there is declared there."""
    town = fields.String(required=True)
    places = fields.List(fields.String(), required=True)
    """Hospitals and homes in which many people die, to choose from."""
    papers = fields.List(fields.Nested(ManneredPapers), required=True)
    obstacles = fields.List(fields.Nested(Obstacle), required=True)
    funeral_from = fields.AwareDateTime(required=True, allow_none=True)
    funeral_by = fields.Date(required=True, allow_none=True)
    originals_days = fields.Integer(required=True)
    """So many days after registration the paper originals should be here."""


class MyFunerals(Asked):
    """The deaths that the asking firm declared: all that still need somebody, the most urgent first; then the others.

    `receipt` finds one of them, by its own number or by its permit's; `offset` pages through those that are done.
    """

    receipt = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=20))
    offset = fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0))


class PermitLine(Reply):
    """The newest permit of a declaration."""

    record_id = fields.UUID(required=True)
    receipt = fields.String(required=True)
    status = fields.String(required=True)
    flags = fields.List(fields.String(), required=True)
    funeral = fields.Dict(required=True)
    """As `contracts.civil_registry.Funeral`."""


class FuneralLine(Reply):
    """One declaration in the firm's list. Moments are None while they do not follow from what is filled in."""

    record_id = fields.UUID(required=True)
    receipt = fields.String(required=True)
    status = fields.String(required=True)
    flags = fields.List(fields.String(), required=True)
    label = fields.String(required=True)
    started_at = fields.AwareDateTime(required=True)
    submitted_at = fields.AwareDateTime(required=True, allow_none=True)
    funeral_from = fields.AwareDateTime(required=True, allow_none=True)
    funeral_by = fields.Date(required=True, allow_none=True)
    answer_by = fields.Date(required=True, allow_none=True)
    originals_by = fields.Date(required=True, allow_none=True)
    urgency = fields.String(required=True, validate=validate.OneOf(("act", "soon", "waiting", "none")))
    """`act`: it is the firm's turn; `soon`: a permit is missing and time presses; `waiting`: it is the town's turn."""
    permit = fields.Nested(PermitLine, required=True, allow_none=True)
    stops = fields.String(load_default=None, allow_none=True)
    """Of a draft: the code of what keeps it from being sent, empty when nothing does. None: it was sent."""


class FuneralList(Reply):
    """The declarations of a firm. `more`: there are older ones that are done."""

    open = fields.List(fields.Nested(FuneralLine), required=True)
    done = fields.List(fields.Nested(FuneralLine), required=True)
    more = fields.Boolean(required=True)


class LastDeclarant(Asked):
    """Who declared last for the asking firm, and where it is reached: to be taken over into the next declaration."""


class DeclarantKnown(Reply):
    """The parts `declarant` and `contact` of the firm's last declaration; None when there was none."""

    declarant = fields.Dict(required=True, allow_none=True)
    contact = fields.Dict(required=True, allow_none=True)


class PreviewDeathDeed(Asked):
    """How the deed will read, from what was declared so far; the BRP's own spelling is not in it yet."""

    record_id = fields.UUID(required=True)


class DeedLine(Reply):
    """One line of a deed."""

    label = fields.String(required=True)
    value = fields.String(required=True)


class DeedSection(Reply):
    """Lines that belong together."""

    heading = fields.String(required=True)
    lines = fields.List(fields.Nested(DeedLine), required=True)


class DeathDeedPreview(Reply):
    """The title and the lines of a deed, in Dutch, without what only the officer and the BRP add."""

    title = fields.String(required=True)
    sections = fields.List(fields.Nested(DeedSection), required=True)
