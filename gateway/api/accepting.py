"""Whether the visitor takes the form in which an answer comes."""

from flask import request
from werkzeug.exceptions import NotAcceptable

from gateway.api.faults import PROBLEM_JSON

JSON = "application/json"
_ANYTHING = ("", "*/*", JSON)


def check_accept(media_type: str) -> None:
    """Let pass who takes this type or problem+json.

    Raises: NotAcceptable.
    """
    if media_type == JSON and request.headers.get("Accept", "") in _ANYTHING:
        return
    wanted = request.accept_mimetypes
    if wanted and not wanted.best_match([media_type, PROBLEM_JSON]):
        raise NotAcceptable
