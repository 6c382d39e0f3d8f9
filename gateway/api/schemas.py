"""The API's face of the contracts: the same fields and rules, in camelCase, with instants as UTC `Z`.

No field is repeated here: `public()` derives a schema from a contract. The day fields of a contract (`last_on`)
are called `lastDate` outside, as the NL API Design Rules name days.
"""

import copy
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from services.contracts import appointments as contract
from services.contracts import civil_registry
from services.contracts.base import slug

VISIBLE = r"^[\x21-\x7e]{1,%d}\Z"


def camel(name: str) -> str:
    """Return a contract's field name as the API writes it: `starts_at` -> `startsAt`, `last_on` -> `lastDate`."""
    words = name.split("_")
    if words[-1] == "on":
        words[-1] = "date"
    return words[0] + "".join(word.capitalize() for word in words[1:])


class Instant(fields.AwareDateTime):
    """A moment: any offset is taken, `Z` is given."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else zulu(value)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        try:
            return super()._deserialize(value, attr, data, **kwargs).astimezone(UTC)
        except OverflowError:
            raise self.make_error("invalid", input=value, obj_type="datetime") from None


def zulu(instant: datetime) -> str:
    """Return an instant as RFC 3339 in UTC, to the second."""
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _outward(inner: fields.Field[Any]) -> fields.Field[Any]:
    """Return a copy of a contract's field as the API shows it."""
    match inner:
        case fields.Nested():
            return fields.Nested(public(type(inner.schema)), required=inner.required, allow_none=inner.allow_none)
        case fields.List():
            return fields.List(
                _outward(inner.inner), required=inner.required, validate=inner.validate, allow_none=inner.allow_none
            )
        case fields.AwareDateTime():
            return Instant(
                required=inner.required,
                allow_none=inner.allow_none,
                load_default=inner.load_default,
                validate=inner.validate,
            )
        case _:
            return copy.deepcopy(inner)


@cache
def public(contract_class: type[Schema], *, name: str = "", without: Iterable[str] = ()) -> type[Schema]:
    """Return the API schema of a contract, under the contract's name or another, without some of its fields."""
    members: dict[str, Any] = {}
    for field_name, inner in contract_class._declared_fields.items():
        if field_name not in without:
            outward = _outward(inner)
            outward.data_key = camel(field_name)
            members[field_name] = outward
    meta = type("Meta", (), {"unknown": contract_class.Meta.unknown})
    members |= {"Meta": meta, "__doc__": contract_class.__doc__}
    return type(name or contract_class.__name__, (Schema,), members)


class ProductAmount(fields.String):
    """A product in a query: `passport`, or `passport:2` for two persons."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {
            "description": "A product, with `:n` for n persons: `passport` or `passport:2`.",
            "examples": ["passport", "passport:2"],
        }
        super().__init__(metadata=metadata, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        product_id, _, amount = super()._deserialize(value, attr, data, **kwargs).partition(":")
        if amount and not (amount.isascii() and amount.isdigit() and len(amount) <= 3):  # noqa: PLR2004
            raise ValidationError("Write the number of persons as a whole number: passport:2.")
        wanted: dict[str, Any] = {"product_id": product_id} | ({"persons": int(amount)} if amount else {})
        try:
            return contract.WantedProduct().load(wanted)
        except ValidationError as error:
            raise ValidationError([text for texts in error.messages_dict.values() for text in texts]) from None


class NoQuery(Schema):
    """No query keys at all."""

    class Meta:
        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Name the query keys in camelCase."""
        if field_obj.data_key is None:
            field_obj.data_key = camel(field_name)


class _VisitQuery(NoQuery):
    location_id = slug()
    products = fields.List(
        ProductAmount(),
        data_key="product",
        required=True,
        validate=validate.Length(min=1, max=contract.MAX_PRODUCTS),
    )


class FreeDaysQuery(_VisitQuery):
    """Which days have room?"""

    from_on = fields.Date()
    until_on = fields.Date()


class FreeTimesQuery(_VisitQuery):
    """Which times are offered on one day?"""

    on = fields.Date(required=True)


class CollectionDaysQuery(_VisitQuery):
    """When can be collected what is requested on this day?"""

    requested_on = fields.Date(required=True)


class DeclarationsQuery(NoQuery):
    """Under the rules of which day?"""

    on = fields.Date()


class WriteHeaders(Schema):
    """Every write."""

    key = fields.String(
        data_key="Idempotency-Key",
        # Long enough that nobody hits on another's key: its answer holds a secret.
        validate=validate.Regexp(
            r"^[\x21-\x7e]{16,80}\Z",
            error="Use 16 to 80 visible ASCII characters that nobody can guess: a random UUID.",
        ),
        metadata={
            "description": "A repeat with the same key gives the same answer and happens once. Use a random UUID.",
            "examples": ["5f1d7a4e-9d4c-4a43-8f3a-3f0f7d4a0c55"],
        },
    )


class HoldHeaders(WriteHeaders):
    """A hold, which at a busy moment asks for a proof of work."""

    solution = fields.String(
        data_key="Challenge-Solution",
        validate=validate.Regexp(VISIBLE % 2000, error="This is no solution of a challenge of ours."),
        metadata={
            "description": "Base64 of `{challenge, solution: {counter, derivedKey}}`, as ALTCHA's libraries write it, "
            "for the challenge that came with `challenge-required`. It is good for one hold of the same visit. "
            "Or the proof of a code by mail."
        },
    )


class SecretHeaders(Schema):
    """Whoever holds the secret may see and change."""

    secret = fields.String(
        data_key="Appointment-Secret",
        required=True,
        validate=validate.Regexp(VISIBLE % 64, error="This is not a secret of ours."),
        metadata={
            "description": "The secret that came with the hold; it stays the appointment's secret. "
            "A request for a draw has its own."
        },
    )


