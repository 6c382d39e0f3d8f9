"""Asks the BRP who somebody is: Haal Centraal BRP Personen bevragen 2, `POST {url}/personen`.

The number travels in the body, never in an address, and nothing that the BRP says is logged. It is never called while
a transaction is open.

answers, also about nobody                                  a person, or None
no connection, no answer in time, 429, 5xx, no JSON         Unavailable: nothing is known, try later
401, 403                                                    Unavailable, and an error in the log: a person must act
anything else, or an answer that breaks the contract        BrpFault: one of the two of us is wrong
"""

import json
import re
import time
from collections.abc import Iterable
from typing import Any

import urllib3
from urllib3.exceptions import HTTPError, NewConnectionError, ProtocolError

from services.civil_registry.domain.person import Person
from services.civil_registry.figures import brp_call_seconds
from services.civil_registry.outside.brp_documents import FIELDS, read_person
from services.civil_registry.settings import BrpSettings
from services.messaging.errors import Unavailable
from services.messaging.log import get_logger

log = get_logger()

MOST_AT_ONCE = 20
"""The BRP tells of at most this many people in one answer."""
RESIDENT = "BurgerZelf"
"""On whose behalf we ask when somebody logs in for himself, as other municipal systems call it."""

_CONNECT_SECONDS = 1.5  # TCP sends a lost packet again after one second
_CONNECTIONS = 10
_LARGEST_BYTES = 4_000_000
_QUERY = "RaadpleegMetBurgerservicenummer"
_OK = 200
_NOT_LET_IN = (401, 403)
_LATER = (429, *range(500, 600))
_LONGEST_PAUSE_SECONDS = 300
_WORD = re.compile(r"[A-Za-z0-9._\[\]]{1,60}")


class BrpFault(Exception):
    """The BRP and we do not understand each other: a bug here or there, which a person must look at."""


class Brp:
    """The BRP, as far as the civil registry asks it. May be shared by threads and greenlets."""

    @classmethod
    def of(cls, settings: BrpSettings) -> "Brp":
        """Return the BRP of an installation with these settings."""
        return cls(settings)

    def __init__(self, settings: BrpSettings) -> None:
        self._url = settings.url + "/personen"
        self._headers = _headers(settings)
        self._gebruiker = settings.gebruiker
        self._pool = urllib3.PoolManager(
            maxsize=_CONNECTIONS,
            timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=settings.seconds),
            cert_file=settings.certificate and str(settings.certificate),
            key_file=settings.certificate_key and str(settings.certificate_key),
            ca_certs=settings.ca and str(settings.ca),
            cert_reqs="CERT_REQUIRED",
        )

    def person(self, bsn: str, *, on_behalf_of: str, traceparent: str = "") -> Person | None:
        """Return the person with this number, or None when the BRP knows nobody by it.

        Raises: Unavailable, BrpFault.
        """
        return self.persons([bsn], on_behalf_of=on_behalf_of, traceparent=traceparent).get(bsn)

    def persons(self, bsns: Iterable[str], *, on_behalf_of: str, traceparent: str = "") -> dict[str, Person]:
        """Return by number those whom the BRP knows, of at most MOST_AT_ONCE.

        `on_behalf_of` is a staff member's id or RESIDENT; `traceparent` ties the BRP's log to ours (W3C Trace
        Context).

        Raises: Unavailable, BrpFault.
        """
        asked = sorted(set(bsns))
        headers = self._headers | {"x-gebruiker": self._gebruiker or _as_header(on_behalf_of)}
        if traceparent:
            headers["traceparent"] = traceparent
        body = json.dumps({"type": _QUERY, "burgerservicenummer": asked, "fields": FIELDS}).encode()
        started, outcome = time.monotonic(), "unavailable"
        try:
            status, answer, pause = self._ask(body, headers)
            outcome = "refused" if status in _NOT_LET_IN else "unavailable" if status in _LATER else "fault"
            found = _read(status, answer, pause, asked)
            outcome = "answered"
        finally:
            brp_call_seconds.labels(outcome).observe(time.monotonic() - started)
        return found

    def _ask(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, str]:
        """Return status, body and `Retry-After`; a connection that fails is tried once more, a silence is not.

        Without the pool's own retries it follows no redirect either: the number would go where somebody sends it.
        """
        for last_time in (False, True):
            try:
                with self._pool.request(
                    "POST", self._url, body=body, headers=headers, retries=False, preload_content=False
                ) as response:
                    answer = response.read(_LARGEST_BYTES + 1)
                    return response.status, answer, response.headers.get("Retry-After", "")
            except (NewConnectionError, ProtocolError) as error:
                if last_time:
                    raise _away(error) from None
            except HTTPError as error:
                raise _away(error) from None
        raise AssertionError  # the last time always returns or raises


def _headers(settings: BrpSettings) -> dict[str, str]:
    given = {
        "X-API-KEY": settings.api_key.reveal() if settings.api_key else "",
        "x-doelbinding": settings.doelbinding,
        "x-verwerking": settings.verwerking,
        settings.oin_header: settings.oin,
    }
    always = {"Accept": "application/json", "Content-Type": "application/json; charset=utf-8", "User-Agent": "Balie"}
    return always | {name: value for name, value in given.items() if value}


def _as_header(text: str) -> str:
    return "".join(sign if sign.isascii() and sign.isprintable() else "?" for sign in text)


def _away(error: HTTPError) -> Unavailable:
    log.warning("brp_unavailable", error=type(error).__name__)
    return _unavailable()


def _unavailable(retry_after: str = "") -> Unavailable:
    seconds = min(int(retry_after), _LONGEST_PAUSE_SECONDS) if retry_after.isdecimal() else 5
    return Unavailable("The population register does not answer now.", retry_after_seconds=max(seconds, 1))


def _read(status: int, answer: bytes, pause: str, asked: list[str]) -> dict[str, Person]:
    if status in _NOT_LET_IN:
        log.error("brp_refuses_us", status=status)
        raise _unavailable()
    if status in _LATER:
        log.warning("brp_unavailable", status=status)
        raise _unavailable(pause)
    told = _json(answer)
    if status != _OK:
        log.error("brp_request_wrong", status=status, code=_told_code(told), reason=_told_params(told))
        raise BrpFault(f"The BRP answered with status {status}.")
    if told is None:
        log.error("brp_answer_unreadable", status=status)
        raise _unavailable()
    try:
        found = {person.bsn: person for person in map(read_person, told["personen"])}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BrpFault("The BRP's answer is not what its API promises.") from None
    if not found.keys() <= set(asked):
        raise BrpFault("The BRP answered about somebody else.")
    return found


def _json(answer: bytes) -> Any:
    """Return what JSON says, or None when it is none, or no object."""
    try:
        told = json.loads(answer) if len(answer) <= _LARGEST_BYTES else None
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _told_code(told: Any) -> str:
    """Return the BRP's code of an error, or an empty text when it is not one word: it could quote a person."""
    code = told.get("code") if told else None
    return code if isinstance(code, str) and _WORD.fullmatch(code) else ""


def _told_params(told: Any) -> str:
    """Return which parameters were wrong and how, without what they held."""
    params = told.get("invalidParams") if told else None
    words = [
        f"{param.get('name')}:{param.get('code')}"
        for param in (params if isinstance(params, list) else [])
        if isinstance(param, dict) and all(_WORD.fullmatch(str(param.get(key))) for key in ("name", "code"))
    ]
    return " ".join(words[:5])
