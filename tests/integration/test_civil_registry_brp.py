"""The client of the BRP on a socket: against the stand-in, and against a server that says what the test wants."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from prometheus_client import REGISTRY

from deploy.local.brp import PERSONS, make_app, serve
from deploy.local.brp_persons import read_persons
from services.civil_registry.domain.person import PartialDate
from services.civil_registry.outside.brp import MOST_AT_ONCE, RESIDENT, Brp, BrpFault
from services.civil_registry.settings import BrpSettings
from services.messaging import log
from services.messaging.errors import Unavailable
from services.messaging.settings import Secret

SUZANNE, NOBODY = "999993653", "111222333"
EMPTY = {"type": "RaadpleegMetBurgerservicenummer", "personen": []}


@pytest.fixture(scope="module")
def stand_in() -> Iterator[BrpSettings]:
    server = serve(make_app(read_persons(PERSONS), "key"), "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield BrpSettings(url=f"http://127.0.0.1:{server.server_port}/haalcentraal/api/brp", api_key=Secret("key"))
    server.shutdown()
    server.server_close()


class Scripted:
    """A server that gives the answers of a list, one after another, and remembers what it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []
        self.connections = 0


@contextmanager
def scripted(*answers):
    script = Scripted(*answers)
    never = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self):
            super().setup()
            script.connections += 1

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            script.asked.append((self.path, dict(self.headers), json.loads(body)))
            answer = script.answers.pop(0)
            if answer == "hang up":
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            if answer == "be silent":
                never.wait(20)
                self.close_connection = True
                return
            status, content, headers = (*answer, {})[:3] if isinstance(answer, tuple) else (200, answer, {})
            told = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(told))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield script, f"http://127.0.0.1:{server.server_port}"
    finally:
        never.set()
        server.shutdown()
        server.server_close()


def counted(outcome):
    return REGISTRY.get_sample_value("balie_brp_call_seconds_count", {"outcome": outcome})


# --- against the stand-in ---------------------------------------------------------------------------------------


def test_a_person_is_found_by_number(stand_in):
    person = Brp(stand_in).person(SUZANNE, on_behalf_of=RESIDENT)
    assert person is not None
    assert (person.bsn, person.name.surname, person.born) == (SUZANNE, "Moulin", PartialDate(1985, 12, 1))
    assert [partner.name.surname for partner in person.partners] == ["Beaudelaire"]


def test_of_a_number_that_the_register_does_not_know_comes_nobody(stand_in):
    assert Brp(stand_in).person(NOBODY, on_behalf_of=RESIDENT) is None


def test_several_people_come_in_one_answer(stand_in):
    found = Brp(stand_in).persons(["999980014", NOBODY, "999980002", "999980002"], on_behalf_of="clerk-1")
    assert found.keys() == {"999980002", "999980014"}
    assert found["999980002"].partners[0].bsn == "999980014"


def test_more_than_the_register_tells_at_once_is_our_fault(stand_in):
    with pytest.raises(BrpFault):
        Brp(stand_in).persons([f"99998{number:04d}" for number in range(MOST_AT_ONCE + 1)], on_behalf_of=RESIDENT)


