"""The rules on marriages and partnerships as guards of the table; what they say stands in the marriage modules."""

from datetime import date

from services.civil_registry.domain.actor import STAFF
from services.civil_registry.domain.case import Case
from services.civil_registry.domain.ceremonies import (
    check_certificates,
    check_couple_may_change,
    check_couple_may_plan,
    check_day,
    check_held,
    check_hours,
    check_today,
    check_witness_count,
    check_witnesses,
)
from services.civil_registry.domain.errors import BrpNotChecked, NotYourRole, OfficerIsParty
from services.civil_registry.domain.machine import Particulars
from services.civil_registry.domain.marriage_errors import (
    AssentIncomplete,
    DeedMentionsMissing,
    NoticeElsewhere,
    PartnersAreOne,
    ResidenceNotVerified,
)
from services.civil_registry.domain.marriage_facts import PARTNERS, CeremonyFacts, MarriageFacts, certified_on
from services.civil_registry.domain.marriage_online import check_marriage_online, marriage_eligibility
from services.civil_registry.domain.marriage_rules import Couple, check_may_marry, residence_to_verify
from services.civil_registry.domain.record import Status
from services.civil_registry.domain.registrars import check_competent
from services.civil_registry.domain.rooms import check_room, witnesses_in_special_house


def couple_of(case: Case) -> Couple | None:
    """Return the notice with both partners, or None while the BRP has not told who they are."""
    persons = case.brp.persons if case.brp is not None else {}
    found = {role: person for role in PARTNERS if (person := persons.get(role)) is not None}
    if len(found) < len(PARTNERS):
        return None
    return Couple(MarriageFacts.of(case.content), found, frozenset(piece.kind for piece in case.evidence))


def speaks_for_first_partner(case: Case, _: Particulars) -> None:
    """Who gives notice is the first partner himself, or staff at the counter (BW 1:44)."""
    first = case.record.parties.get("partner_1")
    if not case.actor.may(STAFF) and first is not None and case.actor.bsn != first:
        raise NotYourRole(roles=["partner_1"])


def second_partner_answers(case: Case, _: Particulars) -> None:
    """The second partner answers with a log-in of his own."""
    if case.actor.bsn != case.record.parties.get("partner_2"):
        raise NotYourRole(roles=["partner_2"])


def second_partner_assents(case: Case, particulars: Particulars) -> None:
    """The second partner assents with a log-in of his own, or at the counter, where staff saw who he is."""
    if case.actor.may(STAFF):
        if not particulars["identified"]:
            raise AssentIncomplete
        return
    second_partner_answers(case, particulars)


def no_other_notice(case: Case, _: Particulars) -> None:
    """Neither takes part in another notice that has not ended: one marries one person (BW 1:33, 1:42)."""
    known = PARTNERS if case.record.submitted_at is not None else (_acting_partner(case),)
    if elsewhere := [role for role in known if role in case.engaged]:
        raise NoticeElsewhere(partners=elsewhere)


def _acting_partner(case: Case) -> str:
    """Return whose turn it is: nobody learns of another's notices before that one has assented himself."""
    return "partner_2" if case.record.status is Status.AWAITING_PARTNER else "partner_1"


def notice_is_lawful(case: Case, particulars: Particulars) -> None:
    """Two people, with two to four adult witnesses, at a time at which ceremonies are held (BW 1:44, 1:63)."""
    first, second = (case.record.parties.get(role) for role in PARTNERS)
    if first is not None and first == second:
        raise PartnersAreOne
    facts = MarriageFacts.of({**case.content, **_replaced(particulars)})
    couple = couple_of(case)
    if couple is not None and not case.actor.may(STAFF):
        check_marriage_online(marriage_eligibility(couple, case.policy))
    if facts.ceremony is not None:
        _check_place(case, facts.ceremony)
        check_witnesses(
            facts.witnesses,
            facts.ceremony.on,
            partners=couple.persons.values() if couple is not None else (),
            special_house=witnesses_in_special_house(case.rooms, facts.ceremony.room_id),
        )


def wish_is_possible(case: Case, _: Particulars) -> None:
    """The wished day could be the wedding day, if the second partner confirms today (BW 1:46, 1:62)."""
    wish = MarriageFacts.of(case.content).ceremony
    if wish is not None:
        _check_when(case, wish, complete_on=case.today)


def partners_may_marry(case: Case, _: Particulars) -> None:
    """Nothing forbids these two to marry on the day of the ceremony (BW 1:31-42, 1:58)."""
    couple = couple_of(case)
    if couple is None:
        raise BrpNotChecked
    ceremony = couple.facts.ceremony
    check_may_marry(couple, on=ceremony.on if ceremony else case.today, policy=case.policy)


