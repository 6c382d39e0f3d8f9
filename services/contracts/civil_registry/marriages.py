"""What somebody is asked before he fills in a notice of marriage or registered partnership."""

from marshmallow import fields, validate

from services.contracts.base import Reply, Request
from services.contracts.civil_registry.base import Asked
from services.contracts.civil_registry.marriage import BONDS, KINSHIPS, RESIDENCE
from services.contracts.civil_registry.records import Obstacle

BOUND = ("no", "with-each-other", "with-another")
"""Whether one of the two is married or has a registered partnership now, and with whom."""


class MarriageAnswers(Request):
    """What the first partner says of both. `residence` is that of whoever has the weakest right to be here."""

    bond = fields.String(required=True, validate=validate.OneOf(BONDS))
    both_adult = fields.Boolean(required=True)
    """On the day of the wedding."""
    both_resident = fields.Boolean(required=True)
    bound = fields.String(required=True, validate=validate.OneOf(BOUND))
    kinship = fields.String(required=True, validate=validate.OneOf(KINSHIPS))
    guardianship = fields.Boolean(required=True)
    residence = fields.String(required=True, validate=validate.OneOf(RESIDENCE))


class CheckMarriage(Asked):
    """Can notice be given online? Asked before anything long is filled in; nothing is stored.

    Of the asker the BRP tells as well; of the other one nothing is looked up, whose number anybody could type.
    """

    answers = fields.Nested(MarriageAnswers, required=True)


class MarriageObstacles(Reply):
    """All obstacles, and the first and last day of a wedding if the notice of both were complete today."""

    obstacles = fields.List(fields.Nested(Obstacle), required=True)
    marry_from = fields.Date(required=True)
    marry_by = fields.Date(required=True)
