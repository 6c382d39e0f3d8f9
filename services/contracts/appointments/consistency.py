"""Whether all is well."""

from marshmallow import fields

from services.contracts.base import Reply, slug


class DriftedDay(Reply):
    """A counter's day on which free ticks and visits disagree; both numbers must be 0."""

    line_id = slug()
    on = fields.Date(required=True)
    lost_ticks = fields.Integer(required=True)
    doubled_ticks = fields.Integer(required=True)


class StrayVisit(Reply):
    """A visit that a changed opening left outside; a clerk must find another time with its holder."""

    appointment_id = fields.UUID(required=True)
    line_id = slug()
    on = fields.Date(required=True)


class MiscountedQuota(Reply):
    """A day on which what a quota has counted differs from the ticks of its visits."""

    location_id = slug()
    on = fields.Date(required=True)
    quota_id = slug()
    counted_ticks = fields.Integer(required=True)
    owned_ticks = fields.Integer(required=True)


class CapacityDrift(Reply):
    """Lost ticks are taken while nobody is there, doubled ticks free while somebody is."""

    drifts = fields.List(fields.Nested(DriftedDay), required=True)
    miscounted_quotas = fields.List(fields.Nested(MiscountedQuota), load_default=list)
    outside_openings = fields.List(fields.Nested(StrayVisit), required=True)
    claims_out_of_step = fields.List(fields.UUID(), load_default=list)
    """Visits whose second lock does not hold what they have besides their counter."""
