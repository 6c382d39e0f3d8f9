"""Speaks OpenID Connect with one provider: where to send people, and who came back.

Authorization code flow with PKCE (S256), state and nonce. Sources: OpenID Connect Core 1.0 sections 3.1 and 5.5.1.1;
RFC 7636 (PKCE); RFC 9207 (issuer of an answer); NL GOV profile for OpenID Connect 1.0.1.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from authlib.common.urls import add_params_to_uri
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from prometheus_client import Histogram

from gateway.login.settings import ProviderSettings
from gateway.login.tokens import Expected, NotVouched, UnknownKey, verified
from services.messaging.errors import Unavailable
from services.messaging.log import get_logger

log = get_logger()

SIMULATION_MARK = "balie_simulation"
"""What the simulated provider says of itself in its metadata."""

_TIMEOUT_SECONDS = (3, 5)
_METADATA_SECONDS = 3600
_RETRY_SECONDS = 10
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")

provider_seconds = Histogram(
    "balie_login_provider_seconds", "Calls to a log-in provider.", ("login", "call", "outcome")
)


class ProviderAway(Unavailable):
    """The provider does not answer, or says that it cannot at this moment."""


@dataclass(frozen=True, slots=True)
class Question:
    """What one log-in asks of the provider. The three random texts tie the answer to this question and browser."""

    redirect_uri: str
    state: str
    nonce: str
    verifier: str


@dataclass(slots=True)
class _Kept:
    """What is known of the provider (None: it was away), and until when nobody need ask again."""

    value: Mapping[str, Any] | None
    good_until: float


class Provider:
    """One provider. Its metadata are read at first use and kept for an hour; its keys until an unknown one appears."""

    def __init__(self, settings: ProviderSettings, *, production: bool) -> None:
        self.settings = settings
        self._production = production
        self._lock = threading.Lock()
        self._metadata: _Kept | None = None
        self._keys: KeySet | None = None

    def address_for(self, question: Question, *, level: str, language: str, again: bool) -> str:
        """Return where to send somebody who wants to log in. `again`: the provider shall not remember who he is.

        Raises: ProviderAway.
        """
        asked: dict[str, str] = {"nonce": question.nonce, "ui_locales": language}
        if words := self.settings.reading.scale.words_for(level):
            asked["acr_values"] = " ".join(words)
        if again:
            asked["prompt"] = "login"
        with self._client(question.redirect_uri) as client:
            address, _ = client.create_authorization_url(
                self._metadata_now()["authorization_endpoint"],
                state=question.state,
                code_verifier=question.verifier,
                **asked,
            )
        return cast(str, address)

    def claims_of(self, question: Question, *, code: str, issuer: str | None, now: datetime) -> Mapping[str, Any]:
        """Return what the provider says of whoever came back with a code. `issuer` is who says to have sent it.

        Raises: ProviderAway, NotVouched.
        """
        metadata = self._metadata_now()
        if issuer is None and metadata.get("authorization_response_iss_parameter_supported"):
            raise NotVouched("issuer-missing")
        if issuer not in (None, self.settings.issuer):
            raise NotVouched("issuer-differs")
        answer = self._redeemed(question, code, metadata)
        expected = Expected(self.settings.issuer, self.settings.client_id, question.nonce)
        try:
            return verified(answer, self._key_set(), expected, now=now)
        except UnknownKey:
            pass
        try:
            return verified(answer, self._key_set(newer=True), expected, now=now)
        except UnknownKey:
            raise NotVouched("unknown-key") from None

    def origins(self) -> tuple[str, ...]:
        """Return where the forms of a page lead that offers this log-in; never raises, a guess is better than none.

        What was ever known is good enough: no page waits for a provider that has become slow.
        """
        try:
            known = self._metadata.value if self._metadata and self._metadata.value else self._metadata_now()
        except ProviderAway:
            known = {"authorization_endpoint": self.settings.issuer}
        addresses = [known[name] for name in ("authorization_endpoint", "end_session_endpoint") if known.get(name)]
        return tuple(dict.fromkeys(_origin(address) for address in (*addresses, *self.settings.forwards)))

    def end_session_address(self, back: str, *, language: str) -> str | None:
        """Return where to log out at the provider too, or None when that cannot be done.

        Without `id_token_hint`: that token holds the BSN, and this is an address.
        Source: OpenID Connect RP-Initiated Logout 1.0.
        """
        try:
            endpoint = self._metadata_now().get("end_session_endpoint")
        except ProviderAway:
            return None
        if not endpoint:
            return None
        asked = {"client_id": self.settings.client_id, "post_logout_redirect_uri": back, "ui_locales": language}
        return cast(str, add_params_to_uri(endpoint, asked.items()))

    def _client(self, redirect_uri: str, method: str | None = None) -> Any:
        return OAuth2Session(
            self.settings.client_id,
            self.settings.secret.reveal(),
            token_endpoint_auth_method=method,
            scope=self.settings.scope,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            default_timeout=_TIMEOUT_SECONDS,
        )

    def _redeemed(self, question: Question, code: str, metadata: Mapping[str, Any]) -> Mapping[str, Any]:
        methods = metadata.get("token_endpoint_auth_methods_supported") or ("client_secret_basic",)
        basic = "client_secret_basic" in methods
        began, outcome = time.perf_counter(), "failed"
        try:
            with self._client(question.redirect_uri, None if basic else "client_secret_post") as client:
                token = client.fetch_token(
                    metadata["token_endpoint"],
                    code=code,
                    grant_type="authorization_code",
                    code_verifier=question.verifier,
                    allow_redirects=False,
                )
            outcome = "done"
        except OAuthError as error:
            outcome = "refused"
            if error.error == "invalid_client":  # our own settings are wrong: an operator must act
                log.error("login_provider_refuses_us", kind=self.settings.login)
                raise ProviderAway from None
            raise NotVouched("code-refused") from None
        except (requests.RequestException, ValueError) as error:
            outcome = "unavailable"
            raise self._away("token", error) from None
        finally:
            provider_seconds.labels(self.settings.login, "token", outcome).observe(time.perf_counter() - began)
        return cast(Mapping[str, Any], token)

    def _key_set(self, *, newer: bool = False) -> KeySet:
        known = self._keys
        if known is None or newer:
            found = self._fetched("keys", self._metadata_now()["jwks_uri"])
            try:
                known = KeySet.import_key_set(cast(Any, found))
            except (JoseError, ValueError, KeyError, TypeError) as error:
                raise self._away("keys", error) from None
            self._keys = known
        return known

    def _metadata_now(self) -> Mapping[str, Any]:
        """Return the metadata. One asks at a time; the others go on with what is known, if anything is.

        Raises: ProviderAway (nothing is known, and the provider was asked a moment ago or does not answer).
        """
        known = self._metadata
        fresh = known is not None and time.monotonic() < known.good_until
        if fresh or not self._lock.acquire(blocking=known is None):
            return _found(known)
        try:
            if self._metadata is known:  # else another has asked while we waited
                self._metadata = self._renewed(known)
            return _found(self._metadata)
        finally:
            self._lock.release()

    def _renewed(self, known: _Kept | None) -> _Kept:
        try:
            found = self._good_metadata(self._fetched("metadata", self.settings.metadata_url))
        except ProviderAway:
            return _Kept(known.value if known is not None else None, time.monotonic() + _RETRY_SECONDS)
        return _Kept(found, time.monotonic() + _METADATA_SECONDS)

    def _good_metadata(self, found: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return metadata that are of this provider and can be used.

        Raises: ProviderAway (they are not; an operator is told why).
        """
        missing = [name for name in _NEEDED if not _is_address(found.get(name), secure=self._production)]
        if self._production and found.get(SIMULATION_MARK):
            reason = "simulation"
        elif found.get("issuer") != self.settings.issuer:
            reason = "issuer-differs"
        elif missing:
            reason = f"no-{missing[0]}"
        else:
            return found
        log.error("login_provider_unusable", kind=self.settings.login, reason=reason)
        raise ProviderAway

    def _fetched(self, call: str, address: str) -> Mapping[str, Any]:
        began, outcome = time.perf_counter(), "unavailable"
        try:
            answer = requests.get(address, timeout=_TIMEOUT_SECONDS, allow_redirects=False)
            answer.raise_for_status()
            found = answer.json()
            if not isinstance(found, dict):
                raise ValueError("not an object")
            outcome = "done"
        except (requests.RequestException, ValueError) as error:
            raise self._away(call, error) from None
        finally:
            provider_seconds.labels(self.settings.login, call, outcome).observe(time.perf_counter() - began)
        return found

    def _away(self, call: str, error: Exception) -> ProviderAway:
        log.warning("login_provider_away", kind=self.settings.login, method=call, error=type(error).__name__)
        return ProviderAway(retry_after_seconds=_RETRY_SECONDS)


def _found(kept: _Kept | None) -> Mapping[str, Any]:
    if kept is None or kept.value is None:
        raise ProviderAway(retry_after_seconds=_RETRY_SECONDS)
    return kept.value


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _is_address(text: object, *, secure: bool) -> bool:
    return isinstance(text, str) and text.startswith(("https://",) if secure else ("https://", "http://"))
