"""Giving counters' days to a product with a long wait, or not."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.appointments import figures, queries
from services.appointments.domain.errors import ReliefDecided, ReliefUnknown
from services.appointments.domain.relief import ReliefState
from services.appointments.domain.ticks import local_day
from services.appointments.openings import lay_out_day
from services.appointments.queries import TOWN_ZONE
from services.appointments.storage import capacity, relief
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()

_DECISIONS = {"accept": ReliefState.APPLIED, "decline": ReliefState.DECLINED}


def decide_relief(work: Work, *, proposal_ids: Sequence[UUID], decision: str, staff_id: str) -> dict[str, Any]:
    """Open the proposed counters' days to the product at once, or put them aside for good.

    Deciding the same again changes nothing.

    Raises: ReliefUnknown, ReliefDecided (it was decided otherwise, or its day has come); then nothing was decided.
    """
    capacity.lock_agenda(work)  # before any row: who lays out the agenda waits in the same order
    wanted = _DECISIONS[decision]
    found = relief.lock(work, proposal_ids)
    if len(found) != len(set(proposal_ids)):
        raise ReliefUnknown
    today = local_day(TOWN_ZONE, work.now)
    for row in found:
        if row.state == wanted:
            continue
        if row.state != ReliefState.PROPOSED:
            raise ReliefDecided(state=row.state)
        if row.on <= today:
            raise ReliefDecided(state=ReliefState.EXPIRED)
        relief.decide(work, row.id, wanted, by=staff_id)
        figures.reliefs.labels(row.product_id, wanted).inc()
        log.info(
            "relief_decided", proposal_id=row.id, product=row.product_id, line=row.line_id, on=row.on, state=wanted
        )
    if wanted is ReliefState.APPLIED:
        for on in sorted({row.on for row in found}):
            lay_out_day(work, on)
    return queries.reliefs_reply(relief.by_ids(work, proposal_ids))
