"""What the processes of appointments need to know, read once at start."""

from dataclasses import dataclass
from datetime import timedelta

from services.messaging.settings import Environment, ProcessSettings

SERVICE = "appointments"


@dataclass(frozen=True, slots=True)
class ListSettings:
    """How patient the waiting list is; only tests and demonstrations change it."""

    debounce: timedelta
    sweep_seconds: int


def read_list_settings(environment: Environment | None = None) -> ListSettings:
    """Return how long freed places are collected, and how often free ones are looked for.

    Raises: SettingsError.
    """
    env = environment or Environment()
    return ListSettings(
        debounce=timedelta(seconds=env.integer("BALIE_WAITING_LIST_DEBOUNCE_SECONDS", 60, most=3600)),
        sweep_seconds=env.integer("BALIE_WAITING_LIST_SWEEP_SECONDS", 600, least=1, most=3600),
    )


def read_settings(environment: Environment | None = None) -> ProcessSettings:
    """Return the settings.

    Raises: SettingsError.
    """
    return ProcessSettings.read(SERVICE, environment)
