"""A browser at a busy moment: it does the sum by itself, under our own rules for scripts, and asks nobody else."""

import threading

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from tests.pages_double import AppointmentsDouble, StillClock
from tests.pages_visitor import make_app


@pytest.fixture
def busy_town():
    clock = StillClock()
    server = make_server("127.0.0.1", 0, make_app(AppointmentsDouble(clock), clock, challenge="always"), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


def test_the_sum_is_done_while_the_visitor_need_not_do_anything(browser: Browser, busy_town: str) -> None:
    context = browser.new_context(base_url=busy_town)
    page = context.new_page()
    asked: list[str] = []
    troubles: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.goto("/en/appointment/product?product=passport")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Stadskantoor").check()
    page.get_by_role("button", name="Continue").click()
    page.locator("input[name=time]").first.check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/en/appointment/details")
    assert any("/static/challenge.js" in url for url in asked)
    assert all(url.startswith(busy_town) for url in asked)
    assert troubles == []
    context.close()
