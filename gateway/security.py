"""Headers that every answer carries, whatever part of the gateway gave it.

Source: NL API Design Rules /core/transport/security-headers; RFC 6797 (HSTS).
"""

from collections.abc import Iterable

from flask import Flask, Response


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

    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        headers.setdefault("Cache-Control", "no-store")
        headers.extend(always)  # nobody else sets them, so there is nothing to look for
        return response
