"""Compares records with the BRP. The question goes to a system that is not ours: it stands between two transactions."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.civil_registry.commands.acting import let_time_act
from services.civil_registry.commands.cases import case_of
from services.civil_registry.domain.actor import TIME
from services.civil_registry.domain.comparing import HOLD_BACK, WEAK_MATCH, asked_about, findings_of
from services.civil_registry.domain.person import Person
from services.civil_registry.domain.record import Record
from services.civil_registry.office import Office
from services.civil_registry.outside.brp import Brp
from services.civil_registry.persons import told
from services.civil_registry.storage import checks, looks, records
from services.messaging.database import Transactions
from services.messaging.errors import Unavailable
from services.messaging.log import get_logger

log = get_logger()

LEASE = timedelta(seconds=60)
_LONGEST_PAUSE = timedelta(minutes=10)
_ON_BEHALF_OF = "registry"


class Checker:
    """Does the comparisons that were asked for, one at a time; several checkers at once are harmless."""

    def __init__(self, transactions: Transactions, office: Office, brp: Brp) -> None:
        self._transactions = transactions
        self._office = office
        self._brp = brp

    def check_next(self) -> bool:
        """Compare the record that waits longest; return whether there may be another one to do at once."""
        with self._transactions.work() as work:
            claimed = checks.claim(work, LEASE)
            record = None if claimed is None else records.find(work, self._office.secrets, claimed[0])
            if record is not None:
                looks.note(
                    work,
                    self._office.secrets,
                    actor=TIME,
                    purpose="review",
                    record_id=record.id,
                    persons=asked_about(record).values(),
                )
        if claimed is None:
            return False
        record_id, asked_at, attempts = claimed
        if record is None:
            return True
        about = asked_about(record)
        try:
            persons = self._brp.persons(about.values(), on_behalf_of=_ON_BEHALF_OF) if about else {}
        except Unavailable:
            self._postpone(record_id, attempts)
            return False
        self._store(record, asked_at, persons)
        return True

    def _store(self, record: Record, asked_at: datetime, persons: Mapping[str, Person]) -> None:
        by_role = {role: persons.get(bsn) for role, bsn in asked_about(record).items()}
        with self._transactions.work() as work:
            case = case_of(work, self._office, record, TIME)
            found = [finding.told() for finding in findings_of(case, by_role)]
            told_persons: dict[str, Any] = {
                role: told(person, self._office.secrets.sealer) for role, person in by_role.items() if person
            }
            stored = checks.done(
                work, self._office.secrets, record.id, asked_at=asked_at, persons=told_persons, findings=found
            )
            if stored and any(finding["code"] == WEAK_MATCH for finding in found):
                let_time_act(work, self._office, record.id, WEAK_MATCH)
            if stored and any(finding["blocks"] for finding in found):
                let_time_act(work, self._office, record.id, HOLD_BACK)
        log.info("brp_checked", record_id=record.id, outcome="stored" if stored else "asked-anew")

    def _postpone(self, record_id: UUID, attempts: int) -> None:
        pause = min(timedelta(seconds=5 * 2 ** min(attempts, 10)), _LONGEST_PAUSE)
        with self._transactions.work() as work:
            checks.postpone(work, record_id, work.now + pause)
        log.warning("brp_check_postponed", record_id=record_id, attempts=attempts)
