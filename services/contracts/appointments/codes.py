"""A code by mail before a place is held."""

from marshmallow import fields, validate

from services.contracts.base import LANGUAGES, Reply, Request


class RequestCode(Request):
    """Mail a code to this address. The answer is always the same."""

    email = fields.Email(required=True, validate=validate.Length(max=254))
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))


class CodeOnItsWay(Reply):
    """The id under which the code is checked."""

    code_id = fields.UUID(required=True)
    expires_at = fields.AwareDateTime(required=True)


class CheckCode(Request):
    """Is this the code that was mailed?"""

    code_id = fields.UUID(required=True)
    code = fields.String(required=True, validate=validate.Length(min=1, max=20))


class CheckedCode(Reply):
    """Whether it is, once. Without attempts left the code is of no use any more."""

    passed = fields.Boolean(required=True)
    attempts_left = fields.Integer(required=True)


class GetMailCode(Request):
    """For the service that mails it: which code, and to whom?"""

    code_id = fields.UUID(required=True)


class MailCode(Reply):
    """A code and where it goes. Never stored by the asker."""

    code_id = fields.UUID(required=True)
    email = fields.String(required=True)
    language = fields.String(required=True)
    code = fields.String(required=True)
