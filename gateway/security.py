"""Headers that every answer carries, whatever part of the gateway gave it.

Source: NL API Design Rules /core/transport/security-headers; RFC 6797 (HSTS).
"""

from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask


def content_security_policy(*, form_targets: Iterable[str] = ()) -> str:
    """Return the policy of a page whose forms go to ourselves and, by a redirect, to those origins."""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            " ".join(("form-action 'self'", *form_targets)),
        )
    )


CONTENT_SECURITY_POLICY = content_security_policy()
_UNLESS_SET = (("Content-Security-Policy", CONTENT_SECURITY_POLICY), ("Cache-Control", "no-store"))
_YEAR_SECONDS = 365 * 24 * 3600


def register_security(app: Flask, *, secure: bool) -> None:
    """Add the headers to every answer; a view may set its own `Cache-Control`. `secure`: we are served over TLS."""

    always = [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ]
    if secure:
        always.append(("Strict-Transport-Security", f"max-age={_YEAR_SECONDS}; includeSubDomains"))
    inner = app.wsgi_app

    def protected(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *failure: Any) -> Callable[[bytes], object]:
            present = {name for name, _ in headers}
            unless_set = [header for header in _UNLESS_SET if header[0] not in present]
            return start_response(status, [*headers, *unless_set, *always], *failure)

        return inner(environ, start)

    # Around the app, not inside: there Werkzeug looks at each of these lines anew for each answer.
    app.wsgi_app = protected  # type: ignore[method-assign]
