"""What stands between a declaration and declaring it online, told before anybody has typed much."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason. `code` is that of a refusal or warning; `text` is a key of `contracts.civil_registry.OBSTACLES`."""

    code: str
    text: str
    to_counter: bool = True
    """The declaration can be made at our own counter."""
    blocks: bool = True
    """False: a warning, the declaration can go on."""
    facts: Mapping[str, str] = field(default_factory=dict)


def texts_of_blocking(obstacles: Iterable[Obstacle]) -> list[str]:
    """Return the text keys of what cannot go on online."""
    return [obstacle.text for obstacle in obstacles if obstacle.blocks]
