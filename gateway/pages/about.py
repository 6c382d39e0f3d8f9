"""Pages about the pages: accessibility, privacy, what a problem means, and the choice of a time zone."""

import re

from flask import Response, abort, current_app, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from gateway.api.problems import PROBLEMS
from gateway.pages.addresses import address, page
from gateway.pages.assets import theme
from gateway.pages.blueprints import about
from gateway.pages.zones import COOKIE, COOKIE_SECONDS, HOME, known_zones

_PLACE = re.compile(r"[a-z][a-z0-9-]{0,39}")


@page(about, "accessibility")
def accessibility() -> ResponseReturnValue:
    """Show the draft of the accessibility statement (*toegankelijkheidsverklaring*).

    Source: Besluit digitale toegankelijkheid overheid, art. 4.
    """
    return render_template("accessibility.html")


@page(about, "privacy")
def privacy() -> ResponseReturnValue:
    """Show what happens with personal data."""
    return render_template("privacy.html")


@page(about, "problem")
def problem(code: str) -> ResponseReturnValue:
    """Explain one kind of problem; the address is the `type` of a problem+json answer."""
    if code not in PROBLEMS:
        abort(404)
    known = PROBLEMS[code]
    return render_template("problem.html", problem=known, title=known.title(g.lang), cure=known.cure(g.lang))


@page(about, "zone", method="POST")
def choose_zone() -> ResponseReturnValue:
    """Remember in which zone the visitor lives, and go back to the page that asked."""
    zone = request.form.get("zone", "")
    back = request.form.get("back", "")
    back = back if back in ("move", "collection") else "time"
    place = request.form.get("place", "")
    there = address(back, place=place if back == "move" and _PLACE.fullmatch(place) else None)
    response = redirect(there, 303)
    response.set_cookie(
        COOKIE,
        zone if zone in known_zones() else HOME,
        max_age=COOKIE_SECONDS,
        path="/",
        samesite="Lax",
        secure=current_app.extensions["settings"].secure,
    )
    return response


@about.get("/theme.css")
def theme_css() -> Response:
    """Answer the municipality's own style sheet, when there is one."""
    return theme()


@about.get("/en/")
def english_start() -> ResponseReturnValue:
    """Lead somebody who typed a slash too many to the English start page."""
    return redirect(address("start", "en"), 308)
