"""Who may hold a ceremony (*trouwambtenaar*)."""

from datetime import date

from services.civil_registry.domain.case import Case, Officer
from services.civil_registry.domain.errors import OfficerNotCompetent
from services.civil_registry.domain.registrars import check_competent


def who_may_hold(case: Case, on: date) -> list[Officer]:
    """Return the officers who are charged with ceremonies on a day and are no party to this one.

    Source: BW 1:16a, 1:18a lid 5.
    """
    return [
        officer
        for officer in case.officers.values()
        if officer.bsn_digest not in case.party_digests and _is_charged(officer, on)
    ]


def _is_charged(officer: Officer, on: date) -> bool:
    try:
        check_competent(officer, task="ceremony", on=on)
    except OfficerNotCompetent:
        return False
    return True
