"""Which officer may do which act (BW 1:16, 1:16a)."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from services.civil_registry.domain.errors import OfficerNotCompetent
from services.civil_registry.domain.registrars import SPECIAL_TASKS, check_competent


@dataclass(frozen=True)
class Officer:
    """An appointment."""

    special: bool = False
    appointed_from: date = date(2026, 1, 1)
    appointed_until: date | None = None
    sworn_on: date | None = date(2026, 1, 2)
    tasks: frozenset[str] = frozenset()


OFFICER = Officer()
FOR_ONE_DAY = Officer(special=True, appointed_until=date(2026, 12, 18), tasks=frozenset({"ceremony", "birth"}))


def _may(officer, task="birth", on=date(2026, 11, 23)):
    try:
        check_competent(officer, task=task, on=on)
    except OfficerNotCompetent as refusal:
        assert refusal.facts == {"task": task}
        return False
    return True


@pytest.mark.parametrize("task", ["birth", "death", "marriage", "ceremony", "later-mention", "extract"])
def test_an_officer_does_every_act_of_civil_status(task):
    assert _may(OFFICER, task)


def test_an_officer_acts_from_appointment_and_oath_until_the_last_day():
    assert not _may(OFFICER, on=date(2025, 12, 31))
    assert not _may(OFFICER, on=date(2026, 1, 1))
    assert _may(replace(OFFICER, sworn_on=date(2020, 1, 1)), on=date(2026, 1, 1))
    assert _may(OFFICER, on=date(2026, 1, 2))
    assert not _may(replace(OFFICER, sworn_on=None))
    assert _may(FOR_ONE_DAY, "ceremony", date(2026, 12, 18))
    assert not _may(FOR_ONE_DAY, "ceremony", date(2026, 12, 19))


def test_a_special_officer_does_what_he_is_charged_with_and_only_what_the_law_lets_him_be():
    assert _may(FOR_ONE_DAY, "ceremony")
    assert not _may(FOR_ONE_DAY, "sworn-statement")
    assert not _may(FOR_ONE_DAY, "birth")  # listed by mistake
    assert {"ceremony", "sworn-statement"} <= SPECIAL_TASKS
