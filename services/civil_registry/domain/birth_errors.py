"""What the law on births and names refuses; the codes are those of `contracts.civil_registry.REFUSALS`."""

from collections.abc import Sequence
from datetime import date, datetime

from services.messaging.errors import Refusal


class BirthNotHere(Refusal):
    """A birth is declared where the child was born (*geboortegemeente*). Source: BW 1:19, 1:19a."""

    code = "birth-not-here"

    def __init__(self, *, municipality: str) -> None:
        super().__init__("Declare the birth in the municipality where the child was born.", municipality=municipality)


class BirthDeclarantNotAllowedOnline(Refusal):
    """Online only the mother, the father or the other mother declares. Source: BW 1:19e lid 1 and 13."""

    code = "birth-declarant-not-allowed-online"

    def __init__(self) -> None:
        super().__init__("Let a parent declare the birth, or make an appointment.")


class BirthNotOnline(Refusal):
    """The town takes such a declaration at the counter; `reasons` are keys of `contracts.civil_registry.OBSTACLES`."""

    code = "birth-not-online"

    def __init__(self, *, reasons: Sequence[str]) -> None:
        super().__init__("Make an appointment to declare the birth.", reasons=list(reasons))


class BirthInFuture(Refusal):
    """The time of birth lies ahead."""

    code = "birth-in-future"

    def __init__(self, *, now: datetime) -> None:
        super().__init__("Check day and time of birth.", now=now.isoformat())


class BirthNotConfirmed(Refusal):
    """No doctor or midwife has confirmed the birth. Source: BW 1:19e lid 10 and 11."""

    code = "birth-not-confirmed"

    def __init__(self) -> None:
        super().__init__("Wait for the doctor or midwife, or add their statement.")


class BirthConfirmationDiffers(Refusal):
    """Doctor or midwife say something else than the declarant. Source: BW 1:19e lid 10."""

    code = "birth-confirmation-differs"

    def __init__(self, *, differs: Sequence[str]) -> None:
        super().__init__("Ask the declarant, or the doctor or midwife, about the named fields.", fields=list(differs))


class BirthAcknowledgementNeeded(Refusal):
    """The second parent is no parent by law before acknowledgement (*erkenning*). Source: BW 1:198, 1:199, 1:203."""

    code = "birth-acknowledgement-needed"

    def __init__(self) -> None:
        super().__init__("Let the second parent acknowledge the child at the counter first.")


class AnotherIsParentByLaw(Refusal):
    """The mother's husband, wife or partner is the second parent by law, not who was named. Source: BW 1:199 a, b."""

    code = "birth-other-parent-by-law"

    def __init__(self) -> None:
        super().__init__("Declare the birth at the counter: the law names another second parent.")


class SurnameChoiceInPerson(Refusal):
    """A surname is chosen by both parents together. Source: BW 1:5 lid 4."""

    code = "surname-choice-in-person"

    def __init__(self) -> None:
        super().__init__("Choose the surname together at the counter, or give the number of the deed of name choice.")


class SurnameFollowsFirstChild(Refusal):
    """Later children have the surname of the first one. Source: BW 1:5 lid 8."""

    code = "surname-follows-first-child"

    def __init__(self, *, surname: str) -> None:
        super().__init__("Take the surname of the first child.", surname=surname)


class SurnameCombinationInvalid(Refusal):
    """A combined surname has one name of each parent. Source: BW 1:5; Wet introductie gecombineerde geslachtsnaam."""

    code = "surname-combination-invalid"

    def __init__(self, *, reason: str) -> None:
        super().__init__("Combine one name of each parent, without hyphen.", reason=reason)


class NameChoiceDeedInvalid(Refusal):
    """This is no number of a deed of name choice (*akte van naamskeuze*). Source: RNA art. 5."""

    code = "name-choice-deed-invalid"

    def __init__(self) -> None:
        super().__init__("Type the four digits of the deed's number, with its year before them: 2026-0123.")


class FirstNamesInvalid(Refusal):
    """The first names cannot be written in the registers."""

    code = "first-names-invalid"

    def __init__(self, *, problem: str) -> None:
        super().__init__("Write all first names in full, with a space between them.", problem=problem)


class FirstNameRefused(Refusal):
    """Improper first names, or existing surnames that are no usual first names. Source: BW 1:4 lid 2."""

    code = "first-name-refused"

    def __init__(self, *, reason: str, answer_by: date | None) -> None:
        super().__init__(
            "Give other first names, or leave it to the officer to give them.",
            reason=reason,
            answer_by=answer_by and answer_by.isoformat(),
        )


class FirstNamesMissing(Refusal):
    """No first names are left; then the officer gives one. Source: BW 1:4 lid 3."""

    code = "first-names-missing"

    def __init__(self) -> None:
        super().__init__("Give the child at least one first name; the deed says that the officer did.")


class FirstNamesGiven(Refusal):
    """The declarant gave first names that stand; the officer cannot give others. Source: BW 1:4 lid 3."""

    code = "first-names-given"

    def __init__(self) -> None:
        super().__init__("Take the declarant's first names, or refuse them with a reason first.")
