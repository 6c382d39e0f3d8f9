"""My cases: where a resident finds what he declared."""

from flask import render_template
from flask.typing import ResponseReturnValue

from gateway.login.actor import current_session, require
from gateway.pages.addresses import page
from gateway.pages.blueprints import cases


@page(cases, "cases")
@require("resident")
def my_cases() -> ResponseReturnValue:
    """Greet a resident, and say how sure we are of who he is."""
    return render_template("cases.html", who=current_session())
