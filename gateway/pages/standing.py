"""Where a declaration stands, in plain words: what it is called, its state, what comes next, by when, what happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import g

from gateway.pages.texts import N_, _
from services.presenting import times

Record = Mapping[str, Any]

YOURS, BUSY, GOOD, OVER = "yours", "busy", "good", "over"
"""Who has to do something: the person himself, we, nobody because it is done, nobody because it came to nothing."""

KINDS = {
    "birth": N_("Birth declaration"),
    "death": N_("Death declaration"),
    "funeral-permit": N_("Permit to bury or cremate"),
    "marriage": N_("Notice of marriage"),
}
PARTNERSHIP = N_("Notice of registered partnership")


@dataclass(frozen=True, slots=True)
class Standing:
    """The state in a few words, what comes next, by when (empty: no day is known), and whose turn it is."""

    state: str
    then: str
    by_when: str
    turn: str


_SENT = N_("We have received it")
_LOOKING = N_("We are looking at it")
_QUESTION = N_("We have a question for you")
_IN_ORDER = N_("It is in order")
_WITHDRAWN = N_("You withdrew it")
_DEED = N_("The civil registrar draws up the deed, and signs it.")
_COLLEAGUE = N_("A colleague compares it with the population register (BRP). You need not do anything.")
_APPEAL = N_("The reason is below. Do you disagree? You can ask the district court for a decision within six weeks.")
_LAPSED = (N_("It has lapsed"), N_("It lay untouched for too long. You can begin again."), OVER)

_Words = tuple[str, str, str]

_BIRTH: Mapping[str, _Words] = {
    "draft": (N_("You have not sent it yet"), N_("Go on where you were, and send it."), YOURS),
    "awaiting-confirmation": (
        N_("We wait for the doctor or midwife"),
        N_("The doctor or midwife confirms the birth. Do you have a statement on paper? Then add it here."),
        BUSY,
    ),
    "submitted": (_SENT, _COLLEAGUE, BUSY),
    "in-review": (_LOOKING, _COLLEAGUE, BUSY),
    "info-requested": (_QUESTION, N_("Read our question, and answer it here."), YOURS),
    "approved": (_IN_ORDER, _DEED, BUSY),
    "deed-drawn": (_IN_ORDER, _DEED, BUSY),
    "deed-printed": (_IN_ORDER, _DEED, BUSY),
    "deed-signed": (_IN_ORDER, _DEED, BUSY),
    "registered": (
        N_("The birth stands in the register"),
        N_("Your child is registered at your address, and gets a citizen service number. You hear of it by post."),
        GOOD,
    ),
    "refused": (N_("We cannot register this birth"), _APPEAL, OVER),
    "redirected": (
        N_("You declare this birth at the counter"),
        N_("Make an appointment, and come in time."),
        YOURS,
    ),
    "withdrawn": (_WITHDRAWN, N_("The birth still has to be declared. You can begin again."), OVER),
    "lapsed": _LAPSED,
    "closed-as-duplicate": (
        N_("This birth was declared before"),
        N_("We go on with the first declaration. You need not do anything."),
        OVER,
    ),
}

_DEATH: Mapping[str, _Words] = {
    "draft": (N_("You have not sent it yet"), N_("Go on where you were, and send it."), YOURS),
    "submitted": (_SENT, N_("A civil registrar looks at it. You need not do anything."), BUSY),
    "in-review": (_LOOKING, N_("A civil registrar looks at it. You need not do anything."), BUSY),
    "info-requested": (_QUESTION, N_("Read our question, and answer it here."), YOURS),
    "awaiting-prosecutor": (
        N_("We wait for the public prosecutor"),
        N_("The prosecutor has to say that there is no objection to the funeral."),
        BUSY,
    ),
    "approved": (_IN_ORDER, _DEED, BUSY),
    "deed-drawn": (_IN_ORDER, _DEED, BUSY),
    "deed-printed": (_IN_ORDER, _DEED, BUSY),
    "deed-signed": (_IN_ORDER, _DEED, BUSY),
    "registered": (N_("The death stands in the register"), N_("You find the papers below."), GOOD),
    "refused": (N_("We cannot register this death"), _APPEAL, OVER),
    "withdrawn": (_WITHDRAWN, N_("The death still has to be declared."), OVER),
    "lapsed": _LAPSED,
    "closed-as-duplicate": (
        N_("This death was declared before"),
        N_("We go on with the first declaration. You need not do anything."),
        OVER,
    ),
}

_PERMIT: Mapping[str, _Words] = {
    "requested": (
        N_("We have received the request"),
        N_("The civil registrar looks at it with the declaration."),
        BUSY,
    ),
    "issued": (N_("The permit has been given"), N_("You find it below. Take it with you to the funeral."), GOOD),
    "used": (N_("The funeral was held"), "", GOOD),
    "refused": (N_("The permit was refused"), _APPEAL, OVER),
    "revoked": (N_("The permit does not count any more"), N_("The reason is below. Call us: 14 053."), OVER),
    "withdrawn": (N_("No permit is needed any more"), "", OVER),
}

_MARRIAGE: Mapping[str, _Words] = {
    "draft": (N_("You have not sent it yet"), N_("Go on where you were, and send it."), YOURS),
    "awaiting-partner": (
        N_("We wait for your partner"),
        N_("Your partner logs in and confirms. We have sent an e-mail about it."),
        BUSY,
    ),
    "submitted": (_SENT, _COLLEAGUE, BUSY),
    "in-review": (_LOOKING, _COLLEAGUE, BUSY),
    "info-requested": (_QUESTION, N_("Read our question, and answer it here."), YOURS),
    "sham-check": (N_("We look into it further"), N_("We ask others for information. You hear from us."), BUSY),
    "accepted": (N_("You may marry"), N_("Choose the day and the place of the ceremony."), YOURS),
    "scheduled": (N_("The day is fixed"), N_("Shortly before the day we look at everything once more."), GOOD),
    "ready": (N_("All is ready for the day"), N_("Bring your identity documents, and your witnesses theirs."), GOOD),
    "objected": (N_("Somebody objects"), N_("We cannot go on until that is decided. You hear from us."), BUSY),
    "solemnised": (N_("The ceremony was held"), N_("The deed still has to be signed."), GOOD),
    "deed-printed": (N_("The ceremony was held"), N_("The deed still has to be signed."), GOOD),
    "deed-signed": (N_("The ceremony was held"), N_("We put the deed into the register."), GOOD),
    "registered": (N_("It stands in the register"), N_("Congratulations. You need not do anything."), GOOD),
    "refused": (N_("We cannot accept the notice"), _APPEAL, OVER),
    "withdrawn": (N_("It was withdrawn"), N_("You can give notice again."), OVER),
    "expired": (
        N_("The notice is older than a year"),
        N_("It does not count any more. You can give notice again."),
        OVER,
    ),
    "lapsed": _LAPSED,
}

WORDS: Mapping[str, Mapping[str, _Words]] = {
    "birth": _BIRTH,
    "death": _DEATH,
    "funeral-permit": _PERMIT,
    "marriage": _MARRIAGE,
}

_ASKED_TO_ASSENT: _Words = (
    N_("Your partner asks you to confirm"),
    N_("Read the notice. Then confirm it, or decline."),
    YOURS,
)


def name_of(record: Record) -> str:
    """Return what a declaration is called."""
    partnership = record["kind"] == "marriage" and record.get("content", {}).get("bond") == "partnership"
    name = PARTNERSHIP if partnership else KINDS[record["kind"]]
    return _(name)


def standing_of(record: Record) -> Standing:
    """Return where a declaration stands; of a line of a list less is known about days."""
    asked = record["status"] == "awaiting-partner" and "assent" in record.get("allowed", ())
    state, then, turn = _ASKED_TO_ASSENT if asked else WORDS[record["kind"]][record["status"]]
    if record["status"] == "info-requested" and "question" in record and not record["question"]:
        then = N_("The doctor or midwife told us something else than you. Check day, time and sex of the child.")
    return Standing(_(state), _(then) if then else "", _by_when(record, turn), turn)


def _by_when(record: Record, turn: str) -> str:
    """Return by when, from the moments that the law and our question set."""
    question, terms = record.get("question"), record.get("terms", {})
    if question:
        return _("Answer no later than %(day)s.", day=_day(question["answer_by"]))
    kind, status, due_on = record["kind"], record["status"], record["due_on"]
    if kind == "birth" and turn == YOURS and "declare_by" in terms:
        return _("The last day is %(day)s.", day=_day(terms["declare_by"]))
    if kind == "birth" and turn == BUSY and due_on:
        return _("We want to be ready no later than %(day)s.", day=_day(due_on))
    if kind == "marriage" and status == "accepted" and "marry_from" in terms:
        return _("From %(first)s to %(last)s.", first=_day(terms["marry_from"]), last=_day(terms["marry_by"]))
    if kind == "marriage" and status in ("scheduled", "ready") and due_on:
        return _("The ceremony is on %(day)s.", day=_day(due_on))
    if kind in ("death", "funeral-permit") and turn in (YOURS, BUSY) and "funeral_by" in terms:
        return _("The funeral must take place no later than %(day)s.", day=_day(terms["funeral_by"]))
    return ""


def _day(told: date | str) -> str:
    return times.day(told if isinstance(told, date) else date.fromisoformat(told), g.lang)


# --- what happened

_HAPPENED: Mapping[str, str] = {
    "start": N_("You began"),
    "submit": N_("You sent it"),
    "redirect": N_("We referred you to the counter"),
    "confirm-birth": N_("The doctor or midwife confirmed the birth"),
    "add-statement": N_("You added a statement of the doctor or midwife"),
    "assign": N_("We began to look at it"),
    "request-info": N_("We asked you something"),
    "supply-info": N_("You answered"),
    "await-prosecutor": N_("We asked the public prosecutor"),
    "record-clearance": N_("The public prosecutor has no objection"),
    "approve": N_("We found it in order"),
    "draw-deed": N_("The deed was drawn up"),
    "sign-deed": N_("The civil registrar signed the deed"),
    "register": N_("It was put into the register"),
    "record-originals": N_("We received the papers"),
    "refuse": N_("We refused it"),
    "mark-duplicate": N_("It turned out to have been declared before"),
    "withdraw": N_("It was withdrawn"),
    "expire": N_("It lapsed"),
    "invite-partner": N_("We asked your partner to confirm"),
    "assent": N_("Your partner confirmed"),
    "decline": N_("Your partner declined"),
    "start-sham-check": N_("We began to look into it further"),
    "conclude-sham-check": N_("We were ready with looking into it"),
    "accept": N_("We accepted the notice"),
    "schedule": N_("The day of the ceremony was fixed"),
    "change-witnesses": N_("The witnesses were changed"),
    "change-officer": N_("Somebody else will hold the ceremony"),
    "final-check": N_("We checked everything for the day"),
    "record-ceremony": N_("The ceremony was held"),
    "record-objection": N_("Somebody objected"),
    "lift-objection": N_("The objection was lifted"),
    "request": N_("A permit was asked for"),
    "plan": N_("Another day or place of the funeral was given"),
    "decide-term": N_("The mayor set another term"),
    "issue": N_("We gave the permit"),
    "amend": N_("We changed the permit"),
    "revoke": N_("We revoked the permit"),
    "record-funeral": N_("We heard that the funeral was held"),
}
"""Commands that mean something to who declared. Others are ours, or only keep what he typed."""

_DIFFERS = N_("The doctor or midwife told us something else than you")


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history. `note`: what was written with it, for who declared."""

    at: datetime
    text: str
    note: str


def history_of(record: Record) -> list[Happened]:
    """Return what happened to a declaration, the newest first, without what means nothing to who declared."""
    lines = [
        Happened(entry["at"], _(_text_of(entry)), entry["note"])
        for entry in record["history"]
        if entry["command"] in _HAPPENED
    ]
    return lines[::-1]


def _text_of(entry: Mapping[str, Any]) -> str:
    if entry["command"] == "confirm-birth" and entry["to_status"] == "info-requested":
        return _DIFFERS
    return _HAPPENED[entry["command"]]


def refused_because(record: Record) -> str:
    """Return why a declaration was refused, or a permit revoked; empty when it was not."""
    notes = [entry["note"] for entry in record["history"] if entry["command"] in ("refuse", "revoke")]
    return notes[-1] if notes else ""
