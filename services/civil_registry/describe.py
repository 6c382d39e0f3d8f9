"""`python -m services.civil_registry.describe`: writes docs/declarations.md from the transition tables themselves."""

from collections.abc import Iterable
from pathlib import Path

from services.civil_registry.domain.machine import Guard, Machine, Transition
from services.civil_registry.domain.machines import MACHINES
from services.civil_registry.domain.record import Kind

FILE = Path(__file__).resolve().parents[2] / "docs" / "declarations.md"

_HEAD = """\
# The life of declarations, notices and permits

Made from the transition tables in `services/civil_registry/domain/` by `python -m services.civil_registry.describe`;
a test compares them. Where a command stands twice, the first row whose condition holds is taken. "Assigned" is whoever
took the record. Everybody who is not staff needs a log-in of at least the level that is named.
"""

_NAMES = {
    Kind.BIRTH: "Birth declaration (*geboorteaangifte*)",
    Kind.DEATH: "Death declaration (*overlijdensaangifte*)",
    Kind.PERMIT: "Permit to bury or cremate (*verlof tot begraven of cremeren*)",
    Kind.MARRIAGE: "Notice of marriage or partnership (*melding van voorgenomen huwelijk*)",
}


def document() -> str:
    """Return the whole document."""
    return "\n".join([_HEAD, *(_chapter(machine) for machine in MACHINES.values())])


def _chapter(machine: Machine) -> str:
    head = ("from", "command", "to", "who", "when", "rules", "event")
    rows = [_row(row) for row in machine.transitions]
    lines = [f"## {_NAMES[machine.kind]}", "", _line(head), _line("---" for _ in head), *(_line(row) for row in rows)]
    return "\n".join(lines) + "\n"


def _row(row: Transition) -> tuple[str, ...]:
    who = ", ".join(sorted(row.roles)) + (" (assigned)" if row.assigned else "")
    return (
        row.source or "–",
        f"`{row.command}`",
        row.target,
        who,
        _meaning(row.when) if row.when else "",
        "<br>".join(_meaning(guard) for guard in row.guards),
        f"`{row.event}`" if row.event else "",
    )


def _meaning(rule: Guard | object) -> str:
    words = (getattr(rule, "__doc__", None) or "").strip().splitlines()
    return words[0].replace("|", "/") if words else ""


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
