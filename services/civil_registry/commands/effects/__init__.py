"""What else becomes true by a command, beside the status: one function per command, by kind where kinds differ."""

from collections.abc import Callable, Mapping

from services.civil_registry.commands.effects import birth, death, deeds, marriage, shared
from services.civil_registry.commands.effects.step import Step
from services.civil_registry.domain.record import Kind, Record

Effect = Callable[[Step], Record]
"""Returns the record as it is afterwards, but for status, version and moments."""

EFFECTS: Mapping[tuple[Kind | None, str], Effect] = {
    (None, "assign"): shared.assign,
    (None, "take-over"): shared.assign,
    (None, "release"): shared.release,
    (None, "recheck"): shared.recheck,
    (None, "request-info"): shared.ask,
    (None, "supply-info"): shared.take_answer,
    (None, "clear-duplicate"): shared.clear_duplicate,
    (None, "approve"): shared.approve,
    (None, "mark-duplicate"): shared.point_to_other,
    (None, "print-deed"): deeds.print_deed,
    (None, "sign-deed"): deeds.sign_deed,
    (None, "register"): deeds.register,
    (Kind.BIRTH, "submit"): birth.submit,
    (Kind.BIRTH, "provider-silent"): birth.provider_silent,
    (Kind.BIRTH, "draw-deed"): birth.draw_deed,
    (Kind.BIRTH, "refuse"): birth.refuse,
    (Kind.BIRTH, "report-late"): shared.reported,
    (Kind.DEATH, "submit"): death.submit,
    (Kind.DEATH, "record-clearance"): death.record_clearance,
    (Kind.DEATH, "second-look"): death.second_look,
    (Kind.DEATH, "weak-match"): death.weak_match,
    (Kind.DEATH, "draw-deed"): death.draw_deed,
    (Kind.DEATH, "record-originals"): death.record_originals,
    (Kind.DEATH, "withdraw"): death.end_permits,
    (Kind.DEATH, "refuse"): death.end_permits,
    (Kind.DEATH, "mark-duplicate"): death.end_permits,
    (Kind.PERMIT, "decide-term"): death.decide_term,
    (Kind.PERMIT, "plan"): death.plan,
    (Kind.PERMIT, "issue"): death.issue,
    (Kind.PERMIT, "amend"): death.amend,
    (Kind.PERMIT, "revoke"): death.revoke,
    (Kind.PERMIT, "warn"): death.warn,
    (Kind.MARRIAGE, "invite-partner"): marriage.invite_partner,
    (Kind.MARRIAGE, "assent"): marriage.assent,
    (Kind.MARRIAGE, "remind-partner"): marriage.remind_partner,
    (Kind.MARRIAGE, "accept"): marriage.accept,
    (Kind.MARRIAGE, "schedule"): marriage.schedule,
    (Kind.MARRIAGE, "change-witnesses"): marriage.change_witnesses,
    (Kind.MARRIAGE, "change-officer"): marriage.change_officer,
    (Kind.MARRIAGE, "record-ceremony"): marriage.record_ceremony,
    (Kind.MARRIAGE, "report-remarriage"): shared.reported,
    (Kind.MARRIAGE, "withdraw"): marriage.free_ceremony,
    (Kind.MARRIAGE, "expire"): marriage.free_ceremony,
    (Kind.MARRIAGE, "refuse"): marriage.free_ceremony,
    (Kind.MARRIAGE, "record-objection"): marriage.free_ceremony,
}

__all__ = ["EFFECTS", "Effect", "Step"]
