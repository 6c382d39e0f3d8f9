"""The three kinds of error that processes tell each other; anything else is a bug.

`Refusal` is a state of the world, `Malformed` a message that breaks its contract, `Unavailable` a moment to wait.
Only these cross the wire, as codes and facts: never a Python path, never a stack trace.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class Refusal(Exception):
    """The rules say no, and will say no again until the world changes.

    `code` is part of the contract; the detail is one English sentence with the cure; the facts are JSON-native.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, detail: str = "", **facts: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.facts: dict[str, Any] = facts


class RemoteRefusal(Refusal):
    """A refusal by another service, with the code that it sent."""

    def __init__(self, code: str, detail: str, facts: Mapping[str, Any]) -> None:
        super().__init__(detail, **facts)
        self.code = code  # type: ignore[misc]  # the code of one answer, not of the class


class Malformed(Exception):
    """A message does not fit its contract; `errors` names every field that is wrong, at once."""

    def __init__(self, errors: Mapping[str, Any]) -> None:
        super().__init__("The message does not fit its contract.")
        self.errors = dict(errors)


class Unavailable(Exception):
    """Try again later; nothing was lost and the same Idempotency-Key is safe."""

    def __init__(self, detail: str = "Try again in a moment.", *, retry_after_seconds: int = 2) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after_seconds = retry_after_seconds


class TimedOut(Unavailable):
    """No answer before the deadline: the outcome is unknown until the same key is asked again."""


class Busy(Unavailable):
    """Too many ask at this moment: nothing was done, and it pays to come back."""

    def __init__(self, detail: str = "Too many requests at this moment.", *, retry_after_seconds: int = 2) -> None:
        super().__init__(detail, retry_after_seconds=retry_after_seconds)
