"""How often one member of staff may ask: counted per person, since a whole town hall comes from one network."""

from gateway.limits import Allowance, client_prefix
from gateway.login.actor import current_session

READS = "300 per minute"
WRITES = "60 per minute"


def _who() -> str:
    """Return who is counted: a member of staff by his id, a stranger by his network."""
    session = current_session()
    return f"staff:{session.subject}" if session is not None and session.kind == "staff" else client_prefix()


desk_reads = Allowance("desk-reads", lambda: READS, key=_who)
"""For looking at pages of the desk."""

desk_writes = Allowance("desk-writes", lambda: WRITES, key=_who)
"""For everything on the desk that changes something, and for searches."""
