"""Which id tokens are believed: signed by the provider, for us, for this log-in, now."""

import hmac
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from authlib.oidc.core.util import create_half_hash
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from gateway.login.tokens import Expected, NotVouched, UnknownKey, verified

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
AT = int(NOW.timestamp())
RSA = RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True)
CURVE = ECKey.generate_key("P-256", {"use": "sig"}, auto_kid=True)
STRANGE = RSAKey.generate_key(2048, {"use": "sig"})
KEYS = KeySet([RSA, CURVE])
US = Expected("https://digid.example.nl", "balie", "n-1")
GOOD = {"iss": US.issuer, "sub": "s", "aud": "balie", "iat": AT, "exp": AT + 300, "nonce": "n-1"}


def token(key=RSA, header=None, without=(), **changes):
    claims = {name: value for name, value in (GOOD | changes).items() if name not in without}
    algorithm = "ES256" if key is CURVE else "RS256"
    return jwt.encode({"alg": algorithm, "kid": RSA.kid if key is STRANGE else key.kid} | (header or {}), claims, key)


def believed(written, **answer):
    return verified({"id_token": written, "access_token": "a"} | answer, KEYS, US, now=NOW)


@pytest.mark.parametrize("key", [RSA, CURVE], ids=["rsa", "curve"])
def test_a_token_of_the_provider_for_this_log_in_is_believed(key):
    assert believed(token(key, bsn="111222333"))["bsn"] == "111222333"


def test_a_header_may_hold_more_than_we_know():
    assert believed(token(header={"x5t": "abc"}))["sub"] == "s"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"iss": "https://digid.example.nl/"}, "invalid_claim"),
        ({"aud": "other"}, "invalid_claim"),
        ({"aud": []}, "invalid_claim"),
        ({"aud": ["other", "balie"]}, "missing_claim"),
        ({"aud": ["other", "balie"], "azp": "other"}, "invalid_claim"),
        ({"azp": "other"}, "invalid_claim"),
        ({"nonce": "n-2"}, "invalid_claim"),
        ({"exp": AT - 60}, "expired_token"),
        ({"exp": "tomorrow"}, "invalid_claim"),
        ({"iat": AT + 61}, "invalid_claim"),
        ({"nbf": AT + 61}, "invalid_claim"),
        ({"at_hash": "x"}, "invalid_claim"),
        ({"amr": "pwd otp"}, "invalid_claim"),
    ],
)
def test_a_claim_that_is_wrong_makes_the_token_worth_nothing(changes, why):
    with pytest.raises(NotVouched) as refused:
        believed(token(**changes))
    assert refused.value.reason == why


@pytest.mark.parametrize("name", ["iss", "sub", "aud", "exp", "iat", "nonce"])
def test_a_claim_that_is_missing_too(name):
    with pytest.raises(NotVouched) as refused:
        believed(token(without=(name,)))
    assert refused.value.reason == "missing_claim"


def test_several_audiences_are_fine_when_the_token_was_made_for_us():
    assert believed(token(aud=["other", "balie"], azp="balie"))


def test_a_token_that_belongs_to_the_access_token_is_believed():
    assert believed(token(at_hash=create_half_hash("a", "RS256").decode()))


def test_clocks_may_differ_by_less_than_a_minute():
    assert believed(token(exp=AT - 59, iat=AT + 59))
    with pytest.raises(NotVouched):
        verified({"id_token": token()}, KEYS, US, now=NOW + timedelta(seconds=360))


def test_a_signature_of_another_is_refused():
    with pytest.raises(NotVouched) as refused:
        believed(token(STRANGE))
    assert refused.value.reason == "bad_signature"


def test_a_changed_token_is_refused():
    head, _, tail = token().split(".")
    other = token(sub="other").split(".")[1]
    with pytest.raises(NotVouched):
        believed(f"{head}.{other}.{tail}")


def test_a_key_that_we_do_not_know_may_be_a_new_one():
    with pytest.raises(UnknownKey):
        believed(token(header={"kid": "next"}))


def part(content):
    return urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithm", ["HS256", "none", "None", ""])
def test_nothing_signed_with_a_shared_secret_or_not_at_all_is_believed(algorithm):
    signed = f"{part({'alg': algorithm, 'kid': RSA.kid})}.{part(GOOD)}"
    mac = hmac.new(RSA.as_pem(private=False), signed.encode(), "sha256").digest()
    tail = urlsafe_b64encode(mac).rstrip(b"=").decode() if algorithm == "HS256" else ""
    with pytest.raises(NotVouched):
        believed(f"{signed}.{tail}")


@pytest.mark.parametrize(
    "answer", [{"id_token": None}, {"id_token": 7}, {"id_token": ""}, {"id_token": "a.b.c"}, {"id_token": "é"}]
)
def test_what_is_no_token_is_refused(answer):
    with pytest.raises(NotVouched):
        verified(answer, KEYS, US, now=NOW)
