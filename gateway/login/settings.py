"""What log-in needs to know, read once at start: who vouches for whom, and how long a session lasts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from urllib.parse import urlsplit

from gateway.login.claims import Path, Reading
from gateway.login.levels import VOCABULARIES, Scale
from gateway.login.partners import Partners
from services.contracts.civil_registry import LEVELS, ROLES
from services.messaging.settings import Environment, Secret, SettingsError, database_url

LOGINS = ("resident", "company", "staff")
"""The log-ins that there are. Each has a provider of its own, or none: then it is not offered."""

LOGIN_OF = {"resident": "resident", "undertaker": "company", "care-provider": "company", "staff": "staff"}
"""Which log-in leads to which kind of actor."""

SIMULATION_SECRET = "nobody-is-kept-out-by-this"
"""The client secret that the simulated provider takes. It is public, so it is refused in production."""

_LABELS = {"resident": "DigiD", "company": "eHerkenning", "staff": ""}
_CORE = "urn:etoegang:core:"
_CLAIMS = {
    "resident": {"SUBJECT": "bsn", "LEVEL": "acr", "NAME": ""},
    "company": {
        "SUBJECT": f"{_CORE}LegalSubjectID",
        "LEVEL": "acr",
        "ID_TYPE": "namequalifier",
        "ACTING": f"{_CORE}ActingSubjectID",
    },
    "staff": {"SUBJECT": "sub", "LEVEL": "acr", "NAME": "name", "ROLES": "roles"},
}
"""Where each claim stands unless a setting says so: what brokers and NL profiles use.

Source: maykinmedia/django-digid-eherkenning, digid_eherkenning/oidc/schemas.py.
"""
_VOCABULARY = {"resident": "digid", "company": "etoegang", "staff": ""}
_DEMO_TOWN = "deploy/demo/enschede"
_IDLE_MINUTES = 15
_STAFF_IDLE_MINUTES = 30
_LONGEST_HOURS = 8


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """One provider. `label` is what people call it, in Dutch and, after a `|`, in English; empty: no name of its own.

    `forwards` are origins of others to which the provider leads on (a broker to DigiD): browsers must let forms go
    there. `metadata_url` differs from the issuer's own where we reach the provider by another way than people do.
    """

    login: str
    issuer: str
    client_id: str
    secret: Secret
    metadata_url: str
    reading: Reading
    label: str = ""
    scope: str = "openid"
    forwards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoginSettings:
    """Log-in as a whole. Without providers nobody can log in, and no database is needed."""

    providers: Mapping[str, ProviderSettings] = field(default_factory=dict)
    database_url: Secret | None = None
    partners: Partners = field(default_factory=Partners)
    production: bool = False
    idle_minutes: int = _IDLE_MINUTES
    """Without a sign of life, residents and companies are logged out after this long."""
    staff_idle_minutes: int = _STAFF_IDLE_MINUTES
    longest_hours: int = _LONGEST_HOURS
    """Nobody stays logged in longer."""

    @classmethod
    def read(cls, env: Environment, *, production: bool) -> "LoginSettings":
        """Return the settings from the environment.

        Raises: SettingsError.
        """
        providers = {
            login: _provider(env, login, production=production)
            for login in LOGINS
            if env.text(f"BALIE_LOGIN_{login.upper()}_ISSUER", "")
        }
        return cls(
            providers=providers,
            database_url=database_url("gateway", env) if providers else None,
            partners=_partners(env, production=production) if "company" in providers else Partners(),
            production=production,
            idle_minutes=env.integer("BALIE_SESSION_IDLE_MINUTES", _IDLE_MINUTES, least=3, most=60),
            staff_idle_minutes=env.integer("BALIE_SESSION_STAFF_IDLE_MINUTES", _STAFF_IDLE_MINUTES, least=3, most=120),
            longest_hours=env.integer("BALIE_SESSION_HOURS", _LONGEST_HOURS, least=1, most=12),
        )


def _partners(env: Environment, *, production: bool) -> Partners:
    folder = env.text("BALIE_TOWN_FOLDER", None if production else _DEMO_TOWN)
    return Partners.read(FilePath(folder) / "partners.yaml")


class _Variables:
    """The variables of one log-in: `BALIE_LOGIN_RESIDENT_…`."""

    def __init__(self, env: Environment, login: str) -> None:
        self._env = env
        self._prefix = f"BALIE_LOGIN_{login.upper()}_"

    def name(self, what: str) -> str:
        return self._prefix + what

    def text(self, what: str, default: str | None = None) -> str:
        return self._env.text(self.name(what), default)

    def path(self, what: str, default: str) -> Path:
        """Return where a claim stands: names divided by spaces."""
        return Path(tuple(self.text(what, default).split()))

    def pairs(self, what: str, allowed: tuple[str, ...]) -> dict[str, str]:
        """Return words of the provider with ours, written as `ours=theirs` divided by spaces."""
        found = {}
        for pair in self.text(what, "").split():
            ours, _, theirs = pair.partition("=")
            if ours not in allowed or not theirs:
                raise SettingsError(
                    f"{self.name(what)}: {pair!r} must be one of ours ({', '.join(allowed)}), =, the provider's word."
                )
            found[theirs] = ours
        return found


def _provider(env: Environment, login: str, *, production: bool) -> ProviderSettings:
    own = _Variables(env, login)
    issuer = own.text("ISSUER")
    secret = own.text("SECRET")
    _check_address(own.name("ISSUER"), issuer, production=production)
    metadata_url = own.text("METADATA_URL", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    _check_address(own.name("METADATA_URL"), metadata_url, production=production)
    if production and secret == SIMULATION_SECRET:
        raise SettingsError(f"{own.name('SECRET')} is that of the simulated provider, which is not for production.")
    forwards = tuple(own.text("FORWARDS", "").split())
    for forward in forwards:
        _check_address(own.name("FORWARDS"), forward, production=production)
    return ProviderSettings(
        login=login,
        issuer=issuer,
        client_id=own.text("CLIENT_ID"),
        secret=Secret(secret),
        metadata_url=metadata_url,
        reading=_reading(own, login),
        label=own.text("LABEL", _LABELS[login]),
        scope=own.text("SCOPE", "openid"),
        forwards=forwards,
    )


def _reading(own: _Variables, login: str) -> Reading:
    paths = {name.lower(): own.path(f"{name}_CLAIM", default) for name, default in _CLAIMS[login].items()}
    vocabulary = own.text("VOCABULARY", _VOCABULARY[login])
    if vocabulary and vocabulary not in VOCABULARIES:
        raise SettingsError(f"{own.name('VOCABULARY')} is {vocabulary!r}; it must be one of {', '.join(VOCABULARIES)}.")
    default = own.text("DEFAULT_LEVEL", "") or None
    if default is not None and default not in LEVELS:
        raise SettingsError(f"{own.name('DEFAULT_LEVEL')} is {default!r}; it must be one of {', '.join(LEVELS)}.")
    return Reading(
        scale=Scale(vocabulary=vocabulary, own=own.pairs("LEVELS", LEVELS), default=default),
        role_names=own.pairs("ROLE_NAMES", ROLES) if login == "staff" else {},
        **paths,
    )


def _check_address(name: str, address: str, *, production: bool) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(f"{name} must be an address such as https://login.example.nl/digid.")
    if production and parts.scheme != "https":
        raise SettingsError(f"{name} must begin with https:// in production.")
