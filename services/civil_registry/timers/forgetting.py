"""What is no longer needed is forgotten: supporting documents and what was declared; deeds stay for ever.

Source: BBS art. 23 (supporting documents 18 months after the deed), AVG art. 5 lid 1 e; `data/policy.yaml` for drafts.
"""

from services.civil_registry.office import Office
from services.civil_registry.storage import forgetting
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()

BATCH = 50


def forget_next(work: Work, office: Office) -> bool:
    """Forget the records whose time is over; return whether there may be more to do at once."""
    due = forgetting.lock_due(work, office.today(work.now), BATCH)
    for record_id in due:
        forgetting.forget(work, record_id)
    if due:
        log.info("records_forgotten", records_count=len(due))
    return len(due) == BATCH
