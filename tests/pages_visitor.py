"""A visitor of the pages without a browser: keeps cookies, fills in the forms that a page really has."""

import html
import re
from pathlib import Path
from typing import Any, Self

from flask import Flask
from werkzeug.test import TestResponse

from gateway.app import create_app
from gateway.settings import GatewaySettings
from services.filing.settings import FilingSettings
from services.messaging.settings import Secret
from tests.pages_double import AppointmentsDouble, StillClock

EMAIL = "s.devries@voorbeeld.nl"
HIDDEN = (
    "csrf_token", "session_token", "login", "level", "again", "key", "day", "place", "back", "hold", "to", "reference",
    "offer", "earliest", "proposed", "product", "draw", "persons", "request",
)  # fmt: skip
BIRTH: dict[str, Any] = {"birth-day": "27", "birth-month": "3", "birth-year": "1985"}
"""Asked for some products only; a form that does not ask for it takes no notice."""
DETAILS: dict[str, Any] = {"name": "S. de Vries", "email": EMAIL, "phone": "06 12345678"} | BIRTH
MANY = "100000 per minute"
NOWHERE = Path("/nowhere")


def make_app(
    double: AppointmentsDouble,
    clock: StillClock,
    *,
    public_url: str = "http://127.0.0.1:8080",
    secret: str = "k" * 40,
    rate_holds: str = MANY,
    theme_css: str = "",
    search_seconds: int = 1,
    challenge: str = "busy",
    burst_holds: int = 40,
    burst_mails: int = 100,
    folder: Path = NOWHERE,
) -> Flask:
    """Return the gateway on a double instead of a broker."""
    settings = GatewaySettings(
        amqp_url=Secret("amqp://nobody"),
        secret_key=Secret(secret),
        public_url=public_url,
        rate_reads=MANY,
        rate_holds=rate_holds,
        rate_writes=MANY,
        rate_links=MANY,
        theme_css=theme_css,
        search_seconds=search_seconds,
        challenge=challenge,
        challenge_cost=1,
        burst_holds=burst_holds,
        burst_mails=burst_mails,
        filing=FilingSettings(folder, largest_bytes=100_000),
    )
    return create_app(settings, double, clock=clock)


def _persons(product: str, number: int) -> dict[str, Any]:
    return {f"persons-{product}": str(number)}


class Visitor:
    """Somebody with one browser. `page` is what he sees now."""

    def __init__(self, app: Flask, *, base_url: str = "http://localhost") -> None:
        self.client = app.test_client()
        self.page: TestResponse
        self._base_url = base_url

    @property
    def text(self) -> str:
        """What the page says, without tags."""
        body = self.page.get_data(as_text=True)
        body = re.sub(r"<head>.*?</head>", " ", body, flags=re.S)
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))

    @property
    def source(self) -> str:
        return self.page.get_data(as_text=True)

    @property
    def title(self) -> str:
        found = re.search(r"<title>(.*?)</title>", self.source)
        assert found
        return html.unescape(found[1])

    @property
    def path(self) -> str:
        return self.page.request.full_path.rstrip("?")

    def goes_to(self, path: str, *, follow: bool = True) -> Self:
        self.page = self.client.get(path, follow_redirects=follow, base_url=self._base_url)
        return self

    def hidden(self, name: str, *, action: str) -> str:
        """Return a hidden field of the form with an action."""
        form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', self.source, flags=re.S)
        assert form, f"no form to {action} on {self.path}: {self.text[:400]}"
        field = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', form[0])
        return html.unescape(field[1]) if field else ""

    def sends(self, action: str, *, follow: bool = True, **fields: Any) -> Self:
        """Send the form with an action, as a browser would: with its hidden fields."""
        filled = self.form(action) | fields
        self.page = self.client.post(action, data=filled, follow_redirects=follow, base_url=self._base_url)
        return self

    def form(self, action: str) -> dict[str, Any]:
        """Return the hidden fields of the form with an action, as a page that is kept open sends them."""
        kept = {name: self.hidden(name, action=action) for name in HIDDEN}
        return {name: value for name, value in kept.items() if value}

    def times(self) -> list[str]:
        """Return the times on the page, as their fields hold them."""
        return [html.unescape(value) for value in re.findall(r'name="time" value="([^"]+)"', self.source)]

    # --- the steps of a booking, in Dutch

    def until_time(self, product: str = "passport", persons: int = 1, location: str = "stadskantoor") -> Self:
        self.goes_to("/afspraak/product")
        self.sends("/afspraak/product", product=product, **_persons(product, persons))
        return self.sends("/afspraak/locatie", location=location)

    def until_details(self, **visit: Any) -> Self:
        self.until_time(**visit)
        return self.sends("/afspraak/dag-en-tijd", time=self.times()[0])

    def until_check(self, **visit: Any) -> Self:
        return self.until_details(**visit).sends("/afspraak/gegevens", **DETAILS)

    def books(self, **visit: Any) -> Self:
        return self.until_check(**visit).sends("/afspraak/controle")
