"""Headers, correlation, health and figures: what operators and browsers rely on."""

import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
import structlog

from gateway.api.problems import PROBLEMS
from gateway.rpc import LateClient, Services
from gateway.settings import GatewaySettings
from services.messaging import log
from services.messaging.errors import RemoteRefusal, Unavailable
from services.messaging.rpc_client import RpcFault
from services.messaging.settings import Environment, SettingsError
from tests.unit.gateway_api_double import HOLD, SECRET, FarSide, gateway
from tests.unit.test_gateway_api_answers import A_HOLD

ID = "7b1c3c1e-54c4-4d9b-9b55-0f8f4f3a2d10"
EVERYWHERE = ("/v1/products", "/v1/openapi.json", "/v1/nothing", "/nothing", "/health/live", "/metrics")


@pytest.fixture
def far_side():
    return FarSide()


@pytest.fixture
def web(far_side):
    return gateway(far_side)


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_protects_the_browser(web, path):
    headers = web.get(path).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == ("public, max-age=30" if path == "/v1/products" else "no-store")
    assert "max-age" in headers["Strict-Transport-Security"]


def test_without_tls_there_is_no_hsts(far_side):
    answer = gateway(far_side, public_url="http://127.0.0.1:8080").get("/v1/products")
    assert "Strict-Transport-Security" not in answer.headers


def test_every_answer_of_the_api_tells_its_version_and_others_do_not(web):
    for path in ("/v1/products", "/v1/openapi.json", "/v1/nothing", "/v1"):
        assert web.get(path).headers["API-Version"] == "1.0.0"
    assert "API-Version" not in web.get("/health/live").headers


def test_a_correlation_id_is_taken_over_or_made(web):
    assert web.get("/v1/products", headers={"X-Correlation-ID": ID}).headers["X-Correlation-ID"] == ID
    other_forms = (ID.replace("-", ""), f"urn:uuid:{ID}", f"{{{ID}}}", f"{ID}0")
    for given in ("", "no uuid", "'; drop table", *other_forms):
        made = web.get("/v1/products", headers={"X-Correlation-ID": given}).headers["X-Correlation-ID"]
        assert str(UUID(made)) == made
        assert made != given


