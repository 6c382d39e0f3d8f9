"""`make bench`, `make bench T=booking`, `make bench LONG=1`: prints what was measured, as ratios within one run."""

import time
from collections.abc import Callable

import click

from services.messaging import log
from tests.bench import booking, contention, history, policies, relay, rush, scaling, search

TABLES: dict[str, Callable[..., None]] = {
    "booking": booking.main,
    "contention": contention.main,
    "search": search.main,
    "history": history.main,
    "rush": rush.main,
    "relay": relay.main,
    "policies": lambda **_: policies.main(),  # the same year whether long or not
    "scaling": lambda **_: scaling.main(),
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(TABLES)))
@click.option("--long", is_flag=True, help="More and longer rounds, and more history.")
def main(names: tuple[str, ...], *, long: bool) -> None:
    """Print the named tables, or all."""
    log.configure(service="bench", process="bench", level="error")
    for name in names or TABLES:
        began = time.monotonic()
        TABLES[name](long=long)
        print(f"  ({name}: {time.monotonic() - began:.0f} s)\n", flush=True)


if __name__ == "__main__":
    main()
