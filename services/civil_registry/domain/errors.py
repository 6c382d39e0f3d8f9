"""What the rules of the civil registry refuse; the codes are those of `contracts.civil_registry.REFUSALS`."""

from collections.abc import Mapping, Sequence
from datetime import date

from services.messaging.errors import Refusal


class RecordUnknown(Refusal):
    """There is no such record, or it is not the asker's to see; the answer does not tell which."""

    code = "record-unknown"

    def __init__(self) -> None:
        super().__init__("Choose a record from your list.")


class NotNow(Refusal):
    """The command does not fit the record's status."""

    code = "not-now"

    def __init__(self, *, command: str, status: str | None) -> None:
        super().__init__("Read the record again; its `allowed` says what can be done.", command=command, status=status)


class NotYourRole(Refusal):
    """Somebody with another role may do this."""

    code = "not-your-role"

    def __init__(self, *, roles: Sequence[str]) -> None:
        super().__init__("Leave it to somebody with one of the named roles.", roles=list(roles))


class AssuranceTooLow(Refusal):
    """It is not sure enough who acts. Source: Besluit elektronische dienstverlening burgerlijke stand art. 2."""

    code = "assurance-too-low"

    def __init__(self, *, level: str) -> None:
        super().__init__("Log in with a stronger means to continue.", level=level)


class AssignedToOther(Refusal):
    """Somebody else works on the record, or nobody has taken it yet."""

    code = "assigned-to-other"

    def __init__(self, *, assignee: str | None) -> None:
        super().__init__("Take the record over first.", assignee=assignee)


class VersionConflict(Refusal):
    """The record changed since it was read."""

    code = "version-conflict"

    def __init__(self, *, version: int) -> None:
        super().__init__("Read the record again and decide anew.", version=version)


class OfficerIsParty(Refusal):
    """No officer makes a deed to which he is a party. Source: BW 1:18a lid 5."""

    code = "officer-is-party"

    def __init__(self) -> None:
        super().__init__("Leave this deed to another officer.")


class OfficerNotCompetent(Refusal):
    """The officer is not appointed or sworn on this day, or the act is not one of his tasks. Source: BW 1:16a."""

    code = "officer-not-competent"

    def __init__(self, *, task: str) -> None:
        super().__init__("Leave it to an officer who is appointed for this task.", task=task)


class SameOfficer(Refusal):
    """The second look must be another person's (four eyes)."""

    code = "same-officer"

    def __init__(self) -> None:
        super().__init__("Let another officer look at it.")


class DeedNumberExhausted(Refusal):
    """A register part has 9,999 deeds. Source: Regeling vermelding nummer op akten art. 1-4."""

    code = "deed-number-exhausted"

    def __init__(self, *, part: str) -> None:
        super().__init__("Open a new part of this register.", part=part)


class RegisterClosed(Refusal):
    """The register of that year has been closed. Source: BBS art. 7 and 16."""

    code = "register-closed"

    def __init__(self, *, year: int) -> None:
        super().__init__("Draw the deed up in the register of this year.", year=year)


class RegisterStillOpen(Refusal):
    """A register can be closed after its year, once every deed in it is signed."""

    code = "register-still-open"

    def __init__(self, *, unsigned: int) -> None:
        super().__init__("Close it after the year has ended and all its deeds are signed.", unsigned=unsigned)


class DeedUnknown(Refusal):
    """There is no deed with this number."""

    code = "deed-unknown"

    def __init__(self) -> None:
        super().__init__("Check year and number.")


class ExtractBlocked(Refusal):
    """An officer blocked extracts of a deed that is in doubt."""

    code = "extract-blocked"

    def __init__(self, *, reason: str) -> None:
        super().__init__("Give no extract until the doubt is settled.", reason=reason)


class CopyInterestMissing(Refusal):
    """A full copy needs a legitimate interest. Source: BW 1:23b."""

    code = "copy-interest-missing"

    def __init__(self) -> None:
        super().__init__("Explain the legitimate interest, or give an extract.")


class BrpNotChecked(Refusal):
    """The BRP has not been asked since the record last changed."""

    code = "brp-not-checked"

    def __init__(self) -> None:
        super().__init__("Wait for the comparison with the BRP, or ask for it again.")


class FindingsOpen(Refusal):
    """Something that was found stands in the way."""

    code = "findings-open"

    def __init__(self, *, codes: Sequence[str]) -> None:
        super().__init__("Settle what was found, or ask the declarant.", codes=list(codes))


