"""The operators' command: `./balie dead-letters list|show|replay|drop` and `./balie trace CORRELATION_ID`."""

import getpass
from collections.abc import Callable

import click

from services.contracts.subscriptions import SERVICES, SUBSCRIPTIONS
from services.messaging import log, trail
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions, engine
from services.messaging.dead_letter_desk import DeadLetter, Desk, NotReplayable, let_followers_go, note
from services.messaging.settings import Environment, SettingsError, database_url
from services.messaging.topology import build


def _transactions(service: str) -> Transactions:
    return Transactions(engine(database_url(service), pool_size=1), SystemClock(), source=service)


def _desk() -> Desk:
    return Desk(Environment().url("BALIE_AMQP_URL", ("amqp", "amqps")).reveal(), build(SUBSCRIPTIONS))


def _consumer_of(queue: str) -> str:
    """Return the service that reads a queue."""
    return queue.removeprefix("rpc-") if queue.startswith("rpc-") else queue.partition(".")[0]


@click.group()
def cli() -> None:
    """Look after a running Balie."""
    log.configure(service="all", process="operator", level="warning")


@cli.group("dead-letters")
def dead_letters() -> None:
    """Messages that nobody could use."""


@dead_letters.command("list")
def list_letters() -> None:
    """List the queues with dead letters, and the letters."""
    desk = _desk()
    counts = desk.counts()
    for queue, count in counts.items():
        click.echo(f"{queue:45} {count:6}")
        if count:
            with desk.opened(queue) as (_, letters):
                for letter in letters:
                    click.echo(f"    {letter.letter_id:38} {letter.reason:24} {letter.attempts}x  {letter.type}")
    click.echo(f"{sum(counts.values())} dead letters")


@dead_letters.command()
@click.argument("queue")
@click.argument("letter_id")
def show(queue: str, letter_id: str) -> None:
    """Show one letter whole."""
    with _desk().opened(queue) as (_, letters):
        for letter in _chosen(letters, letter_id, ""):
            click.echo(
                f"queue           {letter.queue}\nreason          {letter.reason}\nattempts        {letter.attempts}"
            )
            click.echo(f"correlation id  {letter.correlation_id}\n{letter.shown()}")


def _chosen(letters: list[DeadLetter], letter_id: str, reason: str) -> list[DeadLetter]:
    found = [letter for letter in letters if letter_id in ("", letter.letter_id) and reason in ("", letter.reason)]
    if not found:
        raise click.ClickException("There is no such dead letter; see `./balie dead-letters list`.")
    return found


_QUEUE = click.argument("queue")
_ID = click.option("--id", "letter_id", default="", help="Only this letter.")
_REASON = click.option("--reason", default="", help="Only letters with this reason.")
_WHY = click.option("--why", required=True, help="Why; kept with your name.")
_DRY = click.option("--dry-run", is_flag=True, help="Only say what would be done.")


@dead_letters.command()
@_QUEUE
@_ID
@_REASON
@_WHY
@_DRY
def replay(queue: str, letter_id: str, reason: str, why: str, dry_run: bool) -> None:
    """Send letters back to their own queue, id kept."""
    desk = _desk()

    def send_back(channel: object, letter: DeadLetter) -> None:
        desk.replay(channel, letter)

    _act(desk, queue, letter_id, reason, ("replay", why, dry_run), send_back)


@dead_letters.command()
@_QUEUE
@_ID
@_REASON
@_WHY
@_DRY
def drop(queue: str, letter_id: str, reason: str, why: str, dry_run: bool) -> None:
    """Take letters away for good; later facts of the same appointment no longer wait for them."""
    desk = _desk()
    transactions = _transactions(_consumer_of(queue))

    def take_away(channel: object, letter: DeadLetter) -> None:
        let_followers_go(transactions, _consumer_of(queue), letter)
        desk.drop(channel, letter)

    _act(desk, queue, letter_id, reason, ("drop", why, dry_run), take_away)


def _act(
    desk: Desk,
    queue: str,
    letter_id: str,
    reason: str,
    plan: tuple[str, str, bool],
    do: Callable[[object, DeadLetter], None],
) -> None:
    """Do one thing to the chosen letters, each noted before it is done."""
    act, why, dry_run = plan
    if queue not in desk.queues:
        raise click.ClickException(f"Unknown queue. Known: {', '.join(desk.queues)}.")
    transactions = _transactions(_consumer_of(queue))
    with desk.opened(queue) as (channel, letters):
        for letter in _chosen(letters, letter_id, reason):
            if dry_run:
                click.echo(f"would {act} {letter.letter_id} ({letter.reason})")
                continue
            with transactions.work() as work:
                note(work, letter, act=act, operator=getpass.getuser(), why=why)
            try:
                do(channel, letter)
            except NotReplayable:
                raise click.ClickException(f"{letter.letter_id} is no event; it can only be dropped.") from None
            click.echo(f"{act}: {letter.letter_id} ({letter.reason})")


@cli.command()
@click.argument("correlation_id")
def trace(correlation_id: str) -> None:
    """Print the path of one request through services, events, retries and mails, with times (UTC)."""
    found: list[trail.Step] = []
    for service in SERVICES:
        with _transactions(service).reading() as reading:
            found.extend(trail.steps(reading, service, correlation_id))
    if not found:
        raise click.ClickException("Nothing is kept under this correlation id.")
    steps = trail.in_order(found)
    for step in steps:
        after = (step.at - steps[0].at).total_seconds()
        when = f"{step.at:%Y-%m-%d %H:%M:%S.%f}  +{after:9.3f} s"
        click.echo(f"{when}  {step.service:15} {step.kind:10} {step.what} {step.detail}")


if __name__ == "__main__":
    try:
        cli()
    except SettingsError as error:
        raise SystemExit(str(error)) from None
