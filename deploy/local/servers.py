"""A PostgreSQL and a RabbitMQ of our own: made at first use, on loopback only, in the folder of their place."""

import base64
import hashlib
import json
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.place import DATABASE_USER, HOST, Place
from deploy.local.progress import Trouble

INSTALL = "Install it (Debian: apt-get install postgresql rabbitmq-server), or run `make up` as root, which does."
_RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


@dataclass(frozen=True, slots=True)
class Server:
    """A server program under the supervisor."""

    name: str
    argv: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    user: str | None = None
    folder: Path | None = None
    stop_signal: str = "TERM"


def prepare_servers(place: Place) -> list[Server]:
    """Make what is missing of the servers of a place, and return the programs to run.

    Raises: Trouble (a program is not installed, or a database of another version is there).
    """
    servers = []
    if place.given_database is None:
        servers.append(_prepare_postgresql(place))
    if place.given_broker is None:
        servers.extend(_prepare_rabbitmq(place))
    return servers


# --- PostgreSQL ---------------------------------------------------------------------------------------------------


def _prepare_postgresql(place: Place) -> Server:
    user = _unprivileged("postgres")
    data = _folder_for(user, place.home / "postgres") / "data"
    programs = _postgresql_programs(data)
    if not data.exists():
        _make_cluster(programs, data, user=user, password=place.secrets["BALIE_DATABASE_PASSWORD"])
    (data / "postmaster.pid").unlink(missing_ok=True)  # only called when no postmaster of ours runs
    settings = {
        "port": place.database_port,
        "listen_addresses": HOST,
        "unix_socket_directories": "",
        "max_connections": 300,
        "timezone": "UTC",
        "log_timezone": "UTC",
        # statements and the details of errors hold names and addresses
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "fsync": "on" if place.durable else "off",
        "synchronous_commit": "on" if place.durable else "off",
        "full_page_writes": "on" if place.durable else "off",
    }
    argv = [str(programs / "postgres"), "-D", str(data)]
    for name, value in settings.items():
        argv += ["-c", f"{name}={value}"]
    return Server("postgres", argv, {"HOME": str(data)}, user=user, folder=data, stop_signal="INT")


def _postgresql_programs(data: Path) -> Path:
    """Return the folder with PostgreSQL's programs, of the version that made the data when there are data."""
    found = {
        folder.parent.name: folder
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if (folder / "initdb").exists()
    }
    if not found and (initdb := shutil.which("initdb")):
        return Path(initdb).resolve().parent
    if not found:
        raise Trouble(f"PostgreSQL is not installed. {INSTALL}")
    version_file = data / "PG_VERSION"
    if version_file.exists():
        version = version_file.read_text().strip()
        if version not in found:
            raise Trouble(
                f"The data under .local were made by PostgreSQL {version}, which is no longer installed. "
                "Install it again, or start afresh with `make reset`."
            )
        return found[version]
    return found[max(found, key=lambda version: int(version) if version.isdigit() else 0)]


def _make_cluster(programs: Path, data: Path, *, user: str | None, password: str) -> None:
    """Run initdb beside the final place and move the result there, so that a broken-off run leaves nothing half."""
    draft = data.with_name("data.new")
    shutil.rmtree(draft, ignore_errors=True)
    with tempfile.NamedTemporaryFile("w", dir=data.parent, prefix="password-") as file:
        file.write(password)
        file.flush()
        if user:
            shutil.chown(file.name, user)
        done = subprocess.run(
            [
                *(programs / "initdb", "-D", draft, "-U", DATABASE_USER, f"--pwfile={file.name}"),
                *("-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
            ],
            cwd=data.parent,
            user=user,
            group=_group_of(user),
            extra_groups=[] if user else None,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise Trouble(f"PostgreSQL could not make its data folder:\n{done.stderr.strip()}")
    draft.rename(data)


def _unprivileged(name: str) -> str | None:
    """Return the user for a server that refuses to run as root, or None when we are not root."""
    if os.geteuid() != 0:
        return None
    for candidate in (name, "nobody"):
        try:
            pwd.getpwnam(candidate)
        except KeyError:
            continue
        return candidate
    raise Trouble(f"PostgreSQL refuses to run as root and there is no user {name}. {INSTALL}")


def _group_of(user: str | None) -> int | None:
    return pwd.getpwnam(user).pw_gid if user else None


def _folder_for(user: str | None, folder: Path) -> Path:
    """Make a folder that belongs to a user; under /var/tmp, with a link, when the user cannot reach the place."""
    if folder.exists():
        return folder.resolve()
    folder.unlink(missing_ok=True)  # a link to a folder that is gone
    if user and not _may_enter(user, folder.parent):
        elsewhere = Path(tempfile.mkdtemp(prefix="balie-", dir="/var/tmp"))
        folder.symlink_to(elsewhere)
    else:
        folder.mkdir(mode=0o700)
    if user:
        shutil.chown(folder, user, _group_of(user))
    return folder.resolve()


def _may_enter(user: str, folder: Path) -> bool:
    test = subprocess.run(
        ["test", "-x", folder], user=user, group=_group_of(user), extra_groups=[], cwd="/", check=False
    )
    return test.returncode == 0


# --- RabbitMQ -----------------------------------------------------------------------------------------------------


def _prepare_rabbitmq(place: Place) -> list[Server]:
    """Return the broker and Erlang's port mapper; they run as the caller, past Debian's wrapper for its own node."""
    server = _RABBITMQ if _RABBITMQ.exists() else None
    epmd = shutil.which("epmd", path=f"{os.environ.get('PATH', '')}:/usr/bin:/usr/lib/erlang/bin")
    if server is None or epmd is None:
        raise Trouble(f"RabbitMQ is not installed. {INSTALL}")
    home = place.home / "rabbitmq"
    home.mkdir(mode=0o700, exist_ok=True)
    (home / "enabled_plugins").write_text("[].\n")
    _write_private(home / "definitions.json", json.dumps(_definitions(place), indent=1))
    (home / "rabbitmq.conf").write_text(
        f"listeners.tcp.1 = {HOST}:{place.amqp_port}\n"
        "loopback_users = none\n"
        f"load_definitions = {home / 'definitions.json'}\n"
        "log.console = true\n"
        "log.console.level = info\n"
        "log.file = false\n"
        "disk_free_limit.absolute = 200MB\n"
    )
    erlang = {
        "HOME": str(home),
        "ERL_EPMD_ADDRESS": HOST,
        "ERL_EPMD_PORT": str(place.epmd_port),
    }
    node = {
        "RABBITMQ_NODENAME": "balie@localhost",
        "RABBITMQ_DIST_PORT": str(place.distribution_port),
        "RABBITMQ_MNESIA_BASE": str(home / "data"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "enabled_plugins"),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
    }
    return [
        Server("epmd", [epmd, "-address", HOST, "-port", str(place.epmd_port)], erlang, folder=home),
        Server("rabbitmq", [str(server)], erlang | node, folder=home),
    ]


def _definitions(place: Place) -> dict[str, object]:
    """Return the user and virtual hosts that the broker makes when it starts."""
    salt = secrets.token_bytes(4)
    digest = hashlib.sha256(salt + place.secrets["BALIE_AMQP_PASSWORD"].encode()).digest()
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    return {
        "users": [
            {
                "name": "balie",
                "password_hash": base64.b64encode(salt + digest).decode(),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": "administrator",
            }
        ],
        "vhosts": [{"name": vhost} for vhost in place.vhosts],
        "permissions": [{"user": "balie", "vhost": vhost, **everything} for vhost in place.vhosts],
    }


def _write_private(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text)
