"""Declarations on pages: loaded and saved as the page last saw them, with what the registry refuses in plain words.

Every form about a declaration carries the `version` that its page showed. When somebody changed it meanwhile,
nothing is overwritten: `conflict_page` shows the answers again and lets the person choose.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Response, g, make_response, render_template, request

from gateway import registry
from gateway.api.problems import PROBLEMS
from gateway.files import file_answer, received, refusal_words
from gateway.login.actor import current_actor
from gateway.pages.asking import Form
from gateway.pages.crossing import key_for
from gateway.pages.texts import _
from gateway.rpc import services
from services.contracts.civil_registry import DocumentFile, GetDocument, GetEvidence
from services.filing.refusals import FileRefused
from services.messaging.errors import Refusal

Record = dict[str, Any]

CONFLICT = "version-conflict"
_NOT_AGAIN = ("csrf_token", "session_token", "version", "key")


def load(record_id: UUID) -> Record:
    """Return a declaration of whoever is logged in.

    Raises: Refusal (`record-unknown`), LoginTrouble, Unavailable.
    """
    return registry.record(current_actor(), record_id)


def shown(record: Mapping[str, Any], *, field: str = "version") -> Record:
    """Return a declaration as the page of this form saw it: its id, and the version that the form carries."""
    sent = request.form.get(field, "")
    version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else 0  # noqa: PLR2004
    return {**record, "version": version}


def save(record: Mapping[str, Any], content: Mapping[str, Any]) -> Record:
    """Keep parts of a declaration, once per press, and return where it stands.

    Raises: Refusal (`version-conflict`: `conflict_page`), Malformed, Unavailable.
    """
    seen = shown(record)
    key = key_for("save", record["record_id"], seen["version"], content)
    return registry.save(current_actor(), seen, content, key=key)


def act(record: Mapping[str, Any], command: str, particulars: Mapping[str, Any] | None = None) -> Record:
    """Give a command on a declaration, once per press, and return where it stands.

    Raises: Refusal, Malformed, Unavailable.
    """
    seen = shown(record)
    key = key_for(command, record["record_id"], seen["version"], particulars)
    return registry.act(current_actor(), seen, command, particulars, key=key)


def attach(form: Form, record: Mapping[str, Any], kinds: Mapping[str, str]) -> int:
    """Put the files of a form to a declaration; return how many. `kinds`: of evidence, by the name of the field.

    A file that cannot be taken becomes an error of its field; those before it are kept. Call it before `save`: files
    do not change the version.

    Raises: Refusal (`not-now`, `too-much-evidence`), Unavailable.
    """
    number = 0
    for field, kind in kinds.items():
        try:
            files = received(field)
        except FileRefused as refusal:
            form.wrong(field, refusal_words(refusal))
            continue
        for file in files:
            key = key_for("file", record["record_id"], kind, file.file_id)
            registry.attach(current_actor(), record["record_id"], kind, asdict(file), key=key)
            number += 1
    return number


def note_refusal(form: Form, refusal: Refusal, fields: Mapping[str, str]) -> None:
    """Note a refusal of the registry at the field that it is about, by its code; other refusals go on.

    Raises: Refusal.
    """
    field = fields.get(refusal.code)
    if field is None:
        raise refusal
    form.wrong(field, words(refusal))


def words(refusal: Refusal) -> str:
    """Return what a refusal says and what to do, in the language of the page."""
    return problem_words(refusal.code)


def problem_words(code: str) -> str:
    """Return what a refusal with a code says and what to do, in the language of the page."""
    problem = PROBLEMS[code]
    return f"{problem.title(g.lang)}. {problem.cure(g.lang)}"


def conflict_page(record_id: UUID, *, back: str) -> Response:
    """Return the page for a form whose declaration was changed meanwhile: look first, or keep these answers after all.

    `back` is the address of the page with the form. Files cannot be kept; their page says so.

    Raises: Refusal (`record-unknown`), Unavailable.
    """
    now = load(record_id)
    fields = [(name, value) for name, values in request.form.lists() if name not in _NOT_AGAIN for value in values]
    page = render_template(
        "conflict.html", record=now, fields=fields, back=back, here=request.path, with_files=bool(request.files)
    )
    return make_response(page, 409)


# --- files of a declaration


def paper_answer(document_id: UUID) -> Response:
    """Return a paper that we gave out, for whoever may have it.

    Raises: Refusal (`document-unknown`), Unavailable, ProblemFound (the file is damaged).
    """
    asked = {"actor": current_actor(), "document_id": document_id}
    found = services().ask("civil_registry.document_file", GetDocument, DocumentFile, asked)
    return file_answer(found["file_id"], file_name=found["file_name"])


def evidence_answer(evidence_id: UUID, *, shown_in_page: bool = False) -> Response:
    """Return a file that was put to a declaration, for whoever may see it.

    Raises: Refusal (`document-unknown`), Unavailable, ProblemFound (the file is damaged).
    """
    asked = {"actor": current_actor(), "evidence_id": evidence_id}
    found = services().ask("civil_registry.evidence_file", GetEvidence, DocumentFile, asked)
    return file_answer(found["file_id"], file_name=found["file_name"], shown=shown_in_page)


def evidence_names() -> dict[str, str]:
    """Return how people call each kind of evidence."""
    return {
        "birth-statement": _("Statement of the doctor or midwife"),
        "acknowledgement-deed": _("Deed of acknowledgement"),
        "name-choice-deed": _("Deed of name choice"),
        "a-certificate": _("Certificate of death (A)"),
        "no-objection": _("Statement of no objection of the public prosecutor"),
        "doctor-statement": _("Statement of a doctor"),
        "body-donation": _("Last will or consent to give the body to science"),
        "identity-document": _("Identity document"),
        "guardian-consent": _("Consent of the guardian or the judge"),
        "kinship-statement": _("Statement under oath about kinship"),
        "dispensation": _("Dispensation of the minister"),
        "exemption": _("Exemption of the public prosecutor"),
        "other": _("Another document"),
    }
