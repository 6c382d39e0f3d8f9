"""Where files lie and what is taken, read once at start."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from services.messaging.settings import Environment, SettingsError

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class FilingSettings:
    """`folder` is there already: a folder that is made anew could hide that a disk was not mounted.

    `largest_bytes` is of one file. `clamd` is where the virus scanner listens, empty for none.
    """

    folder: Path
    largest_bytes: int = 10 * MEGABYTE
    clamd: str = ""

    @classmethod
    def read(cls, environment: Environment | None = None) -> "FilingSettings":
        """Return the settings from the environment.

        Raises: SettingsError.
        """
        env = environment or Environment()
        folder = Path(env.text("BALIE_FILES"))
        if not folder.is_dir():
            raise SettingsError("BALIE_FILES is no folder that we can see. Make or mount it, and back it up.")
        largest = env.integer("BALIE_FILE_MEGABYTES", 10, least=1, most=50)
        return cls(folder=folder, largest_bytes=largest * MEGABYTE, clamd=_clamd(env))


def _clamd(env: Environment) -> str:
    address = env.text("BALIE_CLAMD", "")
    parts = urlsplit(address)
    if address and not (parts.scheme == "unix" and parts.path) and not (parts.scheme == "tcp" and parts.port):
        raise SettingsError("BALIE_CLAMD must look like tcp://host:3310 or unix:///run/clamav/clamd.ctl.")
    return address