@contextmanager
def our_log():
    """Log as a process does; afterwards as the tests do."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    log.configure(service="gateway", process="gateway")
    try:
        yield
    finally:
        structlog.reset_defaults()
        root.handlers[:] = handlers
        root.setLevel(level)


def test_a_request_leaves_one_log_line_without_personal_data(web, capsys):
    with our_log():
        web.get(
            "/v1/appointments/K7Q2MXD4?x=jildou@example.nl",
            headers={"Appointment-Secret": SECRET, "X-Correlation-ID": ID},
        )
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "http_request" in line]
    told = json.loads(line)
    assert told["route"] == "/v1/appointments/<reference:reference>"
    assert (told["method"], told["status"], told["correlation_id"]) == ("GET", 200, ID)
    assert told["duration_ms"] >= 0
    assert not any(word in line for word in ("K7Q2MXD4", "jildou", SECRET))


def test_the_gateway_lives_without_services_but_is_ready_only_with_them(web, far_side):
    assert web.get("/health/live").status_code == 200
    assert web.get("/health/ready").status_code == 200
    far_side.connected = False
    answer = web.get("/health/ready")
    assert (answer.status_code, answer.json["checks"]) == (503, {"rpc": False})
    assert web.get("/health/live").status_code == 200


def test_figures_count_by_route_and_never_by_address(web):
    web.get("/v1/holds/0b8f3f0e-7a54-4e0c-9a3e-0d5b3f6f5c11", headers={"Appointment-Secret": SECRET})
    web.get("/v1/0b8f3f0e-7a54-4e0c-9a3e-0d5b3f6f5c11")
    web.open("/v1/products", method="BREW")
    figures = web.get("/metrics").text
    assert 'route="/v1/holds/<uuid:holdId>"' in figures
    assert 'route="unmatched"' in figures
    assert "0b8f3f0e" not in figures
    assert "BREW" not in figures


def test_figures_are_for_our_own_network_only(web):
    assert web.get("/metrics", environ_base={"REMOTE_ADDR": "10.1.2.3"}).status_code == 200
    assert web.get("/metrics", environ_base={"REMOTE_ADDR": "8.8.8.8"}).status_code == 404


def test_every_problem_is_explained_in_both_languages():
    for code, problem in PROBLEMS.items():
        assert problem.code == code
        for language in ("nl", "en"):
            assert problem.title(language) and not problem.title(language).endswith(".")
            assert problem.cure(language).endswith(".")
        assert problem.title("nl") != problem.title("en")


SETTINGS = {
    "BALIE_AMQP_URL": "amqp://u:p@127.0.0.1:1/v",
    "BALIE_SECRET_KEY": "k" * 32,
    "BALIE_FILES": str(Path(__file__).parent),
}


def test_settings_have_careful_defaults():
    read = GatewaySettings.read(Environment(SETTINGS))
    assert (read.public_url, read.secure, read.trusted_proxies) == ("http://127.0.0.1:8080", False, 0)
    assert (read.rate_reads, read.rate_holds) == ("300 per minute", "60 per 10 minutes")
    tls = GatewaySettings.read(Environment(SETTINGS | {"BALIE_PUBLIC_URL": "https://balie.example.nl/"}))
    assert (tls.public_url, tls.secure) == ("https://balie.example.nl", True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BALIE_RATE_HOLDS", "often"),
        ("BALIE_TRUSTED_PROXIES", "all"),
        ("BALIE_PUBLIC_URL", "balie.example.nl"),
        ("BALIE_PUBLIC_URL", "https://balie.example.nl/?x=1"),
        ("BALIE_SECRET_KEY", "short"),
        ("BALIE_FILES", "/there/is/no/such/folder"),
        ("BALIE_FILE_MEGABYTES", "0"),
        ("BALIE_CLAMD", "clamd:3310"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(name, value):
    with pytest.raises(SettingsError, match=name):
        GatewaySettings.read(Environment(SETTINGS | {name: value}))


def test_a_client_that_was_closed_before_its_first_use_makes_no_connection():
    client = LateClient("amqp://u:p@127.0.0.1:1/v", name="test")
    client.close()
    with pytest.raises(Unavailable):
        client.call("appointments", "list_products", {})


@pytest.mark.parametrize(
    "fault", [RpcFault(), ValueError("hunter2"), HOLD | {"state": None}, RemoteRefusal("brand-new", "hunter2", {})]
)
def test_a_bug_is_500_tells_nothing_and_leaves_a_log_line_under_the_same_id(web, far_side, fault, capsys):
    far_side.answers["appointments.hold_slot"] = fault
    with our_log():
        answer = web.post("/v1/holds", json=A_HOLD, headers={"X-Correlation-ID": ID})
    told = capsys.readouterr().out
    assert answer.status_code == 500
    assert set(answer.json) == {"type", "title", "status", "detail", "instance"}
    assert "hunter2" not in answer.text + told
    (line,) = [json.loads(line) for line in told.splitlines() if "request_failed" in line]
    assert (line["level"], line["correlation_id"]) == ("error", ID)


def test_when_the_catalogue_was_never_read_nobody_waits_for_anothers_time_out(far_side):
    together = threading.Barrier(4)

    def away(*_, **__):
        together.wait(timeout=10)
        raise Unavailable

    far_side.call = away
    services = Services(far_side)

    def outcome(_):
        try:
            return services.products()
        except Unavailable:
            return "unavailable"

    with ThreadPoolExecutor(4) as visitors:
        assert list(visitors.map(outcome, range(4))) == ["unavailable"] * 4


def test_an_old_catalogue_is_renewed_when_its_service_is_back(far_side):
    services = Services(far_side)
    first = services.products()
    renewed = [first[0] | {"minutes": 25}]
    far_side.answers["appointments.list_products"] = Unavailable()
    services.product_list().good_until = 0
    assert services.products() == first
    far_side.answers["appointments.list_products"] = {"products": renewed}
    services.product_list().good_until = 0
    assert services.products() == renewed
