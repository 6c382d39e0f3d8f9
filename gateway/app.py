"""Puts the gateway together: one Flask app with the API, the pages and the operators' routes."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from gateway import challenge, files, limits, ops, security
from gateway.api import register_api
from gateway.api.faults import register_faults
from gateway.bursts import Bursts
from gateway.login.register import register_login
from gateway.pages.register import register_pages
from gateway.rpc import Caller, Services
from gateway.settings import GatewaySettings
from services.messaging.clock import Clock

MAX_BODY_BYTES = 64 * 1024


def create_app(settings: GatewaySettings, rpc: Caller, *, clock: Clock | None = None) -> Flask:
    """Return the gateway as a WSGI app; `rpc` reaches the services.

    In a request `current_app.extensions["services"]` are the services (`gateway.rpc.services()`) and
    `current_app.extensions["settings"]` the settings.
    """
    app = Flask("gateway")
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
