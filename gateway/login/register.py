"""Adds log-in to the app: who vouches, where sessions lie, the pages, and what every personal page carries."""

from typing import cast

from flask import Flask

from gateway.gates import Gate
from gateway.login import pages
from gateway.login.actor import LoginParts
from gateway.login.provider import Provider
from gateway.login.sessions import Sessions
from gateway.login.troubles import LoginTrouble
from gateway.pages.blueprints import PERSONAL
from gateway.rpc import Services
from gateway.settings import GatewaySettings

AT_ONCE = 8
"""So many log-ins wait for a provider at once. With those of `rpc.Services` less than the threads of a worker."""


def register_login(app: Flask) -> None:
    """Add log-in. Other pages know nothing of it: they ask for no session, and no database is touched for them."""
    settings = cast(GatewaySettings, app.extensions["settings"])
    clock = cast(Services, app.extensions["services"]).clock
    prefix = "__Host-" if settings.secure else ""
    app.extensions["login"] = LoginParts(
        settings=settings.login,
        sessions=Sessions(
            settings.login, clock, secret_key=settings.secret_key, previous_key=settings.previous_secret_key
        ),
        providers={
            login: Provider(provider, production=settings.login.production)
            for login, provider in settings.login.providers.items()
        },
        gate=Gate("logins", at_once=AT_ONCE, chance=lambda: clock.token(1)[0]),
        session_cookie=f"{prefix}balie_session",
        browser_cookie=f"{prefix}balie_login",
        secure=settings.secure,
    )
    for login in settings.login.providers:
        for outcome in pages.OUTCOMES:
            pages.logins.labels(login, outcome)  # from the start, so that the first one is a rise
    app.register_error_handler(LoginTrouble, pages.trouble_page)
    pages.register_words(app)
    for blueprint in PERSONAL:
        app.after_request_funcs.setdefault(blueprint.name, []).append(pages.let_forms_go)
