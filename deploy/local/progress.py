"""What a person sees while something starts: one line per step with its seconds, and for trouble the cure."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TAIL_LINES = 15


class Trouble(Exception):
    """Something stands in the way; the text says what to do."""

    def __init__(self, cure: str, *, log: Path | None = None) -> None:
        super().__init__(cure)
        self.log = log


def say(text: str) -> None:
    """Print a line for a person. Standard error, so that the output of commands stays clean."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Print what was done and how long it took, when it is done."""
    began = time.monotonic()
    if sys.stderr.isatty():
        print(f"   …     {what}", end="\r", file=sys.stderr, flush=True)
    yield
    say(f"{time.monotonic() - began:6.1f} s  {what}")


def tell_trouble(trouble: Trouble) -> None:
    """Print what is wrong, how to cure it and, when a log knows more, its last lines."""
    if trouble.log is not None and trouble.log.exists():
        lines = trouble.log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
        say(f"\nLast lines of {trouble.log}:")
        for line in lines:
            say(f"  | {line}")
    say(f"\n{trouble}")
