"""Fixtures that all tests share. `make test` starts the servers and exports their addresses."""

import itertools
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest
import structlog
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from sqlalchemy import Engine
from xdist.scheduler import LoadScopeScheduling

from services.messaging.database import engine
from tests.city import City, without_database
from tests.servers import WORKER, Servers

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


_numbers = itertools.count(1)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """Return who does which tests in a run that two processes share: the other tests go round by file."""
    return _Together(config, log)


class _Together(LoadScopeScheduling):
    """Keeps together, on one process, the tests that share a town and those that share databases and queues."""

    _KINDS: ClassVar = {"chaos": "town", "journeys": "town", "integration": "servers"}

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return self._KINDS.get(file.split("/")[1], file)


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Undo what a test did to logging: a logger must not write on to the closed output of that test."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def servers() -> Servers:
    """The addresses of real servers; without them the tests that need one fail, and never skip."""
    missing = [name for name in ("BALIE_AMQP_URL", "BALIE_DATABASE_URL", "BALIE_SECRET_KEY") if name not in os.environ]
    if missing:
        pytest.fail(f"{', '.join(missing)} not set: run the tests with `make test`, which starts the servers.")
    return Servers(database_url=os.environ["BALIE_DATABASE_URL"], amqp_url=os.environ["BALIE_AMQP_URL"])


@pytest.fixture(scope="module")
def databases(servers: Servers) -> Iterator[Callable[..., Engine]]:
    """`databases("crm")` makes a new, migrated, empty database of that service (about 0.1 s) and returns its engine.

    It goes with its module: kept longer, the modules' connections together exceed what the server has.
    """
    engines: list[Engine] = []

    def new(service: str, *, pool_size: int = 40) -> Engine:
        made = engine(servers.new_database(service, prefix=f"test{WORKER}_{next(_numbers)}_"), pool_size=pool_size)
        engines.append(made)
        return made

    yield new
    for made in engines:
        made.dispose()
        without_database(made.url)


@pytest.fixture(scope="session")
def vhosts(servers: Servers) -> Callable[[], str]:
    """`vhosts()` returns the address of an empty virtual host that no other test uses."""
    return servers.new_vhost


@pytest.fixture(scope="session")
def running_city(servers: Servers) -> Iterator[City]:
    """All processes of a town, started once for all journeys. Use `city`."""
    town = City(servers)
    try:
        town.start()
        yield town
    finally:
        town.stop()


@pytest.fixture
def city(running_city: City) -> City:
    """A whole town that is up: what an earlier test killed, paused or cut is mended first."""
    running_city.mend()
    return running_city


# --- browser ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    """Playwright, started once."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, headless, started once."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.fail("No Chromium: `make test` installs it as root (Debian: apt-get install chromium).")
    chromium = playwright_driver.chromium.launch(executable_path=program, args=list(CHROMIUM_ARGUMENTS))
    yield chromium
    chromium.close()


@pytest.fixture
def new_context(browser: Browser, city: City) -> Iterator[Callable[..., BrowserContext]]:
    """`new_context(viewport=…, timezone_id=…, java_script_enabled=False)` opens a visitor of one's own on the city."""
    contexts: list[BrowserContext] = []

    def new(**options: object) -> BrowserContext:
        settings: dict[str, object] = {
            "base_url": city.url,
            "locale": "nl-NL",
            "timezone_id": "Europe/Amsterdam",
            "viewport": {"width": 1180, "height": 900},
        }
        context = browser.new_context(**(settings | options))  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context

    yield new
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """A page of a Dutch visitor with JavaScript."""
    return new_context().new_page()


# --- telling what the processes said when a test fails --------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Add the last lines of each process's log to the report of a journey that failed."""
    report = yield
    town = getattr(item, "funcargs", {}).get("running_city")
    if report.failed and isinstance(town, City):
        report.sections.append(("what the town's processes logged during the test", town.recent_lines()))
    return report


@pytest.fixture
def mail_folder(city: City) -> Path:
    """The folder in which the city's mail catcher keeps each message."""
    return city.place.mail
