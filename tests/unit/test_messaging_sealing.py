"""Numbers sealed for the way and locked for the shelf: nobody else reads, makes, moves or changes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.civil_registry import sealed_bsn
from services.messaging.errors import Malformed
from services.messaging.sealing import LONGEST_TOKEN, CannotUnlock, Sealer, Vault
from services.messaging.settings import Environment, ProcessSettings, Secret, SettingsError
from tests.unit.test_messaging_settings_and_log import GOOD

SECRET = Secret("a-secret-of-at-least-32-characters")
OTHER = Secret("another-secret-of-32-characters-or-so")
BSN = "999993653"
ROW = "party.bsn.7"

# Made by another library (PyCryptodome) and an HKDF written out by hand: the format is ours, the ciphers are not.
KNOWN_TOKEN = "s1-nNIZy9R8G9AQGlX7g0BNCNXaWCA3CGGcew"
KNOWN_ENVELOPE = "0182912a03000102030405060708090a0bc5560a9c0a476235ad9d4962264654683b971c4d84e5852f99"
KNOWN_DIGEST = "c98d89893527eb42ee7bc14e9093c3f487b727f26ce4c3fe8bbcdcc336f62589"

texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


def _count(size: int) -> bytes:
    return bytes(range(size))


def test_sealing_gives_the_known_token():
    assert Sealer.of(SECRET).seal(BSN) == KNOWN_TOKEN


def test_locking_gives_the_known_envelope_and_digest():
    vault = Vault.of(SECRET, random_bytes=_count)
    assert vault.lock(BSN, bound_to=ROW).hex() == KNOWN_ENVELOPE
    assert vault.digest(BSN).hex() == KNOWN_DIGEST


@given(texts)
def test_what_is_sealed_opens_again_and_is_the_same_each_time(text):
    sealer = Sealer.of(SECRET)
    token = sealer.seal(text)
    assert sealer.open(token) == text
    assert token == Sealer.of(SECRET).seal(text)


def test_a_sealed_number_fits_the_contract():
    assert sealed_bsn().deserialize(Sealer.of(SECRET).seal(BSN)).startswith("s1-")


@given(st.data())
def test_a_token_with_one_other_sign_does_not_open(data):
    token = Sealer.of(SECRET).seal(BSN)
    place = data.draw(st.integers(0, len(token) - 1))
    sign = data.draw(st.characters(codec="utf-8").filter(lambda sign: sign != token[place]))
    with pytest.raises(Malformed):
        Sealer.of(SECRET).open(token[:place] + sign + token[place + 1 :])


@pytest.mark.parametrize(
    "token",
    [
        "",
        "s1-",
        BSN,
        KNOWN_TOKEN[3:],
        KNOWN_TOKEN + "=",
        KNOWN_TOKEN + "A",
        KNOWN_TOKEN[:-1],
        "s2" + KNOWN_TOKEN[2:],
        "s1-" + "A" * 22,
        "s1-" + "A" * LONGEST_TOKEN,
        "s1-A====",
        "s1-é" * 9,
        "s1-\ud800" + "A" * 30,
    ],
)
def test_a_token_that_was_not_made_here_is_malformed(token):
    with pytest.raises(Malformed):
        Sealer.of(SECRET).open(token)


@pytest.mark.parametrize("text", ["", "x" * LONGEST_TOKEN])
def test_nothing_and_too_much_cannot_be_sealed(text):
    with pytest.raises(ValueError, match="seal"):
        Sealer.of(SECRET).seal(text)


def test_after_a_new_secret_the_old_token_opens_and_new_ones_are_under_the_new_secret():
    old = Sealer.of(SECRET).seal(BSN)
    changed = Sealer.of(OTHER, SECRET)
    assert changed.open(old) == BSN
    assert changed.seal(BSN) == Sealer.of(OTHER).seal(BSN) != old
    with pytest.raises(Malformed):
        Sealer.of(OTHER).open(old)


@given(texts | st.just(""), texts)
def test_what_is_locked_unlocks_on_its_own_row_only(text, row):
    vault = Vault.of(SECRET)
    envelope = vault.lock(text, bound_to=row)
    assert vault.unlock(envelope, bound_to=row) == text
    assert vault.unlock(memoryview(envelope), bound_to=row) == text  # type: ignore[arg-type]  # as drivers do
    with pytest.raises(CannotUnlock):
        vault.unlock(envelope, bound_to=row + "0")


def test_the_same_number_is_locked_into_another_envelope_each_time():
    vault = Vault.of(SECRET)
    assert vault.lock(BSN, bound_to=ROW) != vault.lock(BSN, bound_to=ROW)


@given(st.integers(0, len(KNOWN_ENVELOPE) // 2 - 1), st.integers(1, 255))
def test_an_envelope_with_one_other_byte_does_not_unlock(place, change):
    envelope = bytearray.fromhex(KNOWN_ENVELOPE)
    envelope[place] ^= change
    with pytest.raises(CannotUnlock):
        Vault.of(SECRET).unlock(bytes(envelope), bound_to=ROW)


@given(st.binary(max_size=80))
def test_any_other_bytes_do_not_unlock(envelope):
    with pytest.raises(CannotUnlock):
        Vault.of(SECRET).unlock(envelope, bound_to=ROW)


def test_after_a_new_secret_old_envelopes_unlock_and_new_ones_are_under_the_new_secret():
    old = Vault.of(SECRET).lock(BSN, bound_to=ROW)
    changed = Vault.of(OTHER, SECRET)
    assert changed.unlock(old, bound_to=ROW) == BSN
    assert Vault.of(OTHER).unlock(changed.lock(BSN, bound_to=ROW), bound_to=ROW) == BSN
    with pytest.raises(CannotUnlock, match="BALIE_SECRET_KEY_PREVIOUS"):
        Vault.of(OTHER).unlock(old, bound_to=ROW)


def test_a_number_is_found_by_its_digest_before_and_after_a_new_secret():
    assert Vault.of(SECRET).digests(BSN) == (Vault.of(SECRET).digest(BSN),)
    changed = Vault.of(OTHER, SECRET)
    assert changed.digests(BSN) == (Vault.of(OTHER).digest(BSN), Vault.of(SECRET).digest(BSN))
    assert changed.digest(BSN) == changed.digests(BSN)[0]


def test_a_digest_does_not_depend_on_how_a_text_is_typed():
    vault = Vault.of(SECRET)
    assert vault.digest(f" {BSN}\n") == vault.digest(BSN) != vault.digest("999990019")
    assert vault.digest("Mălïka") == vault.digest("Ma\u0306li\u0308ka")


def test_a_repr_shows_no_key():
    shown = repr(Sealer.of(SECRET)) + repr(Vault.of(SECRET))
    assert "a-secret" not in shown


def test_the_older_secret_is_optional_and_as_long_as_any():
    assert ProcessSettings.read("crm", Environment(GOOD)).previous_secret_key is None
    with_older = ProcessSettings.read("crm", Environment(GOOD | {"BALIE_SECRET_KEY_PREVIOUS": "p" * 40}))
    assert with_older.previous_secret_key is not None
    assert with_older.previous_secret_key.reveal() == "p" * 40
    with pytest.raises(SettingsError, match="BALIE_SECRET_KEY_PREVIOUS"):
        ProcessSettings.read("crm", Environment(GOOD | {"BALIE_SECRET_KEY_PREVIOUS": "short"}))
