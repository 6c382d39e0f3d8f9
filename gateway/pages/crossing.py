"""Keeps other sites from sending our forms in a visitor's name (CSRF), and gives each form its key."""

import hashlib
import re

from flask import Flask, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect

from gateway.pages.blueprints import ALL
from gateway.rpc import services

_KEY = re.compile(r"[A-Za-z0-9-]{16,40}\Z")
_PAGE_BLUEPRINTS = frozenset(blueprint.name for blueprint in ALL)


def protect_forms(app: Flask, *, secure: bool) -> None:
    """Demand a token of this visitor with every form of the pages; the API has no cookies and needs none.

    No strict Referer check: our own Referrer-Policy (no-referrer) leaves that header out. The tokens live as long
    as the visitor's session, so that nobody loses what he typed because he took his time.
    """
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_TIME_LIMIT=None,
        SESSION_COOKIE_NAME="__Host-balie_form" if secure else "balie_form",
        SESSION_COOKIE_PATH="/",
    )
    csrf = CSRFProtect(app)

    @app.before_request
    def check_forms() -> None:
        if request.method != "POST" or request.blueprint not in _PAGE_BLUEPRINTS:
            return
        if request.headers.get("Sec-Fetch-Site", "same-origin") in ("cross-site", "same-site"):
            raise CSRFError("The form came from another site.")
        csrf.protect()


def form_key() -> str:
    """Return the key of the form on this page: the one that was sent, or a new one for a new page.

    A repeat of a failed request keeps its key, so that nothing happens twice.
    """
    if "form_key" not in g:
        sent = request.form.get("key", "")
        g.form_key = sent if _KEY.match(sent) else new_form_key()
    key: str = g.form_key
    return key


def renew_form_key() -> None:
    """Forget the key that was sent: the next press on this page is a new wish."""
    g.form_key = new_form_key()


def new_form_key() -> str:
    """Return a key that no form has yet."""
    return str(services().clock.new_id())


def key_for(*wish: object) -> str:
    """Return the idempotency key for one wish on this form.

    The same press twice has the same key; another choice on the same (perhaps old) page has another key.
    """
    content = "\x1f".join(str(part) for part in wish)
    return f"{form_key()}.{hashlib.sha256(content.encode()).hexdigest()[:16]}"
