"""What the gateway needs to know, read once at start."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from limits import parse_many

from gateway.login.settings import LoginSettings
from services.filing.settings import FilingSettings
from services.messaging.settings import Environment, Secret, SettingsError

RATE_READS = "300 per minute"
RATE_HOLDS = "60 per 10 minutes"
RATE_WRITES = "120 per 10 minutes"
RATE_LINKS = "5 per 10 minutes"
RATE_WAITED = "2 per 10 minutes"
RATE_CODES = "20 per 10 minutes"
RATE_SCARCE = "10 per 10 minutes"
RATE_UPLOADS = "120 per 10 minutes"
RATE_CHECKS = "30 per 10 minutes"
RATE_LOGINS = "300 per 10 minutes"
ORGANIZER = "no-reply@balie.example"


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """The gateway's settings. A rate is written as `300 per minute`. It counts for a whole network, in which a town
    hall, a school or a mobile operator may have hundreds of residents.

    `organizer` is the mail address in calendar files; it is the sender of the mails, so that a calendar sees one event.
    Free days and times may be `search_seconds` old; `calls_at_once` searches, questions and commands wait for a service
    at the same time, of each kind, and three times that must be less than the threads of a gunicorn worker.
    A hold asks for a proof of work always, never, or when it is `busy`: of scarce products, after `challenge_holds`
    holds in the last minute. `challenge_cost` is the rounds of each of the about 256 attempts that it takes.
    `rate_scarce` is the holds of scarce products; abroad a whole operator may share one network. `rate_logins` counts
    setting out and coming back; a town hall is one network. Operators hear of a
    network with `burst_holds` holds, or a mail domain with `burst_mails` appointments, within ten minutes.
    `filing` None: this gateway takes and sends no files (tests of other things). `uploads_at_once` forms with files are
    read at the same time, in memory.
    """

    amqp_url: Secret
    secret_key: Secret
    public_url: str
    environment: str = "demo"
    log_level: str = "info"
    trusted_proxies: int = 0
    rate_reads: str = RATE_READS
    rate_holds: str = RATE_HOLDS
    rate_writes: str = RATE_WRITES
    rate_links: str = RATE_LINKS
    organizer: str = ORGANIZER
    query_seconds: int = 3
    command_seconds: int = 8
    search_seconds: int = 1
    calls_at_once: int = 20
    challenge: str = "busy"
    challenge_holds: int = 60
    challenge_cost: int = 2000
    rate_waited: str = RATE_WAITED
    rate_scarce: str = RATE_SCARCE
    rate_codes: str = RATE_CODES
    rate_logins: str = RATE_LOGINS
    burst_holds: int = 40
    burst_mails: int = 100
    theme_css: str = ""
    filing: FilingSettings | None = None
    previous_secret_key: Secret | None = None
    uploads_at_once: int = 8
    rate_uploads: str = RATE_UPLOADS
    rate_checks: str = RATE_CHECKS
    login: LoginSettings = field(default_factory=LoginSettings)

    @property
    def secure(self) -> bool:
        """Say whether residents reach us over TLS: cookies are `Secure` then, and HSTS is sent."""
        return self.public_url.startswith("https://")

    @classmethod
    def read(cls, environment: Environment | None = None) -> "GatewaySettings":
        """Return the settings from the environment.

        Raises: SettingsError.
        """
        env = environment or Environment()
        environment_name = env.one_of("BALIE_ENVIRONMENT", ("demo", "production"), "demo")
        return cls(
            amqp_url=env.url("BALIE_AMQP_URL", ("amqp", "amqps")),
            secret_key=env.secret("BALIE_SECRET_KEY"),
            public_url=_public_url(env),
            environment=environment_name,
            log_level=env.one_of("BALIE_LOG_LEVEL", ("debug", "info", "warning", "error"), "info"),
            trusted_proxies=env.integer("BALIE_TRUSTED_PROXIES", 0, most=5),
            rate_reads=_rate(env, "BALIE_RATE_READS", RATE_READS),
            rate_holds=_rate(env, "BALIE_RATE_HOLDS", RATE_HOLDS),
            rate_writes=_rate(env, "BALIE_RATE_WRITES", RATE_WRITES),
            rate_links=_rate(env, "BALIE_RATE_LINKS", RATE_LINKS),
            organizer=env.text("BALIE_MAIL_FROM", None if environment_name == "production" else ORGANIZER),
            query_seconds=env.integer("BALIE_QUERY_SECONDS", 3, least=1, most=60),
            command_seconds=env.integer("BALIE_COMMAND_SECONDS", 8, least=1, most=60),
            search_seconds=env.integer("BALIE_SEARCH_SECONDS", 1, most=60),
            calls_at_once=env.integer("BALIE_CALLS_AT_ONCE", 20, least=1, most=1000),
            challenge=env.one_of("BALIE_CHALLENGE", ("off", "busy", "always"), "busy"),
            challenge_holds=env.integer("BALIE_CHALLENGE_HOLDS", 60, least=1, most=100_000),
            challenge_cost=env.integer("BALIE_CHALLENGE_COST", 2000, least=1, most=1_000_000),
            rate_waited=_rate(env, "BALIE_RATE_WAITED", RATE_WAITED),
            rate_scarce=_rate(env, "BALIE_RATE_SCARCE", RATE_SCARCE),
            rate_codes=_rate(env, "BALIE_RATE_CODES", RATE_CODES),
            burst_holds=env.integer("BALIE_BURST_HOLDS", 40, least=1),
            burst_mails=env.integer("BALIE_BURST_MAILS", 100, least=1),
            rate_logins=_rate(env, "BALIE_RATE_LOGINS", RATE_LOGINS),
            theme_css=env.text("THEME_CSS", ""),
            filing=FilingSettings.read(env),
            previous_secret_key=env.optional_secret("BALIE_SECRET_KEY_PREVIOUS"),
            uploads_at_once=env.integer("BALIE_UPLOADS_AT_ONCE", 8, least=1, most=32),
            rate_uploads=_rate(env, "BALIE_RATE_UPLOADS", RATE_UPLOADS),
            rate_checks=_rate(env, "BALIE_RATE_CHECKS", RATE_CHECKS),
            login=LoginSettings.read(env, production=environment_name == "production"),
        )


def _public_url(env: Environment) -> str:
    value = env.url("BALIE_PUBLIC_URL", ("https", "http"), "http://127.0.0.1:8080").reveal().rstrip("/")
    if urlsplit(value).query or urlsplit(value).fragment:
        raise SettingsError("BALIE_PUBLIC_URL must be an address without query, such as https://balie.example.nl.")
    return value


def _rate(env: Environment, name: str, default: str) -> str:
    value = env.text(name, default)
    try:
        parse_many(value)
    except ValueError:
        raise SettingsError(f"{name} is {value!r}; write a rate such as '10 per 10 minutes'.") from None
    return value
