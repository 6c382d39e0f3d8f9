"""Where one private installation lives: its folder, its ports, its secrets. `make up` has one, `make test` another."""

import hashlib
import os
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Site:
    """Ports lie at fixed distances from `base_port`; everything listens on the loopback address only."""

    folder: Path
    base_port: int
    gateway_port: int

    @property
    def postgres_port(self) -> int:
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
    def mail_folder(self) -> Path:
        return self.folder / "mail"

    @property
    def logs(self) -> Path:
        return self.folder / "log"

    @property
    def socket(self) -> Path:
        """The supervisor's control socket: in a short path, since the kernel allows 107 bytes."""
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"balie-{os.getuid()}-{digest}" / "supervisor.sock"

    def make_folders(self) -> None:
        """Make the folders that the processes write to."""
        for folder in (self.folder, self.mail_folder, self.logs, self.socket.parent):
            folder.mkdir(parents=True, exist_ok=True)
        self.socket.parent.chmod(0o700)

    def secrets(self) -> dict[str, str]:
        """Return the generated passwords and keys of this site; made once, kept in `secrets.env` (mode 600)."""
        file = self.folder / "secrets.env"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(
                "".join(f"{name}={secrets.token_urlsafe(32)}\n" for name in ("POSTGRES", "AMQP", "COOKIE", "KEY"))
            )
        return dict(line.split("=", 1) for line in file.read_text().splitlines() if "=" in line)


def site_for_up() -> Site:
    """Return the installation of `make up`."""
    return Site(
        folder=ROOT / ".local",
        base_port=int(os.environ.get("BALIE_BASE_PORT", "18000")),
        gateway_port=int(os.environ.get("BALIE_PORT", "8080")),
    )


def site_for_tests() -> Site:
    """Return the installation of `make test`, which may run beside the other."""
    base = int(os.environ.get("BALIE_TEST_BASE_PORT", "18500"))
    return Site(folder=ROOT / ".local" / "test", base_port=base, gateway_port=base + 80)


def server_user() -> str | None:
    """Return the user that PostgreSQL must run as: it refuses root."""
    return "postgres" if os.getuid() == 0 else None


def postgres_folder(site: Site) -> Path:
    """Return the folder of the database; outside the tree when its user may not enter the tree."""
    inside = site.folder / "postgres"
    user = server_user()
    if user is None or inside.is_symlink():
        return inside
    probe = subprocess.run(
        ["setpriv", f"--reuid={user}", "--clear-groups", "test", "-x", str(site.folder)], check=False
    )
    if probe.returncode == 0:
        return inside
    outside = Path("/var/tmp") / site.socket.parent.name
    outside.mkdir(mode=0o755, exist_ok=True)
    inside.symlink_to(outside / "postgres")
    return inside


def remove(site: Site) -> None:
    """Remove an installation with all its data."""
    data = site.folder / "postgres"
    if data.is_symlink():
        shutil.rmtree(data.resolve(), ignore_errors=True)
    for name in ("postgres", "rabbitmq", "mail", "log", "secrets.env", "supervisord.conf", "supervisord.pid", "loaded"):
        path = site.folder / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
