"""The life of a birth declaration (*geboorteaangifte*). Source: BW 1:19-1:19e; domain/civil_registry.md 4.1."""

from services.civil_registry.domain import guards
from services.civil_registry.domain.actor import Role
from services.civil_registry.domain.birth_guards import (
    can_be_declared_online,
    cannot_be_declared_online,
    confirmed_by_professional,
    declarant_is_competent,
    must_be_confirmed,
    names_are_lawful,
    notice_agrees,
    notice_differs,
    place_and_time_are_possible,
)
from services.civil_registry.domain.deed_steps import paper_steps
from services.civil_registry.domain.machine import Machine, Transition
from services.civil_registry.domain.record import Kind, Status

_RESIDENT = frozenset({Role.RESIDENT})
_CLERK = frozenset({Role.CLERK, Role.OFFICER})
_OFFICER = frozenset({Role.OFFICER})
_CARE = frozenset({Role.CARE_PROVIDER})
_TIME = frozenset({Role.SYSTEM})
_DECLARANT = _RESIDENT | _CLERK

_SUBMITTING = (declarant_is_competent, place_and_time_are_possible, can_be_declared_online, names_are_lawful)
_OPEN = (
    Status.DRAFT,
    Status.AWAITING_CONFIRMATION,
    Status.SUBMITTED,
    Status.IN_REVIEW,
    Status.INFO_REQUESTED,
)

BIRTH = Machine(
    Kind.BIRTH,
    (
        Transition("start", None, Status.DRAFT, _DECLARANT, event="geboorteaangifte-begonnen"),
        Transition("save", Status.DRAFT, Status.DRAFT, _DECLARANT),
        Transition(
            "redirect",
            Status.DRAFT,
            Status.REDIRECTED,
            _DECLARANT,
            guards=(cannot_be_declared_online,),
            event="geboorteaangifte-doorverwezen",
        ),
        Transition(
            "submit",
            Status.DRAFT,
            Status.SUBMITTED,
            _DECLARANT,
            complete=True,
            guards=_SUBMITTING,
            when=confirmed_by_professional,
            event="geboorteaangifte-ingediend",
        ),
        Transition(
            "submit",
            Status.DRAFT,
            Status.AWAITING_CONFIRMATION,
            _DECLARANT,
            complete=True,
            guards=_SUBMITTING,
            event="geboorteaangifte-wacht-op-bevestiging",
        ),
        Transition(
            "confirm-birth",
            Status.AWAITING_CONFIRMATION,
            Status.SUBMITTED,
            _CARE,
            when=notice_agrees,
            event="geboorte-bevestigd",
        ),
        Transition(
            "confirm-birth",
            Status.AWAITING_CONFIRMATION,
            Status.INFO_REQUESTED,
            _CARE,
            when=notice_differs,
            event="geboortebericht-wijkt-af",
        ),
        Transition(
            "add-statement",
            Status.AWAITING_CONFIRMATION,
            Status.SUBMITTED,
            _DECLARANT,
            when=confirmed_by_professional,
            event="geboorte-bevestigd",
        ),
        Transition(
            "remind-provider",
            Status.AWAITING_CONFIRMATION,
            Status.AWAITING_CONFIRMATION,
            _TIME,
            event="bevestiging-geboorte-herinnerd",
        ),
        Transition(
            "provider-silent",
            Status.AWAITING_CONFIRMATION,
            Status.AWAITING_CONFIRMATION,
            _TIME,
            event="bevestiging-geboorte-blijft-uit",
        ),
        Transition("assign", Status.SUBMITTED, Status.IN_REVIEW, _CLERK, event="geboorteaangifte-in-behandeling"),
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
            event="geboorteaangifte-informatie-gevraagd",
        ),
        Transition("save", Status.INFO_REQUESTED, Status.INFO_REQUESTED, _DECLARANT),
        Transition(
            "supply-info",
            Status.INFO_REQUESTED,
            Status.IN_REVIEW,
            _DECLARANT,
            complete=True,
            guards=(guards.something_is_supplied, place_and_time_are_possible, names_are_lawful),
            event="geboorteaangifte-informatie-ontvangen",
        ),
        Transition(
            "clear-duplicate", Status.IN_REVIEW, Status.IN_REVIEW, _OFFICER, event="geboorteaangifte-geen-dubbele"
        ),
        Transition(
            "approve",
            Status.IN_REVIEW,
            Status.APPROVED,
            _CLERK,
            guards=(
                guards.brp_was_checked,
                guards.duplicates_are_cleared,
                must_be_confirmed,
                names_are_lawful,
            ),
            assigned=True,
            event="geboorteaangifte-goedgekeurd",
        ),
        Transition("send-back", Status.APPROVED, Status.IN_REVIEW, _OFFICER, event="geboorteaangifte-teruggezet"),
        Transition(
            "draw-deed",
            Status.APPROVED,
            Status.DEED_DRAWN,
            _OFFICER,
            guards=(guards.competent("birth"), guards.not_a_party, guards.brp_was_checked),
            event="geboorteakte-opgemaakt",
        ),
        *paper_steps(drawn=Status.DEED_DRAWN, task="birth", fact="geboorte-geregistreerd"),
        Transition("report-late", Status.REGISTERED, Status.REGISTERED, _OFFICER, event="late-aangifte-gemeld"),
        *(
            Transition("refuse", status, Status.REFUSED, _OFFICER, event="geboorteaangifte-geweigerd")
            for status in (Status.IN_REVIEW, Status.APPROVED)
        ),
        Transition(
            "mark-duplicate", Status.IN_REVIEW, Status.CLOSED_AS_DUPLICATE, _OFFICER, event="geboorteaangifte-dubbel"
        ),
        *(
            Transition("withdraw", status, Status.WITHDRAWN, _DECLARANT, event="geboorteaangifte-ingetrokken")
            for status in _OPEN
        ),
        Transition("expire", Status.DRAFT, Status.LAPSED, _TIME, event="geboorteaangifte-vervallen"),
    ),
)