def test_a_wrong_key_is_a_matter_for_operators_and_a_moment_to_wait_for_everybody_else(stand_in, capsys):
    log.configure(service="civil_registry", process="test")
    before = counted("refused")
    with pytest.raises(Unavailable):
        Brp(BrpSettings(url=stand_in.url, api_key=Secret("wrong"))).person(SUZANNE, on_behalf_of=RESIDENT)
    (line,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (line["event"], line["level"], line["status"]) == ("brp_refuses_us", "error", 401)
    assert counted("refused") == before + 1


# --- what is sent -----------------------------------------------------------------------------------------------


def test_the_number_is_in_the_body_only_and_who_asks_what_for_is_in_the_headers():
    with scripted(EMPTY) as (script, url):
        settings = BrpSettings(
            url=f"{url}/brp",
            api_key=Secret("key"),
            doelbinding="Aangifte",
            verwerking="Burgerzaken@Geboorte",
            oin="0000",
        )
        trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        assert Brp(settings).person(SUZANNE, on_behalf_of="clérk\r\n-1", traceparent=trace) is None
    ((path, headers, body),) = script.asked
    assert path == "/brp/personen"
    assert body["burgerservicenummer"] == [SUZANNE]
    assert SUZANNE not in json.dumps(headers)
    assert headers["X-API-KEY"] == "key"
    assert headers["x-doelbinding"] == "Aangifte"
    assert headers["x-verwerking"] == "Burgerzaken@Geboorte"
    assert headers["x-origin-oin"] == "0000"
    assert headers["x-gebruiker"] == "cl?rk??-1"
    assert headers["traceparent"] == trace
    assert headers["Content-Type"] == "application/json; charset=utf-8"


def test_what_is_not_set_is_not_sent_and_a_gateway_may_want_another_name_for_the_oin():
    with scripted(EMPTY, EMPTY) as (script, url):
        Brp(BrpSettings(url=url)).person(SUZANNE, on_behalf_of=RESIDENT)
        Brp(BrpSettings(url=url, oin="1", oin_header="x-oin", gebruiker="Balie")).person(SUZANNE, on_behalf_of=RESIDENT)
    plain, named = (headers for _, headers, _ in script.asked)
    assert not {"X-API-KEY", "x-doelbinding", "x-verwerking", "x-origin-oin", "traceparent"} & plain.keys()
    assert plain["x-gebruiker"] == "BurgerZelf"
    assert (named["x-oin"], named["x-gebruiker"]) == ("1", "Balie")


def test_one_connection_serves_many_questions():
    with scripted(*[EMPTY] * 5) as (script, url):
        brp = Brp(BrpSettings(url=url))
        for _ in range(5):
            brp.person(SUZANNE, on_behalf_of=RESIDENT)
    assert (script.connections, len(script.asked)) == (1, 5)


# --- what goes wrong --------------------------------------------------------------------------------------------


def test_a_connection_that_breaks_is_tried_once_more():
    with scripted("hang up", EMPTY) as (script, url):
        assert Brp(BrpSettings(url=url)).person(SUZANNE, on_behalf_of=RESIDENT) is None
    assert len(script.asked) == 2


def test_a_connection_that_breaks_twice_is_a_moment_to_wait():
    with scripted("hang up", "hang up", EMPTY) as (script, url), pytest.raises(Unavailable):
        Brp(BrpSettings(url=url)).person(SUZANNE, on_behalf_of=RESIDENT)
    assert len(script.asked) == 2


def test_a_silent_register_is_not_asked_again():
    before = counted("unavailable")
    with scripted("be silent", EMPTY) as (script, url), pytest.raises(Unavailable):
        Brp(BrpSettings(url=url, seconds=1)).person(SUZANNE, on_behalf_of=RESIDENT)
    assert len(script.asked) == 1
    assert counted("unavailable") == before + 1


def test_a_register_that_is_not_there_is_a_moment_to_wait():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unavailable):
        Brp(BrpSettings(url=f"http://127.0.0.1:{port}")).person(SUZANNE, on_behalf_of=RESIDENT)


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        ((503, b"maintenance"), 5),
        ((500, {"code": "serverError"}), 5),
        ((502, b""), 5),
        ((429, b"", {"Retry-After": "17"}), 17),
        ((503, b"", {"Retry-After": "86400"}), 300),
        ((503, b"", {"Retry-After": "Thu, 26 Nov 2026 08:00:00 GMT"}), 5),
        ((503, b"", {"Retry-After": "0"}), 1),
    ],
)
def test_a_register_in_trouble_is_a_moment_to_wait(answer, seconds):
    with scripted(answer) as (_, url), pytest.raises(Unavailable) as trouble:
        Brp(BrpSettings(url=url)).person(SUZANNE, on_behalf_of=RESIDENT)
    assert trouble.value.retry_after_seconds == seconds


@pytest.mark.parametrize("body", [b"<html>busy</html>", b"", b"[]", b"{", b" " * 4_000_001])
def test_an_answer_that_is_no_document_is_a_moment_to_wait(body):
    with scripted((200, body)) as (_, url), pytest.raises(Unavailable):
        Brp(BrpSettings(url=url)).person(SUZANNE, on_behalf_of=RESIDENT)


@pytest.mark.parametrize("status", [301, 307, 400, 404, 406, 415])
def test_an_answer_that_blames_us_is_a_bug_and_a_redirect_is_not_followed(status):
    before = counted("fault")
    answer = (status, {"code": "paramsValidation"}, {"Location": "/elsewhere"})
    with scripted(answer, EMPTY) as (script, url), pytest.raises(BrpFault):
        Brp(BrpSettings(url=url)).person(SUZANNE, on_behalf_of=RESIDENT)
    assert len(script.asked) == 1
    assert counted("fault") == before + 1


@pytest.mark.parametrize(
    "document",
    [
        {"type": "RaadpleegMetBurgerservicenummer"},
        {"personen": None},
        {"personen": [{"burgerservicenummer": "999980002"}]},
        {"personen": [{"naam": {}}]},
        {"personen": [{"burgerservicenummer": SUZANNE, "geboorte": {"datum": {"type": "Eeuw"}}}]},
    ],
)
def test_an_answer_about_somebody_else_or_in_another_shape_is_a_bug(document):
    with scripted(document) as (_, url), pytest.raises(BrpFault):
        Brp(BrpSettings(url=url)).person(SUZANNE, on_behalf_of=RESIDENT)


def test_what_was_wrong_with_our_question_is_logged_without_what_it_held(capsys):
    log.configure(service="civil_registry", process="test")
    params = [
        {"name": "fields[3]", "code": "fields", "reason": f"Waarde {SUZANNE} fout"},
        {"name": f"value {SUZANNE}", "code": "pattern"},
        "nonsense",
    ]
    with scripted((400, {"code": "paramsValidation", "invalidParams": params})) as (_, url), pytest.raises(BrpFault):
        Brp(BrpSettings(url=url)).person(SUZANNE, on_behalf_of=RESIDENT)
    said = capsys.readouterr().out
    line = json.loads(said)
    assert (line["event"], line["status"], line["code"], line["reason"]) == (
        "brp_request_wrong",
        400,
        "paramsValidation",
        "fields[3]:fields",
    )
    assert SUZANNE not in said


def test_nothing_that_the_register_says_is_logged(stand_in, capsys):
    log.configure(service="civil_registry", process="test", level="debug")
    Brp(stand_in).person(SUZANNE, on_behalf_of=RESIDENT)
    assert capsys.readouterr().out == ""
