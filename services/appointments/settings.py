"""What the processes of appointments need to know, read once at start."""

from services.messaging.settings import Environment, ProcessSettings

SERVICE = "appointments"


def read_settings(environment: Environment | None = None) -> ProcessSettings:
    """Return the settings.

    Raises: SettingsError.
    """
    return ProcessSettings.read(SERVICE, environment)
