"""A service whose only purpose is to be treated badly: the messaging tests start it as a process of its own."""

# The runtime is imported first: it makes the standard library green.
from services.messaging.runtime import Given, reacts_to, rpc_command, rpc_query, serve

# isort: split


import eventlet
from sqlalchemy import text

from services.messaging import idempotency
from services.messaging.errors import Refusal
from services.messaging.log import configure
from services.messaging.prepared import Prepared
from services.messaging.settings import ProcessSettings
from services.messaging.work import Strike
from tests.integration.probe_contracts import SUBSCRIPTIONS, Add, Asked, Poked, Prodded, Total

_ADD = Prepared(
    "add",
    f"""
    WITH asked AS (SELECT), claimed AS ({idempotency.CLAIM.format(source="asked")})
    INSERT INTO effect (amount) SELECT :amount FROM claimed RETURNING amount
    """,
    idempotency.CLAIM_TYPES | {"amount": "integer"},
)


def _nothing():
    """Nobody needs to be told."""


class TooMuch(Refusal):
    code = "too-much"


class ProbeService:
    name = "probe"
    given = Given("given")

    @rpc_query(Asked, reply=Total)
    def total(self, reading, asked):
        return {"total": reading.connection.execute(text("SELECT coalesce(sum(amount), 0) FROM effect")).scalar_one()}

    @rpc_query(Asked, reply=Total)
    def sleep_in_database(self, reading, asked):
        reading.connection.execute(text("SELECT pg_sleep(0.3)"))
        return {"total": 0}

    @rpc_command(Add, reply=Total, completed_by="with_secret")
    def add(self, work, asked):
        if asked["refuse"]:
            raise TooMuch("Ask for less.", most=3)
        if asked["bug"]:
            raise KeyError("a name that must not leak")
        work.connection.execute(text("INSERT INTO effect (amount) VALUES (:amount)"), asked)
        eventlet.sleep(asked["sleep_seconds"])
        return {"total": asked["amount"]}

    @rpc_command(Add, reply=Total, completed_by="with_secret", at_once="add_at_once")
    def add_together(self, work, asked):
        return self.add(work, asked)

    def add_at_once(self, strokes, requests):
        """Add in one statement what is as usual."""
        strikes = []
        for stroke, asked in zip(strokes, requests, strict=True):
            answer, claim = idempotency.claim(stroke, {"total": asked["amount"]})
            values = claim | {"amount": asked["amount"]}
            unusual = asked["refuse"] or asked["bug"] or asked["sleep_seconds"]
            strikes.append(None if unusual else Strike(_ADD, values, answer, turn=0, done=_nothing))
        return strikes

    def with_secret(self, reply):
        return reply | {"secret": self.given["secret"]}

    @reacts_to(Poked, Prodded)
    def on_poked(self, work, event):
        behave = event.data["behave"]
        work.connection.execute(
            text("INSERT INTO effect (amount, event_id) VALUES (:amount, :id)"),
            {"amount": event.data["amount"], "id": event.id},
        )
        if behave == "refuse":
            raise TooMuch("No.")
        if behave == "fail":
            raise RuntimeError("always")
        if behave == "slow":
            eventlet.sleep(2)
        if behave == "timeout":
            raise eventlet.Timeout(0)


if __name__ == "__main__":
    settings = ProcessSettings.read("probe")
    configure(service="probe", process="service", level=settings.log_level)
    serve(ProbeService, settings=settings, given={"given": {"secret": "s3"}}, subscriptions=SUBSCRIPTIONS)
