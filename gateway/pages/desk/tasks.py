"""What can be done with a deed in the register: each task reads its form and says what the registry is told."""

from collections.abc import Callable, Mapping
from typing import Any

from gateway import registry
from gateway.pages.asking import Form
from gateway.pages.desk.labels import option_word
from gateway.pages.desk.queues import today
from gateway.pages.texts import _
from services.contracts import civil_registry as contract
from services.contracts.base import Done
from services.contracts.civil_registry.deeds import COURT_ORDER

Deed = Mapping[str, Any]
Told = dict[str, Any]

PAPERS = ("extract", "multilingual-extract", "full-copy")
LANGUAGES = ("nl", "en", "de")
KINDS = tuple(kind for kind in contract.MENTIONS if kind != COURT_ORDER)
_WORDS, _LONG = 500, 2000


def options(values: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return choices with what they are called."""
    return [(value, option_word(value)) for value in values]


def at_first(deed: Deed) -> Told:
    """Return what stands in the forms of a deed before anybody types."""
    return {"extract-kind": "extract", "extract-language": "nl"} | {
        f"{task}-change-{name}": value for task in _WITH_CHANGES for name, value in deed["now"].items()
    }


def _extract(form: Form, _deed: Deed) -> Told:
    kind = form.one_of("extract-kind", PAPERS, missing=_("Choose a paper"))
    interest = form.area("extract-interest", most=_WORDS)
    if kind == "full-copy" and not interest:
        form.wrong("extract-interest", _("Write down the legitimate interest in a full copy (BW 1:23b)"))
    language = form.one_of("extract-language", LANGUAGES, missing=_("Choose a language"))
    return {"kind": kind, "language": language, "interest": interest}


def _mention(form: Form, deed: Deed) -> Told:
    return {
        "kind": form.one_of("mention-kind", KINDS, missing=_("Choose what is mentioned")),
        "text": form.area("mention-text", missing=_("Write the text of the mention"), most=_LONG),
        "source_reference": _source(form, "mention"),
        "changes": _changes(form, deed, "mention"),
    }


def _slip(form: Form, deed: Deed) -> Told:
    return {
        "wrong": form.text("slip-wrong", missing=_("Write what stands there"), most=_WORDS),
        "right": form.text("slip-right", missing=_("Write what must stand there"), most=_WORDS),
        "source_reference": _source(form, "slip"),
        "changes": _changes(form, deed, "slip"),
    }


def _court_order(form: Form, deed: Deed) -> Told:
    judged_on = form.day("court-order-judged", _("Day of the judgment"), latest=today())
    return {
        "court": form.text("court-order-court", missing=_("Name the court")),
        "country": form.text("court-order-country", most=60),
        "judged_on": judged_on,
        "orders": form.area("court-order-orders", missing=_("Write what the court orders"), most=_LONG),
        "source_reference": _source(form, "court-order"),
        "cancels": form.ticked("court-order-cancels"),
        "changes": _changes(form, deed, "court-order"),
    }


def _block(form: Form, deed: Deed) -> Told:
    reason = form.area("block-reason", missing=_("Write down why"), most=_WORDS)
    return {"blocked": deed["blocked"] is None, "reason": reason}


def _source(form: Form, task: str) -> str:
    return form.text(
        f"{task}-source", missing=_("Name the source, such as the number of the deed or judgment"), most=100
    )


def _changes(form: Form, deed: Deed, task: str) -> dict[str, str]:
    """Return what extracts tell otherwise from now on: the fields that somebody changed on the page."""
    typed = {name: form.text(f"{task}-change-{name}", most=_WORDS) for name in deed["now"]}
    return {name: value for name, value in typed.items() if value and value != deed["now"][name]}


_WITH_CHANGES = ("mention", "slip", "court-order")
TASKS: Mapping[str, Callable[[Form, Deed], Told]] = {
    "extract": _extract,
    "mention": _mention,
    "slip": _slip,
    "court-order": _court_order,
    "block": _block,
}
_METHODS: Mapping[str, tuple[str, Any, Any]] = {
    "extract": ("issue_extract", contract.IssueExtract, contract.IssuedDocument),
    "mention": ("add_mention", contract.AddMention, Done),
    "slip": ("correct_slip", contract.CorrectSlip, Done),
    "court-order": ("add_court_order", contract.AddCourtOrder, Done),
    "block": ("block_extracts", contract.BlockExtracts, Done),
}


def give(actor: registry.Actor, task: str, told: Told, *, key: str) -> None:
    """Have the registry do a task.

    Raises: Refusal, Malformed, Unavailable.
    """
    method, request, reply = _METHODS[task]
    registry.tell(method, request, reply, {"actor": actor, **told}, key=key)


def notice_of(task: str, told: Told) -> str:
    """Return the key of what the page says afterwards."""
    return "allow" if task == "block" and not told["blocked"] else task
