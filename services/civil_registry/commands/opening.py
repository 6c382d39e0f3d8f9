"""How a command gets the record that it is about."""

from uuid import UUID

from services.civil_registry.domain.actor import Actor
from services.civil_registry.domain.errors import RecordUnknown
from services.civil_registry.domain.record import Record
from services.civil_registry.domain.visibility import may_see
from services.civil_registry.office import Office
from services.civil_registry.storage import records
from services.messaging.work import Work


def locked_record(work: Work, office: Office, record_id: UUID, who: Actor) -> Record:
    """Return a record that this actor may act on; nobody else changes it before this work ends.

    Raises: RecordUnknown (also when it is not his).
    """
    found = records.lock(work, office.secrets, record_id)
    if found is None or not may_see(found, who, office.owner(who)):
        raise RecordUnknown
    return found
