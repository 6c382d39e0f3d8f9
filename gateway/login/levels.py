"""How sure a log-in is: three vocabularies of providers, one scale of our own.

Sources: Logius, Koppelvlakspecificatie DigiD SAML (class references); Afsprakenstelsel Elektronische Toegangsdiensten
(assurance classes); eIDAS (EU) 910/2014 art. 8 and NL GOV OpenID Connect profile 1.0.1 (`acr`); RFC 8176 (`amr`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.contracts.civil_registry import LEVELS

_SAML = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
_ETOEGANG = "urn:etoegang:core:assurance-class:"
_EIDAS = "http://eidas.europa.eu/LoA/"

VOCABULARIES: dict[str, dict[str, str]] = {
    "digid": {
        f"{_SAML}PasswordProtectedTransport": "basic",
        f"{_SAML}MobileTwoFactorContract": "two-factor",
        f"{_SAML}Smartcard": "substantial",
        f"{_SAML}SmartcardPKI": "high",
    },
    "etoegang": {
        f"{_ETOEGANG}loa2": "basic",
        f"{_ETOEGANG}loa2plus": "two-factor",
        f"{_ETOEGANG}loa3": "substantial",
        f"{_ETOEGANG}loa4": "high",
    },
    # Low holds means with one factor and with two: what is not told is not assumed.
    "eidas": {f"{_EIDAS}low": "basic", f"{_EIDAS}substantial": "substantial", f"{_EIDAS}high": "high"},
}
"""What providers call our levels. The old `loa1` has no level here: it says nothing about who somebody is."""

_KNOWN = {word: level for vocabulary in VOCABULARIES.values() for word, level in vocabulary.items()}

_FACTORS = {
    "knowledge": {"kba", "pin", "pwd"},
    "possession": {"hwk", "otp", "pop", "sc", "sms", "swk", "tel"},
    "inherence": {"face", "fpt", "iris", "retina", "vbm"},
}


def reaches(level: str, wanted: str) -> bool:
    """Say whether a level is at least the wanted one."""
    return LEVELS.index(level) >= LEVELS.index(wanted)


def has_second_factor(methods: object) -> bool:
    """Say whether the methods of a log-in (`amr`) are of two kinds: known, owned, or part of the body.

    Source: RFC 8176; BIO2 8.05.
    """
    if not isinstance(methods, list):
        return False
    used = {method for method in methods if isinstance(method, str)}
    return "mfa" in used or sum(bool(used & kind) for kind in _FACTORS.values()) > 1


@dataclass(frozen=True, slots=True)
class Scale:
    """How one provider speaks of levels.

    `vocabulary` names its words; `own` are words of this provider alone, and are what is asked when there are any.
    `default` is the level of a log-in that tells none; None: such a log-in is refused.
    """

    vocabulary: str = ""
    own: Mapping[str, str] = field(default_factory=dict)
    default: str | None = None

    def words_for(self, wanted: str) -> Sequence[str]:
        """Return what to ask for (`acr_values`): every word that is good enough, the lowest first; may be empty."""
        words = self.own or VOCABULARIES.get(self.vocabulary, {})
        good = [word for word, level in words.items() if reaches(level, wanted)]
        return sorted(good, key=lambda word: LEVELS.index(words[word]))

    def level_of(self, told: object, methods: object) -> str | None:
        """Return the level of a log-in by what it tells (`acr`, `amr`), or None when it cannot be known.

        A word that we do not know is no level, and never the default.
        """
        by_factors = "two-factor" if has_second_factor(methods) else None
        if told in (None, ""):
            by_word = self.default
        else:
            by_word = (self.own.get(told) or _KNOWN.get(told)) if isinstance(told, str) else None
        return max((level for level in (by_word, by_factors) if level), key=LEVELS.index, default=None)
