"""The engine as its edge drives it: each command once per key, by one statement where that will do."""

import json
import random
from functools import partial
from uuid import UUID

from services.appointments import commands
from services.appointments.commands import opening_changes
from services.appointments.openings import lay_out_day, lay_out_quotas
from services.contracts import appointments as contracts
from services.contracts import base
from services.messaging import idempotency
from tests.integration.appointments_desk import HandClock
from tests.integration.appointments_model import DAYS, PLACE, quota
from tests.integration.appointments_staff import Staff


class SameIds(HandClock):
    """A clock whose ids and tokens are those of the last time, so that a failure can be seen again."""

    def __init__(self, seed):
        super().__init__()
        self.chance = random.Random(seed)

    def new_id(self):
        return UUID(int=self.chance.getrandbits(128), version=4)

    def token(self, nbytes):
        return self.chance.randbytes(nbytes)


class Engine(Staff):
    """A desk in the model's town."""

    def __init__(self, pool):
        super().__init__(pool)
        self.key = None
        """Under which the next commands are done; None: each under a new one."""
        self.last_key = None

    def start(self, *, fast, seed):
        """Begin a new life: an empty town, as it was loaded."""
        self.clear()
        self.one("TRUNCATE idempotency")
        self.clock = self.transactions.clock = SameIds(seed)
        self.fast_lane, self.key = fast, None
        self.share(50)
        for on in DAYS:
            self.do(lambda work, on=on: lay_out_day(work, on))
        self.free_days(product="short", location=PLACE)  # a process knows the catalogue once it was asked anything

    def share(self, percent):
        """Let the town's files give another share of the counters to short visits."""
        self.one("UPDATE quota SET rules = CAST(:rules AS jsonb)", rules=json.dumps(quota(percent)["rules"]))
        self.one("UPDATE calendar SET edition = gen_random_uuid()")
        self.do(lambda work: lay_out_quotas(work, DAYS[0], DAYS[-1]))

    # Staff and waiting people come through the same edge.

    def change(self, kind, on=DAYS[0], *, line=None, location=PLACE, **more):
        raw = {"kind": kind, "location_id": location, "line_id": line, "first_on": on.isoformat()} | more
        asked = base.load(contracts.ChangeOpening, raw | {"reason": "sickness", "by": "team lead"})
        return self._staff(contracts.OpeningChanged, opening_changes.change_opening, asked)

    def withdraw(self, change_id):
        asked = base.load(contracts.WithdrawChange, {"change_id": change_id, "by": "team lead"})
        return self._staff(contracts.OpeningChanged, opening_changes.withdraw_change, asked)

    def join(self, key, **wishes):
        asked = base.load(contracts.JoinWaitingList, key | wishes) | {"lots": self.lots}
        return self._once(
            "join_waiting_list",
            contracts.WaitingList,
            asked,
            lambda work: commands.join_waiting_list(work, self.links, **asked),
            None,
        )

    def _staff(self, reply, command, asked):
        return self._once(command.__name__, reply, asked, lambda work: command(work, **asked), None)

    def _command(self, reply, asked, thorough, fast, **given):
        do = partial(thorough, **given, **asked)
        return self._once(thorough.__name__, reply, asked, do, fast, **given)

    def _tell(self, request, reply, command, raw):
        asked = base.load(request, raw)
        return self._once(command.__name__, reply, asked, lambda work: command(work, self.links, **asked), None)

    def _once(self, operation, reply, asked, do, fast, **given):
        self.last_key = self.key or str(self.clock.new_id())
        request = {name: str(value) for name, value in asked.items() if name not in ("links", "lots")}
        if fast is not None and self.fast_lane:
            done = self.at_once(operation, self.last_key, request, asked, fast, reply, **given)
            if done is not None:
                return done
        with self.transactions.work() as work:
            told = idempotency.earlier_reply(work, operation=operation, key=self.last_key, request=request)
            if told is None:
                told = base.dump(reply, do(work))
                idempotency.keep_reply(work, operation=operation, key=self.last_key, reply=told)
        return told