class SecretWriteHeaders(SecretHeaders, WriteHeaders):
    """A write by the holder of the secret."""


class ChangeHeaders(SecretWriteHeaders):
    """A change of a version that was seen before."""

    if_match = fields.String(
        data_key="If-Match",
        metadata={"description": "The ETag that the appointment was read with; another version gives 412."},
    )


def example_of(schema: type[Schema], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a contract's example as the API writes it."""
    names = {name: inner.data_key or name for name, inner in schema._declared_fields.items()}
    return {names[name]: _camel_keys(value) for name, value in values.items() if name in names}


def _camel_keys(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {camel(key): _camel_keys(inner) for key, inner in value.items()}
    return [_camel_keys(inner) for inner in value] if isinstance(value, list) else value


Product = public(contract.Product)
ProductList = public(contract.ProductList)
Location = public(contract.Location)
LocationList = public(contract.LocationList)
FreeDays = public(contract.FreeDays)
FreeTimes = public(contract.FreeTimes)
HoldRequest = public(contract.HoldSlot, name="HoldRequest", without=("channel",))
HOLD_EXAMPLE = example_of(HoldRequest, contract.HoldSlot.example)
Hold = public(contract.Hold)
FreePairs = public(contract.FreePairs)
CollectionDays = public(contract.CollectionDays)
PairRequest = public(contract.HoldPair, name="PairRequest", without=("channel",))
PAIR_EXAMPLE = example_of(PairRequest, contract.HoldPair.example)
Pair = public(contract.Pair)
PairConfirmation = public(
    contract.ConfirmPair, name="PairConfirmation", without=("journey_id", "secret", *contract.BY_STAFF)
)
BookedPair = public(contract.BookedPair)
Appointment = public(contract.Appointment)
AppointmentDetails = public(contract.AppointmentDetails)
LinkRequest = public(contract.SendLink, name="LinkRequest")
MoveRequest = public(contract.MoveAppointment, name="MoveRequest", without=("reference", "secret", "expected_version"))
WaitingList = public(contract.WaitingList)
WishRequest = public(contract.JoinWaitingList, name="WishRequest", without=("reference", "secret"))
AnswerRequest = public(contract.AnswerAffected, name="AnswerRequest", without=("reference", "secret"))
DeclarationList = public(civil_registry.DeclarationList)


AppointmentRequest = public(contract.ConfirmHold, name="AppointmentRequest", without=("secret", *contract.BY_STAFF))


CodeRequest = public(contract.RequestCode, name="CodeRequest")
CodeOnItsWay = public(contract.CodeOnItsWay)
CodeProofRequest = public(contract.CheckCode, name="CodeProofRequest", without=("code_id",))


DrawList = public(contract.DrawList)
DrawPublication = public(contract.DrawPublication)
Entered = public(contract.Entered)
DrawRequestDetails = public(contract.DrawRequestDetails)
_Entry = public(contract.EnterDraw, name="DrawEntry", without=("draw_id", "channel", "code_id", "code"))


class DrawEntryRequest(_Entry):  # type: ignore[valid-type, misc]
    """Take part in a draw. The code is the one that `/v1/codes` mailed to this very address.

    Who has no luck takes part in the next draw by himself, until he withdraws.
    """

    code_id = fields.UUID(required=True, data_key="codeId")
    code = fields.String(required=True, validate=validate.Length(min=1, max=20))


DRAW_ENTRY_EXAMPLE = example_of(DrawEntryRequest, contract.EnterDraw.example)


class CodeProof(Schema):
    """Shows that somebody typed the code that was mailed to him."""

    solution = fields.String(required=True, metadata={"description": "For the header `Challenge-Solution`; once."})


class InputError(Schema):
    """One thing that is wrong with the input: where in the body (`pointer`) or in the request (`parameter`)."""

    pointer = fields.String(metadata={"description": "JSON pointer into the body.", "examples": ["#/startsAt"]})
    parameter = fields.String(metadata={"description": "Name of the query key or header.", "examples": ["locationId"]})
    detail = fields.String(required=True)


class ProblemDetails(Schema):
    """What went wrong (RFC 9457)."""

    type = fields.Url(required=True, metadata={"description": "Which kind of problem; the page explains it."})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True, metadata={"description": "The correlation id of this request."})
    errors = fields.List(fields.Nested(InputError), metadata={"description": "All input errors at once."})
    challenge = fields.Dict(
        metadata={"description": "With challenge-required: an ALTCHA challenge (version 2, PBKDF2/SHA-256)."}
    )
    attemptsLeft = fields.Integer(metadata={"description": "With code-wrong: how often it may still be tried."})
    alternatives = fields.List(Instant(), metadata={"description": "With slot-taken: the nearest free times."})
    productIds = fields.List(
        fields.String(), metadata={"description": "With too-many-live: the products of which one may have no more."}
    )
    visit = fields.String(
        validate=validate.OneOf(("request", "collection")),
        metadata={"description": "With a pair: which of the two visits this is about."},
    )
    earliestDate = fields.Date(metadata={"description": "With collection-too-early: the first day to collect."})
    requestByDate = fields.Date(
        allow_none=True,
        metadata={"description": "With collection-too-early: the last day to request, if the collection stays."},
    )
    lastDate = fields.Date(metadata={"description": "With too-far and collection-too-late: the last day."})
    opensAt = Instant(metadata={"description": "With draw-closed: from when one may ask."})
    closesAt = Instant(metadata={"description": "With draw-closed: until when."})
    drawsAt = Instant(metadata={"description": "With to-be-drawn: when lots are drawn."})
