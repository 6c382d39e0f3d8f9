"""When somebody may be buried or cremated, and who decides otherwise (Wet op de lijkbezorging art. 2, 11-17, 67-76)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.civil_registry.domain import death_errors as errors
from services.civil_registry.domain.funerals import (
    FuneralWindow,
    TermDecision,
    act_applies,
    check_decision,
    check_dissection,
    check_not_forbidden,
    check_permit_needed,
    check_plan,
    check_planned,
    check_registered_first,
    decided_window,
    legal_window,
    milestones,
    originals_due_on,
    window,
)
from tests.unit.civil_registry_people import POLICY, TERMS

DIED_ON = date(2026, 11, 19)  # a Thursday
LEGAL = FuneralWindow(TERMS.funeral_from(DIED_ON, time(10)), TERMS.funeral_by(DIED_ON))
EARLIER = LEGAL.possible_from - timedelta(hours=10)


def test_the_legal_window_opens_after_36_hours_and_closes_on_the_sixth_working_day():
    assert FuneralWindow(datetime(2026, 11, 20, 21, tzinfo=UTC), date(2026, 11, 27)) == LEGAL


def test_a_funeral_within_the_window_is_possible_up_to_midnight_in_the_netherlands():
    check_planned(LEGAL.possible_from, LEGAL)
    check_planned(datetime(2026, 11, 27, 22, 59, tzinfo=UTC), LEGAL)


def test_a_funeral_outside_the_window_is_refused_with_the_nearest_moment():
    with pytest.raises(errors.FuneralTooEarly) as early:
        check_planned(LEGAL.possible_from - timedelta(seconds=1), LEGAL)
    assert early.value.facts == {"possible_from": "2026-11-20T21:00:00+00:00"}
    with pytest.raises(errors.FuneralTooLate) as late:
        check_planned(datetime(2026, 11, 27, 23, 0, tzinfo=UTC), LEGAL)
    assert late.value.facts == {"last_on": "2026-11-27"}


def test_what_has_no_day_yet_gets_no_permit():
    with pytest.raises(errors.FuneralNotPlanned):
        check_planned(None, LEGAL)


@pytest.mark.parametrize(
    ("decision", "missing"),
    [
        (TermDecision(doctor_heard=True, prosecutor_agrees=False, last_on=date(2026, 12, 4)), None),
        (TermDecision(doctor_heard=True, prosecutor_agrees=True, possible_from=EARLIER), None),
        (TermDecision(doctor_heard=True, prosecutor_agrees=False, possible_from=LEGAL.possible_from), None),
        (TermDecision(doctor_heard=True, prosecutor_agrees=False, possible_from=EARLIER), ["prosecutor"]),
        (TermDecision(doctor_heard=False, prosecutor_agrees=False, possible_from=EARLIER), ["doctor", "prosecutor"]),
        (TermDecision(doctor_heard=False, prosecutor_agrees=True, last_on=date(2026, 12, 4)), ["doctor"]),
        (TermDecision(doctor_heard=True, prosecutor_agrees=True), ["term"]),
    ],
)
def test_another_term_is_set_after_a_doctor_was_heard_and_before_36_hours_with_the_prosecutor(decision, missing):
    if missing is None:
        check_decision(decision, LEGAL)
        return
    with pytest.raises(errors.TermDecisionIncomplete) as refused:
        check_decision(decision, LEGAL)
    assert refused.value.facts == {"missing": missing}


def test_a_decision_moves_the_end_that_it_names_and_leaves_the_other():
    longer = TermDecision(doctor_heard=True, prosecutor_agrees=False, last_on=date(2026, 12, 4))
    sooner = TermDecision(doctor_heard=True, prosecutor_agrees=True, possible_from=EARLIER)
    assert window(DIED_ON, LEGAL) == LEGAL
    assert window(DIED_ON, LEGAL, longer) == FuneralWindow(LEGAL.possible_from, date(2026, 12, 4))
    assert window(DIED_ON, LEGAL, sooner) == FuneralWindow(EARLIER, LEGAL.last_on)
    with pytest.raises(ValueError, match="day of death"):
        window(DIED_ON, LEGAL, TermDecision(doctor_heard=True, prosecutor_agrees=True, last_on=date(2026, 11, 18)))


def test_the_death_is_registered_before_the_permit_unless_an_officer_says_why_not():
    check_registered_first(registered=True, reason="")
    check_registered_first(registered=False, reason="Burial abroad tomorrow.")
    with pytest.raises(errors.PermitBeforeDeed):
        check_registered_first(registered=False, reason="  ")


def test_the_prosecutor_may_forbid_cremation_alone():
    check_not_forbidden("burial", {"cremation"})
    with pytest.raises(errors.FuneralForbidden):
        check_not_forbidden("cremation", {"cremation"})
    with pytest.raises(errors.FuneralForbidden):
        check_not_forbidden("science", {"cremation"})


@pytest.mark.parametrize(
    ("weeks", "lived", "applies"),
    [
        (24, None, True),
        (23, None, False),
        (23, timedelta(hours=23, minutes=59), False),
        (23, timedelta(hours=24), True),
        (None, None, True),
        (40, timedelta(minutes=5), True),
    ],
)
def test_the_act_does_not_apply_to_the_shortest_lives(weeks, lived, applies):
    assert act_applies(pregnancy_weeks=weeks, lived=lived) is applies
    if applies:
        check_permit_needed(pregnancy_weeks=weeks, lived=lived)
    else:
        with pytest.raises(errors.PermitNotNeeded):
            check_permit_needed(pregnancy_weeks=weeks, lived=lived)


def test_a_body_goes_to_science_by_will_or_consent_to_a_named_place():
    check_dissection(by_will_or_consent=True, place="UMC Groningen")
    with pytest.raises(errors.DissectionNotAllowed) as refused:
        check_dissection(by_will_or_consent=False, place=" ")
    assert refused.value.facts == {"missing": ["will-or-consent", "place"]}


def test_a_body_for_science_waits_36_hours_and_has_no_last_day():
    allowed = legal_window(DIED_ON, time(10), kind="science", terms=TERMS)
    check_planned(LEGAL.possible_from + timedelta(days=60), allowed)
    with pytest.raises(errors.FuneralTooEarly):
        check_planned(EARLIER, allowed)
    term = {"prosecutor_agrees": True, "not_before_at": EARLIER.isoformat(), "last_on": None}
    assert decided_window(DIED_ON, time(10), kind="science", terms=TERMS, term=term) == allowed
    assert decided_window(DIED_ON, time(10), kind="burial", terms=TERMS, term=term).possible_from == EARLIER


def test_a_plan_may_leave_the_term_at_the_end_for_which_another_one_is_asked():
    late = datetime(2026, 12, 1, 12, tzinfo=UTC)
    check_plan(None, "within-term", LEGAL)
    check_plan(EARLIER, "earlier", LEGAL)
    check_plan(late, "later", LEGAL)
    with pytest.raises(errors.FuneralTooEarly):
        check_plan(EARLIER, "later", LEGAL)
    with pytest.raises(errors.FuneralTooLate):
        check_plan(late, "earlier", LEGAL)
    with pytest.raises(errors.FuneralTooLate):
        check_plan(late, "within-term", LEGAL)


def test_the_mayor_leaves_a_day_between_both_ends_of_a_term():
    for last_on in (date(2026, 11, 19), date(2026, 11, 1)):
        with pytest.raises(errors.TermDecisionIncomplete) as refused:
            check_decision(TermDecision(doctor_heard=True, prosecutor_agrees=False, last_on=last_on), LEGAL)
        assert refused.value.facts == {"missing": ["term"]}


def test_warnings_move_with_another_last_day():
    told = milestones(DIED_ON, TERMS, POLICY.death, last_on=date(2026, 12, 2))
    assert (told.warn_on, told.escalate_on) == (date(2026, 11, 30), date(2026, 12, 1))
    sooner = milestones(DIED_ON, TERMS, POLICY.death, last_on=date(2026, 11, 20))
    assert sooner.warn_on == sooner.escalate_on == date(2026, 11, 20)


def test_whoever_can_still_act_is_told_on_the_fourth_and_fifth_working_day():
    told = milestones(DIED_ON, TERMS, POLICY.death)
    assert (told.warn_on, told.escalate_on, told.last_on) == (
        date(2026, 11, 25),
        date(2026, 11, 26),
        date(2026, 11, 27),
    )
    assert originals_due_on(date(2026, 11, 20), POLICY.death) == date(2026, 11, 27)


@given(st.dates(date(2023, 1, 1), date(2060, 12, 31)), st.one_of(st.none(), st.just(time(12))))
def test_there_is_always_a_day_left_to_bury_somebody(died_on, died_at):
    possible = TERMS.funeral_from(died_on, died_at)
    told = milestones(died_on, TERMS, POLICY.death)
    check_planned(possible, FuneralWindow(possible, told.last_on))
    assert died_on < told.warn_on < told.escalate_on < told.last_on
