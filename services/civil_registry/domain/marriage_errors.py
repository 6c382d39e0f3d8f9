"""What the law on marriage and registered partnership refuses; codes as in `contracts.civil_registry.REFUSALS`."""

from collections.abc import Sequence
from datetime import date

from services.messaging.errors import Refusal


class MarriageTooYoung(Refusal):
    """Both are at least 18 on the day itself, without exception. Source: BW 1:31."""

    code = "marriage-too-young"

    def __init__(self, *, partners: Sequence[str]) -> None:
        super().__init__("Choose a day on which both are at least 18.", partners=list(partners))


class MarriageExistingBond(Refusal):
    """Somebody is married or has a registered partnership. Source: BW 1:33, 1:42, 1:80a lid 1 and 2."""

    code = "marriage-existing-bond"

    def __init__(self, *, partners: Sequence[str]) -> None:
        super().__init__("The existing bond must have ended first.", partners=list(partners))


class MarriageByConversion(Refusal):
    """The two have a registered partnership with each other; it is converted. Source: BW 1:80g."""

    code = "marriage-by-conversion"

    def __init__(self) -> None:
        super().__init__("Make an appointment to convert the partnership into a marriage.")


class MarriageKinship(Refusal):
    """In the direct line, or brothers and sisters. Source: BW 1:41 lid 1."""

    code = "marriage-kinship"

    def __init__(self) -> None:
        super().__init__("The law forbids a marriage between these two.")


class KinshipStatementMissing(Refusal):
    """A statement under oath, or a dispensation, is needed. Source: BW 1:41 lid 2, 1:41a."""

    code = "kinship-statement-missing"

    def __init__(self, *, paper: str) -> None:
        super().__init__("Bring the named paper to the counter.", paper=paper)


class PartnersAreOne(Refusal):
    """Both partners are the same person."""

    code = "partners-are-one"

    def __init__(self) -> None:
        super().__init__("Give the other partner's own number.")


class PartnerDeceased(Refusal):
    """The BRP knows a partner as deceased."""

    code = "partner-deceased"

    def __init__(self, *, partners: Sequence[str]) -> None:
        super().__init__("Check the number of the named partner.", partners=list(partners))


class GuardianConsentMissing(Refusal):
    """Under guardianship, consent of guardian or judge is needed. Source: BW 1:37-39."""

    code = "guardian-consent-missing"

    def __init__(self, *, partners: Sequence[str]) -> None:
        super().__init__("Add the consent of the guardian or of the district judge.", partners=list(partners))


class ShamDeclarationMissing(Refusal):
    """The statement about residence and purpose is missing. Source: BW 1:44 lid 1 i."""

    code = "sham-declaration-missing"

    def __init__(self, *, partners: Sequence[str]) -> None:
        super().__init__("Declare that the bond is not meant to get a right of residence.", partners=list(partners))


class MarriageNotHere(Refusal):
    """Couples who both live abroad give notice in one place. Source: BW 1:44 lid 2."""

    code = "marriage-not-here"

    def __init__(self, *, municipality: str) -> None:
        super().__init__("Give notice in the named municipality.", municipality=municipality)


class MarriageWithoutTie(Refusal):
    """Neither is Dutch nor lives in the Netherlands. Source: BW 1:44 lid 1."""

    code = "marriage-without-tie"

    def __init__(self) -> None:
        super().__init__("Marry in a country where one of you lives or of which one of you is a national.")


class MarriageNotOnline(Refusal):
    """The town takes such a notice at the counter; `reasons` are keys of `contracts.civil_registry.OBSTACLES`."""

    code = "marriage-not-online"

    def __init__(self, *, reasons: Sequence[str]) -> None:
        super().__init__("Make an appointment to give notice.", reasons=list(reasons))


