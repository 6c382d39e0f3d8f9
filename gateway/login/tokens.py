"""Whether an id token is one that this provider made for us, for this log-in, and that is still good. No I/O.

Source: OpenID Connect Core 1.0 section 3.1.3.7; RFC 8725 (JWT best current practices).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures that only the provider can have made: none with a shared secret, and never `none`."""

LEEWAY_SECONDS = 60
"""How far a provider's clock may be off."""


class NotVouched(Exception):
    """The provider did not vouch for anybody, or its word cannot be trusted; `reason` is for operators."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnknownKey(Exception):
    """The token names a key that we do not know: providers change theirs now and then."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Who must have made a token, for whom, and in answer to what."""

    issuer: str
    client_id: str
    nonce: str


def verified(answer: Mapping[str, Any], keys: KeySet, expected: Expected, *, now: datetime) -> Mapping[str, Any]:
    """Return the claims of the id token in an answer of the token endpoint.

    Raises: NotVouched, UnknownKey.
    """
    written = answer.get("id_token")
    if not isinstance(written, str):
        raise NotVouched("no-id-token")
    try:
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        decoded = jwt.decode(written, keys, registry=registry)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "value": expected.issuer},
                "aud": {"essential": True, "value": expected.client_id},
                "nonce": {"essential": True, "value": expected.nonce},
            },
            {"client_id": expected.client_id, "access_token": answer.get("access_token")},
        )
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
    except InvalidKeyIdError:
        raise UnknownKey from None
    except (JoseError, ValueError) as error:
        raise NotVouched(getattr(error, "error", "unreadable")) from None
    return cast(Mapping[str, Any], claims)
