"""When something goes wrong, people get a page in the same look, with their answers kept and a way on."""

from flask import Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError

from gateway.api.faults import Fault
from gateway.files import comes_with_files
from gateway.pages.access import current_access
from gateway.pages.addresses import WORDS, language_of
from gateway.pages.blueprints import ALL

_NOT_AGAIN = ("csrf_token", "session_token")
_AGAIN = ("unavailable", "busy", "timed-out", "too-many-requests")


def problem_page(fault: Fault) -> Response:
    """Return the page that tells of a fault.

    When we are away for a moment, a form that was sent can be sent again from here: same answers, same key. One with
    files leads back to where they are chosen.
    """
    g.lang = g.get("lang") or language_of(request.path)
    ours = request.blueprint in {blueprint.name for blueprint in ALL}
    again = fault.problem.code in _AGAIN and ours
    method = "GET" if comes_with_files() else request.method
    fields = (
        [(name, value) for name, values in request.form.lists() for value in values if name not in _NOT_AGAIN]
        if again and method == "POST"
        else []
    )
    access = current_access() if ours else None
    return make_response(
        render_template(
            "fault.html",
            fault=fault,
            code=fault.problem.code,
            title=fault.problem.title(g.lang),
            cure=fault.problem.cure(g.lang),
            again=again,
            fields=fields,
            method=method,
            here=request.full_path.rstrip("?"),
            booked=access.reference if access and g.get("page") == "confirmation" else "",
            in_booking=g.get("page") in WORDS and request.blueprint == "booking",
        ),
        fault.problem.status,
    )


def register_form_faults(app: Flask) -> None:
    """Answer a form without a valid token with words that help; the draft is still there."""

    def stale(_: Exception) -> Response:
        g.lang = g.get("lang") or language_of(request.path)
        return make_response(render_template("stale.html", here=request.path, page=g.get("page")), 400)

    app.register_error_handler(CSRFError, stale)
