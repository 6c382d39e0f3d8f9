"""The transition table of each kind of record."""

from collections.abc import Mapping

from services.civil_registry.domain.birth import BIRTH
from services.civil_registry.domain.death import DEATH, PERMIT
from services.civil_registry.domain.machine import Machine
from services.civil_registry.domain.marriage import MARRIAGE
from services.civil_registry.domain.record import Kind

MACHINES: Mapping[Kind, Machine] = {machine.kind: machine for machine in (BIRTH, DEATH, PERMIT, MARRIAGE)}
