"""What every message about civil status shares: who acts, sealed numbers, and the words that both sides know."""

from marshmallow import ValidationError, fields, validate, validates_schema

from services.contracts.base import LANGUAGES, Reply, Request

KINDS = ("birth", "death", "funeral-permit", "marriage")
"""What a record is about. A registered partnership is a `marriage` whose content says `partnership`."""

ACTOR_KINDS = ("resident", "undertaker", "care-provider", "staff")
LEVELS = ("basic", "two-factor", "substantial", "high")
"""How sure it is who somebody is, from low to high. DigiD: Basis, Midden, Substantieel, Hoog; eHerkenning: 2, 2+, 3, 4.

Source: Besluit elektronische dienstverlening burgerlijke stand art. 2; eIDAS (EU) 910/2014 art. 8.
"""
ROLES = ("resident", "undertaker", "care-provider", "clerk", "officer", "special-officer", "mayor-delegate", "manager")
SOURCES = ("online", "counter", "partner")
EXAMPLE_RECORD = "7c0b1d0e-6a3c-4a57-9f0a-4d5f8f1f2a33"

_SEALED = r"^[A-Za-z0-9_-]{20,400}\Z"


def sealed_bsn(*, required: bool = True, allow_none: bool = False) -> fields.String:
    """Return a field for a citizen service number (*burgerservicenummer*) that was sealed by `messaging.sealing`.

    The number itself never stands in a message: queues may lie on disk.
    """
    if required:
        return fields.String(required=True, allow_none=allow_none, validate=validate.Regexp(_SEALED))
    return fields.String(load_default=None, allow_none=True, validate=validate.Regexp(_SEALED))


class Actor(Request):
    """Who does or asks something, as the gateway knows him after log-in.

    `subject`: a resident's sealed BSN, an undertaker's or care provider's KvK number, a staff member's id.
    `roles` are those of staff; everybody else has exactly the role of his kind. `acting` tells, for the history, which
    person acted for a company: a keyed digest, by which the same person is recognised and nobody is named.
    """

    kind = fields.String(required=True, validate=validate.OneOf(ACTOR_KINDS))
    subject = fields.String(required=True, validate=validate.Length(min=1, max=400))
    level = fields.String(required=True, validate=validate.OneOf(LEVELS))
    roles = fields.List(fields.String(validate=validate.OneOf(ROLES)), load_default=list)
    acting = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(r"^[0-9a-f]{32}\Z"))

    @validates_schema
    def _only_staff_has_roles(self, data: dict[str, object], **_: object) -> None:
        if data["kind"] == "staff" and not data.get("roles"):
            raise ValidationError("Staff has at least one role.", "roles")
        if data["kind"] != "staff" and data.get("roles"):
            raise ValidationError("Only staff has roles.", "roles")


class Asked(Request):
    """A question or command by somebody who logged in."""

    actor = fields.Nested(Actor, required=True)


class AboutRecord(Asked):
    """A question about one record. `purpose` is logged with each look at a person, before anything is shown."""

    record_id = fields.UUID(required=True)
    purpose = fields.String(load_default="handling", validate=validate.OneOf(("own", "handling", "extract", "control")))


class ContactData(Request):
    """Where the declarant hears from us, and in which language."""

    email = fields.Email(required=True, validate=validate.Length(max=254))
    phone = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=30))
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))


class LocalTime(fields.String):
    """A 24-hour clock time to the minute, such as `03:07`, in Europe/Amsterdam."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(validate=validate.Regexp(r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z"), **kwargs)  # type: ignore[arg-type]


class Settled(Reply):
    """What a command on a record led to. Nothing of what was declared: replies are kept for repeats."""

    record_id = fields.UUID(required=True)
    receipt = fields.String(required=True)
    """The number that the declarant reads out on the telephone, such as `G-2026-7K2Q9M`."""
    status = fields.String(required=True)
    version = fields.Integer(required=True)
