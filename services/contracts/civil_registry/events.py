"""What the civil registry tells others: that something happened to a record. Ids, statuses and times, never a person.

Who may know more asks by RPC.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields, validate

from services.contracts.base import Event
from services.contracts.civil_registry.base import EXAMPLE_RECORD, KINDS

_PREFIX = "nl.burgerlijke-stand."


class RecordEvent(Event):
    """A fact about one record; `version` counts the facts of that record from 1, without gaps."""

    source = "civil_registry"
    record_id = fields.UUID(required=True)
    version = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    status = fields.String(required=True)
    channel = fields.String(required=True)
    """`web`, `counter` or `partner`."""
    answer_by = fields.Date(load_default=None, allow_none=True)
    """Until when the declarant may answer, in a request for information."""
    example: ClassVar[Mapping[str, Any]] = {
        "record_id": EXAMPLE_RECORD,
        "version": 2,
        "kind": "birth",
        "status": "submitted",
        "channel": "web",
    }


def _event(name: str, word: str, meaning: str) -> type[RecordEvent]:
    """Return the contract of one kind of fact. `word` is on the wire and never changes."""
    return type(name, (RecordEvent,), {"__doc__": meaning, "type": _PREFIX + word})


# --- birth
BirthDeclarationStarted = _event(
    "BirthDeclarationStarted", "geboorteaangifte-begonnen", "A draft of a birth declaration exists."
)
BirthDeclarationRedirected = _event(
    "BirthDeclarationRedirected",
    "geboorteaangifte-doorverwezen",
    "The birth cannot be declared online; the parents come to the counter.",
)
BirthDeclarationSubmitted = _event(
    "BirthDeclarationSubmitted",
    "geboorteaangifte-ingediend",
    "A birth was declared, and a doctor or midwife confirmed it.",
)
BirthAwaitsConfirmation = _event(
    "BirthAwaitsConfirmation",
    "geboorteaangifte-wacht-op-bevestiging",
    "A birth was declared; the doctor or midwife has still to confirm it.",
)
BirthConfirmed = _event(
    "BirthConfirmed", "geboorte-bevestigd", "The doctor or midwife confirmed the birth as it was declared."
)
BirthConfirmationDiffers = _event(
    "BirthConfirmationDiffers",
    "geboortebericht-wijkt-af",
    "The doctor or midwife says something else than the parents.",
)
BirthConfirmationReminded = _event(
    "BirthConfirmationReminded", "bevestiging-geboorte-herinnerd", "The confirmation is missing for a day."
)
BirthConfirmationMissing = _event(
    "BirthConfirmationMissing",
    "bevestiging-geboorte-blijft-uit",
    "The confirmation is missing for two days: a clerk calls.",
)
BirthReviewStarted = _event(
    "BirthReviewStarted", "geboorteaangifte-in-behandeling", "Somebody looks at the birth declaration."
)
BirthInformationRequested = _event(
    "BirthInformationRequested", "geboorteaangifte-informatie-gevraagd", "The declarant is asked something."
)
BirthInformationSupplied = _event(
    "BirthInformationSupplied", "geboorteaangifte-informatie-ontvangen", "The declarant answered."
)
BirthNotADuplicate = _event(
    "BirthNotADuplicate", "geboorteaangifte-geen-dubbele", "A declaration that looked the same is about another birth."
)
BirthDeclarationApproved = _event(
    "BirthDeclarationApproved", "geboorteaangifte-goedgekeurd", "The birth declaration is in order."
)
BirthDeclarationSentBack = _event(
    "BirthDeclarationSentBack",
    "geboorteaangifte-teruggezet",
    "An officer wants another look at an approved birth declaration.",
)
BirthDeedDrawn = _event("BirthDeedDrawn", "geboorteakte-opgemaakt", "The birth deed has a number.")
BirthRegistered = _event("BirthRegistered", "geboorte-geregistreerd", "The birth stands in the register.")
LateBirthReported = _event(
    "LateBirthReported", "late-aangifte-gemeld", "The public prosecutor was told of a late birth declaration."
)
BirthDeclarationRefused = _event(
    "BirthDeclarationRefused",
    "geboorteaangifte-geweigerd",
    "No birth deed is made; the declarant hears why, and where to appeal.",
)
BirthDeclarationClosedAsDuplicate = _event(
    "BirthDeclarationClosedAsDuplicate", "geboorteaangifte-dubbel", "The birth was declared before."
)
BirthDeclarationWithdrawn = _event(
    "BirthDeclarationWithdrawn", "geboorteaangifte-ingetrokken", "The declarant took the birth declaration back."
)
BirthDeclarationLapsed = _event(
    "BirthDeclarationLapsed", "geboorteaangifte-vervallen", "A draft of a birth declaration lay untouched for too long."
)
# --- every deed
DeclarationReleased = _event(
    "DeclarationReleased", "aangifte-teruggelegd", "Who reviewed it has put it back for somebody else."
)
DeedPrinted = _event("DeedPrinted", "akte-afgedrukt", "The deed was printed.")
DeedSigned = _event("DeedSigned", "akte-ondertekend", "The deed was signed by hand.")
DeedCancelledByCourt = _event(
    "DeedCancelledByCourt",
    "akte-doorgehaald",
    "A court struck the deed out: what it says does not count any more.",
)
# --- death
DeathDeclarationStarted = _event(
    "DeathDeclarationStarted", "overlijdensaangifte-begonnen", "A draft of a death declaration exists."
)
DeathDeclarationSubmitted = _event(
    "DeathDeclarationSubmitted", "overlijdensaangifte-ingediend", "A death was declared."
)
DeathReviewStarted = _event(
    "DeathReviewStarted", "overlijdensaangifte-in-behandeling", "Somebody looks at the death declaration."
)
ProsecutorClearanceRequested = _event(
    "ProsecutorClearanceRequested",
    "verklaring-van-geen-bezwaar-gevraagd",
    "The public prosecutor has to say that there is no objection.",
)
ProsecutorClearanceRecorded = _event(
    "ProsecutorClearanceRecorded", "verklaring-van-geen-bezwaar-ontvangen", "The public prosecutor has no objection."
)
DeathInformationRequested = _event(
    "DeathInformationRequested", "overlijdensaangifte-informatie-gevraagd", "The undertaker is asked something."
)
DeathInformationSupplied = _event(
    "DeathInformationSupplied", "overlijdensaangifte-informatie-ontvangen", "The undertaker answered."
)
DeathSecondLook = _event(
    "DeathSecondLook", "overlijdensaangifte-tweede-controle", "A second officer compared the deceased with the BRP."
)
DeathNotADuplicate = _event(
    "DeathNotADuplicate",
    "overlijdensaangifte-geen-dubbele",
    "A declaration that looked the same is about somebody else.",
)
DeathDeclarationApproved = _event(
    "DeathDeclarationApproved", "overlijdensaangifte-goedgekeurd", "The death declaration is in order."
)
DeathDeclarationSentBack = _event(
    "DeathDeclarationSentBack",
    "overlijdensaangifte-teruggezet",
    "An officer wants another look at an approved death declaration.",
)
DeathDeedDrawn = _event("DeathDeedDrawn", "overlijdensakte-opgemaakt", "The death deed has a number.")
DeathRegistered = _event("DeathRegistered", "overlijden-geregistreerd", "The death stands in the register.")
OriginalsReceived = _event("OriginalsReceived", "originele-stukken-ontvangen", "The paper originals came in.")
OriginalsReminded = _event(
    "OriginalsReminded", "originele-stukken-herinnerd", "The paper originals are missing for a week."
)
DeathDeclarationRefused = _event(
    "DeathDeclarationRefused", "overlijdensaangifte-geweigerd", "No death deed is made; the undertaker hears why."
)
DeathDeclarationClosedAsDuplicate = _event(
    "DeathDeclarationClosedAsDuplicate", "overlijdensaangifte-dubbel", "The death was declared before."
)
DeathDeclarationWithdrawn = _event(
    "DeathDeclarationWithdrawn", "overlijdensaangifte-ingetrokken", "The undertaker took the death declaration back."
)
DeathDeclarationLapsed = _event(
    "DeathDeclarationLapsed",
    "overlijdensaangifte-vervallen",
    "A draft of a death declaration lay untouched for too long.",
)
# --- permit to bury or cremate
PermitRequested = _event("PermitRequested", "verlof-gevraagd", "A permit to bury or cremate is wanted.")
FuneralTermDecided = _event(
    "FuneralTermDecided", "termijn-lijkbezorging-bepaald", "The mayor set another term for the funeral."
)
FuneralPlanned = _event("FuneralPlanned", "uitvaart-gepland", "The funeral is planned for another time or place.")
PermitIssued = _event("PermitIssued", "verlof-afgegeven", "The permit to bury or cremate was given.")
PermitAmended = _event("PermitAmended", "verlof-gewijzigd", "The permit says something else from now on.")
PermitRefused = _event("PermitRefused", "verlof-geweigerd", "No permit is given; the undertaker hears why.")
PermitRevoked = _event("PermitRevoked", "verlof-ingetrokken", "The permit does not count any more.")
PermitUsed = _event("PermitUsed", "verlof-gebruikt", "The funeral was held.")
FuneralTermNear = _event(
    "FuneralTermNear", "uitvaarttermijn-nadert", "The last day for the funeral is near, and there is no permit."
)
PermitLapsed = _event("PermitLapsed", "verlof-vervallen", "No permit is needed any more.")
# --- marriage and registered partnership
MarriageNoticeStarted = _event("MarriageNoticeStarted", "huwelijksmelding-begonnen", "A draft of a notice exists.")
PartnerInvited = _event("PartnerInvited", "partner-uitgenodigd", "The second partner is asked to confirm.")
MarriageNoticeSubmitted = _event("MarriageNoticeSubmitted", "huwelijksmelding-ingediend", "Both partners gave notice.")
PartnerDeclined = _event("PartnerDeclined", "partner-stemt-niet-in", "The second partner does not confirm.")
PartnerReminded = _event("PartnerReminded", "partner-herinnerd", "The second partner has not answered for days.")
MarriageReviewStarted = _event(
    "MarriageReviewStarted", "huwelijksmelding-in-behandeling", "Somebody looks at the notice."
)
MarriageInformationRequested = _event(
    "MarriageInformationRequested", "huwelijksmelding-informatie-gevraagd", "The partners are asked something."
)
MarriageInformationSupplied = _event(
    "MarriageInformationSupplied", "huwelijksmelding-informatie-ontvangen", "The partners answered."
)
ShamCheckStarted = _event(
    "ShamCheckStarted",
    "onderzoek-schijnhuwelijk-begonnen",
    "It is looked into whether the bond is meant to get a right of residence.",
)
ShamCheckConcluded = _event("ShamCheckConcluded", "onderzoek-schijnhuwelijk-afgerond", "No sham was found.")
MarriageNoticeAccepted = _event(
    "MarriageNoticeAccepted",
    "huwelijksmelding-aanvaard",
    "The partners may marry, from and until the days that the record tells.",
)
CeremonyScheduled = _event("CeremonyScheduled", "ceremonie-gepland", "Day, room and officer of the ceremony are fixed.")
CeremonyRescheduled = _event(
    "CeremonyRescheduled", "ceremonie-verzet", "The ceremony has another day, room or officer."
)
WitnessesChanged = _event("WitnessesChanged", "getuigen-gewijzigd", "There will be other witnesses.")
CeremonyOfficerChanged = _event(
    "CeremonyOfficerChanged", "trouwambtenaar-gewijzigd", "Another officer holds the ceremony."
)
CeremonyCleared = _event(
    "CeremonyCleared", "ceremonie-vrijgegeven", "The last check is done: the ceremony can be held."
)
CeremonyHeldBack = _event(
    "CeremonyHeldBack",
    "ceremonie-niet-vrijgegeven",
    "The BRP says something shortly before the ceremony that stands in the way: an officer looks.",
)
MarriageDeedUnsigned = _event(
    "MarriageDeedUnsigned",
    "huwelijksakte-niet-ondertekend",
    "The ceremony was held hours ago, and its deed is not signed.",
)
MarriageSolemnised = _event("MarriageSolemnised", "huwelijk-voltrokken", "Both said yes; the deed has a number.")
MarriageRegistered = _event(
    "MarriageRegistered", "huwelijk-geregistreerd", "The marriage or partnership stands in the register."
)
RemarriageReported = _event(
    "RemarriageReported",
    "hertrouwen-gemeld-aan-rechtbank",
    "The court was told of a remarriage with custody of children.",
)
ObjectionRecorded = _event("ObjectionRecorded", "stuiting-vastgelegd", "Somebody objects to the marriage.")
ObjectionLifted = _event("ObjectionLifted", "stuiting-opgeheven", "The objection does not stand any more.")
MarriageNoticeRefused = _event(
    "MarriageNoticeRefused",
    "huwelijksmelding-geweigerd",
    "The notice is refused; the partners hear why, and where to appeal.",
)
PlanningReminded = _event(
    "PlanningReminded", "plannen-herinnerd", "Nothing is planned, and the notice ends in two months."
)
MarriageNoticeExpired = _event("MarriageNoticeExpired", "huwelijksmelding-verlopen", "The notice is older than a year.")
MarriageNoticeLapsed = _event(
    "MarriageNoticeLapsed", "huwelijksmelding-vervallen", "A draft of a notice lay untouched for too long."
)
MarriageNoticeWithdrawn = _event(
    "MarriageNoticeWithdrawn", "huwelijksmelding-ingetrokken", "A partner took the notice back."
)

_OF_TABLES: tuple[type[RecordEvent], ...] = (
    BirthDeclarationStarted,
    BirthDeclarationRedirected,
    BirthDeclarationSubmitted,
    BirthAwaitsConfirmation,
    BirthConfirmed,
    BirthConfirmationDiffers,
    BirthConfirmationReminded,
    BirthConfirmationMissing,
    BirthReviewStarted,
    BirthInformationRequested,
    BirthInformationSupplied,
    BirthNotADuplicate,
    BirthDeclarationApproved,
    BirthDeclarationSentBack,
    BirthDeedDrawn,
    BirthRegistered,
    LateBirthReported,
    BirthDeclarationRefused,
    BirthDeclarationClosedAsDuplicate,
    BirthDeclarationWithdrawn,
    BirthDeclarationLapsed,
    DeclarationReleased,
    DeedPrinted,
    DeedSigned,
    DeathDeclarationStarted,
    DeathDeclarationSubmitted,
    DeathReviewStarted,
    ProsecutorClearanceRequested,
    ProsecutorClearanceRecorded,
    DeathInformationRequested,
    DeathInformationSupplied,
    DeathSecondLook,
    DeathNotADuplicate,
    DeathDeclarationApproved,
    DeathDeclarationSentBack,
    DeathDeedDrawn,
    DeathRegistered,
    OriginalsReceived,
    OriginalsReminded,
    DeathDeclarationRefused,
    DeathDeclarationClosedAsDuplicate,
    DeathDeclarationWithdrawn,
    DeathDeclarationLapsed,
    PermitRequested,
    FuneralTermDecided,
    FuneralPlanned,
    PermitIssued,
    PermitAmended,
    PermitRefused,
    PermitRevoked,
    PermitUsed,
    FuneralTermNear,
    PermitLapsed,
    MarriageNoticeStarted,
    PartnerInvited,
    MarriageNoticeSubmitted,
    PartnerDeclined,
    PartnerReminded,
    MarriageReviewStarted,
    MarriageInformationRequested,
    MarriageInformationSupplied,
    ShamCheckStarted,
    ShamCheckConcluded,
    MarriageNoticeAccepted,
    CeremonyScheduled,
    CeremonyRescheduled,
    WitnessesChanged,
    CeremonyOfficerChanged,
    CeremonyCleared,
    CeremonyHeldBack,
    MarriageSolemnised,
    MarriageDeedUnsigned,
    MarriageRegistered,
    RemarriageReported,
    ObjectionRecorded,
    ObjectionLifted,
    MarriageNoticeRefused,
    PlanningReminded,
    MarriageNoticeExpired,
    MarriageNoticeLapsed,
    MarriageNoticeWithdrawn,
)

EVENTS = (*_OF_TABLES, DeedCancelledByCourt)

EVENT_OF_WORD: Mapping[str, type[RecordEvent]] = {event.type.removeprefix(_PREFIX): event for event in _OF_TABLES}
"""By the word that the transition tables use."""
