"""What a notice of marriage or registered partnership says, as far as it is filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from services.civil_registry.domain.local_time import clock_time
from services.civil_registry.domain.record import Record

Content = Mapping[str, Any]

PARTNERS = ("partner_1", "partner_2")


@dataclass(frozen=True, slots=True)
class PartnerFacts:
    """What one partner says of himself."""

    residence: str
    no_sham: bool
    custody: bool
    guardianship: bool


@dataclass(frozen=True, slots=True)
class WitnessFacts:
    """Somebody who will be there (*getuige*)."""

    first_names: str
    surname: str
    born_on: date


@dataclass(frozen=True, slots=True)
class CeremonyFacts:
    """When and where; None: not chosen yet."""

    on: date
    at: time
    room_id: str
    officer_id: str | None


@dataclass(frozen=True, slots=True)
class MarriageFacts:
    """A notice (*melding voorgenomen huwelijk of partnerschap*)."""

    bond: str | None
    partners: Mapping[str, PartnerFacts]
    """By the path of the part: `partner_1`, `partner_2`."""
    kinship: str | None
    witnesses: tuple[WitnessFacts, ...]
    ceremony: CeremonyFacts | None

    @classmethod
    def of(cls, content: Content) -> "MarriageFacts":
        """Return the facts of a content (`contracts.civil_registry.MarriageContent`), whole or a draft."""
        return cls(
            bond=content.get("bond"),
            partners={role: _partner(content[role]) for role in PARTNERS if content.get(role)},
            kinship=content.get("kinship"),
            witnesses=tuple(map(_witness, content.get("witnesses") or ())),
            ceremony=_ceremony(content["ceremony"]) if content.get("ceremony") else None,
        )

    @property
    def with_custody(self) -> tuple[str, ...]:
        """Return who has custody of children of an earlier marriage: the court is told of the remarriage.

        Source: BW 1:48.
        """
        return tuple(role for role, partner in self.partners.items() if partner.custody)


def certified_on(record: Record) -> tuple[date, ...]:
    """Return when the certificates of capacity to marry were issued that an officer noted with a notice."""
    return tuple(date.fromisoformat(day) for day in record.extra.get("certified_on", {}).values())


def _partner(part: Content) -> PartnerFacts:
    return PartnerFacts(
        residence=part.get("residence") or "dutch",
        no_sham=part.get("no_sham") or False,
        custody=part.get("custody") or False,
        guardianship=part.get("guardianship") or False,
    )


def _witness(part: Content) -> WitnessFacts:
    return WitnessFacts(part["first_names"], part["surname"], part["born_on"])


def _ceremony(part: Content) -> CeremonyFacts:
    return CeremonyFacts(part["on"], clock_time(part["time"]), part["room_id"], part.get("officer_id"))
