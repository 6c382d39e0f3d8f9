"""Which facts of the civil registry are a contact on somebody's timeline, and how they are called there.

Drafts, the work of the office, and what concerns the prosecutor or the court are none of the CRM's business.
"""

from collections.abc import Mapping

from services.contracts import civil_registry as contracts

KINDS: Mapping[type[contracts.RecordEvent], str] = {
    contracts.BirthDeclarationRedirected: "birth-redirected",
    contracts.BirthAwaitsConfirmation: "birth-awaits-confirmation",
    contracts.BirthDeclarationSubmitted: "birth-submitted",
    contracts.BirthConfirmed: "birth-confirmed",
    contracts.BirthConfirmationDiffers: "birth-confirmation-differs",
    contracts.BirthInformationRequested: "birth-information-requested",
    contracts.BirthInformationSupplied: "birth-information-supplied",
    contracts.BirthRegistered: "birth-registered",
    contracts.BirthDeclarationRefused: "birth-refused",
    contracts.BirthDeclarationClosedAsDuplicate: "birth-duplicate",
    contracts.BirthDeclarationWithdrawn: "birth-withdrawn",
    contracts.BirthDeclarationLapsed: "birth-lapsed",
    contracts.DeathDeclarationSubmitted: "death-submitted",
    contracts.DeathInformationRequested: "death-information-requested",
    contracts.DeathInformationSupplied: "death-information-supplied",
    contracts.DeathRegistered: "death-registered",
    contracts.DeathDeclarationRefused: "death-refused",
    contracts.DeathDeclarationClosedAsDuplicate: "death-duplicate",
    contracts.DeathDeclarationWithdrawn: "death-withdrawn",
    contracts.DeathDeclarationLapsed: "death-lapsed",
    contracts.OriginalsReceived: "originals-received",
    contracts.OriginalsReminded: "originals-reminded",
    contracts.PermitIssued: "permit-issued",
    contracts.PermitAmended: "permit-amended",
    contracts.PermitRefused: "permit-refused",
    contracts.PermitRevoked: "permit-revoked",
    contracts.FuneralPlanned: "funeral-planned",
    contracts.FuneralTermDecided: "funeral-term-decided",
    contracts.FuneralTermNear: "funeral-term-near",
    contracts.PartnerInvited: "partner-invited",
    contracts.PartnerReminded: "partner-reminded",
    contracts.PartnerDeclined: "partner-declined",
    contracts.MarriageNoticeSubmitted: "marriage-submitted",
    contracts.MarriageInformationRequested: "marriage-information-requested",
    contracts.MarriageInformationSupplied: "marriage-information-supplied",
    contracts.MarriageNoticeAccepted: "marriage-accepted",
    contracts.CeremonyScheduled: "ceremony-scheduled",
    contracts.CeremonyRescheduled: "ceremony-rescheduled",
    contracts.WitnessesChanged: "witnesses-changed",
    contracts.PlanningReminded: "planning-reminded",
    contracts.ObjectionRecorded: "marriage-objected",
    contracts.ObjectionLifted: "objection-lifted",
    contracts.MarriageNoticeRefused: "marriage-refused",
    contracts.MarriageNoticeExpired: "marriage-expired",
    contracts.MarriageNoticeLapsed: "marriage-lapsed",
    contracts.MarriageNoticeWithdrawn: "marriage-withdrawn",
    contracts.MarriageRegistered: "marriage-registered",
    contracts.DeedCancelledByCourt: "deed-cancelled",
}
KIND_OF_TYPE: Mapping[str, str] = {event.type: kind for event, kind in KINDS.items()}
