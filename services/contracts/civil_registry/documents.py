"""Documents that the registry gives out (PDF), each with a code by which anybody can check it."""

from marshmallow import fields, validate

from services.contracts.base import LANGUAGES, Reply, Request
from services.contracts.civil_registry.base import Asked

DOCUMENTS = ("receipt", "extract", "multilingual-extract", "full-copy", "burial-permit", "deed")


class IssueExtract(Asked):
    """Give out an extract, a multilingual extract or a full copy of a deed."""

    register_year = fields.Integer(required=True, strict=True)
    number = fields.String(required=True, validate=validate.Regexp(r"^[1-6][0-9A-Z][0-9]{4}\Z"))
    kind = fields.String(required=True, validate=validate.OneOf(("extract", "multilingual-extract", "full-copy")))
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    interest = fields.String(load_default="", validate=validate.Length(max=500))
    """The legitimate interest in a full copy (BW 1:23b)."""


class IssuedDocument(Reply):
    """A document that exists from now on."""

    document_id = fields.UUID(required=True)


class GetDocument(Asked):
    """The file of a document that the actor may have."""

    document_id = fields.UUID(required=True)


class DocumentFile(Reply):
    """Where the file lies in the files' store, and how it is called."""

    file_id = fields.String(required=True)
    file_name = fields.String(required=True)
    media_type = fields.String(required=True)


class GetEvidence(Asked):
    """The file of a piece of evidence that the actor may see."""

    evidence_id = fields.UUID(required=True)


class VerifyDocument(Request):
    """Is a document with this code ours? Asked by anybody who holds the paper."""

    code = fields.String(required=True, validate=validate.Length(min=1, max=40))


class Verification(Reply):
    """What may be told to who holds a document: what it is, of when, whether it still stands, and its file's hash."""

    kind = fields.String(required=True)
    issued_on = fields.Date(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("valid", "withdrawn", "replaced")))
    sha256 = fields.String(required=True)
    number = fields.String(required=True)
    """Of the deed or permit."""
