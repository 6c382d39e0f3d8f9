"""Commands that time gives: reminders, drafts that lapse, notices that expire."""

from services.civil_registry.commands.acting import let_time_act
from services.civil_registry.office import Office
from services.civil_registry.storage import records
from services.messaging.errors import Refusal
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()


def act_on_next(work: Work, office: Office) -> bool:
    """Give the command that has been due longest; return whether there was one."""
    claimed = records.claim_due_timer(work)
    if claimed is None:
        return False
    record_id, command = claimed
    try:
        let_time_act(work, office, record_id, command)
    except Refusal as refusal:
        log.warning("timer_refused", record_id=record_id, method=command, code=refusal.code)
    return True
