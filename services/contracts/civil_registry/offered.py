"""Which declarations can be made, by whom and by when."""

from marshmallow import fields

from services.contracts.base import Reply, Request, Texts, slug


class OfferedDeclarations(Request):
    """Which declarations can be made, under the rules in force on a day (default: today)?"""

    on = fields.Date(load_default=None, allow_none=True)


class LegalTerm(Reply):
    """By when a declaration must be made, and where that is written."""

    description = fields.Nested(Texts, required=True)
    source = fields.String(required=True)
    last_on = fields.Date(required=True, allow_none=True)


class Declaration(Reply):
    """A civil-status fact that can be declared. `last_on` of its term: the last day for a fact of the asked day."""

    kind = slug()
    dutch_name = fields.String(required=True)
    names = fields.Nested(Texts, required=True)
    declared_by = fields.Nested(Texts, required=True)
    term = fields.Nested(LegalTerm, required=True)
    counter_product_id = fields.String(required=True, allow_none=True)
    online = fields.Boolean(required=True)


class DeclarationList(Reply):
    """Declarations offered on a day."""

    on = fields.Date(required=True)
    declarations = fields.List(fields.Nested(Declaration), required=True)
