"""The simulated log-in as a process of its own, and people who go through it without a browser."""

import html
import os
import re
import secrets
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import requests
from flask import Flask
from werkzeug.test import TestResponse

from deploy.local.place import ROOT, simulated_login
from deploy.local.waiting import readiness_trouble
from gateway.app import create_app
from gateway.login.settings import LoginSettings
from gateway.settings import GatewaySettings
from services.messaging.settings import Environment, Secret
from tests.city import eventually
from tests.funerals_double import FuneralsDouble
from tests.pages_double import StillClock
from tests.pages_visitor import MANY, Visitor

PUBLIC_URL = "http://127.0.0.1:8080"
SUZANNE, THOMAS = "999993653", "999980014"
UNDERTAKER, COLLEAGUE, MIDWIFE, STRANGER = "99000011-1", "99000011-2", "99000033-1", "99000099-1"
PORT = int(os.environ.get("BALIE_TEST_BASE_PORT", "18500")) + 73
LONGEST_SECONDS = 10


class SimulatedLogin:
    """The process. After `restart` it has other keys, as a provider that changed them."""

    def __init__(self, log: Path, *, port: int = PORT, public_url: str = PUBLIC_URL) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._public_url = public_url
        self._log = log
        self._running: subprocess.Popen[bytes] | None = None

    def variables(self) -> dict[str, str]:
        """Return what the gateway must know of it."""
        return simulated_login(self.url)

    def start(self) -> "SimulatedLogin":
        own = {"BALIE_OIDC_URL": self.url, "BALIE_OPS_PORT": str(self.port), "BALIE_PUBLIC_URL": self._public_url}
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(
                [sys.executable, "-m", "deploy.local.oidc"], cwd=ROOT, env=os.environ | own, stdout=log, stderr=log
            )
        eventually(lambda: not readiness_trouble(f"{self.url}/health/ready"), what="the simulated log-in is up")
        return self

    def stop(self) -> None:
        if self._running is not None:
            self._running.terminate()
            self._running.wait(timeout=20)
            self._running = None

    def restart(self) -> None:
        self.stop()
        self.start()


class MovingClock(StillClock):
    """A clock that begins now and goes on when told to; its randomness is real."""

    def __init__(self) -> None:
        super().__init__(datetime.now(UTC))

    def token(self, nbytes: int) -> bytes:
        return secrets.token_bytes(nbytes)

    def goes_on(self, **by: float) -> None:
        self.at += timedelta(**by)


def make_gateway(
    variables: dict[str, str],
    clock: MovingClock,
    *,
    production: bool = False,
    public_url: str = PUBLIC_URL,
    rate_logins: str = MANY,
    secret: str = "k" * 40,
) -> Flask:
    """Return a gateway with log-in; its services are a double."""
    settings = GatewaySettings(
        amqp_url=Secret("amqp://nobody"),
        secret_key=Secret(secret),
        public_url=public_url,
        rate_reads=MANY,
        rate_writes=MANY,
        rate_logins=rate_logins,
        login=LoginSettings.read(Environment(variables), production=production),
    )
    app = create_app(settings, FuneralsDouble(clock), clock=clock)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


class Person(Visitor):
    """Somebody with one browser who logs in."""

    def sets_out(self, login: str = "resident", *, at: str = "/inloggen", **fields: str) -> str:
        """Press the button of a log-in on a page; return the address at the provider."""
        if self.goes_to(at).page.status_code == 503:
            raise AssertionError(self.text)
        self.sends(f"{'/en/log-in' if at.startswith('/en') else '/inloggen'}", follow=False, login=login, **fields)
        assert self.page.status_code == 303, self.text
        return str(self.page.headers["Location"])

    def chooses(self, there: str, who: str, *, level: str = "two-factor", fault: str = "", **more: str) -> str:
        """Press a name at the provider; return the address to come back to, without our host."""
        answer = requests.post(
            there,
            data={"who": who, "level": level, "fault": fault} | more,
            allow_redirects=False,
            timeout=LONGEST_SECONDS,
        )
        assert answer.status_code in (302, 303), answer.text
        parts = urlsplit(answer.headers["Location"])
        return f"{parts.path}?{parts.query}"

    def logs_in(self, who: str = SUZANNE, login: str = "resident", *, at: str = "/inloggen", **how: str) -> Self:
        """Log in, and be on the page that comes then."""
        self.goes_to(self.chooses(self.sets_out(login, at=at), who, **how))
        return self

    @property
    def session_id(self) -> str:
        cookie = self.client.get_cookie("balie_session")
        return cookie.value if cookie else ""

    def answer(self, path: str) -> TestResponse:
        """Return the answer to a path without following."""
        return self.goes_to(path, follow=False).page

    def fields(self, action: str, number: int = 0) -> dict[str, str]:
        """Return all hidden fields of one of the forms with an action."""
        forms = re.findall(rf'<form[^>]*action="{re.escape(action)}".*?</form>', self.source, flags=re.S)
        return {name: html.unescape(value) for name, value in _HIDDEN.findall(forms[number])}


_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
