"""What each command on a record needs to know beside the record. A command that is not listed needs nothing."""

from marshmallow import fields, validate

from services.contracts.base import Request
from services.contracts.civil_registry.base import LocalTime
from services.contracts.civil_registry.birth import BirthNotice
from services.contracts.civil_registry.death import Funeral
from services.contracts.civil_registry.marriage import NAME_USES, Ceremony, Witness


def _words(most: int = 1000, *, required: bool = True) -> fields.String:
    if required:
        return fields.String(required=True, validate=validate.Length(min=1, max=most))
    return fields.String(load_default="", validate=validate.Length(max=most))


class Nothing(Request):
    """No particulars."""


class Reason(Request):
    """Why it is done; kept with the record, and told to the declarant where he must know."""

    reason = _words()


class OptionalReason(Request):
    """Why it is done, where the rules ask for it."""

    reason = _words(required=False)


class OptionalNote(Request):
    """A remark for whoever reads the record later."""

    note = _words(required=False)


class Question(Request):
    """What the declarant is asked, and until when the answer helps."""

    reason = _words()
    items = fields.List(_words(200), required=True, validate=validate.Length(min=1, max=10))
    answer_by = fields.Date(required=True)


class Answer(Request):
    """What the declarant says to it; what was changed or uploaded stands in the record already."""

    note = _words(2000, required=False)


class Approval(Request):
    """The reviewer compared names, dates and documents side by side."""

    compared = fields.Boolean(required=True, validate=validate.Equal(True))
    note = _words(required=False)


class Certificate(Request):
    """A certificate of capacity to marry (*verklaring van huwelijksbevoegdheid*) that was shown, and of whom."""

    partner = fields.String(required=True, validate=validate.OneOf(("partner_1", "partner_2")))
    issued_on = fields.Date(required=True)


class Acceptance(Approval):
    """The officer found the notice in order. `residence_verified`: where somebody is not Dutch (BW 1:44 lid 1 i)."""

    residence_verified = fields.Boolean(load_default=False)
    certificates = fields.List(fields.Nested(Certificate), load_default=list, validate=validate.Length(max=2))


class FinalCheck(Request):
    """The last look before the ceremony. `residence_verified`: where somebody is not Dutch (BW 1:58 lid 1)."""

    residence_verified = fields.Boolean(load_default=False)
    note = _words(required=False)


class Duplicate(Request):
    """The other record about the same fact."""

    of_record = fields.UUID(required=True)
    reason = _words(required=False)


class Drawing(Request):
    """In which register part the deed is made (None: the office's own), and what the officer adds.

    `first_names`: those that the officer gives a child without; BW 1:4 lid 3.
    """

    part = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(r"^[0-9A-Y]\Z"))
    first_names = fields.String(load_default="", validate=validate.Length(max=200))


class Signing(Request):
    """The deed was signed by hand on this day."""

    signed_on = fields.Date(required=True)


class Registering(Request):
    """The signed sheet lies in the register."""

    sheet_is_filed = fields.Boolean(required=True, validate=validate.Equal(True))


class Clearance(Request):
    """The public prosecutor has no objection (*verklaring van geen bezwaar*)."""

    document_on = fields.Date(required=True)
    reference = _words(100)


class SecondLook(Request):
    """What a second officer found when he compared the deceased with the BRP."""

    agrees = fields.Boolean(required=True)
    note = _words(required=False)


class TermDecision(Request):
    """Another funeral term, set by the mayor. Source: Wet op de lijkbezorging art. 17."""

    plan = fields.String(required=True, validate=validate.OneOf(("earlier", "later")))
    not_before_at = fields.AwareDateTime(load_default=None, allow_none=True)
    last_on = fields.Date(load_default=None, allow_none=True)
    doctor = _words(200)
    prosecutor_agrees = fields.Boolean(load_default=False)
    reason = _words()


class FuneralPlan(Request):
    """What is planned now."""

    funeral = fields.Nested(Funeral, required=True)


class Amendment(FuneralPlan):
    """What the permit says from now on, and why."""

    reason = _words()


