"""What the law on deaths and funerals refuses; the codes are those of `contracts.civil_registry.REFUSALS`."""

from collections.abc import Sequence
from datetime import date, datetime

from services.messaging.errors import Refusal


class DeathNotHere(Refusal):
    """A death is declared where it took place. Source: BW 1:19f lid 1."""

    code = "death-not-here"

    def __init__(self, *, municipality: str) -> None:
        super().__init__("Declare the death in the municipality where it took place.", municipality=municipality)


class DeathInFuture(Refusal):
    """The time of death lies ahead."""

    code = "death-in-future"

    def __init__(self, *, now: datetime) -> None:
        super().__init__("Check day and time of death.", now=now.isoformat())


class DeathDeclarantNotAllowedOnline(Refusal):
    """Online only an authorised undertaker declares. Source: BW 1:19h lid 2."""

    code = "death-declarant-not-allowed-online"

    def __init__(self) -> None:
        super().__init__("Let an undertaker declare the death, or make an appointment.")


class DeathNotOnline(Refusal):
    """The town takes such a declaration at the counter; `reasons` are keys of `contracts.civil_registry.OBSTACLES`."""

    code = "death-not-online"

    def __init__(self, *, reasons: Sequence[str]) -> None:
        super().__init__("Come to the counter to declare the death.", reasons=list(reasons))


class DeathAuthorisationMissing(Refusal):
    """Nobody with own knowledge of the death authorised the undertaker. Source: BW 1:19h lid 1 and 2."""

    code = "death-authorisation-missing"

    def __init__(self) -> None:
        super().__init__("State who authorised you to declare this death.")


class DeathCertificateMissing(Refusal):
    """A paper is missing without which nobody is buried or cremated. Source: Wet op de lijkbezorging art. 7, 12."""

    code = "death-certificate-missing"

    def __init__(self, *, any_of: Sequence[str]) -> None:
        super().__init__("Add the certificate of death or the prosecutor's statement.", any_of=list(any_of))


class AlreadyDeceased(Refusal):
    """The BRP knows the person as deceased."""

    code = "death-already-registered"

    def __init__(self) -> None:
        super().__init__("Check the BSN: this person's death has been registered before.")


class FuneralTooEarly(Refusal):
    """The funeral is planned before 36 hours after death have passed. Source: Wet op de lijkbezorging art. 16, 17."""

    code = "funeral-too-early"

    def __init__(self, *, possible_from: datetime) -> None:
        super().__init__("Plan it later, or ask the mayor for another term.", possible_from=possible_from.isoformat())


class FuneralTooLate(Refusal):
    """The funeral is planned after the sixth working day. Source: Wet op de lijkbezorging art. 16, 17."""

    code = "funeral-too-late"

    def __init__(self, *, last_on: date) -> None:
        super().__init__("Plan it earlier, or ask the mayor for another term.", last_on=last_on.isoformat())


class FuneralNotPlanned(Refusal):
    """There is no day and time for the funeral yet, so nobody can say whether it lies within the term."""

    code = "funeral-not-planned"

    def __init__(self) -> None:
        super().__init__("Add day and time of the funeral.")


class FuneralForbidden(Refusal):
    """The public prosecutor forbids or delays the funeral. Source: Wet op de lijkbezorging art. 76 lid 3."""

    code = "funeral-forbidden"

    def __init__(self, *, kind: str) -> None:
        super().__init__("Wait until the public prosecutor lifts the measure.", kind=kind)


class PermitNotNeeded(Refusal):
    """The act on funerals does not apply. Source: Wet op de lijkbezorging art. 2 lid 2."""

    code = "permit-not-needed"

    def __init__(self) -> None:
        super().__init__("Give a statement of a doctor to the cemetery or crematorium instead.")


class PermitGiven(Refusal):
    """A permit that was given still stands: a declaration that comes to nothing may not leave it behind."""

    code = "permit-given"

    def __init__(self) -> None:
        super().__init__("Revoke the permit first.")


class PermitBeforeDeed(Refusal):
    """The death has not been registered. Source: Wet op de lijkbezorging art. 11-14."""

    code = "permit-before-deed"

    def __init__(self) -> None:
        super().__init__("Register the death first, or write down why the permit cannot wait.")


class TermDecisionIncomplete(Refusal):
    """Another term is set after hearing a doctor; under 36 hours the prosecutor agrees. Source: WLB art. 17 lid 1."""

    code = "term-decision-incomplete"

    def __init__(self, *, missing: Sequence[str]) -> None:
        super().__init__("Write down what is missing, then decide.", missing=list(missing))


class DissectionNotAllowed(Refusal):
    """A body goes to science only by will or consent, to a place that the permit names. Source: WLB art. 67-68."""

    code = "dissection-not-allowed"

    def __init__(self, *, missing: Sequence[str]) -> None:
        super().__init__("Add what is missing first.", missing=list(missing))
