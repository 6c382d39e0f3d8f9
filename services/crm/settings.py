"""What the processes of the CRM need to know, read once at start."""

from services.messaging.settings import Environment, ProcessSettings, Secret

SERVICE = "crm"


def read_settings(environment: Environment | None = None) -> ProcessSettings:
    """Return the settings.

    Raises: SettingsError.
    """
    return ProcessSettings.read(SERVICE, environment)


def read_broker_url(environment: Environment | None = None) -> Secret:
    """Return the address of the broker, which is all that the command line needs.

    Raises: SettingsError.
    """
    return (environment or Environment()).url("BALIE_AMQP_URL", ("amqp", "amqps"))
