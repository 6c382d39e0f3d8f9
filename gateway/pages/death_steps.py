"""Declaring a death, the first pages: where, when and how somebody died, and who. Each page is kept."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import g, redirect, request
from flask.typing import ResponseReturnValue

from gateway import funerals as asking_registry
from gateway import registry
from gateway.limits import writes
from gateway.login.actor import current_actor, require
from gateway.pages.addresses import address, page
from gateway.pages.asking import Form, last_figures
from gateway.pages.blueprints import funerals
from gateway.pages.board import local_day
from gateway.pages.crossing import key_for
from gateway.pages.death_drafts import Content, counter_page, drawn, kept, later, not_open
from gateway.pages.funeral_words import MANNERS, MARITAL, SEXES, manners, options
from gateway.pages.obstacle_words import hindrances, of_keys
from gateway.pages.records import Record, load, note_refusal
from gateway.pages.texts import _
from gateway.rpc import services
from services.messaging.errors import Refusal

ELSEWHERE = "elsewhere"
_IMPOSSIBLE = "death-time-impossible"
_WITH_PARTNER = ("married", "partnership")
_WITHOUT_PARTNER = ("unmarried", "unknown")
_BSN_FIELDS = {"bsn-invalid": "bsn", "bsn-test-range": "bsn"}


# --- the death: where, when and how


@page(funerals, "death_new")
@require("undertaker")
def ask_new() -> ResponseReturnValue:
    """Ask of a new declaration what decides whether it can be made online."""
    return _death_page(Form({}), None)


@page(funerals, "death_new", method="POST")
@require("undertaker")
@writes
def take_new() -> ResponseReturnValue:
    """Begin a declaration when nothing stands in the way; else say what does."""
    form = Form.sent()
    answer = _checked_death(form, None)
    if not isinstance(answer, dict):
        return answer
    begun = registry.start(
        current_actor(), "death", language=g.lang, content={"death": answer}, key=key_for("start", form.typed)
    )
    return redirect(later(form) or address("death_deceased", record=begun["record_id"]), 303)


@page(funerals, "death_facts")
@require("undertaker")
def ask_death(record: UUID) -> ResponseReturnValue:
    """Show where, when and how somebody died, to be changed."""
    found = load(record)
    return not_open(found) or _death_page(Form.showing(_death_shown(found["content"].get("death") or {})), found)


@page(funerals, "death_facts", method="POST")
@require("undertaker")
@writes
def take_death(record: UUID) -> ResponseReturnValue:
    """Keep where, when and how somebody died."""
    found = load(record)
    form = Form.sent()
    answer = _checked_death(form, found)
    if not isinstance(answer, dict):
        return answer
    return kept(found, form, {"death": answer}, this="death_facts", then="death_deceased")


def _checked_death(form: Form, found: Record | None) -> dict[str, Any] | ResponseReturnValue:
    """Return the part `death` when nothing stands in the way, else the page that says what does."""
    if form["again"]:
        return _death_page(form, found)
    if form["here"] == "no":
        return counter_page(of_keys(["death-elsewhere"]), form=form)
    known = asking_registry.check_death(current_actor())
    death = _read_death(form, known)
    if form.errors:
        return _death_page(form, found)
    told = asking_registry.check_death(
        current_actor(),
        died_on=date.fromisoformat(death["on"]),
        died_time=death["time"],
        stillborn=death["stillborn"],
    )
    stops = [one for one in told["obstacles"] if one["blocks"]]
    if any(one["text"] == _IMPOSSIBLE for one in stops):
        form.wrong("died", _("This moment lies ahead, or was never on the clock. Check day and time"), at="died-day")
        return _death_page(form, found)
    if stops:
        return counter_page(hindrances(stops), form=form)
    weeks = ((found or {}).get("content", {}).get("death") or {}).get("pregnancy_weeks")
    return death | ({} if weeks is None else {"pregnancy_weeks": weeks})


def _read_death(form: Form, known: Mapping[str, Any]) -> dict[str, Any]:
    form.yes_or_no("here", missing=_("Choose whether the death was in Enschede"))
    died_on = form.day("died", _("Day of death"), latest=local_day(services().clock.now()))
    unknown = form.ticked("time-unknown")
    clock = "" if unknown else form.clock("died-time", _("Time of death"))
    choices = (*map(str, range(len(known["places"]))), ELSEWHERE)
    chosen = form.one_of("place", choices, missing=_("Choose where it was"))
    place = known["places"][int(chosen)] if chosen.isdigit() else ""
    if chosen == ELSEWHERE:
        place = form.text("address", missing=_("Fill in street and number, or the place"), most=120)
    return {
        "on": died_on and died_on.isoformat(),
        "time": clock or None,
        "municipality": known["municipality"],
        "place": place,
        "manner": form.one_of("manner", MANNERS, missing=_("Choose how the death came")),
        "stillborn": form.ticked("stillborn"),
    }


def _death_shown(death: Content) -> dict[str, Any]:
    if not death:
        return {}
    places = asking_registry.check_death(current_actor())["places"]
    known = death["place"] in places
    return {
        "here": True,
        "died": date.fromisoformat(death["on"]),
        "died-time": death.get("time"),
        "time-unknown": "yes" if not death.get("time") else None,
        "place": str(places.index(death["place"])) if known else ELSEWHERE,
        "address": None if known else death["place"],
        "manner": death["manner"],
        "stillborn": "yes" if death.get("stillborn") else None,
    }


def _death_page(form: Form, found: Record | None) -> ResponseReturnValue:
    known = asking_registry.check_death(current_actor())
    places = [(str(number), place) for number, place in enumerate(known["places"])]
    return drawn(
        "death_facts.html",
        found,
        form,
        places=[*places, (ELSEWHERE, _("Somewhere else in Enschede"))],
        manners=manners(known["papers"]),
        here=request.path,
    )


# --- who died


@page(funerals, "death_deceased")
@require("undertaker")
def ask_deceased(record: UUID) -> ResponseReturnValue:
    """Ask who died."""
    found = load(record)
    return not_open(found) or _deceased_page(found, Form.showing(_deceased_shown(found["content"])))


@page(funerals, "death_deceased", method="POST")
@require("undertaker")
@writes
def take_deceased(record: UUID) -> ResponseReturnValue:
    """Keep who died; without a citizen service number the declaration may not go on online."""
    found = load(record)
    form = Form.sent()
    parts = _read_deceased(form, found["content"])
    if form["no-bsn"] and not form.errors:
        told = asking_registry.check_death(current_actor(), bsn_given=False)
        stops = [one for one in told["obstacles"] if one["blocks"]]
        if stops:
            return counter_page(hindrances(stops), record=found)
    if form.errors:
        return _deceased_page(found, form)
    try:
        return kept(found, form, parts, this="death_deceased", then="death_funeral")
    except Refusal as refusal:
        note_refusal(form, refusal, _BSN_FIELDS)
        return _deceased_page(found, form)


def _read_deceased(form: Form, content: Content) -> dict[str, Any]:
    """Return the parts that say who died."""
    before = (content.get("deceased") or {}).get("bsn") or ""
    bsn = None
    if not form.ticked("no-bsn"):
        bsn = form.bsn("bsn", missing="" if before else _("Fill in the citizen service number of the deceased"))
        bsn = bsn or before or None
    death = content.get("death") or {}
    died_on = date.fromisoformat(death["on"]) if death else local_day(services().clock.now())
    born_on = form.day("born", _("Day of birth"), latest=died_on, needed=False)
    marital = form.one_of("marital", MARITAL, missing=_("Choose the marital status"))
    partner = _("Fill in the name of the husband, wife or partner") if marital in _WITH_PARTNER else ""
    deceased = {
        "bsn": bsn,
        "no_bsn": None if bsn else "unknown",
        "first_names": form.text("first-names", most=200),
        "surname_prefix": form.text("prefix", most=20),
        "surname": form.text("surname", missing=_("Fill in the surname"), most=200),
        "sex": form.one_of("sex", SEXES, missing=_("Choose the sex")),
        "born_on": born_on and born_on.isoformat(),
        "born_place": form.text("born-place", most=120),
        "marital_status": marital,
        "partner_name": form.text("partner", missing=partner, most=200) if marital not in _WITHOUT_PARTNER else "",
        "last_address": form.text("last-address", missing=_("Fill in the last address"), most=200),
    }
    if not _lived_at_most_a_day(born_on, died_on):
        return {"deceased": deceased} | _without_weeks(death)
    weeks = _weeks(form)
    deceased["born_time"] = form.clock("born-time", _("Time of birth"))
    return {"deceased": deceased, "death": {**death, "pregnancy_weeks": weeks}}


def _lived_at_most_a_day(born_on: date | None, died_on: date) -> bool:
    """Say whether it matters how long the pregnancy was (Wet op de lijkbezorging art. 2 lid 2)."""
    return born_on is not None and died_on - born_on <= timedelta(days=1)


def _without_weeks(death: Content) -> dict[str, Any]:
    """Return the part `death` without what is asked of the shortest lives only; nothing when it does not say that."""
    if death.get("pregnancy_weeks") is None:
        return {}
    return {"death": {name: value for name, value in death.items() if name != "pregnancy_weeks"}}


def _weeks(form: Form) -> int | None:
    typed = form.text("weeks", missing=_("Fill in how many weeks the pregnancy was, for example 23"))
    if typed and not (typed.isascii() and typed.isdigit() and int(typed) <= 45):  # noqa: PLR2004
        form.wrong("weeks", _("Fill in how many weeks the pregnancy was, for example 23"))
        return None
    return int(typed) if typed else None


def _deceased_shown(content: Content) -> dict[str, Any]:
    one = content.get("deceased") or {}
    if not one:
        return {}
    return {
        "no-bsn": None if one.get("bsn") else "yes",
        "first-names": one["first_names"],
        "prefix": one.get("surname_prefix"),
        "surname": one["surname"],
        "sex": one["sex"],
        "born": date.fromisoformat(one["born_on"]) if one.get("born_on") else None,
        "born-time": one.get("born_time"),
        "born-place": one.get("born_place"),
        "weeks": (content.get("death") or {}).get("pregnancy_weeks"),
        "marital": one["marital_status"],
        "partner": one.get("partner_name"),
        "last-address": one["last_address"],
    }


def _deceased_page(found: Record, form: Form) -> ResponseReturnValue:
    bsn = (found["content"].get("deceased") or {}).get("bsn")
    return drawn(
        "death_deceased.html",
        found,
        form,
        known=last_figures(bsn) if bsn else "",
        sexes=options(SEXES),
        marital=options(MARITAL),
        short_life=any(name in form.errors or form[name] for name in ("born-time", "weeks")),
    )
