"""`python -m services.filing.check`: reads every file, and names each that is not whole. `--scan` asks clamd too.

Run it after a restore and each week; it only reads. Exit code 1 when anything is wrong.
"""

import secrets
import sys

from services.filing.scanning import INFECTED, NOT_SCANNED, Scanner
from services.filing.settings import FilingSettings
from services.filing.store import FileStore, FileUnreadable
from services.messaging import log
from services.messaging.errors import Unavailable
from services.messaging.settings import Environment, SettingsError


def check(store: FileStore, scanner: Scanner | None) -> tuple[int, list[str]]:
    """Return how many files were read, and a line for each that is broken, infected or could not be scanned."""
    number, wrong = 0, []
    for file_id in store.ids():
        number += 1
        try:
            _, content = store.get(file_id)
        except FileUnreadable as error:
            wrong.append(f"{error.reason:12} {file_id}")
            continue
        verdict = scanner.scan(content) if scanner else ""
        if verdict in (INFECTED, NOT_SCANNED):
            wrong.append(f"{verdict:12} {file_id}")
    return number, wrong


def main(arguments: list[str]) -> int:
    """Check everything; return the exit code."""
    log.configure(service="filing", process="check", level="critical")
    try:
        settings, env = FilingSettings.read(), Environment()
        store = FileStore(
            settings.folder,
            env.secret("BALIE_SECRET_KEY"),
            token=secrets.token_bytes,
            previous=env.optional_secret("BALIE_SECRET_KEY_PREVIOUS"),
        )
        number, wrong = check(store, Scanner(settings.clamd) if "--scan" in arguments else None)
    except (SettingsError, Unavailable) as error:
        print(error)
        return 2
    print("\n".join([*wrong, f"{number} files, {len(wrong)} of them not as they should be"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
