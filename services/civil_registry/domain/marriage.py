"""The life of a notice of marriage or registered partnership, up to the deed (*huwelijksakte*).

Source: BW 1:31-1:67, 1:80a; domain/civil_registry.md 4.3.
"""

from services.civil_registry.domain import guards
from services.civil_registry.domain.actor import Role
from services.civil_registry.domain.deed_steps import paper_steps
from services.civil_registry.domain.machine import Machine, Transition
from services.civil_registry.domain.marriage_guards import (
    both_said_yes,
    ceremony_is_possible,
    deed_mentions_are_given,
    may_still_plan,
    may_still_reschedule,
    new_officer_is_competent,
    no_other_notice,
    notice_is_lawful,
    partners_may_marry,
    residence_is_verified,
    second_partner_answers,
    second_partner_assents,
    speaks_for_first_partner,
    today_is_the_day,
    wish_is_possible,
    witnesses_are_present,
)
from services.civil_registry.domain.record import Kind, Status

_PARTNER = frozenset({Role.RESIDENT})
_CLERK = frozenset({Role.CLERK, Role.OFFICER})
_PLANNING = _PARTNER | _CLERK
_OFFICER = frozenset({Role.OFFICER})
_CEREMONY = frozenset({Role.OFFICER, Role.SPECIAL_OFFICER})
_TIME = frozenset({Role.SYSTEM})
_BEFORE_CEREMONY = (
    Status.DRAFT,
    Status.SUBMITTED,
    Status.IN_REVIEW,
    Status.INFO_REQUESTED,
    Status.SHAM_CHECK,
    Status.ACCEPTED,
    Status.SCHEDULED,
    Status.READY,
)
_ACCEPTED = (Status.ACCEPTED, Status.SCHEDULED, Status.READY)
_PLANNED = (Status.SCHEDULED, Status.READY)
_UNSIGNED = (Status.SOLEMNISED, Status.DEED_PRINTED)

