"""`python -m services.appointments.doubts_desk COMMAND`: judges visits that may be those of somebody who died.

list
same RECORD-ID APPOINTMENT-ID --reason "birth date on the form" --by jansen    calls the visit off, without a mail
other RECORD-ID APPOINTMENT-ID --reason "called, a namesake" --by jansen       lets it stand
"""

import json
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from typing import Any

from services.appointments import commands, queries
from services.appointments.settings import SERVICE
from services.contracts import appointments as contracts
from services.contracts.base import Done, dump, load
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions, engine
from services.messaging.errors import Malformed, Refusal
from services.messaging.log import configure
from services.messaging.settings import database_url


def act(transactions: Transactions, told: Namespace) -> dict[str, Any]:
    """Do or answer what was asked for, and return the answer as the service would give it.

    Raises: Refusal, Malformed.
    """
    if told.command == "list":
        with transactions.reading() as reading:
            return dump(contracts.DoubtList, queries.doubts(reading))
    asked = load(
        contracts.SettleDoubt,
        {
            "record_id": told.record,
            "appointment_id": told.appointment,
            "same": told.command == "same",
            "reason": told.reason,
            "staff_id": told.by,
        },
    )
    with transactions.work() as work:
        return dump(Done, commands.settle_doubt(work, **asked))


def read_arguments(arguments: list[str]) -> Namespace:
    """Return what was typed."""
    parser = ArgumentParser(
        prog="python -m services.appointments.doubts_desk",
        description=__doc__,
        formatter_class=RawDescriptionHelpFormatter,
    )
    kinds = parser.add_subparsers(dest="command", required=True)
    kinds.add_parser("list")
    for verdict in ("same", "other"):
        typed = kinds.add_parser(verdict)
        typed.add_argument("record")
        typed.add_argument("appointment")
        typed.add_argument("--reason", required=True)
        typed.add_argument("--by", required=True)
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> None:
    """Do what was typed, and print the answer."""
    told = read_arguments(arguments)
    pool = engine(database_url(SERVICE), pool_size=1)
    try:
        answer = act(Transactions(pool, SystemClock(), source=SERVICE), told)
    except (Refusal, Malformed) as error:
        facts = error.facts if isinstance(error, Refusal) else error.errors
        raise SystemExit(f"Nothing was changed. {error} {facts}") from None
    finally:
        pool.dispose()
    print(json.dumps(answer, indent=2))


if __name__ == "__main__":
    configure(service=SERVICE, process="doubts-desk", level="warning")
    main(sys.argv[1:])
