"""Where each page lives: Dutch words without prefix, English words under `/en`. One table for rules and links."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, g, request

PAGE_LANGUAGES = ("nl", "en")

WORDS: dict[str, tuple[str, str]] = {
    "start": ("/", "/en"),
    "product": ("/afspraak/product", "/en/appointment/product"),
    "location": ("/afspraak/locatie", "/en/appointment/location"),
    "time": ("/afspraak/dag-en-tijd", "/en/appointment/day-and-time"),
    "code": ("/afspraak/code", "/en/appointment/code"),
    "code_check": ("/afspraak/code/invullen", "/en/appointment/code/enter"),
    "collection": ("/afspraak/ophalen", "/en/appointment/collection"),
    "extend": ("/afspraak/langer", "/en/appointment/longer"),
    "details": ("/afspraak/gegevens", "/en/appointment/details"),
    "check": ("/afspraak/controle", "/en/appointment/check"),
    "confirmation": ("/afspraak/bevestiging", "/en/appointment/confirmation"),
    "stop": ("/afspraak/stoppen", "/en/appointment/stop"),
    "zone": ("/tijdzone", "/en/time-zone"),
    "lookup": ("/mijn-afspraak", "/en/my-appointment"),
    "lookup_sent": ("/mijn-afspraak/link-gestuurd", "/en/my-appointment/link-sent"),
    "manage": ("/mijn-afspraak/overzicht", "/en/my-appointment/overview"),
    "move": ("/mijn-afspraak/verzetten", "/en/my-appointment/move"),
    "move_check": ("/mijn-afspraak/verzetten/controle", "/en/my-appointment/move/check"),
    "cancel": ("/mijn-afspraak/annuleren", "/en/my-appointment/cancel"),
    "wait": ("/mijn-afspraak/wachtlijst", "/en/my-appointment/waiting-list"),
    "wait_stop": ("/mijn-afspraak/wachtlijst/stoppen", "/en/my-appointment/waiting-list/stop"),
    "offer": ("/mijn-afspraak/aanbod", "/en/my-appointment/offer"),
    "answer": ("/mijn-afspraak/antwoord", "/en/my-appointment/answer"),
    "reconfirm": ("/mijn-afspraak/komt-u-nog", "/en/my-appointment/still-coming"),
    "leave": ("/mijn-afspraak/sluiten", "/en/my-appointment/close"),
    "calendar_file": ("/mijn-afspraak/agenda.ics", "/en/my-appointment/calendar.ics"),
    "verify": ("/controle", "/en/verify"),
    "verify_file": ("/controle/bestand", "/en/verify/file"),
    "login": ("/inloggen", "/en/log-in"),
    "stay": ("/ingelogd-blijven", "/en/stay-logged-in"),
    "logout": ("/uitloggen", "/en/log-out"),
    "logged_out": ("/uitgelogd", "/en/logged-out"),
    "cases": ("/mijn-zaken", "/en/my-cases"),
    "draws": ("/loting", "/en/draw"),
    "draw_result": ("/loting/uitslag/<code>", "/en/draw/result/<code>"),
    "draw_wish": ("/loting/wensen", "/en/draw/wishes"),
    "draw_details": ("/loting/gegevens", "/en/draw/details"),
    "draw_check": ("/loting/controle", "/en/draw/check"),
    "draw_code": ("/loting/code", "/en/draw/code"),
    "draw_done": ("/loting/bevestiging", "/en/draw/confirmation"),
    "draw_request": ("/loting/mijn-aanvraag", "/en/draw/my-request"),
    "draw_withdraw": ("/loting/mijn-aanvraag/intrekken", "/en/draw/my-request/withdraw"),
    "draw_stop": ("/loting/stoppen", "/en/draw/stop"),
    "case": ("/mijn-zaken/<uuid:record>", "/en/my-cases/<uuid:record>"),
    "case_answer": ("/mijn-zaken/<uuid:record>/antwoord", "/en/my-cases/<uuid:record>/answer"),
    "case_withdraw": ("/mijn-zaken/<uuid:record>/intrekken", "/en/my-cases/<uuid:record>/withdraw"),
    "birth": ("/geboorte-aangeven", "/en/declare-birth"),
    "birth_first": ("/geboorte-aangeven/eerst", "/en/declare-birth/first"),
    "birth_answers": ("/geboorte-aangeven/<uuid:record>/eerst", "/en/declare-birth/<uuid:record>/first"),
    "birth_child": ("/geboorte-aangeven/<uuid:record>/kind", "/en/declare-birth/<uuid:record>/child"),
    "birth_parents": ("/geboorte-aangeven/<uuid:record>/ouders", "/en/declare-birth/<uuid:record>/parents"),
    "birth_contact": ("/geboorte-aangeven/<uuid:record>/contact", "/en/declare-birth/<uuid:record>/contact"),
    "birth_check": ("/geboorte-aangeven/<uuid:record>/controle", "/en/declare-birth/<uuid:record>/check"),
    "birth_done": ("/geboorte-aangeven/<uuid:record>/verstuurd", "/en/declare-birth/<uuid:record>/sent"),
    "birth_twin": ("/geboorte-aangeven/<uuid:record>/nog-een-kind", "/en/declare-birth/<uuid:record>/another-child"),
    "birth_counter": ("/geboorte-aangeven/<uuid:record>/balie", "/en/declare-birth/<uuid:record>/counter"),
    "care": ("/zorgverlener", "/en/care-provider"),
    "case_file": ("/mijn-zaken/<uuid:record>/stuk", "/en/my-cases/<uuid:record>/file"),
    "case_paper": ("/mijn-zaken/<uuid:record>/papier/<uuid:paper>", "/en/my-cases/<uuid:record>/paper/<uuid:paper>"),
    "funerals": ("/uitvaart", "/en/funerals"),
    "funerals_find": ("/uitvaart/zoeken", "/en/funerals/find"),
    "funerals_send": ("/uitvaart/versturen", "/en/funerals/send"),
    "funerals_sent": ("/uitvaart/verstuurd", "/en/funerals/sent"),
    "death_new": ("/uitvaart/nieuw", "/en/funerals/new"),
    "death_facts": ("/uitvaart/<uuid:record>/overlijden", "/en/funerals/<uuid:record>/death"),
    "death_deceased": ("/uitvaart/<uuid:record>/overledene", "/en/funerals/<uuid:record>/deceased"),
    "death_funeral": ("/uitvaart/<uuid:record>/uitvaart", "/en/funerals/<uuid:record>/funeral"),
    "death_declarant": ("/uitvaart/<uuid:record>/aangever", "/en/funerals/<uuid:record>/declarant"),
    "death_papers": ("/uitvaart/<uuid:record>/stukken", "/en/funerals/<uuid:record>/papers"),
    "death_check": ("/uitvaart/<uuid:record>/controle", "/en/funerals/<uuid:record>/check"),
    "death_file": ("/uitvaart/<uuid:record>/stuk", "/en/funerals/<uuid:record>/file"),
    "permit_plan": ("/uitvaart/<uuid:record>/verlof", "/en/funerals/<uuid:record>/permit"),
    "wedding": ("/trouwen", "/en/marry"),
    "wedding_first": ("/trouwen/eerst", "/en/marry/first"),
    "wedding_reference": ("/trouwen/bevestigen", "/en/marry/confirm"),
    "wedding_declined": ("/trouwen/niet-bevestigd", "/en/marry/not-confirmed"),
    "wedding_answers": ("/trouwen/<uuid:record>/eerst", "/en/marry/<uuid:record>/first"),
    "wedding_partners": ("/trouwen/<uuid:record>/partners", "/en/marry/<uuid:record>/partners"),
    "wedding_day": ("/trouwen/<uuid:record>/dag", "/en/marry/<uuid:record>/day"),
    "wedding_witnesses": ("/trouwen/<uuid:record>/getuigen", "/en/marry/<uuid:record>/witnesses"),
    "wedding_statements": (
        "/trouwen/<uuid:record>/naam-en-verklaringen",
        "/en/marry/<uuid:record>/name-and-statements",
    ),
    "wedding_check": ("/trouwen/<uuid:record>/controle", "/en/marry/<uuid:record>/check"),
    "wedding_done": ("/trouwen/<uuid:record>/verstuurd", "/en/marry/<uuid:record>/sent"),
    "wedding_assent": ("/trouwen/<uuid:record>/bevestigen", "/en/marry/<uuid:record>/confirm"),
    "wedding_decline": ("/trouwen/<uuid:record>/niet-bevestigen", "/en/marry/<uuid:record>/decline"),
    "desk": ("/werk", "/en/desk"),
    "desk_queue": ("/werk/rij/<queue>", "/en/desk/queue/<queue>"),
    "desk_find": ("/werk/zoeken", "/en/desk/find"),
    "desk_begin": ("/werk/beginnen", "/en/desk/begin"),
    "desk_fill": ("/werk/zaken/<uuid:record>/invullen", "/en/desk/records/<uuid:record>/fill-in"),
    "desk_record": ("/werk/zaken/<uuid:record>", "/en/desk/records/<uuid:record>"),
    "desk_act": (
        "/werk/zaken/<uuid:record>/opdracht/<command>",
        "/en/desk/records/<uuid:record>/command/<command>",
    ),
    "desk_add": ("/werk/zaken/<uuid:record>/stuk", "/en/desk/records/<uuid:record>/file"),
    "desk_file": ("/werk/zaken/<uuid:record>/stuk/<uuid:piece>", "/en/desk/records/<uuid:record>/file/<uuid:piece>"),
    "desk_paper": (
        "/werk/zaken/<uuid:record>/papier/<uuid:paper>",
        "/en/desk/records/<uuid:record>/paper/<uuid:paper>",
    ),
    "desk_preview": ("/werk/zaken/<uuid:record>/akte", "/en/desk/records/<uuid:record>/deed"),
    "desk_registers": ("/werk/registers", "/en/desk/registers"),
    "desk_deed_find": ("/werk/registers/zoeken", "/en/desk/registers/find"),
    "desk_close": ("/werk/registers/afsluiten", "/en/desk/registers/close"),
    "desk_deed": ("/werk/registers/<int:year>/<number>", "/en/desk/registers/<int:year>/<number>"),
    "desk_deed_act": ("/werk/registers/<int:year>/<number>/<task>", "/en/desk/registers/<int:year>/<number>/<task>"),
    "accessibility": ("/toegankelijkheid", "/en/accessibility"),
    "privacy": ("/privacy", "/en/privacy"),
    "problem": ("/problems/<code>", "/en/problems/<code>"),
}

PARAMETERS: dict[str, tuple[str, str]] = {
    "day": ("dag", "day"),
    "month": ("maand", "month"),
    "view": ("weergave", "view"),
    "place": ("locatie", "location"),
    "notice": ("melding", "notice"),
    "choice": ("product", "product"),
    "sheet": ("pagina", "page"),
    "number": ("lotnummer", "number"),
    "older": ("vanaf", "from"),
}
"""Words in a query string. None of them may ever hold personal data or a secret."""

_BLANK = re.compile(r"<(?:\w+:)?(\w+)>")
"""A part of a path that differs, such as the id of a record."""


def language_of(path: str) -> str:
    """Return the language that a path speaks."""
    return "en" if path == "/en" or path.startswith("/en/") else "nl"


def address(name: str, language: str | None = None, *, anchor: str = "", **query: object) -> str:
    """Return the path of a page in a language (that of this request when not given), with query and anchor."""
    side = PAGE_LANGUAGES.index(language or g.lang)
    path = _BLANK.sub(lambda blank: str(query.pop(blank[1])), WORDS[name][side])
    asked = {PARAMETERS[key][side]: str(value) for key, value in query.items() if value not in (None, "")}
    return path + (f"?{urlencode(asked)}" if asked else "") + (f"#{anchor}" if anchor else "")


def parameter(name: str) -> str:
    """Return how a word in the query string is called in the language of this request."""
    return PARAMETERS[name][PAGE_LANGUAGES.index(g.lang)]


def asked(name: str) -> str:
    """Return a word from the query string, whichever language it was asked in."""
    return request.args.get(parameter(name), "")[:40]


def here_in(language: str) -> str:
    """Return the address of the present page in another language, with its query."""
    name = getattr(g, "page", None) or "start"
    query: dict[str, Any] = {key: asked(key) for key in PARAMETERS if asked(key)}
    name = _NOT_A_DESTINATION.get(name, name)
    blanks = _BLANK.findall(WORDS[name][0])
    return address(name, language, **query | {blank: (request.view_args or {})[blank] for blank in blanks})


_NOT_A_DESTINATION = {
    "verify_file": "verify",
    "code": "time",
    "code_check": "time",
    "extend": "details",
    "stop": "start",
    "zone": "time",
    "calendar_file": "manage",
    "leave": "lookup",
    "wait_stop": "manage",
    "offer": "manage",
    "answer": "manage",
    "stay": "login",
    "logout": "login",
    "reconfirm": "manage",
    "draw_withdraw": "draw_request",
    "draw_stop": "draws",
    "case_file": "case",
    "case_paper": "case",
    "desk_find": "desk",
    "desk_begin": "desk",
    "desk_act": "desk_record",
    "desk_add": "desk_record",
    "desk_file": "desk_record",
    "desk_paper": "desk_record",
    "desk_deed_find": "desk_registers",
    "desk_close": "desk_registers",
    "desk_deed_act": "desk_deed",
    "birth_twin": "birth_done",
    "birth_counter": "birth_check",
    "funerals_find": "funerals",
    "death_file": "case",
}

View = Callable[..., Any]


def page(blueprint: Blueprint, name: str, *, method: str = "GET") -> Callable[[View], View]:
    """Register a view under its Dutch and its English address."""

    def register(view: View) -> View:
        for language, path in zip(PAGE_LANGUAGES, WORDS[name], strict=True):
            blueprint.add_url_rule(path, f"{name}__{method}__{language}", view, methods=[method])
        return view

    return register


def page_name(endpoint: str | None) -> str | None:
    """Return the name of the page that an endpoint serves, or None for anything that is no page."""
    name = (endpoint or "").rpartition(".")[2].split("__")[0]
    return name if name in WORDS else None
