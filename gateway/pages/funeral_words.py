"""What the parts of a death declaration and of a funeral are called, and where each stands in the list of a firm."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import g

from gateway.api.problems import PROBLEMS
from gateway.pages.records import evidence_names
from gateway.pages.standing import BUSY, GOOD, OVER, WORDS, YOURS, Standing
from gateway.pages.texts import N_, _
from services.presenting import times

MANNERS = {
    "natural": N_("A natural death"),
    "not-natural": N_("Not a natural death"),
    "euthanasia": N_("Euthanasia or help with suicide by a doctor"),
    "unclear": N_("That is not clear yet"),
}
SEXES = {"female": N_("Woman"), "male": N_("Man"), "undetermined": N_("It could not be determined")}
MARITAL = {
    "unmarried": N_("Never married"),
    "married": N_("Married"),
    "partnership": N_("Registered partnership"),
    "widowed": N_("Widow or widower"),
    "divorced": N_("Divorced"),
    "partnership-ended": N_("Partnership ended"),
    "unknown": N_("Not known"),
}
FUNERALS = {
    "burial": N_("Burial"),
    "cremation": N_("Cremation"),
    "science": N_("The body goes to science"),
}
PLANS = {
    "within-term": N_("Yes"),
    "earlier": N_("No, we ask for an earlier day"),
    "later": N_("No, we ask for a later day"),
}


def manners(papers: list[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """Return the options of a form; each says which paper it needs, and who has to look at it."""
    by_manner = {one["manner"]: one for one in papers}
    return [(manner, _(word), _needed(by_manner[manner])) for manner, word in MANNERS.items()]


def _needed(papers: Mapping[str, Any]) -> str:
    names = evidence_names()
    needed = _(" or ").join(names[kind][0].lower() + names[kind][1:] for kind in papers["any_of"])
    text = _("You need: %(papers)s.", papers=needed)
    later = _("You may send it later.")
    return f"{text} {later}" if papers["prosecutor"] else text


def word_of(words: Mapping[str, str], value: str) -> str:
    """Return what one of the options is called."""
    word = words[value]
    return _(word)


def options(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the options of a form."""
    return [(value, _(word)) for value, word in words.items()]


def funeral_kinds() -> list[tuple[str, str, str]]:
    """Return the options of a form."""
    science = _("The mayor decides on this permit. That takes at most three days.")
    return [(kind, _(word), science if kind == "science" else "") for kind, word in FUNERALS.items()]


def window_words(funeral_from: datetime | None, last_on: str) -> str:
    """Return when a funeral may be. `last_on`: the day in words, empty when there is none."""
    if funeral_from is None:
        return ""
    begin = times.day_and_time(funeral_from, g.lang)
    if not last_on:
        return _("The funeral may be from %(begin)s.", begin=begin)
    return _("The funeral may be from %(begin)s. The last day is %(last)s.", begin=begin, last=last_on)


# --- a line of the list

_READY: tuple[str, str, str] = (
    N_("Ready to be sent"),
    N_("Check it once more, and send it."),
    YOURS,
)
_UNSENT = N_("You have not sent it yet")
_MISSING = {
    "not-complete": N_("Fill in what is missing."),
    "death-certificate-missing": N_("Add the certificate of death."),
}
_NO_PLAN: tuple[str, str, str] = (
    N_("We do not know when the funeral is"),
    N_("Fill in the day and the time. Only then we can give the permit."),
    YOURS,
)
_ASK_AGAIN = N_("Read why. You can ask for the permit again.")
_CHANGING: tuple[str, str, str] = (
    N_("The permit has been given"),
    N_("We look at the change that you asked for. Until then the permit counts."),
    BUSY,
)
_GIVEN_FIRST: tuple[str, str, str] = (
    N_("The permit has been given"),
    N_("We still draw up the deed. You need not do anything."),
    GOOD,
)
_GIVEN: tuple[str, str, str] = (
    N_("The permit has been given"),
    N_("Download it, and take it with you to the funeral."),
    GOOD,
)
_ORIGINALS: tuple[str, str, str] = (
    N_("The permit has been given"),
    N_("Bring or send us the original of each paper that you added."),
    YOURS,
)
_DECIDING: tuple[str, str, str] = (
    N_("The death stands in the register"),
    N_("We still decide on the permit. You need not do anything."),
    BUSY,
)


def standing_of_line(line: Mapping[str, Any]) -> Standing:
    """Return where a declaration and its permit stand together: what is the firm's turn comes first."""
    state, then, turn = _words_of(line)
    stops = line["stops"]
    if stops and stops not in _MISSING:
        told = f"{PROBLEMS[stops].title(g.lang)}. {PROBLEMS[stops].cure(g.lang)}"
    else:
        told = _(then) if then else ""
    return Standing(_(state), told, _by_when(line, turn), turn)


def _words_of(line: Mapping[str, Any]) -> tuple[str, str, str]:
    status, permit = line["status"], line["permit"]
    plain = WORDS["death"][status]
    if status == "draft":
        return _READY if line["stops"] == "" else (_UNSENT, _MISSING.get(line["stops"] or "", plain[1]), YOURS)
    if status == "info-requested" or plain[2] == OVER or permit is None:
        return plain
    if permit["status"] in ("refused", "revoked"):
        return WORDS["funeral-permit"][permit["status"]][0], _ASK_AGAIN, YOURS
    if permit["status"] == "requested":
        return _NO_PLAN if not permit["funeral"].get("at") else _DECIDING if status == "registered" else plain
    return _given(line) if permit["status"] == "issued" else plain


def _given(line: Mapping[str, Any]) -> tuple[str, str, str]:
    if "amendment-asked" in line["permit"]["flags"]:
        return _CHANGING
    if line["status"] != "registered":
        return _GIVEN_FIRST
    return _ORIGINALS if line["originals_by"] else _GIVEN


def _by_when(line: Mapping[str, Any], turn: str) -> str:
    permit = line["permit"]
    given = permit is not None and permit["status"] in ("issued", "used")
    if line["answer_by"]:
        return _("Answer no later than %(day)s.", day=times.day(line["answer_by"], g.lang))
    if given:
        late = turn == YOURS and line["originals_by"]
        return _("No later than %(day)s.", day=times.day(late, g.lang)) if late else ""
    if turn in (YOURS, BUSY) and line["funeral_by"]:
        return _("The funeral must take place no later than %(day)s.", day=times.day(line["funeral_by"], g.lang))
    return ""
