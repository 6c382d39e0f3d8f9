"""Where a town runs on this machine: its folder, ports, secrets and the variables that its processes get."""

import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local.progress import Trouble
from gateway.login.settings import LOGINS, SIMULATION_SECRET

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
DATABASE_USER = "balie"
VHOST = "balie"
TEST_VHOSTS = tuple(f"test_{number}" for number in range(1, 25))

_SECRETS = ("BALIE_SECRET_KEY", "BALIE_DATABASE_PASSWORD", "BALIE_AMQP_PASSWORD", "BALIE_BRP_API_KEY")
_BRP_PATH = "/haalcentraal/api/brp"


@dataclass(frozen=True, slots=True)
class Place:
    """One town on one machine. An address that is None means: a server of our own is started."""

    home: Path
    base_port: int
    port: int
    secrets: Mapping[str, str]
    given_database: str | None = None
    given_broker: str | None = None
    given_mail: str | None = None
    given_brp: str | None = None
    given_login: bool = False
    """The caller names log-in providers himself, or it is production: the simulated one does not run."""
    database_prefix: str = "balie_"
    vhosts: tuple[str, ...] = (VHOST,)
    durable: bool = True
    """False: the database may lose data when the machine dies (tests; faster)."""
    extra: Mapping[str, str] = field(default_factory=dict)
    moved_by: str = "BALIE_BASE_PORT"
    """The variable that moves the ports."""

    @property
    def database_port(self) -> int:
        return self.base_port + 1

    @property
    def amqp_port(self) -> int:
        return self.base_port + 2

    @property
    def distribution_port(self) -> int:
        return self.base_port + 3

    @property
    def epmd_port(self) -> int:
        return self.base_port + 4

    @property
    def smtp_port(self) -> int:
        return self.base_port + 5

    @property
    def oidc_port(self) -> int:
        return self.base_port + 8

    @property
    def oidc_url(self) -> str:
        """Where people reach the simulated log-in."""
        return f"http://{HOST}:{self.oidc_port}"

    @property
    def database_url(self) -> str:
        """The PostgreSQL server, without the name of a database."""
        password = self.secrets["BALIE_DATABASE_PASSWORD"]
        return self.given_database or f"postgresql://{DATABASE_USER}:{password}@{HOST}:{self.database_port}"

    @property
    def amqp_url(self) -> str:
        return self.given_broker or self.amqp_url_of(self.vhosts[0])

    def amqp_url_of(self, vhost: str) -> str:
        """Return the address of one virtual host on our own broker."""
        return f"amqp://balie:{self.secrets['BALIE_AMQP_PASSWORD']}@{HOST}:{self.amqp_port}/{vhost}"

    @property
    def smtp_url(self) -> str:
        return self.given_mail or f"smtp://{HOST}:{self.smtp_port}"

    @property
    def brp_port(self) -> int:
        return self.base_port + 9

    @property
    def public_url(self) -> str:
        return self.extra.get("BALIE_PUBLIC_URL") or f"http://{HOST}:{self.port}"

    @property
    def mail(self) -> Path:
        return self.home / "mail"

    @property
    def files(self) -> Path:
        """Where uploads and papers lie, unless the caller names another folder."""
        return Path(self.extra.get("BALIE_FILES") or self.home / "files")

    def log(self, name: str) -> Path:
        """Return the log file of a process."""
        return self.home / "log" / f"{name}.log"

    def environment(self) -> dict[str, str]:
        """Return the variables that every process of the town gets, on top of the caller's own."""
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "BALIE_SECRET_KEY": self.secrets["BALIE_SECRET_KEY"],
            "BALIE_DATABASE_URL": self.database_url,
            "BALIE_DATABASE_PREFIX": self.database_prefix,
            "BALIE_AMQP_URL": self.amqp_url,
            "BALIE_SMTP_URL": self.smtp_url,
            "BALIE_SMTP_PORT": str(self.smtp_port),
            "BALIE_MAIL_FOLDER": str(self.mail),
            "BALIE_FILES": str(self.files),
            "BALIE_PORT": str(self.port),
            "BALIE_PUBLIC_URL": self.public_url,
            "BALIE_ENVIRONMENT": os.environ.get("BALIE_ENVIRONMENT", "demo"),
            **self._brp(),
            **({} if self.given_login else simulated_login(self.oidc_url)),
            **self.extra,
        }

    def _brp(self) -> dict[str, str]:
        """Return how the stand-in of the BRP is reached; how a real one is, only the caller knows."""
        if self.given_brp is not None:
            return {}
        return {
            "BALIE_BRP_URL": f"http://{HOST}:{self.brp_port}{_BRP_PATH}",
            "BALIE_BRP_PORT": str(self.brp_port),
            "BALIE_BRP_API_KEY": self.secrets["BALIE_BRP_API_KEY"],
        }

    def make_folders(self) -> None:
        """Make the folders of the town; only their owner may look into the logs, mails and files."""
        self.home.mkdir(parents=True, exist_ok=True)
        for folder in (self.home / "log", self.mail, self.home / "files"):
            folder.mkdir(mode=0o700, exist_ok=True)


