"""`python -m services.civil_registry.forgotten_files`: names files that nothing points to, and moves them when told to.

A file is written before the row that points to it; when that row never came, the file is left. `--set-aside` moves
such files away, where they can be brought back from; `--throw-away` deletes those that were moved a month ago.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

import click

from services.civil_registry.settings import SERVICE, read_settings
from services.civil_registry.storage.documents import any_file_in_use, files_in_use
from services.filing.settings import FilingSettings
from services.filing.store import FileStore
from services.messaging import log
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions, engine
from services.messaging.settings import SettingsError
from services.messaging.work import Reading

UNTOUCHED = timedelta(days=7)
"""Longer than any form stays open: what is younger may still be pointed to."""
ASIDE = timedelta(days=30)
_BATCH = 500


class WrongDatabase(Exception):
    """There are files, and this database points to none: it is another town's, or empty."""


def forgotten(reading: Reading, store: FileStore, before: datetime) -> Iterator[str]:
    """Yield the files that were last written before an instant and that nothing points to."""
    ids = (file_id for file_id in store.ids() if (at := store.written_at(file_id)) is not None and at < before)
    while batch := list(islice(ids, _BATCH)):
        used = files_in_use(reading, batch)
        yield from (file_id for file_id in batch if file_id not in used)


def set_aside(reading: Reading, store: FileStore, before: datetime) -> int:
    """Move forgotten files away; return how many. One that is pointed to after all comes back at once.

    Raises: WrongDatabase.
    """
    if not any_file_in_use(reading) and next(store.ids(), None) is not None:
        raise WrongDatabase
    moved = 0
    for file_id in forgotten(reading, store, before):
        if not store.set_aside(file_id, before=before):
            continue
        if files_in_use(reading, [file_id]):
            store.bring_back(file_id)
        else:
            moved += 1
    return moved


@click.command()
@click.option("--set-aside", "moving", is_flag=True, help="Move them to the folder set-aside.")
@click.option("--throw-away", is_flag=True, help="Delete what was set aside more than 30 days ago.")
def main(moving: bool, throw_away: bool) -> None:
    """Name the files that nothing points to for more than 7 days."""
    log.configure(service=SERVICE, process="forgotten-files", level="warning")
    settings, clock = read_settings(), SystemClock()
    store = FileStore(FilingSettings.read().folder, settings.secret_key, token=clock.token)  # reads no content
    transactions = Transactions(engine(settings.database_url, pool_size=1), clock, source=SERVICE)
    with transactions.reading() as reading:
        before = reading.now - UNTOUCHED
        if throw_away:
            click.echo(f"{store.throw_away(before=reading.now - ASIDE)} files are gone for good")
        elif moving:
            click.echo(f"{_moved(reading, store, before)} files were set aside")
        else:
            names = list(forgotten(reading, store, before))
            click.echo("\n".join([*names, f"{len(names)} files that nothing points to"]))


def _moved(reading: Reading, store: FileStore, before: datetime) -> int:
    try:
        return set_aside(reading, store, before)
    except WrongDatabase:
        raise click.ClickException("This database points to no file. Is BALIE_DATABASE_URL the right one?") from None


if __name__ == "__main__":
    try:
        main()
    except SettingsError as error:
        raise SystemExit(str(error)) from None
