"""What the probe service answers and hears. Apart from the service, so that tests need not turn green to know it."""

from marshmallow import fields

from services.contracts.base import Event, Reply, Request


class Add(Request):
    amount = fields.Integer(required=True, strict=True)
    sleep_seconds = fields.Float(load_default=0)
    refuse = fields.Boolean(load_default=False)
    bug = fields.Boolean(load_default=False)


class Total(Reply):
    total = fields.Integer(required=True)
    secret = fields.String()


class Asked(Request):
    pass


class Poked(Event):
    type = "nl.proef.gepord"
    source = "prober"
    amount = fields.Integer(required=True, strict=True)
    version = fields.Integer(required=True)
    behave = fields.String(load_default="well")


class Prodded(Poked):
    type = "nl.proef.gestoten"


SUBSCRIPTIONS = {"probe": (Poked, Prodded), "prober": ()}
