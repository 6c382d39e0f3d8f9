"""The lives of a death declaration and of the permit to bury, cremate or dissect that belongs to it.

Source: BW 1:19f-1:19i; Wet op de lijkbezorging art. 11-12, 16-17, 67-69, 76; domain/civil_registry.md 4.2.
"""

from services.civil_registry.domain import guards
from services.civil_registry.domain.actor import Role
from services.civil_registry.domain.death_guards import (
    can_be_submitted,
    deceased_is_matched,
    died_here,
    no_permit_stands,
    paper_is_on_file,
    prosecutor_has_to_clear,
    someone_with_knowledge_authorised,
    undertaker_may_declare_online,
)
from services.civil_registry.domain.deed_steps import paper_steps
from services.civil_registry.domain.machine import Machine, Transition
from services.civil_registry.domain.permit_guards import (
    amendment_is_asked,
    no_permit_is_asked,
    nothing_forbids,
    permit_is_needed,
    permit_is_theirs,
    plan_is_possible,
    planned_within_term,
    registered_or_explained,
    term_may_be_decided,
)
from services.civil_registry.domain.record import Kind, Status

_DECLARANT = frozenset({Role.UNDERTAKER, Role.CLERK, Role.OFFICER})
_OFFICER = frozenset({Role.OFFICER})
_CLERK = frozenset({Role.CLERK, Role.OFFICER})
_TIME = frozenset({Role.SYSTEM})
_DELEGATE = frozenset({Role.MAYOR_DELEGATE})
_PERMITTER = _OFFICER | _DELEGATE
_OPEN = (Status.DRAFT, Status.SUBMITTED, Status.IN_REVIEW, Status.INFO_REQUESTED)
_DECLARED = (
    Status.SUBMITTED,
    Status.IN_REVIEW,
    Status.AWAITING_PROSECUTOR,
    Status.APPROVED,
    Status.DEED_DRAWN,
    Status.DEED_PRINTED,
    Status.DEED_SIGNED,
    Status.REGISTERED,
)
"""In which a permit may be asked for anew, after the one before was refused or revoked."""

DEATH = Machine(
    Kind.DEATH,
    (
        Transition("start", None, Status.DRAFT, _DECLARANT, event="overlijdensaangifte-begonnen"),
        Transition("save", Status.DRAFT, Status.DRAFT, _DECLARANT),
        Transition(
            "submit",
            Status.DRAFT,
            Status.SUBMITTED,
            _DECLARANT,
            complete=True,
            guards=(
                undertaker_may_declare_online,
                died_here,
                someone_with_knowledge_authorised,
                can_be_submitted,
                plan_is_possible,
            ),
            event="overlijdensaangifte-ingediend",
        ),
        Transition("assign", Status.SUBMITTED, Status.IN_REVIEW, _CLERK, event="overlijdensaangifte-in-behandeling"),
        *(Transition("weak-match", status, status, _TIME) for status in (Status.SUBMITTED, Status.IN_REVIEW)),
        Transition("take-over", Status.IN_REVIEW, Status.IN_REVIEW, _CLERK),
        Transition("release", Status.IN_REVIEW, Status.SUBMITTED, _CLERK, assigned=True, event="aangifte-teruggelegd"),
        Transition("recheck", Status.IN_REVIEW, Status.IN_REVIEW, _CLERK, assigned=True),
        Transition(
            "await-prosecutor",
            Status.IN_REVIEW,
            Status.AWAITING_PROSECUTOR,
            _OFFICER,
            guards=(prosecutor_has_to_clear,),
            assigned=True,
            event="verklaring-van-geen-bezwaar-gevraagd",
        ),
        Transition(
            "record-clearance",
            Status.AWAITING_PROSECUTOR,
            Status.IN_REVIEW,
            _OFFICER,
            event="verklaring-van-geen-bezwaar-ontvangen",
        ),
        Transition(
            "request-info",
            Status.IN_REVIEW,
            Status.INFO_REQUESTED,
            _CLERK,
            guards=(guards.answer_date_is_possible,),
            assigned=True,
            event="overlijdensaangifte-informatie-gevraagd",
        ),
        Transition("save", Status.INFO_REQUESTED, Status.INFO_REQUESTED, _DECLARANT),
        Transition(
            "supply-info",
            Status.INFO_REQUESTED,
            Status.IN_REVIEW,
            _DECLARANT,
            complete=True,
            guards=(guards.something_is_supplied, died_here),
            event="overlijdensaangifte-informatie-ontvangen",
        ),
        Transition(
            "second-look",
            Status.IN_REVIEW,
            Status.IN_REVIEW,
            _OFFICER,
            guards=(guards.is_second_officer,),
            event="overlijdensaangifte-tweede-controle",
        ),
        Transition(
            "clear-duplicate", Status.IN_REVIEW, Status.IN_REVIEW, _OFFICER, event="overlijdensaangifte-geen-dubbele"
        ),
        Transition(
            "approve",
            Status.IN_REVIEW,
            Status.APPROVED,
            _OFFICER,
            guards=(
                guards.brp_was_checked,
                guards.duplicates_are_cleared,
                guards.second_officer_agreed,
                deceased_is_matched,
                paper_is_on_file,
            ),
            assigned=True,
            event="overlijdensaangifte-goedgekeurd",
        ),
        Transition("send-back", Status.APPROVED, Status.IN_REVIEW, _OFFICER, event="overlijdensaangifte-teruggezet"),
        Transition(
            "draw-deed",
            Status.APPROVED,
            Status.DEED_DRAWN,
            _OFFICER,
            guards=(guards.competent("death"), guards.not_a_party, guards.brp_was_checked),
            event="overlijdensakte-opgemaakt",
        ),
        *paper_steps(drawn=Status.DEED_DRAWN, task="death", fact="overlijden-geregistreerd"),
        Transition(
            "record-originals", Status.REGISTERED, Status.REGISTERED, _CLERK, event="originele-stukken-ontvangen"
        ),
        Transition(
            "remind-originals", Status.REGISTERED, Status.REGISTERED, _TIME, event="originele-stukken-herinnerd"
        ),
        *(
            Transition(
                "request-permit",
                status,
                status,
                _DECLARANT,
                guards=(no_permit_is_asked, permit_is_needed, plan_is_possible),
            )
            for status in _DECLARED
        ),
        *(
            Transition(
                "refuse",
                status,
                Status.REFUSED,
                _OFFICER,
                guards=(no_permit_stands,),
                event="overlijdensaangifte-geweigerd",
            )
            for status in (Status.IN_REVIEW, Status.APPROVED, Status.AWAITING_PROSECUTOR)
        ),
        Transition(
            "mark-duplicate",
            Status.IN_REVIEW,
            Status.CLOSED_AS_DUPLICATE,
            _OFFICER,
            guards=(no_permit_stands,),
            event="overlijdensaangifte-dubbel",
        ),
        *(
            Transition(
                "withdraw",
                status,
                Status.WITHDRAWN,
                _DECLARANT,
                guards=(no_permit_stands,),
                event="overlijdensaangifte-ingetrokken",
            )
            for status in _OPEN
        ),
        Transition("expire", Status.DRAFT, Status.LAPSED, _TIME, event="overlijdensaangifte-vervallen"),
    ),
)


