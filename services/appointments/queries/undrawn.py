"""Which days nobody may book yet, because their places are given out by lot and lots have not been drawn."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from services.appointments.domain.draw_rules import Batch, DrawRule, batches_between
from services.appointments.domain.draws import DrawState
from services.appointments.queries.catalogue import TOWN_ZONE
from services.appointments.storage import catalogue, draws
from services.appointments.storage.catalogue import Edition
from services.messaging.work import Reading

_A_BATCH = timedelta(days=31)


def rules_by_product(edition: Edition, product_ids: Collection[str]) -> dict[str, Sequence[DrawRule]]:
    """Return how the days of these products are drawn; only products with such rules."""
    known = ((product.product_id, product.policy.draws) for product in edition.rules_by_id(product_ids))
    return {product_id: rules for product_id, rules in known if rules}


def awaiting_draw(
    reading: Reading, product_ids: Collection[str], first_on: date, last_on: date
) -> dict[date, datetime]:
    """Return the days between two, both included, whose draw for one of these products is still to come, and when.

    What a batch that was made known says counts, whatever the rules say today. A batch that was never made known, and
    for which it is too late now, is not drawn at all.
    """
    rules = rules_by_product(catalogue.edition(reading), product_ids)
    if not rules:
        return {}
    known = {
        (draw.product_id, draw.batch.first_on): draw
        for draw in draws.draws_between(reading, rules, first_on - _A_BATCH, last_on + _A_BATCH)
    }
    awaited: dict[date, datetime] = {}
    for product_id, of_product in rules.items():
        for planned in batches_between(of_product, first_on, last_on, TOWN_ZONE):
            draw = known.get((product_id, planned.first_on))
            batch: Batch | None
            if draw is None:
                batch = planned.begun_at(reading.now, TOWN_ZONE)
            else:
                batch = draw.batch if draw.state is DrawState.OPEN else None
            if batch is not None:
                for on in batch.days():
                    awaited[on] = max(batch.draws_at, awaited.get(on, batch.draws_at))
    return awaited
