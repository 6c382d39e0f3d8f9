"""What the processes of the civil registry need to know, read once at start."""

from dataclasses import dataclass
from pathlib import Path

from services.filing.settings import FilingSettings
from services.messaging.settings import Environment, ProcessSettings

SERVICE = "civil_registry"


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
