"""How much CPU a program has used, with all its children, also those that have ended."""

import os
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> tuple[int, float] | None:
    """Return the parent of a process and its own CPU seconds with those of its ended children; None when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(fields[1]), sum(map(int, fields[11:15])) / _TICKS_PER_SECOND


def cpu_seconds(roots: Mapping[str, int]) -> dict[str, float]:
    """Return the CPU seconds, user and system, of each process (name and pid) and everything below it."""
    known = {int(entry.name): _stat(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    own = {pid: stat[1] for pid, stat in known.items() if stat is not None}
    children: dict[int, list[int]] = defaultdict(list)
    for pid, stat in known.items():
        if stat is not None:
            children[stat[0]].append(pid)

    def below(pid: int) -> float:
        return own.get(pid, 0.0) + sum(below(child) for child in children[pid])

    return {name: below(pid) for name, pid in roots.items()}


def used(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """Return what each program used between two looks."""
    return {name: after[name] - before[name] for name in before}


def machine_seconds() -> float:
    """Return the CPU seconds for which this machine has been busy, whoever used them."""
    user, nice, system, _, _, irq, softirq = map(int, Path("/proc/stat").read_text().split(maxsplit=8)[1:8])
    return (user + nice + system + irq + softirq) / _TICKS_PER_SECOND
