"""Who may marry or register a partnership with whom, and where (*huwelijksbeletselen*).

The same rules hold at the notice, when it is accepted, and right before the ceremony. Source: BW 1:31-46, 1:58, 1:80a.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from services.civil_registry.domain.bonds import is_person
from services.civil_registry.domain.kinship import check_kinship
from services.civil_registry.domain.marriage_errors import (
    GuardianConsentMissing,
    MarriageByConversion,
    MarriageExistingBond,
    MarriageNotHere,
    MarriageTooYoung,
    MarriageWithoutTie,
    PartnerDeceased,
    PartnersAreOne,
    ShamDeclarationMissing,
)
from services.civil_registry.domain.marriage_facts import PARTNERS, MarriageFacts
from services.civil_registry.domain.partial_dates import is_of_age
from services.civil_registry.domain.person import Person
from services.civil_registry.domain.policy import Policy
from services.civil_registry.domain.residence import is_resident
from services.messaging.errors import Refusal

_ADULT = 18
"""Source: BW 1:31."""
GUARDIAN_CONSENT = "guardian-consent"
"""Consent of the guardian (*curator*) or permission of the district judge. Source: BW 1:37, 1:38."""


@dataclass(frozen=True, slots=True)
class Couple:
    """A notice, both partners as the BRP knows them, and the papers that were filed."""

    facts: MarriageFacts
    persons: Mapping[str, Person]
    """By the path of the part: `partner_1`, `partner_2`."""
    papers: Collection[str] = field(default_factory=frozenset)

    def who(self, applies: Callable[[str, Person], bool]) -> list[str]:
        """Return the paths of the partners to whom something applies."""
        return [role for role in PARTNERS if applies(role, self.persons[role])]


def check_two(couple: Couple) -> None:
    """There are two people, and both live.

    Raises: PartnersAreOne, PartnerDeceased.
    """
    one, other = (couple.persons[role] for role in PARTNERS)
    if one.bsn == other.bsn:
        raise PartnersAreOne
    dead = couple.who(lambda _, person: person.suspended == "deceased")
    if dead:
        raise PartnerDeceased(partners=dead)


def check_age(couple: Couple, on: date) -> None:
    """Both are at least 18 on the day of the wedding; whose birth is known in part only, surely so.

    Raises: MarriageTooYoung.
    Source: BW 1:31.
    """
    young = couple.who(lambda _, person: is_of_age(person.born, on, _ADULT) is not True)
    if young:
        raise MarriageTooYoung(partners=young)


def check_unbound(couple: Couple) -> None:
    """Neither is married or has a registered partnership. One of the two with each other is converted.

    Raises: MarriageExistingBond, MarriageByConversion.
    Source: BW 1:33, 1:42, 1:80a lid 1 and 2, 1:80g.
    """
    if is_conversion(couple):
        raise MarriageByConversion
    bound = couple.who(lambda _, person: bool(person.present_partners))
    if bound:
        raise MarriageExistingBond(partners=bound)


def is_conversion(couple: Couple) -> bool:
    """Say whether two want to marry who have a registered partnership with each other (*omzetting*).

    Source: BW 1:80g.
    """
    one, other = (couple.persons[role] for role in PARTNERS)
    together = {partner.bond for partner in one.present_partners if is_person(partner, other)}
    return couple.facts.bond == "marriage" and together == {"partnership"}


def check_relationship(couple: Couple) -> None:
    """Kinship does not stand in the way.

    Raises: MarriageKinship, KinshipStatementMissing.
    Source: BW 1:41, 1:41a.
    """
    one, other = (couple.persons[role] for role in PARTNERS)
    check_kinship(couple.facts.kinship, one, other, couple.papers)


def check_guardianship(couple: Couple) -> None:
    """Who is under guardianship (*curatele*), as recorded or as declared, has consent.

    Raises: GuardianConsentMissing.
    Source: BW 1:37-39.
    """
    under = couple.who(lambda role, person: person.guardianship or couple.facts.partners[role].guardianship)
    if under and GUARDIAN_CONSENT not in couple.papers:
        raise GuardianConsentMissing(partners=under)


def check_sham_statement(couple: Couple) -> None:
    """If one lacks Dutch nationality and the named rights of residence, both declared that it is no sham.

    Raises: ShamDeclarationMissing.
    Source: BW 1:44 lid 1 i; 1:58 for the second look before the ceremony.
    """
    if not needs_sham_statement(couple):
        return
    silent = couple.who(lambda role, _: not couple.facts.partners[role].no_sham)
    if silent:
        raise ShamDeclarationMissing(partners=silent)


def needs_sham_statement(couple: Couple) -> bool:
    """Say whether the statement about residence and purpose is needed (*verklaring geen schijnhuwelijk*).

    Dutch is who is so in the BRP, whatever is said. Who says that he has a European or permanent right of residence is
    believed for the notice; an officer verifies it (`residence_to_verify`).

    Source: BW 1:44 lid 1 i; Vreemdelingenwet 2000 art. 8 b, d and e.
    """
    return bool(
        couple.who(
            lambda role, person: not person.is_dutch and couple.facts.partners[role].residence != "eu-or-permanent"
        )
    )


def residence_to_verify(couple: Couple, policy: Policy) -> list[str]:
    """Return the partners who are not Dutch and whose right of residence an officer has to look up.

    Source: BW 1:44 lid 1 i, 1:58 lid 1.
    """
    settled = policy.marriage.titles_without_sham_statement
    return couple.who(lambda _, person: not person.is_dutch and person.residence_title not in settled)


def check_competent_here(couple: Couple, policy: Policy) -> None:
    """At least one is Dutch or lives in the Netherlands; if both live abroad, notice is given in one place only.

    Raises: MarriageNotHere, MarriageWithoutTie.
    Source: BW 1:44 lid 1 and 2.
    """
    if couple.who(lambda _, person: is_resident(person)):
        return
    if not couple.who(lambda _, person: person.is_dutch):
        raise MarriageWithoutTie
    if policy.notices_from_abroad.code != policy.municipality.code:
        raise MarriageNotHere(municipality=policy.notices_from_abroad.name)


def impediments(couple: Couple, *, on: date, policy: Policy) -> list[Refusal]:
    """Return everything that forbids these two to marry on a day; an officer who knows of one may not cooperate.

    Source: BW 1:31-42, 1:44, 1:57, 1:58, 1:80a.
    """
    return list(_refusals(couple, on, policy))


def check_may_marry(couple: Couple, *, on: date, policy: Policy) -> None:
    """These two may marry, or register a partnership, on a day.

    Raises: the first of `impediments`.
    Source: BW 1:31-42, 1:44, 1:57, 1:58, 1:80a.
    """
    for refusal in _refusals(couple, on, policy):
        raise refusal


def _refusals(couple: Couple, on: date, policy: Policy) -> Iterator[Refusal]:
    checks: tuple[Callable[[], None], ...] = (
        lambda: check_two(couple),
        lambda: check_age(couple, on),
        lambda: check_unbound(couple),
        lambda: check_relationship(couple),
        lambda: check_guardianship(couple),
        lambda: check_sham_statement(couple),
        lambda: check_competent_here(couple, policy),
    )
    for check in checks:
        try:
            check()
        except Refusal as refusal:
            yield refusal
