"""A desk whose team lead closes and opens counters, and answers for visits that lose theirs."""

from collections import Counter
from datetime import date

from services.appointments import queries, timers
from services.appointments.commands import affected, opening_changes
from services.contracts import appointments as contracts
from services.contracts import base
from tests.integration.appointments_desk import Desk

PLACE = "stadskantoor"
NEXT_TUESDAY = date(2026, 12, 1)


class Staff(Desk):
    """The desk, and what its team lead does."""

    def change(self, kind, on=NEXT_TUESDAY, *, line=None, location=PLACE, **more):
        raw = {"kind": kind, "location_id": location, "line_id": line, "first_on": on.isoformat()}
        asked = base.load(contracts.ChangeOpening, raw | {"reason": "sickness", "by": "team lead"} | more)
        with self.transactions.work() as work:
            return base.dump(contracts.OpeningChanged, opening_changes.change_opening(work, **asked))

    def preview(self, kind, on=NEXT_TUESDAY, *, line=None, location=PLACE, **more):
        raw = {"kind": kind, "location_id": location, "line_id": line, "first_on": on.isoformat()} | more
        asked = base.load(contracts.PreviewOpeningChange, raw)
        found = self.ask(lambda reading: opening_changes.preview_opening_change(reading, **asked))
        return base.dump(contracts.OpeningChangePreview, found)

    def withdraw(self, change_id):
        asked = base.load(contracts.WithdrawChange, {"change_id": change_id, "by": "team lead"})
        with self.transactions.work() as work:
            return base.dump(contracts.OpeningChanged, opening_changes.withdraw_change(work, **asked))

    def follow(self):
        """Let the timer do all it has to do."""

        def one():
            with self.transactions.work() as work:
                return timers.follow_affected(work)

        while one():
            pass

    def list_affected(self, location=PLACE):
        found = self.ask(lambda reading: queries.affected_visits(reading, location_id=location))
        return base.dump(contracts.AffectedVisits, found)["visits"]

    def answer_affected(self, key, accept):
        return self._tell(
            contracts.AnswerAffected, contracts.Appointment, affected.answer_affected, key | {"accept": accept}
        )

    def revoke(self, appointment_id):
        asked = base.load(contracts.RevokeVisit, {"appointment_id": appointment_id, "reason": "nobody answers"})
        with self.transactions.work() as work:
            return base.dump(contracts.Appointment, affected.revoke_visit(work, **asked))

    def open_bits(self, line, on):
        row = self.one('SELECT open FROM line_day WHERE line_id = :l AND "on" = :o', l=line, o=on)
        return None if row is None else row.open

    def states(self):
        with self.pool.connect() as connection:
            rows = connection.exec_driver_sql("SELECT state FROM affected_visit")
            return Counter(row.state for row in rows)
