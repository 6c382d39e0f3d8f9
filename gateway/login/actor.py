"""Who is logged in, and which pages are for whom. Views of such pages need nothing else of log-in.

@page(cases, "cases")
@require("resident", level="two-factor")
def my_cases() -> ResponseReturnValue:
    services().ask("civil_registry.my_records", MyRecords, RecordList, {"actor": current_actor()})
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from flask import current_app, g, request
from flask_wtf.csrf import CSRFError

from gateway.gates import Gate
from gateway.login.levels import reaches
from gateway.login.provider import Provider
from gateway.login.returning import safe_return
from gateway.login.sessions import Session, Sessions, same
from gateway.login.settings import LOGIN_OF, LoginSettings
from gateway.login.troubles import LoginTrouble
from gateway.rpc import services
from services.contracts.civil_registry import ACTOR_KINDS, LEVELS, ROLES
from services.messaging.errors import Refusal
from services.presenting.times import HOME

View = TypeVar("View", bound=Callable[..., Any])

FORM_FIELD = "session_token"
"""The field by which a form says as whom it was opened."""

ENOUGH = "two-factor"
"""What pages ask that ask nothing else. Source: Besluit elektronische dienstverlening burgerlijke stand art. 2."""

TOO_LOW = "assurance-too-low"


@dataclass(frozen=True, slots=True)
class LoginParts:
    """What log-in of one app holds."""

    settings: LoginSettings
    sessions: Sessions
    providers: Mapping[str, Provider]
    gate: Gate
    session_cookie: str
    browser_cookie: str
    secure: bool


def login_parts() -> LoginParts:
    """Return log-in of the app that handles the present request."""
    return cast(LoginParts, current_app.extensions["login"])


def current_session() -> Session | None:
    """Return the session of whoever asks, or None; the table is read once per request, and only with a cookie.

    Raises: Unavailable.
    """
    if "session" not in g:
        parts = login_parts()
        found = parts.sessions.current(request.cookies.get(parts.session_cookie, ""))
        g.session = found if found is not None and _still_welcome(parts, found) else None
    return cast(Session | None, g.session)


def known_session() -> Session | None:
    """Return the session that this request has found already: for the masthead, which must never fail."""
    return cast(Session | None, g.get("session"))


def current_actor() -> dict[str, Any]:
    """Return who is logged in, as every request to the civil registry asks it.

    Raises: LoginTrouble (nobody), Unavailable.
    """
    session = current_session()
    if session is None:
        raise LoginTrouble("login-needed", back=here())
    return session.actor()


def require(*kinds: str, level: str = ENOUGH, roles: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Decorate a view that is for actors of these kinds, with at least this level, and one of these roles if any.

    Everybody else gets a page that leads on: to the right log-in and back here, or to a stronger means. A form must
    have been opened in the same session. A refusal of a service because of the level leads to a stronger means too.
    """
    unknown = (set(kinds) - set(ACTOR_KINDS)) | ({level} - set(LEVELS)) | (set(roles) - set(ROLES))
    if unknown or not kinds:
        raise ValueError(f"Nobody can be {sorted(unknown)}.")
    logins = tuple(dict.fromkeys(LOGIN_OF[kind] for kind in kinds))

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            session = current_session()
            if session is None:
                raise LoginTrouble("login-needed", logins, level, here())
            if session.kind not in kinds or (roles and not set(roles) & set(session.roles)):
                raise LoginTrouble("not-for-you", logins, level, here())
            if not reaches(session.level, level):
                raise LoginTrouble(TOO_LOW, (session.login,), level, here())
            if request.method == "POST" and not same(request.form.get(FORM_FIELD, ""), session.form_token):
                raise CSRFError("The form was opened in another session.")
            try:
                return view(*args, **kwargs)
            except Refusal as refusal:
                if refusal.code != TOO_LOW:
                    raise
                wanted = str(refusal.facts.get("level", "high"))
                raise LoginTrouble(TOO_LOW, (session.login,), wanted if wanted in LEVELS else "high", here()) from None

        return cast(View, guarded)

    return decorate


def here() -> str:
    """Return the address of the present page, if one can come back to it; else an empty text."""
    return safe_return(request.full_path.rstrip("?"))


def _still_welcome(parts: LoginParts, session: Session) -> bool:
    """Say whether a firm is still a partner of the same kind, and the log-in still one of ours."""
    if session.login not in parts.providers:
        return False
    if session.login != "company":
        return True
    partner = parts.settings.partners.of(session.subject, on=services().clock.now().astimezone(HOME).date())
    return partner is not None and partner.kind == session.kind