def simulated_login(url: str) -> dict[str, str]:
    """Return the variables with which the gateway trusts the simulated log-in at an address."""
    variables = {"BALIE_OIDC_URL": url}
    labels = {
        "resident": "DigiD (simulatie)|DigiD (simulation)",
        "company": "eHerkenning (simulatie)|eHerkenning (simulation)",
        "staff": "werkaccount (simulatie)|work account (simulation)",
    }
    for login in LOGINS:
        prefix = f"BALIE_LOGIN_{login.upper()}"
        variables |= {
            f"{prefix}_ISSUER": f"{url}/{login}",
            f"{prefix}_CLIENT_ID": "balie",
            f"{prefix}_SECRET": SIMULATION_SECRET,
            f"{prefix}_LABEL": labels[login],
        }
    return variables


def town() -> Place:
    """Return the place of `make up`, after the caller's variables.

    Raises: Trouble (a port is no number).
    """
    home = ROOT / ".local"
    return Place(
        home=home,
        base_port=_port("BALIE_BASE_PORT", 18000),
        port=_port("BALIE_PORT", 8080),
        secrets=keep_secrets(home, os.environ),
        given_database=_given("BALIE_DATABASE_URL"),
        given_broker=_given("BALIE_AMQP_URL"),
        given_mail=_given("BALIE_SMTP_URL"),
        given_brp=_given("BALIE_BRP_URL"),
        given_login=_given("BALIE_ENVIRONMENT") == "production"
        or any(_given(f"BALIE_LOGIN_{login.upper()}_ISSUER") for login in LOGINS),
        database_prefix=os.environ.get("BALIE_DATABASE_PREFIX", "balie_"),
        extra={name: value for name in ("BALIE_PUBLIC_URL", "BALIE_FILES") if (value := _given(name))},
    )


def test_servers() -> Place:
    """Return the place of `make test`: servers of its own beside a town that may be running.

    Raises: Trouble (BALIE_TEST_BASE_PORT, which moves all its ports, is no number).
    """
    home = ROOT / ".local" / "test"
    base = _port("BALIE_TEST_BASE_PORT", 18500)
    return Place(
        home=home,
        base_port=base,
        port=base + 80,
        secrets=keep_secrets(home, {}),
        database_prefix="test_",
        vhosts=(VHOST, "city", *TEST_VHOSTS),
        durable=False,
        moved_by="BALIE_TEST_BASE_PORT",
    )


test_servers.__test__ = False  # type: ignore[attr-defined]  # pytest: this is no test


def keep_secrets(home: Path, given: Mapping[str, str]) -> dict[str, str]:
    """Return the secrets of a place, made at first use and kept in `secrets.env`; a given one goes first."""
    file = home / "secrets.env"
    kept = dict(line.split("=", 1) for line in file.read_text().splitlines()) if file.exists() else {}
    missing = [name for name in _SECRETS if name not in kept]
    if missing:
        kept |= {name: secrets.token_hex(24) for name in missing}
        home.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text("".join(f"{name}={value}\n" for name, value in kept.items()))
    return {name: given.get(name) or kept[name] for name in _SECRETS}


def fingerprint(*parts: str | Path) -> str:
    """Return a digest of texts and of the files below folders: it differs when any of them does."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            digest.update(part.encode() + b"\0")
            continue
        for file in sorted(file for file in part.rglob("*") if file.is_file()):
            digest.update(str(file.relative_to(part)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def host_and_port(url: str) -> str:
    """Return where an address points, without the password that it may hold."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def _given(name: str) -> str | None:
    return os.environ.get(name, "").strip() or None


def _port(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip() or str(default)
    if not value.isdigit() or not 1024 <= int(value) <= 65000:
        raise Trouble(f"{name} is {value!r}; it must be a port number between 1024 and 65000.")
    return int(value)
