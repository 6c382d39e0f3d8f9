"""How sure a log-in is: every word of three vocabularies, the factors used, and what is asked for."""

import pytest

from gateway.login.levels import VOCABULARIES, Scale, has_second_factor, reaches
from services.contracts.civil_registry import LEVELS

SAML = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
ETOEGANG = "urn:etoegang:core:assurance-class:"
EIDAS = "http://eidas.europa.eu/LoA/"


@pytest.mark.parametrize(
    ("word", "level"),
    [
        (f"{SAML}PasswordProtectedTransport", "basic"),
        (f"{SAML}MobileTwoFactorContract", "two-factor"),
        (f"{SAML}Smartcard", "substantial"),
        (f"{SAML}SmartcardPKI", "high"),
        (f"{ETOEGANG}loa2", "basic"),
        (f"{ETOEGANG}loa2plus", "two-factor"),
        (f"{ETOEGANG}loa3", "substantial"),
        (f"{ETOEGANG}loa4", "high"),
        (f"{EIDAS}low", "basic"),
        (f"{EIDAS}substantial", "substantial"),
        (f"{EIDAS}high", "high"),
    ],
)
def test_every_word_of_the_three_vocabularies_has_its_level(word, level):
    assert Scale().level_of(word, None) == level


@pytest.mark.parametrize("word", [f"{ETOEGANG}loa1", f"{SAML}Password", "high", "0", 3, ["x"], {"high": 1}, True])
def test_a_word_that_nobody_knows_is_no_level_and_never_the_default(word):
    assert Scale(default="high").level_of(word, None) is None


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_log_in_that_tells_no_level_has_the_default_if_there_is_one(nothing):
    assert Scale(default="substantial").level_of(nothing, None) == "substantial"
    assert Scale().level_of(nothing, None) is None


def test_a_providers_own_words_go_before_the_known_ones():
    own = Scale(own={"gold": "high", f"{EIDAS}low": "two-factor"})
    assert own.level_of("gold", None) == "high"
    assert own.level_of(f"{EIDAS}low", None) == "two-factor"
    assert own.level_of(f"{EIDAS}high", None) == "high"


@pytest.mark.parametrize(
    ("methods", "two"),
    [
        (["pwd", "otp"], True),
        (["mfa"], True),
        (["pin", "fpt"], True),
        (["sc", "pin"], True),
        (["pwd"], False),
        (["pwd", "pin", "kba"], False),
        (["otp", "sms"], False),
        ([], False),
        (None, False),
        ("pwd otp", False),
        ([["mfa"]], False),
    ],
)
def test_two_factors_are_of_two_kinds(methods, two):
    assert has_second_factor(methods) is two
    assert Scale().level_of(None, methods) == ("two-factor" if two else None)


def test_the_surer_of_word_and_factors_counts():
    assert Scale().level_of(f"{SAML}PasswordProtectedTransport", ["pwd", "otp"]) == "two-factor"
    assert Scale().level_of(f"{SAML}SmartcardPKI", ["pwd", "otp"]) == "high"


def test_levels_are_in_one_order():
    for low, level in enumerate(LEVELS):
        for high, wanted in enumerate(LEVELS):
            assert reaches(level, wanted) == (low >= high)


def test_what_is_asked_is_everything_good_enough_with_the_lowest_first():
    assert Scale("digid").words_for("two-factor") == [
        f"{SAML}MobileTwoFactorContract",
        f"{SAML}Smartcard",
        f"{SAML}SmartcardPKI",
    ]
    assert Scale("eidas").words_for("two-factor") == [f"{EIDAS}substantial", f"{EIDAS}high"]
    assert Scale("digid", own={"b": "high", "a": "basic"}).words_for("basic") == ["a", "b"]
    assert Scale().words_for("high") == []


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
@pytest.mark.parametrize("wanted", LEVELS)
def test_whoever_gets_what_was_asked_reaches_what_was_wanted(vocabulary, wanted):
    scale = Scale(vocabulary)
    words = scale.words_for(wanted)
    assert words
    for word in words:
        assert reaches(scale.level_of(word, None) or "basic", wanted)
