"""Writes the OpenAPI document to `docs/openapi.json`: `python -m gateway.openapi`."""

import json
from pathlib import Path
from typing import Any, NoReturn, cast

from gateway.app import create_app
from gateway.settings import GatewaySettings
from services.messaging.settings import Secret

PUBLISHED = Path(__file__).parent.parent / "docs" / "openapi.json"
EXAMPLE_URL = "https://balie.example.nl"


class _Nobody:
    """No services are needed to describe the API."""

    connected = False

    def call(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: nothing is asked while the document is written."""
        raise NotImplementedError

    def close(self) -> None:
        """Nothing is open."""


def written_document() -> str:
    """Return the document as it stands in the repository."""
    settings = GatewaySettings(amqp_url=Secret("amqp://nobody"), secret_key=Secret("x" * 32), public_url=EXAMPLE_URL)
    document = cast(dict[str, Any], create_app(settings, _Nobody()).extensions["openapi"])
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PUBLISHED.write_text(written_document(), encoding="utf-8")