def residence_is_verified(case: Case, particulars: Particulars) -> None:
    """Of a partner who is not Dutch the officer looked the right of residence up (BW 1:44 lid 1 i, 1:58 lid 1)."""
    couple = couple_of(case)
    open_ones = [] if couple is None else residence_to_verify(couple, case.policy)
    if open_ones and not particulars["residence_verified"]:
        raise ResidenceNotVerified(partners=open_ones)


def ceremony_is_possible(case: Case, particulars: Particulars) -> None:
    """From the fourteenth day to a year after the notice, within the hours, with an officer who may (BW 1:46, 1:62)."""
    ceremony = MarriageFacts.of({**case.content, **_replaced(particulars)}).ceremony
    if ceremony is None:
        return
    _check_place(case, ceremony)
    _check_when(case, ceremony, complete_on=date.fromisoformat(case.record.extra["notice_complete_on"]))


def new_officer_is_competent(case: Case, particulars: Particulars) -> None:
    """The new officer is appointed for ceremonies on that day, and no party (BW 1:16a, 1:18a lid 5)."""
    _check_officer(case, particulars["officer_id"], MarriageFacts.of(case.content).ceremony.on)  # type: ignore[union-attr]


def may_still_reschedule(case: Case, _: Particulars) -> None:
    """The couple change a planned ceremony themselves until some days before it; then staff does."""
    if case.actor.may(STAFF) or case.record.status is Status.ACCEPTED or case.record.due_on is None:
        return
    check_couple_may_change(case.record.due_on, case.today, case.policy.marriage)


def may_still_plan(case: Case, particulars: Particulars) -> None:
    """The couple plan a ceremony themselves until some days before it; then staff does."""
    if not case.actor.may(STAFF):
        check_couple_may_plan(particulars["ceremony"]["on"], case.today, case.policy.marriage)


def today_is_the_day(case: Case, _: Particulars) -> None:
    """The ceremony is recorded on its own day: the deed is made at once (BW 1:67 lid 2)."""
    if case.record.due_on is not None:
        check_today(case.record.due_on, case.today)


def both_said_yes(case: Case, particulars: Particulars) -> None:
    """Both were there, showed who they are, and said yes; for a partnership they sign (BW 1:65-67, 1:80a)."""
    check_held(
        bond=case.content["bond"],
        both_present=particulars["both_present"],
        both_identified=particulars["both_identified"],
        both_said_yes=particulars["both_said_yes"],
    )


def witnesses_are_present(case: Case, particulars: Particulars) -> None:
    """Two to four of the named witnesses were there, six in a special house (BW 1:63 lid 1, 1:64)."""
    facts = MarriageFacts.of(case.content)
    there = {place for place in particulars["witnesses"] if place < len(facts.witnesses)}
    room_id = facts.ceremony.room_id if facts.ceremony else ""
    check_witness_count(len(there), special_house=witnesses_in_special_house(case.rooms, room_id))


def deed_mentions_are_given(case: Case, particulars: Particulars) -> None:
    """The deed mentions every consent and every statement under oath that is on file (BBS art. 57 lid 3; BW 1:45)."""
    missing = [
        paper
        for paper, field in (("guardian-consent", "consents"), ("kinship-statement", "sworn_statements"))
        if case.has(paper) and not particulars[field]
    ]
    if missing:
        raise DeedMentionsMissing(papers=missing)


def _check_place(case: Case, ceremony: CeremonyFacts) -> None:
    check_room(case.rooms, ceremony.room_id)
    check_hours(ceremony.at, case.rooms[ceremony.room_id].minutes, case.policy.marriage.hours)


def _check_when(case: Case, ceremony: CeremonyFacts, *, complete_on: date) -> None:
    check_day(ceremony.on, complete_on=complete_on, terms=case.terms, exempted=case.has("exemption"))
    check_certificates(ceremony.on, certified_on(case.record), case.terms)
    _check_officer(case, ceremony.officer_id, ceremony.on)


def _check_officer(case: Case, officer_id: str | None, on: date) -> None:
    if officer_id is None:
        return
    officer = case.officers.get(officer_id)
    if officer is None:
        raise NotYourRole(roles=["officer", "special-officer"])
    check_competent(officer, task="ceremony", on=on)
    if officer.bsn_digest in case.party_digests:
        raise OfficerIsParty


def _replaced(particulars: Particulars) -> dict[str, object]:
    return {name: particulars[name] for name in ("ceremony", "witnesses") if name in particulars}
