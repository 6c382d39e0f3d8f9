"""`python -m services.appointments.openings_desk COMMAND`: changes openings by hand, with a preview first.

Examples (a day for the whole day; `--from` and `--until` for a part of it):

    preview close-line stadskantoor stadskantoor-3 2026-12-03
    apply close-location stadskantoor 2026-12-03 --from 12:00 --until 17:00 --reason "fire alarm" --by "team lead"
    apply open-extra stadskantoor stadskantoor-3 2026-12-05 --from 09:00 --until 12:00 --reason busy --by "team lead"
    withdraw CHANGE-ID --by "team lead"
    affected stadskantoor
    revoke APPOINTMENT-ID --reason "nobody answers"
"""

import json
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from typing import Any

from services.appointments import queries
from services.appointments.commands import affected, opening_changes
from services.appointments.settings import SERVICE
from services.contracts import appointments as contracts
from services.contracts.base import dump, load
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions, engine
from services.messaging.errors import Malformed, Refusal
from services.messaging.log import configure
from services.messaging.settings import database_url


def act(transactions: Transactions, told: Namespace) -> dict[str, Any]:
    """Do or answer what was asked for, and return the answer as the service would give it.

    Raises: Refusal, Malformed.
    """
    if told.command == "affected":
        asked = load(contracts.ListAffected, {"location_id": told.location})
        with transactions.reading() as reading:
            return dump(contracts.AffectedVisits, queries.affected_visits(reading, **asked))
    if told.command == "preview":
        asked = load(contracts.PreviewOpeningChange, _change(told))
        with transactions.reading() as reading:
            found = opening_changes.preview_opening_change(reading, **asked)
            return dump(contracts.OpeningChangePreview, found)
    with transactions.work() as work:
        if told.command == "apply":
            asked = load(contracts.ChangeOpening, _change(told) | {"reason": told.reason, "by": told.by})
            return dump(contracts.OpeningChanged, opening_changes.change_opening(work, **asked))
        if told.command == "withdraw":
            asked = load(contracts.WithdrawChange, {"change_id": told.change, "by": told.by})
            return dump(contracts.OpeningChanged, opening_changes.withdraw_change(work, **asked))
        asked = load(contracts.RevokeVisit, {"appointment_id": told.appointment, "reason": told.reason})
        return dump(contracts.Appointment, affected.revoke_visit(work, **asked))


def read_arguments(arguments: list[str]) -> Namespace:
    """Return what was typed."""
    parser = ArgumentParser(
        prog="python -m services.appointments.openings_desk",
        description=__doc__,
        formatter_class=RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("preview", "apply"):
        change = commands.add_parser(name)
        kinds = change.add_subparsers(dest="kind", required=True)
        for kind in contracts.OPENING_CHANGE_KINDS:
            typed = kinds.add_parser(kind)
            typed.add_argument("location")
            if kind != "close-location":
                typed.add_argument("line")
            typed.add_argument("first_on")
            typed.add_argument("last_on", nargs="?")
            typed.add_argument("--from", dest="from_time")
            typed.add_argument("--until", dest="until_time")
            if name == "apply":
                typed.add_argument("--reason", required=True)
                typed.add_argument("--by", required=True)
    withdraw = commands.add_parser("withdraw")
    withdraw.add_argument("change")
    withdraw.add_argument("--by", required=True)
    commands.add_parser("affected").add_argument("location")
    revoke = commands.add_parser("revoke")
    revoke.add_argument("appointment")
    revoke.add_argument("--reason", required=True)
    return parser.parse_args(arguments)


def _change(told: Namespace) -> dict[str, Any]:
    return {
        "kind": told.kind,
        "location_id": told.location,
        "line_id": getattr(told, "line", None),
        "first_on": told.first_on,
        "last_on": told.last_on,
        "from_time": told.from_time,
        "until_time": told.until_time,
    }


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
    configure(service=SERVICE, process="openings-desk", level="warning")
    main(sys.argv[1:])
