"""The pages of logging in and out, and what every page shows of whoever is logged in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, abort, current_app, g, make_response, redirect, render_template, request
from flask import session as form_session
from flask.typing import ResponseReturnValue
from prometheus_client import Counter

from gateway.api.problems import PROBLEMS
from gateway.limits import logins as login_limit
from gateway.login.actor import ENOUGH, LoginParts, current_session, known_session, login_parts
from gateway.login.claims import Identity, Unfit, company, resident, staff
from gateway.login.provider import ProviderAway, Question
from gateway.login.returning import safe_return
from gateway.login.sessions import ATTEMPT_MINUTES, Attempt, Session
from gateway.login.settings import LOGINS
from gateway.login.tokens import NotVouched
from gateway.login.troubles import LoginTrouble
from gateway.login.wording import for_whom, level_name, means, stronger, why
from gateway.pages.addresses import PAGE_LANGUAGES, address, language_of, page
from gateway.pages.blueprints import PERSONAL, logging_in
from gateway.rpc import services
from gateway.security import content_security_policy
from services.contracts.civil_registry import LEVELS
from services.messaging.log import get_logger
from services.presenting.times import HOME

log = get_logger()

OUTCOMES = ("done", "over", "cancelled", "refused", "failed", "unavailable")

logins = Counter("balie_logins_total", "Log-ins by how they ended.", ("login", "outcome"))

_HOME_OF = {"resident": "cases", "care-provider": "care", "undertaker": "funerals", "staff": "desk"}
"""The page to go on to after logging in, where no other was asked for."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One log-in that a page offers."""

    login: str
    for_whom: str
    means: str


# --- logging in ---------------------------------------------------------------------------------------------------


@page(logging_in, "login")
def choose_login() -> ResponseReturnValue:
    """Show who can log in, and how."""
    who = current_session()
    return render_template("login.html", offers=offers(LOGINS), who=who, home=_HOME_OF.get(who.kind) if who else None)


@page(logging_in, "login", method="POST")
@login_limit
def start() -> ResponseReturnValue:
    """Send somebody to his provider, with a question whose answer only this browser can bring back.

    Raises: LoginTrouble (the provider is away).
    """
    parts = login_parts()
    login, level = request.form.get("login", ""), request.form.get("level", ENOUGH)
    if login not in parts.providers or level not in LEVELS:
        abort(400)
    back = safe_return(request.form.get("back", ""))
    browser = _browser() or parts.sessions.random_text()
    attempt = Attempt(
        login=login,
        level=level,
        back=back,
        language=g.lang,
        nonce=parts.sessions.random_text(),
        verifier=parts.sessions.random_text(),
    )
    with parts.gate, _explaining(login, level, back):
        state = parts.sessions.begin(attempt, browser=browser)
        there = parts.providers[login].address_for(
            _question(attempt, state), level=level, language=g.lang, again=bool(request.form.get("again"))
        )
    response = redirect(there, 303)
    response.set_cookie(
        parts.browser_cookie, f"{g.lang}.{browser}", max_age=ATTEMPT_MINUTES * 60, **_cookie_safety(parts.secure)
    )
    return response


@logging_in.get("/inloggen/terug/<login>", endpoint="login__GET__back")
@login_limit
def come_back(login: str) -> ResponseReturnValue:
    """Let somebody in whom his provider vouches for, and lead him on. The one GET that changes something: OpenID
    Connect comes back by a link, and the state makes it work once, in the browser that set out.

    Raises: LoginTrouble.
    """
    parts = login_parts()
    if login not in parts.providers:
        abort(404)
    g.lang = _language_of_attempt()
    with parts.gate:
        attempt = parts.sessions.take(request.args.get("state", ""), browser=_browser())
        if attempt is None or attempt.login != login:
            logins.labels(login, "over").inc()
            current_session()  # for the page: perhaps he is logged in, and only looked back
            raise LoginTrouble("login-over", (login,))
        g.lang = attempt.language
        with _explaining(login, attempt.level, attempt.back):
            who = _identify(attempt)
        replaced = request.cookies.get(parts.session_cookie, "")
        session_id, opened = parts.sessions.open(login, who, replaced=replaced)
    logins.labels(login, "done").inc()
    log.info("logged_in", kind=opened.kind, outcome=opened.level)
    form_session.clear()  # forms of before belong to somebody else
    g.session = opened
    response = redirect(attempt.back or address(_HOME_OF.get(opened.kind, "login")), 303)
    response.set_cookie(parts.session_cookie, session_id, **_cookie_safety(parts.secure))
    return response


def _identify(attempt: Attempt) -> Identity:
    """Return who came back.

    Raises: LoginTrouble, NotVouched, ProviderAway, Unfit.
    """
    parts = login_parts()
    provider, now = parts.providers[attempt.login], services().clock.now()
    error, code = request.args.get("error", ""), request.args.get("code", "")
    if error in ("access_denied", "login_required", "interaction_required"):
        raise LoginTrouble("login-cancelled")
    if error in ("temporarily_unavailable", "server_error"):
        raise ProviderAway
    if error or not code:
        raise NotVouched("error-answer")
    told = provider.claims_of(
        _question(attempt, request.args["state"]), code=code, issuer=request.args.get("iss"), now=now
    )
    how = provider.settings.reading
    if attempt.login == "resident":
        return resident(how, told, test_persons=not parts.settings.production)
    if attempt.login == "company":
        return company(how, told, parts.settings.partners, on=now.astimezone(HOME).date())
    return staff(how, told)