class InformationLate(Refusal):
    """The day by which an answer is asked for has passed, or lies after the legal term."""

    code = "answer-date-impossible"

    def __init__(self, *, last_on: date | None) -> None:
        super().__init__("Choose a day from today on, within the legal term.", last_on=last_on and last_on.isoformat())


class NothingSupplied(Refusal):
    """Nothing was added, changed or explained."""

    code = "nothing-supplied"

    def __init__(self) -> None:
        super().__init__("Answer the question, change what is wrong, or add the document.")


class NotComplete(Refusal):
    """The record cannot be submitted yet; `errors` names every part that is missing or wrong."""

    code = "not-complete"

    def __init__(self, *, errors: Mapping[str, object]) -> None:
        super().__init__("Complete what the errors name.", errors=dict(errors))


class TimeDoesNotExist(Refusal):
    """In the night that summer time begins, the clock skips an hour."""

    code = "time-does-not-exist"

    def __init__(self, *, on: date) -> None:
        super().__init__("Check the time: the clock skipped this hour.", on=on.isoformat())


class DeedNumberInvalid(Refusal):
    """This is not how deeds are numbered. Source: Regeling vermelding nummer op akten art. 1-5."""

    code = "deed-number-invalid"

    def __init__(self) -> None:
        super().__init__("Type the number as it stands on the deed, such as 1A0123.")


class DeedCancelled(Refusal):
    """A court struck the deed out (*doorhaling*). Source: BW 1:24, 1:24b."""

    code = "deed-cancelled"

    def __init__(self) -> None:
        super().__init__("Give no extract of a deed that was struck out.")


class DeedNotRegistered(Refusal):
    """A sheet that is not signed and filed is no deed yet. Source: BW 1:18, BBS art. 15-20."""

    code = "deed-not-registered"

    def __init__(self) -> None:
        super().__init__("Sign the deed and put it into the register first.")


class CourtOrderNotFinal(Refusal):
    """A judgment is mentioned three months after its date. Source: BW 1:20 lid 1, 1:24 lid 2."""

    code = "court-order-not-final"

    def __init__(self, *, from_on: date) -> None:
        super().__init__("Mention the judgment from the named day on.", from_on=from_on.isoformat())


class CanBeDeclaredOnline(Refusal):
    """Nothing leads to the counter."""

    code = "can-be-declared-online"

    def __init__(self) -> None:
        super().__init__("Go on with the declaration; no visit is needed.")


class TooMuchEvidence(Refusal):
    """A record has as many files as one can read."""

    code = "too-much-evidence"

    def __init__(self, *, most: int) -> None:
        super().__init__("Put several pages into one file.", most=most)


class RoomNotFree(Refusal):
    """Another ceremony has the room or the officer then."""

    code = "room-not-free"

    def __init__(self, *, what: str) -> None:
        super().__init__("Choose another time, room or officer.", what=what)


class RoomUnknown(Refusal):
    """The town holds no ceremonies there."""

    code = "room-unknown"

    def __init__(self, *, room_id: str) -> None:
        super().__init__("Choose one of the town's rooms.", room_id=room_id)


class ProsecutorNotNeeded(Refusal):
    """A natural death with a certificate needs no clearance. Source: Wet op de lijkbezorging art. 12."""

    code = "prosecutor-not-needed"

    def __init__(self) -> None:
        super().__init__("Go on with the certificate of death.")


class BsnInvalid(Refusal):
    """The digits are no citizen service number (*burgerservicenummer*)."""

    code = "bsn-invalid"

    def __init__(self) -> None:
        super().__init__("Check the nine digits of the citizen service number.")


class BsnTestRange(Refusal):
    """The number belongs to the test persons of the BRP, who do not exist."""

    code = "bsn-test-range"

    def __init__(self) -> None:
        super().__init__("Use the number of a person who exists.")


class DocumentUnknown(Refusal):
    """No paper of ours has this code or id."""

    code = "document-unknown"

    def __init__(self) -> None:
        super().__init__("Check the code on the paper, sign by sign.")


class LookNotAllowed(Refusal):
    """This person is not the asker's to look at; the answer does not tell whether he exists."""

    code = "look-not-allowed"

    def __init__(self) -> None:
        super().__init__("Look at yourself or your present partner only; clerks and officers may look at others.")
