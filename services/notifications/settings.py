"""What the processes of notifications need to know, read once at start."""

from dataclasses import dataclass
from email.headerregistry import Address

from services.messaging.settings import Environment, ProcessSettings, Secret, SettingsError

SERVICE = "notifications"
SMTP_SCHEMES = ("smtp", "smtps", "smtp+starttls")


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How mail leaves the house. `sender` is From and envelope sender, and the organiser in calendars."""

    smtp_url: Secret
    sender: str
    reply_to: str | None
    public_url: str


def read_settings(environment: Environment | None = None) -> ProcessSettings:
    """Return the settings of every process of notifications.

    Raises: SettingsError.
    """
    return ProcessSettings.read(SERVICE, environment)


def read_mail_settings(environment: Environment | None = None) -> MailSettings:
    """Return what only the sending process needs. In production the sender's address has no default.

    Raises: SettingsError.
    """
    env = environment or Environment()
    demo = env.one_of("BALIE_ENVIRONMENT", ("demo", "production"), "demo") == "demo"
    reply_to = env.text("BALIE_MAIL_REPLY_TO", "")
    return MailSettings(
        smtp_url=env.url("BALIE_SMTP_URL", SMTP_SCHEMES),
        sender=_address("BALIE_MAIL_FROM", env.text("BALIE_MAIL_FROM", "no-reply@balie.example" if demo else None)),
        reply_to=_address("BALIE_MAIL_REPLY_TO", reply_to) if reply_to else None,
        public_url=env.url("BALIE_PUBLIC_URL", ("https", "http")).reveal().rstrip("/"),
    )


def _address(name: str, value: str) -> str:
    try:
        address = Address(addr_spec=value)
    except (ValueError, IndexError):
        address = None
    if address is None or not address.domain or not value.isascii():
        raise SettingsError(f"{name} must be one mail address in plain ASCII, such as no-reply@example.org.")
    return value