class _explaining:
    """Turns what went wrong with a provider into the page that tells of it, and counts it."""

    def __init__(self, login: str, level: str, back: str) -> None:
        self._login, self._level, self._back = login, level, back

    def __enter__(self) -> None:
        """Nothing happens before something went wrong."""

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: object) -> None:
        code, reason = _told(error)
        if not code:
            return
        logins.labels(self._login, code.removeprefix("login-")).inc()
        log.info("not_logged_in", kind=self._login, outcome=code, reason=reason)
        raise LoginTrouble(code, (self._login,), self._level, self._back, reason) from None


def _told(error: BaseException | None) -> tuple[str, str]:
    match error:
        case ProviderAway():
            return "login-unavailable", ""
        case NotVouched():
            return "login-failed", error.reason
        case Unfit():
            return "login-refused", error.reason
        case LoginTrouble():
            return error.code, error.reason
    return "", ""


def _question(attempt: Attempt, state: str) -> Question:
    public_url = current_app.extensions["settings"].public_url
    return Question(
        redirect_uri=f"{public_url}/inloggen/terug/{attempt.login}",
        state=state,
        nonce=attempt.nonce,
        verifier=attempt.verifier,
    )


def _browser() -> str:
    """Return the random text that this browser got when it set out to log in, or an empty one."""
    return request.cookies.get(login_parts().browser_cookie, "")[:100].partition(".")[2]


def _language_of_attempt() -> str:
    told = request.cookies.get(login_parts().browser_cookie, "").partition(".")[0]
    return told if told in PAGE_LANGUAGES else PAGE_LANGUAGES[0]


def _cookie_safety(secure: bool) -> dict[str, Any]:
    return {"path": "/", "secure": secure, "httponly": True, "samesite": "Lax"}


# --- staying and leaving ------------------------------------------------------------------------------------------


@page(logging_in, "stay", method="POST")
def stay() -> ResponseReturnValue:
    """Say until when somebody stays logged in; asking is a sign of life. His other page stays as it is."""
    return render_template("stay.html", who=current_session())


@page(logging_in, "logout", method="POST")
def leave() -> ResponseReturnValue:
    """End the session, or all of this person, and go on to log out at the provider."""
    parts, who = login_parts(), current_session()
    there = None
    if who is not None:
        parts.sessions.end(who, everywhere=bool(request.form.get("everywhere")))
        log.info("logged_out", kind=who.kind)
        back = current_app.extensions["settings"].public_url + address("logged_out")
        there = parts.providers[who.login].end_session_address(back, language=g.lang)
    form_session.clear()
    response = redirect(there or address("logged_out"), 303)
    response.delete_cookie(parts.session_cookie, **_cookie_safety(parts.secure))
    return response


@page(logging_in, "logged_out")
def left() -> ResponseReturnValue:
    """Say that nobody is logged in any more."""
    return render_template("logged_out.html", who=current_session())


@page(logging_in, "logout")
@page(logging_in, "stay")
def go_back() -> ResponseReturnValue:
    """Go to the page that tells who is logged in: these addresses only answer forms."""
    return redirect(address("login"), 303)


# --- what pages show ----------------------------------------------------------------------------------------------


def offers(wanted: Iterable[str]) -> list[Offer]:
    """Return those of the wanted log-ins that exist here, for a page that will offer them."""
    providers = login_parts().providers
    found = [login for login in wanted if login in providers]
    g.form_targets = [*g.get("form_targets", ()), *found]
    return [Offer(login, for_whom(login), means(providers[login].settings)) for login in found]


def trouble_page(trouble: LoginTrouble) -> Response:
    """Return the page that tells what keeps somebody out, and leads on."""
    g.lang = g.get("lang") or language_of(request.path)
    problem, who = PROBLEMS[trouble.code], known_session()
    response = make_response(
        render_template(
            "login_trouble.html",
            trouble=trouble,
            title=problem.title(g.lang),
            cure=problem.cure(g.lang),
            offers=offers(trouble.logins),
            who=who,
            sent=request.method == "POST" and trouble.code == "login-needed",
            was_logged_in=who is None and login_parts().session_cookie in request.cookies,
            reason=why(trouble.reason),
        ),
        problem.status,
    )
    if trouble.code == "login-needed":
        response.headers["WWW-Authenticate"] = 'Cookie realm="balie"'
    if trouble.code == "login-unavailable":
        response.headers["Retry-After"] = "10"
    return let_forms_go(response)


def let_forms_go(response: Response) -> Response:
    """Let the forms of a page with a log-in, or of somebody who can log out, lead to the provider."""
    providers, who = login_parts().providers, known_session()
    wanted = [*g.get("form_targets", ()), *([who.login] if who else [])]
    targets = [origin for login in dict.fromkeys(wanted) for origin in providers[login].origins()]
    if targets:
        response.headers["Content-Security-Policy"] = content_security_policy(form_targets=targets)
    return response


def session_seconds_left(who: Session) -> int:
    """Return how many seconds are left of a session without a sign of life."""
    return max(0, int((who.idle_until - services().clock.now()).total_seconds()))


def own_page() -> str:
    """Return the page with what belongs to whoever is logged in; that of residents for everybody else."""
    who = known_session()
    return _HOME_OF.get(who.kind, "cases") if who is not None else "cases"


def register_words(app: Flask) -> None:
    """Give the templates what they need of log-in: once per app, so that other pages pay nothing for it."""
    parts: LoginParts = app.extensions["login"]
    app.jinja_env.globals.update(
        logged_in=known_session,
        login_offered=bool(parts.providers),
        personal=lambda: request.blueprint in _PERSONAL,
        level_name=level_name,
        stronger=stronger,
        means_of=lambda login: means(parts.providers[login].settings),
        session_seconds_left=session_seconds_left,
        own_page=own_page,
    )


_PERSONAL = frozenset(blueprint.name for blueprint in PERSONAL)
