"""Pages without anybody logged in: where one may come back to, who may ask for what, and what costs nothing."""

import pytest
from flask import g

from gateway.login.actor import require
from gateway.login.returning import safe_return
from gateway.security import CONTENT_SECURITY_POLICY, content_security_policy
from tests.pages_double import AppointmentsDouble, StillClock
from tests.pages_visitor import Visitor, make_app


@pytest.fixture
def app():
    clock = StillClock()
    return make_app(AppointmentsDouble(clock), clock)


@pytest.fixture
def checked(app):
    with app.test_request_context("/"):
        g.lang = "nl"
        yield safe_return


@pytest.mark.parametrize(
    "address",
    ["/mijn-zaken", "/en/my-cases", "/", "/en", "/mijn-afspraak", "/afspraak/dag-en-tijd?dag=2026-12-03"],
)
def test_our_own_pages_may_be_returned_to(checked, address):
    assert checked(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "mijn-zaken",
        "//evil.example/mijn-zaken",
        "///evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "https://evil.example/mijn-zaken",
        "http:/mijn-zaken",
        "javascript:alert(1)",
        "/mijn-zaken@evil.example",
        "/nergens",
        "/mijn-zaken/",
        "/mijn-zaken/../uitloggen",
        "/%6dijn-zaken",
        "/inloggen",
        "/inloggen/terug/resident?code=x",
        "/uitloggen",
        "/uitgelogd",
        "/problems/slot-taken",
        "/v1/products",
        "/metrics",
        "/static/balie.css",
        "//[",
        "/mijn-zaken?" + "x" * 300,
    ],
)
def test_nothing_else_may_be_returned_to(checked, address):
    assert checked(address) == ""


def test_a_query_keeps_only_the_words_of_our_pages(checked):
    assert checked("/mijn-zaken?dag=2026-12-03&next=//evil&melding=moved&locatie=a%0d%0ab#x") == (
        "/mijn-zaken?dag=2026-12-03&locatie=a%0D%0Ab"
    )


def test_line_ends_do_not_split_a_header(checked):
    assert checked("/mijn-zaken\r\nSet-Cookie: a=b") == ""
    assert checked("/mijn\n-zaken") in ("", "/mijn-zaken")


@pytest.mark.parametrize(
    "wrong", [{"kinds": ()}, {"kinds": ("mayor",)}, {"level": "sure"}, {"roles": ("boss",)}, {"roles": ("officers",)}]
)
def test_a_page_cannot_be_for_a_kind_level_or_role_that_does_not_exist(wrong):
    with pytest.raises(ValueError, match="Nobody can be"):
        require(*wrong.get("kinds", ("resident",)), **{k: v for k, v in wrong.items() if k != "kinds"})


def test_forms_may_lead_to_the_named_origins_only():
    assert "form-action 'self';" in CONTENT_SECURITY_POLICY + ";"
    assert content_security_policy(form_targets=["https://a.example"]).endswith("form-action 'self' https://a.example")


def test_where_nobody_can_log_in_pages_say_so_and_nothing_breaks(app):
    visitor = Visitor(app)
    visitor.client.set_cookie("balie_session", "x" * 43)
    assert "U kunt hier nog niet inloggen" in visitor.goes_to("/inloggen").text
    assert "Mijn zaken" not in visitor.text
    assert visitor.goes_to("/mijn-zaken").page.status_code == 401
    assert visitor.goes_to("/inloggen/terug/resident?code=x&state=y").page.status_code == 404
