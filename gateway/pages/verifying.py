"""Whoever holds a paper of ours can check it: what it is, of which day, and whether it still stands. Never about whom.

The code comes in the body of a form, or behind the `#` of the address in the square on the paper, which a browser keeps
to itself: it stands in no address that we, a proxy or a log get to see.
"""

import hashlib
from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from gateway.files import chosen, takes_files
from gateway.limits import checks
from gateway.pages.addresses import address, page
from gateway.pages.blueprints import about
from gateway.pages.texts import N_, _
from gateway.rpc import services
from services.contracts.civil_registry import Verification, VerifyDocument
from services.messaging.errors import Refusal

LONGEST_CODE = 40
KINDS = {
    "receipt": N_("Receipt of a declaration"),
    "extract": N_("Extract of a deed"),
    "multilingual-extract": N_("Multilingual extract of a deed"),
    "full-copy": N_("Full copy of a deed"),
    "burial-permit": N_("Permit to bury or cremate"),
}


@page(about, "verify")
def ask_paper_code() -> ResponseReturnValue:
    """Ask for the code on a paper."""
    return _form("", {})


@page(about, "verify_file")
def go_back() -> ResponseReturnValue:
    """Go back to the code: this page only answers forms."""
    return redirect(address("verify"), 303)


@page(about, "verify", method="POST")
@checks
def verify() -> ResponseReturnValue:
    """Show what a paper with this code is."""
    code = _typed_code()
    found, error = _found(code)
    if found is None:
        return _form(code, {"code": error})
    return _result(code, found, file_same=None)


@page(about, "verify_file", method="POST")
@takes_files(most=1)
@checks
def verify_file() -> ResponseReturnValue:
    """Say whether a file is the one that we gave out, sign for sign. It is not kept."""
    code = _typed_code()
    found, error = _found(code)
    if found is None:
        return _form(code, {"code": error})
    files = chosen("file")
    if not files:
        return _result(code, found, file_same=None, errors={"file": _("Choose the PDF that you want to compare")})
    same = hashlib.sha256(files[0].stream.read()).hexdigest() == found["sha256"]
    return _result(code, found, file_same=same)


def _typed_code() -> str:
    return request.form.get("code", "").strip()[:LONGEST_CODE]


def _found(code: str) -> tuple[dict[str, Any] | None, str]:
    """Return what is known of a code, or None and what is wrong with it."""
    if not code:
        return None, _("Fill in the code that stands on the document")
    try:
        return services().ask("civil_registry.verify_document", VerifyDocument, Verification, {"code": code}), ""
    except Refusal as refusal:
        if refusal.code != "document-unknown":
            raise
        return None, _("We know no document with this code. Check each letter and digit")


def _form(code: str, errors: dict[str, str]) -> ResponseReturnValue:
    return render_template("verify.html", code=code, errors=errors), 422 if errors else 200


def _result(
    code: str, found: dict[str, Any], *, file_same: bool | None, errors: dict[str, str] | None = None
) -> ResponseReturnValue:
    kind = KINDS.get(found["kind"])
    shown = render_template(
        "verified.html",
        code=code,
        found=found,
        kind=_(kind) if kind else found["kind"],
        file_same=file_same,
        errors=errors or {},
    )
    return shown, 422 if errors else 200
