"""A code by mail before a time is held: for who has no JavaScript at a busy moment, or where the town asks for it."""

from uuid import UUID

from flask import g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from gateway.limits import codes, holds
from gateway.pages.addresses import address, page
from gateway.pages.blueprints import booking
from gateway.pages.crossing import form_key, key_for, new_form_key
from gateway.pages.draft import current_draft
from gateway.pages.holding import instant, proof_page, take_time
from gateway.pages.texts import _
from gateway.passing import challenger
from gateway.rpc import services
from services.contracts.appointments import CheckCode, CheckedCode, CodeOnItsWay, RequestCode

LONGEST_CODE = 20


@page(booking, "code")
@page(booking, "code_check")
def go_back() -> ResponseReturnValue:
    """Go back to the times: these pages only answer forms."""
    return redirect(address("time"), 303)


@page(booking, "code", method="POST")
@codes
def ask_code() -> ResponseReturnValue:
    """Have a code mailed, and ask for it."""
    starts_at = instant(request.form.get("time", ""))
    if starts_at is None or current_draft().first_open_step() in ("product", "location"):
        return redirect(address("time"), 303)
    email = request.form.get("email", "").strip()
    if RequestCode(only=("email",)).validate({"email": email}):
        wrong = {"email": _("Fill in a valid e-mail address, for example name@example.nl")}
        return proof_page(starts_at, email=email[:254], errors=wrong)
    wish = {"email": email, "language": g.lang}
    sent = services().tell(
        "appointments.request_code", RequestCode, CodeOnItsWay, wish, key=key_for("code", *wish.values())
    )
    return _code_page(str(sent["code_id"]), {})


@page(booking, "code_check", method="POST")
@holds
def check_code() -> ResponseReturnValue:
    """Hold the chosen time when the code is right."""
    starts_at = instant(request.form.get("time", ""))
    code_id, draft = _code_id(), current_draft()
    if starts_at is None or code_id is None or draft.first_open_step() in ("product", "location"):
        return redirect(address("time"), 303)
    code = request.form.get("code", "").strip()[:LONGEST_CODE]
    if not code:
        return _code_page(str(code_id), {"code": _("Fill in the code from our e-mail")})
    wish = {"code_id": code_id, "code": code}
    checked = services().tell(
        "appointments.check_code", CheckCode, CheckedCode, wish, key=key_for("code-check", *wish.values())
    )
    if checked["passed"]:
        return take_time(draft, starts_at, solution=challenger().pass_for(str(code_id)))
    if not checked["attempts_left"]:
        return proof_page(starts_at, errors={"email": _("This code no longer works. Ask for a new code")})
    return _code_page(str(code_id), {"code": _("The code is not right. Look in our newest e-mail")})


def _code_id() -> UUID | None:
    try:
        return UUID(request.form.get("code_id", ""))
    except ValueError:
        return None


def _code_page(code_id: str, errors: dict[str, str]) -> ResponseReturnValue:
    return (
        render_template(
            "code.html",
            code_id=code_id,
            starts_at=instant(request.form.get("time", "")),
            errors=errors,
            key=new_form_key() if errors else form_key(),
        ),
        422 if errors else 200,
    )
