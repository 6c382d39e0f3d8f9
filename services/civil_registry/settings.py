"""What the processes of the civil registry need to know, read once at start."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from services.filing.settings import FilingSettings
from services.messaging.settings import Environment, ProcessSettings, Secret, SettingsError

SERVICE = "civil_registry"
_OURSELVES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class BrpSettings:
    """Where the BRP is, how we show who we are, and what for. An empty text is not sent.

    `doelbinding` and `verwerking` are the words that the municipality agreed on with whoever runs its BRP gateway;
    `gebruiker` replaces the staff member or resident who asks. The certificate is ours, for TLS on both sides; `ca`
    is whose certificates we believe (None: those that the system does). `seconds` is how long an answer may take.
    """

    url: str
    api_key: Secret | None = None
    doelbinding: str = ""
    verwerking: str = ""
    gebruiker: str = ""
    oin: str = ""
    oin_header: str = "x-origin-oin"
    certificate: Path | None = None
    certificate_key: Path | None = None
    ca: Path | None = None
    seconds: int = 2


@dataclass(frozen=True, slots=True)
class RegistrySettings:
    """Settings of the civil registry alone."""

    town_folder: Path


def read_settings(environment: Environment | None = None) -> ProcessSettings:
    """Return the settings.

    Raises: SettingsError.
    """
    return ProcessSettings.read(SERVICE, environment)


def read_registry_settings(environment: Environment | None = None) -> RegistrySettings:
    """Return the settings that no other service has.

    Raises: SettingsError.
    """
    env = environment or Environment()
    return RegistrySettings(town_folder=Path(env.text("BALIE_TOWN_FOLDER", "deploy/demo/enschede")))


def read_brp_settings(environment: Environment | None = None) -> BrpSettings:
    """Return how the BRP is reached. In production a number does not cross a network without TLS.

    Raises: SettingsError.
    """
    env = environment or Environment()
    key = env.text("BALIE_BRP_API_KEY", "")
    return BrpSettings(
        url=_brp_url(env),
        api_key=Secret(key) if key else None,
        doelbinding=_header(env, "BALIE_BRP_DOELBINDING"),
        verwerking=_header(env, "BALIE_BRP_VERWERKING"),
        gebruiker=_header(env, "BALIE_BRP_GEBRUIKER"),
        oin=_header(env, "BALIE_BRP_OIN"),
        oin_header=env.text("BALIE_BRP_OIN_HEADER", "x-origin-oin"),
        certificate=_file(env, "BALIE_BRP_CERTIFICATE"),
        certificate_key=_file(env, "BALIE_BRP_CERTIFICATE_KEY"),
        ca=_file(env, "BALIE_BRP_CA"),
        seconds=env.integer("BALIE_BRP_SECONDS", 2, least=1, most=20),
    )


def read_test_persons_allowed(environment: Environment | None = None) -> bool:
    """Say whether the test persons of the BRP count as people: never in production.

    Raises: SettingsError.
    """
    return (environment or Environment()).one_of("BALIE_ENVIRONMENT", ("demo", "production"), "demo") == "demo"


def _brp_url(env: Environment) -> str:
    url = env.url("BALIE_BRP_URL", ("https", "http")).reveal().rstrip("/")
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname not in _OURSELVES and not read_test_persons_allowed(env):
        raise SettingsError("BALIE_BRP_URL must begin with https:// in production, unless it is on this machine.")
    return url


def _header(env: Environment, name: str) -> str:
    value = env.text(name, "")
    if not (value.isascii() and value.isprintable()):
        raise SettingsError(f"{name} is sent as an HTTP header; it must be plain ASCII on one line.")
    return value


def _file(env: Environment, name: str) -> Path | None:
    value = env.text(name, "")
    if value and not Path(value).is_file():
        raise SettingsError(f"{name} is {value!r}; there is no such file.")
    return Path(value) if value else None


@dataclass(frozen=True, slots=True)
class PaperSettings:
    """Where papers are kept, and where residents check them."""

    filing: FilingSettings
    public_url: str


def read_paper_settings(environment: Environment | None = None) -> PaperSettings:
    """Return what giving out papers needs.

    Raises: SettingsError.
    """
    env = environment or Environment()
    public_url = env.url("BALIE_PUBLIC_URL", ("https", "http")).reveal().rstrip("/")
    return PaperSettings(filing=FilingSettings.read(env), public_url=public_url)
