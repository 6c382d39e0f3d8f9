"""Reads the environment once, at start. A wrong value stops the process with the variable's name and the cure."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

MIN_SECRET_LENGTH = 32


class SettingsError(Exception):
    """A setting is missing or wrong; the text says which one and what to do."""


class Secret:
    """A text that never shows itself in a log or a traceback."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the text itself, for the one who needs it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(*****)"


class Environment:
    """Typed access to environment variables."""

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self._variables = os.environ if variables is None else variables

    def text(self, name: str, default: str | None = None) -> str:
        """Return a variable's text.

        Raises: SettingsError (unset or empty, and there is no default).
        """
        value = self._variables.get(name, "").strip()
        if value:
            return value
        if default is None:
            raise SettingsError(f"{name} is not set. Set it, or start everything with `make up`, which does.")
        return default

    def one_of(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """Return a variable that may only be one of some words.

        Raises: SettingsError.
        """
        value = self.text(name, default)
        if value not in allowed:
            raise SettingsError(f"{name} is {value!r}; it must be one of {', '.join(allowed)}.")
        return value

    def integer(self, name: str, default: int | None = None, *, least: int = 0, most: int = 2**31) -> int:
        """Return a variable that is a whole number within bounds.

        Raises: SettingsError.
        """
        value = self.text(name, None if default is None else str(default))
        try:
            number = int(value)
        except ValueError:
            raise SettingsError(f"{name} is {value!r}; it must be a whole number.") from None
        if not least <= number <= most:
            raise SettingsError(f"{name} is {number}; it must lie between {least} and {most}.")
        return number

    def url(self, name: str, schemes: tuple[str, ...], default: str | None = None) -> Secret:
        """Return an address; it may hold a password, hence a secret.

        Raises: SettingsError.
        """
        value = self.text(name, default)
        parts = urlsplit(value)
        if parts.scheme not in schemes or not parts.hostname:
            raise SettingsError(f"{name} must look like {schemes[0]}://user:password@host:port.")
        return Secret(value)

    def secret(self, name: str) -> Secret:
        """Return a secret of at least 32 characters.

        Raises: SettingsError.
        """
        value = self.text(name)
        if len(value) < MIN_SECRET_LENGTH:
            raise SettingsError(f"{name} must have at least {MIN_SECRET_LENGTH} random characters.")
        return Secret(value)

    def optional_secret(self, name: str) -> Secret | None:
        """Return a secret of at least 32 characters, or None when it is not set.

        Raises: SettingsError.
        """
        return self.secret(name) if self.text(name, "") else None


@dataclass(frozen=True, slots=True)
class ProcessSettings:
    """What every process of a service needs to know."""

    service: str
    database_url: Secret
    amqp_url: Secret
    secret_key: Secret
    ops_port: int | None
    log_level: str
    workers: int
    rpc_queue_type: str
    previous_secret_key: Secret | None = None
    """The secret before `secret_key`, while something may still be sealed or locked under it."""

    @classmethod
    def read(cls, service: str, environment: Environment | None = None) -> "ProcessSettings":
        """Return the settings of one service.

        Raises: SettingsError.
        """
        env = environment or Environment()
        return cls(
            service=service,
            database_url=database_url(service, env),
            amqp_url=env.url("BALIE_AMQP_URL", ("amqp", "amqps")),
            secret_key=env.secret("BALIE_SECRET_KEY"),
            ops_port=env.integer("BALIE_OPS_PORT", 0, most=65535) or None,
            log_level=env.one_of("BALIE_LOG_LEVEL", ("debug", "info", "warning", "error"), "info"),
            workers=env.integer("BALIE_WORKERS", 10, least=1, most=100),
            rpc_queue_type=rpc_queue_type(env),
            previous_secret_key=env.optional_secret("BALIE_SECRET_KEY_PREVIOUS"),
        )


def rpc_queue_type(environment: Environment | None = None) -> str:
    """Return of which type the queues of requests are: `classic` on one broker, `quorum` on a cluster.

    Raises: SettingsError.
    """
    return (environment or Environment()).one_of("BALIE_RPC_QUEUE_TYPE", ("classic", "quorum"), "classic")


def database_url(service: str, environment: Environment | None = None) -> Secret:
    """Return the address of a service's own database: one server, a database per service.

    The driver stands here, once (decision 8: psycopg2, which eventlet makes green by itself).

    Raises: SettingsError.
    """
    env = environment or Environment()
    server = env.url("BALIE_DATABASE_URL", ("postgresql", "postgres")).reveal()
    prefix = env.text("BALIE_DATABASE_PREFIX", "balie_")
    return Secret(f"postgresql+psycopg2://{server.split('://', 1)[1].rstrip('/')}/{prefix}{service}")
