"""The protocol of the simulated log-in, by Authlib: authorization code flow with PKCE, and id tokens.

What can go wrong with a real provider can be chosen (`FAULTS`), so that it can be shown and tested.
"""

import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from flask import Flask, g, request
from joserfc.jwk import RSAKey

from gateway.login.settings import SIMULATION_SECRET

CLIENT_ID = "balie"
CODE_SECONDS = 60
TOKEN_SECONDS = 300
MOST_CODES = 1000

FAULTS = ("expired", "nonce", "signature", "audience", "issuer", "no-acr", "away")
"""What may be wrong with an answer: an id token that is over, of another log-in, signed by another, for another
client, by another issuer, without a level; or a provider that fails at the last moment."""


@dataclass(frozen=True, slots=True)
class Client:
    """The gateway, as this provider knows it: one client with one address to come back to per log-in."""

    public_url: str

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uri()

    def redirect_uri(self) -> str:
        """Return where the answers of the log-in of this request go."""
        return f"{self.public_url}/inloggen/terug/{(request.view_args or {})['login']}"

    def get_allowed_scope(self, scope: str) -> str:
        return "openid" if "openid" in (scope or "").split() else ""

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect_uri()

    def check_client_secret(self, secret: str) -> bool:
        return secret == SIMULATION_SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in ("client_secret_basic", "client_secret_post")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass(frozen=True, slots=True)
class Code:
    """What a code stands for until it is redeemed."""

    code: str
    login: str
    redirect_uri: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    claims: Mapping[str, Any]
    fault: str
    made_at: float

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return "openid"

    def get_nonce(self) -> str:
        return f"{self.nonce}x" if self.fault == "nonce" else self.nonce

    def get_auth_time(self) -> int:
        return int(self.made_at)

    def get_acr(self) -> Any:
        return None if self.fault == "no-acr" else self.claims.get("acr")

    def get_amr(self) -> Any:
        return self.claims.get("amr")


class Codes:
    """The codes that are out. Each is good once, for a minute."""

    def __init__(self) -> None:
        self._out: OrderedDict[str, Code] = OrderedDict()

    def add(self, code: Code) -> None:
        self._out[code.code] = code
        while len(self._out) > MOST_CODES:
            self._out.popitem(last=False)

    def find(self, code: str, login: str) -> Code | None:
        """Return what a code of a log-in stands for."""
        found = self._out.get(code)
        good = found is not None and found.login == login and time.time() - found.made_at < CODE_SECONDS
        return found if good else None

    def remove(self, code: str) -> None:
        self._out.pop(code, None)


class Simulation:
    """One server for the three log-ins; each has an issuer and a key of its own, made at start."""

    def __init__(self, app: Flask, *, own_url: str, public_url: str, logins: tuple[str, ...]) -> None:
        self.own_url = own_url
        self.client = Client(public_url)
        self.keys = {
            login: RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True) for login in logins
        }
        self.server = AuthorizationServer(
            app,
            query_client=lambda client_id: self.client if client_id == CLIENT_ID else None,
            save_token=lambda *_: None,  # no API is behind this log-in
        )
        self.codes = Codes()
        self.server.register_grant(_grant(self.codes), [_StrictChallenge(required=True), _tokens(self)])

    def issuer(self, login: str) -> str:
        return f"{self.own_url}/{login}"


class _StrictChallenge(CodeChallenge):
    """PKCE is not a choice here, as the NL GOV profile asks."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        super().validate_code_challenge(grant, redirect_uri)
        if not grant.request.payload.data.get("code_challenge"):
            raise InvalidRequestError("Missing 'code_challenge'")


def _grant(codes: Codes) -> type[Any]:
    class Grant(AuthorizationCodeGrant):
        """Keeps codes in memory; the account that was chosen is the user."""

        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")

        def save_authorization_code(self, code: str, asked: Any) -> None:
            data = asked.payload.data
            codes.add(
                Code(
                    code=code,
                    login=_login(),
                    redirect_uri=asked.payload.redirect_uri,
                    nonce=data["nonce"],
                    code_challenge=data["code_challenge"],
                    code_challenge_method=data["code_challenge_method"],
                    claims=asked.user["claims"],
                    fault=asked.user["fault"],
                    made_at=time.time(),
                )
            )

        def query_authorization_code(self, code: str, client: Any) -> Code | None:
            return codes.find(code, _login())

        def delete_authorization_code(self, authorization_code: Code) -> None:
            codes.remove(authorization_code.code)

        def authenticate_user(self, authorization_code: Code) -> Mapping[str, Any]:
            g.fault = authorization_code.fault
            return authorization_code.claims

    return Grant


def _tokens(simulation: Simulation) -> Any:
    strange_key = RSAKey.generate_key(2048)

    class Tokens(OpenIDCode):
        """Id tokens with the claims of the account, and with the fault that was chosen."""

        def exists_nonce(self, nonce: str, asked: Any) -> bool:
            return False

        def resolve_client_private_key(self, client: Any) -> Any:
            return strange_key if _fault() == "signature" else simulation.keys[_login()]

        def get_client_algorithm(self, client: Any) -> str:
            return "RS256"

        def get_encode_header(self, client: Any) -> dict[str, Any]:
            return {"alg": "RS256", "kid": simulation.keys[_login()].kid}

        def get_client_claims(self, client: Any) -> dict[str, Any]:
            issued_at = int(time.time()) - (2 * TOKEN_SECONDS if _fault() == "expired" else 0)
            return {
                "iss": simulation.issuer(_login()) + ("-other" if _fault() == "issuer" else ""),
                "aud": [f"{CLIENT_ID}-other" if _fault() == "audience" else CLIENT_ID],
                "iat": issued_at,
                "exp": issued_at + TOKEN_SECONDS,
            }

        def generate_user_info(self, user: Mapping[str, Any], scope: str) -> dict[str, Any]:
            return {name: value for name, value in user.items() if name not in ("acr", "amr")}

    return Tokens(require_nonce=True)


def _fault() -> str:
    """Return what shall be wrong with the answer to this request."""
    return str(g.get("fault", ""))


def _login() -> str:
    return str((request.view_args or {})["login"])
