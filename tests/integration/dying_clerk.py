"""`python -m tests.integration.dying_clerk DEED JSON`: does something, says so, and waits to be killed.

Everything is written but the facts, which the edge writes last, and nothing is committed: the worst moment to die.
"""

import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from services.appointments import commands, timers
from services.messaging.database import engine
from services.messaging.settings import database_url
from services.messaging.work import Work
from tests.integration.appointments_desk import Desk


def main(deed, told):
    desk = Desk(engine(database_url("appointments"), pool_size=1))
    desk.clock.at = datetime.fromisoformat(told.pop("now"))
    if "hold_id" in told:
        told["hold_id"] = UUID(told["hold_id"])
    if "starts_at" in told:
        told["starts_at"] = datetime.fromisoformat(told["starts_at"])
    if "birth_on" in told:
        told["birth_on"] = date.fromisoformat(told["birth_on"])
    deeds: dict[str, Callable[[Work], object]] = {
        "hold": lambda work: commands.hold_slot(work, **told),
        "confirm": lambda work: commands.confirm_hold(work, desk.links, desk.people, **told),
        "move": lambda work: commands.move_appointment(work, desk.links, **told),
        "cancel": lambda work: commands.cancel_appointment(work, desk.links, **told),
        "expire": timers.expire_holds,
    }
    with desk.transactions.work() as work:
        deeds[deed](work)
        print("written", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
