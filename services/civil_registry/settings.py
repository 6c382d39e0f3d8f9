"""What the processes of the civil registry need to know, read once at start."""

from services.messaging.settings import Environment, ProcessSettings

SERVICE = "civil_registry"


def read_settings(environment: Environment | None = None) -> ProcessSettings:
    """Return the settings.

    Raises: SettingsError.
    """
    return ProcessSettings.read(SERVICE, environment)
