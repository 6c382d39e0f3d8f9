"""Puts the gateway together: one Flask app with the API, the pages and the operators' routes."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from wsgiref.types import WSGIEnvironment

import orjson
from flask import Flask, Request, Response
from flask.json.provider import DefaultJSONProvider
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.datastructures import Headers
from werkzeug.middleware.proxy_fix import ProxyFix

from gateway import challenge, files, limits, ops, security
from gateway.api import register_api
from gateway.api.accepting import JSON
from gateway.api.faults import register_faults
from gateway.bursts import Bursts
from gateway.login.register import register_login
from gateway.pages.register import register_pages
from gateway.rpc import Caller, Services
from gateway.settings import GatewaySettings
from services.messaging.clock import Clock

MAX_BODY_BYTES = 64 * 1024


class _Sessions(SecureCookieSessionInterface):
    """Flask's sessions; who brings no cookie, as everybody at the API, costs no signing machinery."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session that the visitor's cookie tells of, or a new one."""
        if "HTTP_COOKIE" not in request.environ:
            return self.session_class()
        return super().open_session(app, request)


class _Answer(Response):
    """Flask's answer; what the API says of something that it made is ready as it is."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """Return the headers; Werkzeug's second look at length and `Location` cost the app a fifteenth of a hold."""
        ready = self.status_code == HTTPStatus.CREATED and self.mimetype == JSON
        return self.headers if ready else super().get_wsgi_headers(environ)


class _Json(DefaultJSONProvider):
    """Flask's JSON, written by a quicker pen."""

    def dumps(self, obj: Any, **_: Any) -> str:
        """Return a value as JSON, on one line, its keys in order."""
        return orjson.dumps(obj, default=self.default, option=orjson.OPT_SORT_KEYS).decode()


class Gateway(Flask):
    """Flask without looking at each function, each time, whether it is a coroutine: none of ours is."""

    response_class = _Answer
    json_provider_class = _Json
    session_interface = _Sessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is."""
        return func


def create_app(settings: GatewaySettings, rpc: Caller, *, clock: Clock | None = None) -> Flask:
    """Return the gateway as a WSGI app; `rpc` reaches the services.

    In a request `current_app.extensions["services"]` are the services (`gateway.rpc.services()`) and
    `current_app.extensions["settings"]` the settings.
    """
    app = Gateway("gateway")
    app.config.update(
        SECRET_KEY=settings.secret_key.reveal(),
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
        MAX_FORM_PARTS=100,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
    )
    # An address that is not ours is 404, never a redirect (NL API Design Rule /core/no-trailing-slash).
    app.url_map.merge_slashes = False
    app.url_map.redirect_defaults = False
    app.extensions["settings"] = settings
    app.extensions["services"] = Services(
        rpc,
        clock=clock,
        query_seconds=settings.query_seconds,
        command_seconds=settings.command_seconds,
        search_seconds=settings.search_seconds,
        calls_at_once=settings.calls_at_once,
    )
    app.extensions["challenger"] = challenge.Challenger(settings, app.extensions["services"].clock)
    app.extensions["bursts"] = Bursts(settings, app.extensions["services"].clock)
    ops.register_ops(app)  # first: what is registered first runs last, so its log line sees the final answer
    security.register_security(app, secure=settings.secure)
    limits.register_limits(app)
    files.register_files(app, settings.filing)
    register_faults(app)
    register_api(app)
    register_pages(app)
    register_login(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app
