"""What else becomes true by a command, beside the status: one function per command, by kind where kinds differ."""

from collections.abc import Callable, Mapping

from services.civil_registry.commands.effects import birth, death, deeds, marriage, permit, planning, shared
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
    (None, "refuse"): shared.refuse,
    (None, "print-deed"): deeds.print_deed,
    (None, "sign-deed"): deeds.sign_deed,
    (None, "register"): deeds.register,
    (Kind.BIRTH, "submit"): birth.submit,
    (Kind.BIRTH, "provider-silent"): birth.provider_silent,
    (Kind.BIRTH, "draw-deed"): birth.draw_deed,
    (Kind.BIRTH, "refuse"): birth.refuse,
    (Kind.BIRTH, "report-late"): shared.reported,
    (Kind.DEATH, "submit"): death.submit,
    (Kind.DEATH, "supply-info"): death.take_answer,
    (Kind.DEATH, "request-permit"): death.request_permit,
    (Kind.DEATH, "record-clearance"): death.record_clearance,
    (Kind.DEATH, "second-look"): death.second_look,
    (Kind.DEATH, "weak-match"): death.weak_match,
    (Kind.DEATH, "draw-deed"): death.draw_deed,
    (Kind.DEATH, "record-originals"): death.record_originals,
    (Kind.DEATH, "withdraw"): death.end_permits,
    (Kind.DEATH, "refuse"): death.end_permits,
    (Kind.DEATH, "mark-duplicate"): death.end_permits,
    (Kind.PERMIT, "decide-term"): permit.decide_term,
    (Kind.PERMIT, "plan"): permit.plan,
    (Kind.PERMIT, "record-measure"): permit.record_measure,
    (Kind.PERMIT, "issue"): permit.issue,
    (Kind.PERMIT, "amend"): permit.amend,
    (Kind.PERMIT, "request-amendment"): permit.request_amendment,
    (Kind.PERMIT, "decline-amendment"): permit.decline_amendment,
    (Kind.PERMIT, "refuse"): permit.refuse,
    (Kind.PERMIT, "revoke"): permit.revoke,
    (Kind.PERMIT, "warn"): permit.warn,
    (Kind.PERMIT, "escalate"): permit.escalate,
    (Kind.MARRIAGE, "invite-partner"): marriage.invite_partner,
    (Kind.MARRIAGE, "assent"): marriage.assent,
    (Kind.MARRIAGE, "decline"): marriage.decline,
    (Kind.MARRIAGE, "remind-partner"): marriage.remind_partner,
    (Kind.MARRIAGE, "accept"): marriage.accept,
    (Kind.MARRIAGE, "release-option"): planning.give_back,
    (Kind.MARRIAGE, "schedule"): planning.schedule,
    (Kind.MARRIAGE, "change-witnesses"): marriage.change_witnesses,
    (Kind.MARRIAGE, "change-officer"): planning.change_officer,
    (Kind.MARRIAGE, "recheck-ceremony"): marriage.recheck_ceremony,
    (Kind.MARRIAGE, "hold-back"): marriage.hold_back,
    (Kind.MARRIAGE, "final-check"): marriage.clear,
    (Kind.MARRIAGE, "record-ceremony"): marriage.record_ceremony,
    (Kind.MARRIAGE, "report-remarriage"): shared.reported,
    (Kind.MARRIAGE, "warn-unsigned"): marriage.warn_unsigned,
    (Kind.MARRIAGE, "withdraw"): planning.give_back,
    (Kind.MARRIAGE, "expire"): planning.give_back,
    (Kind.MARRIAGE, "refuse"): marriage.refuse,
    (Kind.MARRIAGE, "record-objection"): marriage.record_objection,
}

__all__ = ["EFFECTS", "Effect", "Step"]
