"""`python -m services.appointments.load DIRECTORY`: makes catalogue and agenda what a town's files say.

Running it again is harmless: it applies what changed and moves the horizon along. A visit is never dropped:
one that a changed opening leaves outside gets another counter, or is named here and offered another time.
"""

import sys
from datetime import timedelta
from pathlib import Path

from services.appointments.domain.draw_rules import batch_on
from services.appointments.domain.ticks import local_day
from services.appointments.openings import WEEKS_AHEAD, lay_out, lay_out_quotas
from services.appointments.queries.catalogue import TOWN_ZONE
from services.appointments.queries.undrawn import rules_by_product
from services.appointments.settings import SERVICE
from services.appointments.storage import capacity, catalogue, draws
from services.appointments.storage.consistency import Stray
from services.appointments.town import Town
from services.appointments.town_files import TownFilesError, read_town
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions, engine
from services.messaging.log import configure
from services.messaging.settings import database_url
from services.messaging.work import Work


def load(transactions: Transactions, town: Town) -> tuple[int, list[Stray]]:
    """Store what the files say and lay out the agenda; return changed counters' days, and visits left outside.

    Raises: TownFilesError (a line has become something else: visits rely on what it is; or people have asked for
    places in a draw that the files no longer know).
    """
    with transactions.work() as work:
        capacity.lock_agenda(work)
        kinds = {row.id: row.kind for row in catalogue.lines(work)}
        if changed := [row for row in town.lines if row["kind"] != kinds.get(row["id"], row["kind"])]:
            raise TownFilesError(
                [
                    f"lines.yaml: {row['id']}.kind: was {kinds[row['id']]}; give a new id to a {row['kind']}"
                    for row in changed
                ]
            )
        catalogue.put_catalogue(
            work,
            locations=town.locations,
            products=town.products,
            lines=town.lines,
            quotas=town.quotas,
            exempted=town.exempt,
            rules=town.calendar,
        )
        _check_promised_draws(work)
        # In one transaction with the catalogue: who books under a new quota must find its count.
        today = local_day(TOWN_ZONE, work.now)
        lay_out_quotas(work, today, today + timedelta(weeks=WEEKS_AHEAD))
    return lay_out(transactions)


def _check_promised_draws(work: Work) -> None:
    """Do nothing when every draw that was made known is still one of the files, on the same days.

    Raises: TownFilesError.
    """
    errors = []
    for promised in draws.open_draws(work):
        rules = rules_by_product(catalogue.edition(work), [promised.product_id]).get(promised.product_id, ())
        batch = promised.batch
        days = batch.days()
        planned = batch_on(rules, days[0], TOWN_ZONE) if days else batch
        if planned is None or planned.days() != days:
            errors.append(
                f"products.yaml: {promised.product_id}.policy.draw: people can ask for places from {batch.first_on}"
                f" to {batch.last_on} already. Keep that rule until then: give it a valid_until, and add a new one."
            )
    if errors:
        raise TownFilesError(errors)


def main(folder: Path) -> None:
    """Load a folder, and say what was done."""
    pool = engine(database_url(SERVICE), pool_size=2)
    try:
        town = read_town(folder)
        changed, strays = load(Transactions(pool, SystemClock(), source=SERVICE), town)
    except TownFilesError as error:
        raise SystemExit(f"Nothing was loaded from {folder}:\n{error}") from None
    finally:
        pool.dispose()
    print(
        f"{len(town.products)} products, {len(town.locations)} locations, {len(town.lines)} lines;"
        f" {changed} days of lines laid out."
    )
    if strays:
        print(
            f"Warning: {len(strays)} visits lie outside the openings. None was dropped; each is offered another time:"
        )
        for stray in strays:
            print(f"  {stray.on} at {stray.line_id}: appointment {stray.appointment_id}")


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004
        raise SystemExit("Usage: python -m services.appointments.load DIRECTORY")
    configure(service=SERVICE, process="load", level="warning")
    main(Path(sys.argv[1]))
