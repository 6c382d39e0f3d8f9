"""A desk at which lots are drawn: free weddings of Enschede, four places on a Monday morning."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID

from services.appointments import commands, queries, timers
from services.appointments.codes import Codes
from services.appointments.commands.drawing import hold_next
from services.contracts import appointments as contracts
from services.contracts import base
from tests.integration.appointments_desk import Desk, at

WEDDING = "free-wedding"
MONDAY = date(2027, 1, 11)
"""A Monday whose draw is open when the desk opens, on 23 November 2026."""
STARTS = [at(MONDAY, wall) for wall in ("09:00", "09:20", "09:40", "10:00")]
DRAWS_AT = datetime(2026, 11, 30, 11, tzinfo=UTC)
MAILED = Codes(b"c" * 32)
_numbers = count(1)


class DrawDesk(Desk):
    """Does and asks about draws what the service and its background process do and ask."""

    def work_the_draws(self):
        timers.work_the_draws(self.transactions)

    def open_draw(self, first_on=MONDAY):
        """Make draws known, and return the one for the week from a day on."""
        self.work_the_draws()
        [row] = self.all("SELECT id FROM draw_batch WHERE product_id = :id AND first_on = :on", id=WEDDING, on=first_on)
        return row.id

    def enters(self, draw_id, *, name=None, email=None, **changes):
        """Let somebody take part, on the phone unless told otherwise; return what he is answered."""
        number = next(_numbers)
        asked = {
            "draw_id": str(draw_id),
            "location_ids": ["stadskantoor"],
            "persons": 2,
            "name": name or f"Noor van {'abcdefghij'[number % 10]}{'klmnopqrst'[number // 10 % 10]}x",
            "birth_on": f"{1950 + number % 50}-02-03",
            "email": email or f"noor{number}@example.nl",
            "language": "nl",
            "channel": "phone",
        } | changes
        loaded = base.load(contracts.EnterDraw, asked)
        with self.transactions.work() as work:
            answer = base.dump(contracts.DrawAnswer, commands.enter_draw(work, MAILED, self.people, **loaded))
        return answer["entered"] or answer

    def many_enter(self, draw_id, number, **changes):
        return [self.enters(draw_id, **changes) for _ in range(number)]

    def key_of(self, entered):
        return {"request_id": entered["request_id"], "secret": self.links.secret(UUID(entered["request_id"]))}

    def withdraws(self, entered):
        return self._tell(contracts.DrawRequestRef, base.Done, commands.withdraw_request, self.key_of(entered))

    def looks_at(self, entered):
        asked = base.load(contracts.DrawRequestRef, self.key_of(entered))
        return self.ask(
            lambda reading: base.dump(contracts.DrawRequestDetails, queries.draw_request(reading, self.links, **asked))
        )

    def mail_facts(self, entered, draw_id):
        asked = base.load(contracts.GetDrawContact, {"request_id": entered["request_id"], "draw_id": str(draw_id)})
        return self.ask(
            lambda reading: base.dump(contracts.DrawContact, queries.draw_contact(reading, self.links, **asked))
        )

    def listed(self):
        return self.ask(lambda reading: base.dump(contracts.DrawList, queries.list_draws(reading)))["draws"]

    def document(self, draw_id):
        return self.ask(lambda reading: queries.draw(reading, draw_id=draw_id))["document"]

    def said(self, draw_id):
        return json.loads(self.document(draw_id))["draw"]

    def wait_for_the_draw(self, draw_id):
        """Let time pass until lots are due."""
        self.clock.at = self.one("SELECT draws_at FROM draw_batch WHERE id = :id", id=draw_id).draws_at

    def casts_lots(self):
        """Cast the lots of all draws that are due, and tell nobody yet; return which draws."""
        held = []
        while (drawn := self.do(hold_next)) is not None:
            held.append(drawn.id)
        return held

    def holds_the_draw(self, draw_id):
        self.wait_for_the_draw(draw_id)
        self.work_the_draws()

    def state_of(self, draw_id):
        return self.one("SELECT state FROM draw_batch WHERE id = :id", id=draw_id).state

    def booked(self):
        """Return (start, name) of all firm visits for weddings, in order."""
        return [
            (row.starts_at, row.name)
            for row in self.all(
                "SELECT starts_at, name FROM appointment WHERE state = 'booked' AND products @> :wanted ORDER BY 1, 2",
                wanted=json.dumps([{"product_id": WEDDING}]),
            )
        ]

    def told(self, type_):
        """Return what was told to others in facts of one kind, in order."""
        rows = self.all(
            "SELECT convert_from(body, 'UTF8') AS body FROM outbox WHERE type = :type ORDER BY id", type=type_.type
        )
        return [json.loads(row.body)["data"] for row in rows]


A_MOMENT = timedelta(seconds=1)