MARRIAGE = Machine(
    Kind.MARRIAGE,
    (
        Transition("start", None, Status.DRAFT, _PLANNING, event="huwelijksmelding-begonnen"),
        Transition("save", Status.DRAFT, Status.DRAFT, _PLANNING, guards=(speaks_for_first_partner,)),
        Transition(
            "invite-partner",
            Status.DRAFT,
            Status.AWAITING_PARTNER,
            _PLANNING,
            complete=True,
            guards=(speaks_for_first_partner, no_other_notice, notice_is_lawful, wish_is_possible),
            event="partner-uitgenodigd",
        ),
        Transition(
            "assent",
            Status.AWAITING_PARTNER,
            Status.SUBMITTED,
            _PLANNING,
            complete=True,
            guards=(second_partner_assents, no_other_notice, notice_is_lawful),
            event="huwelijksmelding-ingediend",
        ),
        Transition(
            "decline",
            Status.AWAITING_PARTNER,
            Status.DRAFT,
            _PARTNER,
            guards=(second_partner_answers,),
            event="partner-stemt-niet-in",
        ),
        Transition(
            "remind-partner",
            Status.AWAITING_PARTNER,
            Status.AWAITING_PARTNER,
            _TIME,
            event="partner-herinnerd",
        ),
        *(Transition("release-option", status, status, _TIME) for status in (Status.AWAITING_PARTNER, Status.ACCEPTED)),
        Transition("assign", Status.SUBMITTED, Status.IN_REVIEW, _CLERK, event="huwelijksmelding-in-behandeling"),
        Transition("take-over", Status.IN_REVIEW, Status.IN_REVIEW, _CLERK),
        Transition("release", Status.IN_REVIEW, Status.SUBMITTED, _CLERK, assigned=True, event="aangifte-teruggelegd"),
        Transition("recheck", Status.IN_REVIEW, Status.IN_REVIEW, _CLERK, assigned=True),
        Transition(
            "request-info",
            Status.IN_REVIEW,
            Status.INFO_REQUESTED,
            _CLERK,
            guards=(guards.answer_date_is_possible,),
            assigned=True,
            event="huwelijksmelding-informatie-gevraagd",
        ),
        Transition("save", Status.INFO_REQUESTED, Status.INFO_REQUESTED, _PLANNING),
        Transition(
            "supply-info",
            Status.INFO_REQUESTED,
            Status.IN_REVIEW,
            _PLANNING,
            complete=True,
            guards=(guards.something_is_supplied, notice_is_lawful),
            event="huwelijksmelding-informatie-ontvangen",
        ),
        Transition(
            "start-sham-check",
            Status.IN_REVIEW,
            Status.SHAM_CHECK,
            _OFFICER,
            assigned=True,
            event="onderzoek-schijnhuwelijk-begonnen",
        ),
        Transition(
            "conclude-sham-check",
            Status.SHAM_CHECK,
            Status.IN_REVIEW,
            _OFFICER,
            event="onderzoek-schijnhuwelijk-afgerond",
        ),
        Transition(
            "accept",
            Status.IN_REVIEW,
            Status.ACCEPTED,
            _OFFICER,
            guards=(
                guards.competent("marriage"),
                guards.brp_was_checked,
                no_other_notice,
                partners_may_marry,
                residence_is_verified,
                notice_is_lawful,
            ),
            assigned=True,
            event="huwelijksmelding-aanvaard",
        ),
        *(
            Transition(
                "schedule",
                status,
                Status.SCHEDULED,
                _PLANNING,
                guards=(ceremony_is_possible, may_still_plan, may_still_reschedule),
                event="ceremonie-gepland" if status is Status.ACCEPTED else "ceremonie-verzet",
            )
            for status in _ACCEPTED
        ),
        *(
            Transition(
                "change-witnesses",
                status,
                status,
                _PLANNING,
                guards=(notice_is_lawful, may_still_reschedule),
                event="getuigen-gewijzigd",
            )
            for status in _ACCEPTED
        ),
        *(
            Transition(
                "change-officer",
                status,
                status,
                _CLERK,
                guards=(new_officer_is_competent,),
                event="trouwambtenaar-gewijzigd",
            )
            for status in _PLANNED
        ),
        Transition("recheck", Status.SCHEDULED, Status.SCHEDULED, _CLERK),
        *(Transition("recheck-ceremony", status, status, _TIME) for status in _PLANNED),
        Transition(
            "final-check",
            Status.SCHEDULED,
            Status.READY,
            _OFFICER,
            guards=(
                guards.competent("marriage"),
                guards.brp_was_checked,
                partners_may_marry,
                residence_is_verified,
                ceremony_is_possible,
            ),
            event="ceremonie-vrijgegeven",
        ),
        Transition("hold-back", Status.READY, Status.SCHEDULED, _TIME, event="ceremonie-niet-vrijgegeven"),
        Transition(
            "record-ceremony",
            Status.READY,
            Status.SOLEMNISED,
            _CEREMONY,
            guards=(
                guards.competent("ceremony"),
                guards.not_a_party,
                today_is_the_day,
                both_said_yes,
                witnesses_are_present,
                deed_mentions_are_given,
            ),
            event="huwelijk-voltrokken",
        ),
        *(
            Transition("warn-unsigned", status, status, _TIME, event="huwelijksakte-niet-ondertekend")
            for status in _UNSIGNED
        ),
        *paper_steps(drawn=Status.SOLEMNISED, task="ceremony", fact="huwelijk-geregistreerd", signers=_CEREMONY),
        Transition(
            "report-remarriage", Status.REGISTERED, Status.REGISTERED, _OFFICER, event="hertrouwen-gemeld-aan-rechtbank"
        ),
        *(
            Transition(
                "record-objection",
                status,
                Status.OBJECTED,
                _OFFICER,
                event="stuiting-vastgelegd",
            )
            for status in _ACCEPTED
        ),
        Transition(
            "lift-objection",
            Status.OBJECTED,
            Status.ACCEPTED,
            _OFFICER,
            event="stuiting-opgeheven",
        ),
        *(
            Transition("refuse", status, Status.REFUSED, _OFFICER, event="huwelijksmelding-geweigerd")
            for status in (Status.IN_REVIEW, Status.SHAM_CHECK, Status.OBJECTED, *_ACCEPTED)
        ),
        Transition("remind-to-schedule", Status.ACCEPTED, Status.ACCEPTED, _TIME, event="plannen-herinnerd"),
        *(
            Transition("expire", status, Status.EXPIRED, _TIME, event="huwelijksmelding-verlopen")
            for status in (*_ACCEPTED, Status.OBJECTED)
        ),
        *(
            Transition("expire", status, Status.LAPSED, _TIME, event="huwelijksmelding-vervallen")
            for status in (Status.DRAFT, Status.AWAITING_PARTNER)
        ),
        Transition(
            "withdraw",
            Status.AWAITING_PARTNER,
            Status.WITHDRAWN,
            _PLANNING,
            guards=(speaks_for_first_partner,),
            event="huwelijksmelding-ingetrokken",
        ),
        *(
            Transition("withdraw", status, Status.WITHDRAWN, _PLANNING, event="huwelijksmelding-ingetrokken")
            for status in (*_BEFORE_CEREMONY, Status.OBJECTED)
        ),
    ),
)
