"""Adds the pages to the app: their texts, their forms' protection, and what they share."""

from dataclasses import dataclass
from typing import cast

from flask import Flask, Response, g, request

from gateway.pages import (
    about,
    access,
    assets,
    birth,
    birth_sending,
    birth_steps,
    by_mail,
    care,
    cases,
    choosing,
    collecting,
    death_steps,
    draft,
    draw_draft,
    drawing,
    entered,
    entering,
    faults,
    finishing,
    funeral_case,
    funeral_sending,
    funeral_steps,
    funerals,
    holding,
    managing,
    moving,
    reconfirming,
    texts,
    verifying,
    waiting,
    wedding,
    wedding_assent,
    wedding_day,
    wedding_sending,
    wedding_steps,
)
from gateway.pages.addresses import PAGE_LANGUAGES, address, here_in, language_of, page_name
from gateway.pages.blueprints import ALL
from gateway.pages.crossing import protect_forms
from gateway.pages.desk import counter, deeds, queues, registers, review
from gateway.pages.sealed import Seal
from gateway.pages.wording import register_words
from gateway.settings import GatewaySettings


@dataclass(frozen=True, slots=True)
class PageParts:
    """What the pages of one app share: the kinds of sealed cookie and the style sheets."""

    drafts: Seal
    access: Seal
    draw_drafts: Seal
    request_keys: Seal
    files: assets.Files


def register_pages(app: Flask) -> None:
    """Add the pages, their texts, their forms' protection and the page that tells of a problem."""
    settings = cast(GatewaySettings, app.extensions["settings"])
    secret = settings.secret_key.reveal()

    def seal(name: str, max_age_seconds: int) -> Seal:
        return Seal(name, secret=secret, max_age_seconds=max_age_seconds, secure=settings.secure)

    app.extensions["balie_pages"] = PageParts(
        drafts=seal("balie_draft", draft.MAX_AGE_SECONDS),
        access=seal("balie_access", access.MAX_AGE_SECONDS),
        draw_drafts=seal("balie_draw", draw_draft.MAX_AGE_SECONDS),
        request_keys=seal("balie_request", draw_draft.KEY_AGE_SECONDS),
        files=assets.Files(app, theme_css=settings.theme_css),
    )
    app.extensions["problem_page"] = faults.problem_page
    texts.speak(app)
    protect_forms(app, secure=settings.secure)
    register_words(app)
    app.before_request(_prepare)
    app.after_request(_finish)
    app.context_processor(_for_templates)
    faults.register_form_faults(app)
    for blueprint in ALL:
        app.register_blueprint(blueprint)


def _prepare() -> None:
    g.lang = language_of(request.path)
    g.page = page_name(request.endpoint)


def _finish(response: Response) -> Response:
    if request.blueprint in _OURS:
        draft.write_changed(response)
        access.write_changed(response)
        draw_draft.write_changed(response)
        response.headers["Content-Language"] = g.lang
    return assets.cache_for_long(response)


_OURS = frozenset(blueprint.name for blueprint in ALL)
# Importing them attaches their views.
_VIEWS = (
    about,
    birth,
    birth_sending,
    birth_steps,
    by_mail,
    care,
    cases,
    choosing,
    collecting,
    counter,
    death_steps,
    deeds,
    drawing,
    entered,
    entering,
    finishing,
    funeral_case,
    funeral_sending,
    funeral_steps,
    funerals,
    holding,
    managing,
    moving,
    queues,
    reconfirming,
    registers,
    review,
    verifying,
    waiting,
    wedding,
    wedding_assent,
    wedding_day,
    wedding_sending,
    wedding_steps,
)


def _for_templates() -> dict[str, object]:
    return {
        "address": address,
        "here_in": here_in,
        "lang": g.get("lang", "nl"),
        "page_languages": PAGE_LANGUAGES,
        "static": assets.static_address,
        "theme": assets.theme_address(),
    }
