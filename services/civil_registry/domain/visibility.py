"""Who may see and act on a record: its owner, the partners of a marriage, and staff."""

from services.civil_registry.domain.actor import STAFF, Actor, Role
from services.civil_registry.domain.record import Kind, Record, Status


def may_see(record: Record, actor: Actor, owner: str) -> bool:
    """Say whether an actor, who as an owner is called `owner`, may see a record."""
    if actor.may(frozenset({Role.SYSTEM}) | STAFF) or record.owner == owner:
        return True
    return _is_partner(record, actor)


def _is_partner(record: Record, actor: Actor) -> bool:
    if record.kind is not Kind.MARRIAGE or actor.bsn is None:
        return False
    if actor.bsn == record.parties.get("partner_1"):
        return True
    return actor.bsn == record.parties.get("partner_2") and was_invited(record)


def was_invited(record: Record) -> bool:
    """Say whether the second partner knows of a notice: he was asked to confirm it, and has not declined."""
    return record.status is not Status.DRAFT and bool(record.extra.get("invited_at"))


def asks(record: Record, actor: Actor) -> bool:
    """Say whether a notice waits for this very person, who is its second partner, to confirm it."""
    return (
        record.status is Status.AWAITING_PARTNER
        and actor.bsn is not None
        and actor.bsn == record.parties.get("partner_2")
    )
