"""Rules that several kinds of records share. Each does nothing when it allows the command, else raises its refusal."""

from services.civil_registry.domain.case import Case
from services.civil_registry.domain.errors import (
    BrpNotChecked,
    FindingsOpen,
    InformationLate,
    NothingSupplied,
    OfficerIsParty,
    OfficerNotCompetent,
    SameOfficer,
)
from services.civil_registry.domain.machine import Guard, Particulars
from services.civil_registry.domain.record import Flag
from services.civil_registry.domain.registrars import check_competent


def competent(task: str) -> Guard:
    """Return the rule that the officer is appointed and sworn today, and the task is his. Source: BW 1:16, 1:16a."""

    def officer_is_competent(case: Case, _: Particulars) -> None:
        """The officer is appointed and sworn today, and the act is one of his tasks (BW 1:16, 1:16a)."""
        if case.officer is None:
            raise OfficerNotCompetent(task=task)
        check_competent(case.officer, task=task, on=case.today)

    return officer_is_competent


def not_a_party(case: Case, _: Particulars) -> None:
    """The officer is not a party to the deed (BW 1:18a lid 5)."""
    if case.officer is not None and case.officer.bsn_digest in case.party_digests:
        raise OfficerIsParty


def brp_was_checked(case: Case, _: Particulars) -> None:
    """The BRP was asked after the last change, and nothing that it found is open (BW 1:18 lid 2)."""
    if case.brp is None or case.brp.done_at is None:
        raise BrpNotChecked
    if case.brp.blocking:
        raise FindingsOpen(codes=[finding["code"] for finding in case.brp.blocking])


def duplicates_are_cleared(case: Case, _: Particulars) -> None:
    """An officer has said that a record that looks the same is about another fact."""
    if Flag.POTENTIAL_DUPLICATE in case.record.flags:
        raise FindingsOpen(codes=[str(Flag.POTENTIAL_DUPLICATE)])


def second_officer_agreed(case: Case, _: Particulars) -> None:
    """Where the match with the BRP is weak, a second officer has compared as well."""
    flags = case.record.flags
    if Flag.NEEDS_SECOND_OFFICER in flags and Flag.SECOND_OFFICER_AGREED not in flags:
        raise FindingsOpen(codes=[str(Flag.NEEDS_SECOND_OFFICER)])


def is_second_officer(case: Case, _: Particulars) -> None:
    """It is not the officer who reviews the record (four eyes)."""
    if case.actor.staff_id == case.record.assignee:
        raise SameOfficer


def answer_date_is_possible(case: Case, particulars: Particulars) -> None:
    """The answer is asked for by a day that lies ahead, and not after the end of the legal term."""
    answer_by = particulars["answer_by"]
    due = case.record.due_on
    if answer_by < case.today or (due is not None and case.today <= due < answer_by):
        raise InformationLate(last_on=due if due is not None and due >= case.today else None)


def something_is_supplied(case: Case, particulars: Particulars) -> None:
    """At least one thing was changed, added or explained since the question."""
    question = case.record.question
    asked_at = question.asked_at if question else case.record.started_at
    changed = case.record.facts_since is not None and case.record.facts_since > asked_at
    changed = changed or any(piece.added_at > asked_at for piece in case.evidence)
    if not particulars.get("note") and not particulars.get("content") and not changed:
        raise NothingSupplied
