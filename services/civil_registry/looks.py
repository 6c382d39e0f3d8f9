"""Who looked at somebody, for whoever asks (AVG art. 15): `python -m services.civil_registry.looks --bsn -`.

`--staff ID` shows at whom a staff member looked, by digest; `--verify` checks that no look was changed or taken away.
Reading the log is a look too and is written down first.
"""

import getpass
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import click

from services.civil_registry.domain.actor import Actor, Level, Role
from services.civil_registry.domain.bsn import read_bsn
from services.civil_registry.processing import purposes
from services.civil_registry.secrets import Secrets
from services.civil_registry.settings import SERVICE, read_settings, read_test_persons_allowed
from services.civil_registry.storage import looks
from services.messaging import log
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions, engine
from services.messaging.errors import Refusal
from services.messaging.settings import SettingsError
from services.messaging.work import Reading

_ZONE = ZoneInfo("Europe/Amsterdam")
_COLUMNS = {
    "nl": ("wanneer", "wie", "wat", "waarom", "toegestaan", "zaak", "kenmerk"),
    "en": ("when", "who", "what", "why", "allowed", "case", "trace"),
}
_WORDS = {
    "nl": {
        "himself": "de persoon zelf",
        "resident": "een andere inwoner",
        "staff": "medewerker",
        "system": "Balie zelf",
    }
    | {"granted": "ja", "refused": "nee"},
    "en": {"himself": "the person", "resident": "another resident", "staff": "staff", "system": "Balie itself"}
    | {"granted": "yes", "refused": "no"},
}


def looks_at(reading: Reading, secrets: Secrets, bsn: str, *, since: datetime, reader: str) -> Sequence[Any]:
    """Return who looked at a person, with this look at the log as the last one."""
    _note(reading, secrets, reader=reader, persons=[bsn])
    return looks.of_person(reading, secrets.vault.digests(bsn), since)


def looks_of(reading: Reading, secrets: Secrets, staff_id: str, *, since: datetime, reader: str) -> Sequence[Any]:
    """Return at whom a staff member looked; that somebody asked this is written down first."""
    _note(reading, secrets, reader=reader, persons=[])
    return looks.by_staff(reading, staff_id, since)


def _note(reading: Reading, secrets: Secrets, *, reader: str, persons: Sequence[str]) -> None:
    looks.note(
        reading,
        secrets,
        actor=Actor(reader, frozenset({Role.MANAGER}), Level.HIGH),
        purpose="access-request" if persons else "control",
        record_id=None,
        persons=persons,
        action="read-log",
        origin="command-line",
    )


def as_table(rows: Sequence[Any], *, themselves: Sequence[bytes], language: str) -> str:
    """Return looks as lines of text, times in the Netherlands; `themselves` are the digests of who was looked at."""
    lines = [_COLUMNS[language], *(_line(row, themselves, language) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _line(row: Any, themselves: Sequence[bytes], language: str) -> tuple[str, ...]:
    words = _WORDS[language]
    known = purposes().get(row.purpose)
    return (
        row.at.astimezone(_ZONE).strftime("%Y-%m-%d %H:%M:%S"),
        _who(row, themselves, words),
        row.object if row.person_digest is None else f"{row.object} {bytes(row.person_digest).hex()[:8]}",
        known.names[language] if known else row.purpose,
        words[row.result],
        str(row.record_id or "-"),
        row.trace_id.hex,
    )


def _who(row: Any, themselves: Sequence[bytes], words: dict[str, str]) -> str:
    if row.actor_digest is not None:
        return words["himself" if bytes(row.actor_digest) in themselves else "resident"]
    if row.actor_kind == "system":
        return words["system"]
    return f"{words.get(row.actor_kind, row.actor_kind)} {row.actor_id}"


def _verified(reading: Reading) -> str:
    """Return in words that the log is whole.

    Raises: ClickException (it is not).
    """
    verdict = looks.verify(reading)
    if verdict.broken_at is not None:
        raise click.ClickException(
            f"Look {verdict.broken_at} was changed or taken away. This is a security incident (BIO2 8.15.05)."
        )
    return f"{verdict.last_id} looks, none changed or taken away. Keep elsewhere: {verdict.last_hash.hex()}"


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), _ZONE)


@click.command()
@click.option(
    "--bsn", help="Who looked at this person? Write - to be asked for the number, so that no history keeps it."
)
@click.option("--staff", help="At whom did this staff member look?")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), default="2000-01-01", help="From this day on.")
@click.option("--language", type=click.Choice(["nl", "en"]), default="nl", help="Of the table; Dutch by default.")
@click.option("--verify", is_flag=True, help="Check that the log is whole.")
def main(bsn: str | None, staff: str | None, since: datetime, language: str, verify: bool) -> None:
    """Print who looked at somebody, or at whom somebody looked."""
    if sum((bsn is not None, staff is not None, verify)) != 1:
        raise click.UsageError("Give one of --bsn, --staff and --verify.")
    log.configure(service=SERVICE, process="looks", level="error")
    try:
        settings = read_settings()
        typed = click.prompt("BSN", hide_input=True) if bsn == "-" else bsn
        number = None if typed is None else read_bsn(typed, allow_test=read_test_persons_allowed())
    except (SettingsError, Refusal) as error:
        raise click.ClickException(str(error)) from None
    secrets = Secrets.of(settings.secret_key, settings.previous_secret_key)
    transactions = Transactions(engine(settings.database_url, pool_size=1), SystemClock(), source=SERVICE)
    begin, reader = _begin_of(since.date()), getpass.getuser()
    with transactions.reading() as reading:
        if verify:
            click.echo(_verified(reading))
        elif number is not None:
            rows = looks_at(reading, secrets, number, since=begin, reader=reader)
            click.echo(as_table(rows, themselves=secrets.vault.digests(number), language=language))
        elif staff is not None:
            rows = looks_of(reading, secrets, staff, since=begin, reader=reader)
            click.echo(as_table(rows, themselves=(), language=language))


if __name__ == "__main__":
    main()