PERMIT = Machine(
    Kind.PERMIT,
    (
        Transition("request", None, Status.REQUESTED, _TIME, event="verlof-gevraagd"),
        Transition(
            "decide-term",
            Status.REQUESTED,
            Status.REQUESTED,
            _DELEGATE,
            guards=(term_may_be_decided,),
            event="termijn-lijkbezorging-bepaald",
        ),
        Transition(
            "plan",
            Status.REQUESTED,
            Status.REQUESTED,
            _DECLARANT,
            guards=(plan_is_possible,),
            event="uitvaart-gepland",
        ),
        Transition("record-measure", Status.REQUESTED, Status.REQUESTED, _OFFICER),
        Transition(
            "issue",
            Status.REQUESTED,
            Status.ISSUED,
            _PERMITTER,
            guards=(
                permit_is_theirs,
                permit_is_needed,
                paper_is_on_file,
                nothing_forbids,
                planned_within_term,
                registered_or_explained,
            ),
            event="verlof-afgegeven",
        ),
        Transition(
            "amend",
            Status.ISSUED,
            Status.ISSUED,
            _PERMITTER,
            guards=(permit_is_theirs, nothing_forbids, planned_within_term),
            event="verlof-gewijzigd",
        ),
        Transition("request-amendment", Status.ISSUED, Status.ISSUED, _DECLARANT, guards=(plan_is_possible,)),
        Transition("decline-amendment", Status.ISSUED, Status.ISSUED, _PERMITTER, guards=(amendment_is_asked,)),
        Transition(
            "decide-term",
            Status.ISSUED,
            Status.ISSUED,
            _DELEGATE,
            guards=(amendment_is_asked, term_may_be_decided),
            event="termijn-lijkbezorging-bepaald",
        ),
        Transition(
            "refuse",
            Status.REQUESTED,
            Status.REFUSED,
            _PERMITTER,
            guards=(permit_is_theirs,),
            event="verlof-geweigerd",
        ),
        Transition(
            "revoke",
            Status.ISSUED,
            Status.REVOKED,
            _PERMITTER,
            guards=(permit_is_theirs,),
            event="verlof-ingetrokken",
        ),
        Transition("record-funeral", Status.ISSUED, Status.USED, _CLERK, event="verlof-gebruikt"),
        Transition("warn", Status.REQUESTED, Status.REQUESTED, _TIME, event="uitvaarttermijn-nadert"),
        Transition("escalate", Status.REQUESTED, Status.REQUESTED, _TIME),
        Transition("withdraw", Status.REQUESTED, Status.WITHDRAWN, _TIME, event="verlof-vervallen"),
    ),
)