class MarriageTooSoon(Refusal):
    """Not before the fourteenth day after the complete notice. Source: BW 1:62."""

    code = "marriage-too-soon"

    def __init__(self, *, earliest_on: date) -> None:
        super().__init__("Choose a day from the earliest one on.", earliest_on=earliest_on.isoformat())


class MarriageNoticeExpired(Refusal):
    """A notice holds for one year. Source: BW 1:46."""

    code = "marriage-notice-expired"

    def __init__(self, *, last_on: date) -> None:
        super().__init__("Give notice again, or choose an earlier day.", last_on=last_on.isoformat())


class CapacityCertificateExpired(Refusal):
    """A certificate of capacity to marry is good for six months. Source: BW 1:49a lid 4."""

    code = "capacity-certificate-expired"

    def __init__(self, *, last_on: date) -> None:
        super().__init__("Choose an earlier day, or bring a new certificate.", last_on=last_on.isoformat())


class AssentIncomplete(Refusal):
    """At the counter somebody of the staff sees who the second partner is."""

    code = "assent-incomplete"

    def __init__(self) -> None:
        super().__init__("Look at the second partner's identity document first.")


class NoticeElsewhere(Refusal):
    """Somebody takes part in another notice that has not ended: one marries one person. Source: BW 1:33, 1:42."""

    code = "marriage-notice-exists"

    def __init__(self, *, partners: Sequence[str]) -> None:
        super().__init__("Withdraw the other notice first.", partners=list(partners))


class ResidenceNotVerified(Refusal):
    """The right of residence of somebody who is not Dutch is verified by the officer. Source: BW 1:44, 1:58 lid 1."""

    code = "residence-not-verified"

    def __init__(self, *, partners: Sequence[str]) -> None:
        super().__init__("Look the right of residence up, and say so.", partners=list(partners))


class DeedMentionsMissing(Refusal):
    """What the deed has to mention is on file, but not in its words. Source: BBS art. 57 lid 3; BW 1:45."""

    code = "deed-mentions-missing"

    def __init__(self, *, papers: Sequence[str]) -> None:
        super().__init__("Write down what the deed mentions of the named papers.", papers=list(papers))


class CeremonyTimeImpossible(Refusal):
    """No ceremonies are held at that time."""

    code = "ceremony-time-impossible"

    def __init__(self, *, opens_at: str, closes_at: str) -> None:
        super().__init__("Choose a time within the hours.", opens_at=opens_at, closes_at=closes_at)


class CeremonyTooNear(Refusal):
    """So near the day only the town's staff changes the ceremony."""

    code = "ceremony-too-near"

    def __init__(self, *, changed_until: date) -> None:
        super().__init__("Call the municipality to change the ceremony.", changed_until=changed_until.isoformat())


class WitnessCount(Refusal):
    """Too few or too many adult witnesses. Source: BW 1:63 lid 1, 1:64."""

    code = "witness-count"

    def __init__(self, *, least: int, most: int, adults: int, minors: int) -> None:
        super().__init__("Name so many adult witnesses.", least=least, most=most, adults=adults, minors=minors)


class WitnessIsPartner(Refusal):
    """A partner cannot be a witness of the own marriage, nor one person two witnesses."""

    code = "witness-not-independent"

    def __init__(self) -> None:
        super().__init__("Name persons other than the two of you, each of them once.")


class CeremonyIncomplete(Refusal):
    """Without presence, identity and yes of both there is no marriage. Source: BW 1:63 lid 2, 1:65-67."""

    code = "ceremony-incomplete"

    def __init__(self, *, missing: Sequence[str]) -> None:
        super().__init__("Record the ceremony once the named things are done.", missing=list(missing))


class NotTheWeddingDay(Refusal):
    """A ceremony is recorded on its own day. Source: BW 1:67 lid 2 (the deed is made at once)."""

    code = "not-the-wedding-day"

    def __init__(self, *, on: date) -> None:
        super().__init__("Record the ceremony on its day, or move it first.", on=on.isoformat())