class Measure(Request):
    """Which funerals the public prosecutor delays or forbids from now on; none: the measure was lifted.

    Source: Wet op de lijkbezorging art. 76 lid 3.
    """

    forbids = fields.List(fields.String(validate=validate.OneOf(("burial", "cremation"))), required=True)
    reference = _words(100)
    reason = _words(required=False)


class FuneralHeld(Request):
    """The permit came back used."""

    held_on = fields.Date(required=True)


class Assent(Request):
    """The second partner confirms with a log-in of his own, or at the counter: then staff saw who he is."""

    agrees = fields.Boolean(required=True, validate=validate.Equal(True))
    identified = fields.Boolean(load_default=False)
    no_sham = fields.Boolean(load_default=False)
    custody = fields.Boolean(load_default=False)
    guardianship = fields.Boolean(load_default=False)
    residence = fields.String(load_default="dutch", validate=validate.OneOf(("dutch", "eu-or-permanent", "other")))
    name_use = fields.String(load_default="own", validate=validate.OneOf(NAME_USES))


class Schedule(Request):
    """Where and when the ceremony is."""

    ceremony = fields.Nested(Ceremony, required=True)


class WitnessChange(Request):
    """All witnesses as they are from now on."""

    witnesses = fields.List(fields.Nested(Witness), required=True)


class OfficerChange(Request):
    """Who holds the ceremony from now on."""

    officer_id = _words(60)


class CeremonyHeld(Request):
    """What happened at the ceremony. `witnesses` are the places in the list of those who were there, from 0.

    `consents` and `sworn_statements` are what the deed mentions of them, in Dutch.
    """

    both_present = fields.Boolean(required=True)
    both_identified = fields.Boolean(required=True)
    both_said_yes = fields.Boolean(required=True)
    witnesses = fields.List(fields.Integer(strict=True, validate=validate.Range(min=0, max=9)), required=True)
    held_time = LocalTime(required=True)
    consents = fields.List(_words(200), load_default=list, validate=validate.Length(max=4))
    sworn_statements = fields.List(_words(200), load_default=list, validate=validate.Length(max=4))


class ShamConclusion(Request):
    """The officer's conclusion; a sham is refused by its own command."""

    reason = _words()


class Objection(Request):
    """Somebody objects to the marriage (*stuiting*). Source: BW 1:50-1:57."""

    ground = _words()
    reference = _words(100)


class Reported(Request):
    """Somebody outside was told, on this day and under this reference."""

    reported_on = fields.Date(required=True)
    reference = _words(100)


class Originals(Request):
    """The paper originals came in."""

    received_on = fields.Date(required=True)


PARTICULARS: dict[str, type[Request]] = {
    "redirect": OptionalNote,
    "confirm-birth": BirthNotice,
    "take-over": Reason,
    "release": Reason,
    "request-info": Question,
    "supply-info": Answer,
    "clear-duplicate": Reason,
    "approve": Approval,
    "send-back": Reason,
    "refuse": Reason,
    "mark-duplicate": Duplicate,
    "withdraw": OptionalNote,
    "draw-deed": Drawing,
    "sign-deed": Signing,
    "register": Registering,
    "report-late": Reported,
    "report-remarriage": Reported,
    "record-clearance": Clearance,
    "second-look": SecondLook,
    "record-originals": Originals,
    "decide-term": TermDecision,
    "plan": FuneralPlan,
    "request-permit": FuneralPlan,
    "record-measure": Measure,
    "amend": Amendment,
    "request-amendment": Amendment,
    "decline-amendment": Reason,
    "revoke": Reason,
    "issue": OptionalReason,
    "record-funeral": FuneralHeld,
    "assent": Assent,
    "decline": OptionalNote,
    "start-sham-check": Reason,
    "conclude-sham-check": ShamConclusion,
    "accept": Acceptance,
    "final-check": FinalCheck,
    "schedule": Schedule,
    "change-witnesses": WitnessChange,
    "change-officer": OfficerChange,
    "record-ceremony": CeremonyHeld,
    "record-objection": Objection,
    "lift-objection": Objection,
}


def particulars_of(command: str) -> type[Request]:
    """Return the contract of a command's particulars."""
    return PARTICULARS.get(command, Nothing)
