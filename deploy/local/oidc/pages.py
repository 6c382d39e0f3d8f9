"""The pages of the simulated log-in. They work without JavaScript, in Dutch and English."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from authlib.oauth2 import OAuth2Error
from flask import Flask, Response, abort, jsonify, redirect, render_template, request, send_from_directory
from flask.typing import ResponseReturnValue

from deploy.local.oidc.accounts import LEVELS, Account, level_for
from deploy.local.oidc.provider import FAULTS, Simulation
from deploy.local.oidc.texts import TEXTS
from deploy.local.place import ROOT
from gateway.login.provider import SIMULATION_MARK

_SHOWN_AT_ONCE = 40
_LOOK = ROOT / "gateway" / "static"


def make_app(accounts: Mapping[str, list[Account]], *, own_url: str, public_url: str) -> Flask:
    """Return the simulated log-in as a WSGI app. `own_url` is how people reach it, `public_url` where Balie is."""
    app = Flask(__name__, static_folder="static")
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    simulation = Simulation(app, own_url=own_url, public_url=public_url, logins=tuple(accounts))
    _add_protocol(app, simulation)
    _add_pages(app, simulation, accounts)

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        policy = f"default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self' {public_url}"
        response.headers["Content-Security-Policy"] = policy
        return response

    return app


def _add_protocol(app: Flask, simulation: Simulation) -> None:
    @app.get("/health/live")
    @app.get("/health/ready")
    def healthy() -> ResponseReturnValue:
        return jsonify(status="pass", checks={"alive": True})

    @app.get("/<login>/.well-known/openid-configuration")
    def metadata(login: str) -> ResponseReturnValue:
        _known(simulation, login)
        issuer = simulation.issuer(login)
        # The gateway may reach us by another address than browsers do, as it does between containers.
        behind = f"{request.host_url}{login}"
        return jsonify(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorize",
                "end_session_endpoint": f"{issuer}/end-session",
                "token_endpoint": f"{behind}/token",
                "jwks_uri": f"{behind}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
                "ui_locales_supported": ["nl", "en"],
                SIMULATION_MARK: True,
            }
        )

    @app.get("/<login>/keys")
    def keys(login: str) -> ResponseReturnValue:
        _known(simulation, login)
        return jsonify({"keys": [simulation.keys[login].as_dict(private=False)]})

    @app.post("/<login>/token")
    def token(login: str) -> ResponseReturnValue:
        _known(simulation, login)
        code = simulation.codes.find(request.form.get("code", ""), login)
        if code is not None and code.fault == "away":
            abort(503)
        return simulation.server.create_token_response()

    @app.get("/<login>/end-session")
    def end_session(login: str) -> ResponseReturnValue:
        _known(simulation, login)
        back = request.args.get("post_logout_redirect_uri", "")
        ours = (f"{simulation.client.public_url}/uitgelogd", f"{simulation.client.public_url}/en/logged-out")
        return redirect(back, 303) if back in ours else abort(400)


def _add_pages(app: Flask, simulation: Simulation, accounts: Mapping[str, list[Account]]) -> None:
    @app.get("/")
    def about() -> ResponseReturnValue:
        return render_template("about.html", t=TEXTS["nl"], lang="nl", public_url=simulation.client.public_url)

    @app.get("/look/<path:name>")
    def look(name: str) -> ResponseReturnValue:
        return send_from_directory(_LOOK, name)

    @app.get("/<login>/authorize")
    def choose(login: str) -> ResponseReturnValue:
        _known(simulation, login)
        _grant(simulation)
        return _page(login, accounts[login])

    @app.post("/<login>/authorize")
    def chosen(login: str) -> ResponseReturnValue:
        _known(simulation, login)
        grant = _grant(simulation)
        if "stop" in request.form:
            asked = {"error": "access_denied", "state": request.args.get("state", "")}
            return redirect(f"{request.args['redirect_uri']}?{urlencode(asked)}", 303)
        account = next((one for one in accounts[login] if one.key == request.form.get("who")), None)
        level = next((one for one in LEVELS[login] if one.key == request.form.get("level")), None)
        fault = request.form.get("fault", "")
        if account is None or level is None or fault not in ("", *FAULTS):
            abort(400)
        user = {"claims": dict(account.claims) | dict(level.claims), "fault": fault}
        return simulation.server.create_authorization_response(grant=grant, grant_user=user)


def _grant(simulation: Simulation) -> Any:
    """Return the question of this request, when it is one that may be answered."""
    try:
        return simulation.server.get_consent_grant(end_user={})
    except OAuth2Error as error:
        abort(Response(f"{error.error}: {error.description}", 400, content_type="text/plain; charset=utf-8"))


def _page(login: str, known: list[Account]) -> str:
    language = "en" if request.args.get("ui_locales", "").startswith("en") else "nl"
    wanted = request.args.get("filter", "").strip().lower()[:50]
    found = [one for one in known if wanted in f"{one.name} {one.number} {one.note.get(language, '')}".lower()]
    handy = [one for one in found if one.note]
    others = [one for one in found if not one.note]
    asked = request.args.get("acr_values", "").split()
    return render_template(
        "choose.html",
        t=TEXTS[language],
        lang=language,
        login=login,
        levels=LEVELS[login],
        level=level_for(login, asked),
        handy=handy,
        others=others,
        wanted=wanted,
        searchable=len(known) > _SHOWN_AT_ONCE or bool(wanted),
        question=[(name, value) for name, value in request.args.items() if name != "filter"],
        here=f"{request.path}?{urlencode(list(request.args.items()))}",
        faults=FAULTS,
    )


def _known(simulation: Simulation, login: str) -> None:
    if login not in simulation.keys:
        abort(404)
