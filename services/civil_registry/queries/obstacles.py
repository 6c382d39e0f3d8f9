"""How an obstacle is told to whoever asks whether he can declare online."""

from typing import Any

from services.civil_registry.domain.obstacles import Obstacle


def told(obstacle: Obstacle) -> dict[str, Any]:
    """Return an obstacle as `contracts.civil_registry.Obstacle` says it."""
    return {
        "code": obstacle.code,
        "text": obstacle.text,
        "redirects": obstacle.to_counter,
        "blocks": obstacle.blocks,
        "facts": dict(obstacle.facts),
    }
