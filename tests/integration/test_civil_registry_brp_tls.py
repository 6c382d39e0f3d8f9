"""The BRP over TLS with certificates on both sides, from a plain thread and from the green threads of a service."""

import json
import ssl
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from deploy.local.place import ROOT
from services.civil_registry.outside.brp import RESIDENT, Brp
from services.civil_registry.settings import BrpSettings
from services.messaging.errors import Unavailable
from tests.certificates import Authority

AT_ONCE = 8
ANSWER = json.dumps({"type": "RaadpleegMetBurgerservicenummer", "personen": []}).encode()
SUZANNE = "999993653"
GREEN = """
from services.messaging import runtime  # as in a service: first
import sys
from pathlib import Path
import eventlet
from services.civil_registry.outside.brp import RESIDENT, Brp
from services.civil_registry.settings import BrpSettings

url, ca, certificate, key, count = sys.argv[1:]
brp = Brp(BrpSettings(url=url, ca=Path(ca), certificate=Path(certificate), certificate_key=Path(key), seconds=20))
pool = eventlet.GreenPool()
print(list(pool.imap(lambda _: brp.person("999993653", on_behalf_of=RESIDENT), range(int(count)))))
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def register(authority):
    """A server that wants to know who calls, and answers `together` callers only when all of them are there."""
    together = {"barrier": threading.Barrier(1)}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            together["barrier"].wait(timeout=30)
            self.send_response(200)
            self.send_header("Content-Length", str(len(ANSWER)))
            self.end_headers()
            self.wfile.write(ANSWER)

        def log_message(self, *_):
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 4 * AT_ONCE

        def handle_error(self, *_):
            pass

    pair = authority.pair("register")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    context.load_verify_locations(authority.certificate)
    context.verify_mode = ssl.CERT_REQUIRED
    server = Quiet(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}", together
    server.shutdown()
    server.server_close()


def test_both_sides_show_a_certificate(register, authority):
    ours = authority.pair("balie")
    settings = BrpSettings(
        url=register[0], ca=authority.certificate, certificate=ours.certificate, certificate_key=ours.key
    )
    assert Brp(settings).person(SUZANNE, on_behalf_of=RESIDENT) is None


def test_without_our_certificate_or_with_a_strangers_nobody_is_asked(register, authority, tmp_path):
    with pytest.raises(Unavailable):
        Brp(BrpSettings(url=register[0], ca=authority.certificate)).person(SUZANNE, on_behalf_of=RESIDENT)
    ours = authority.pair("balie")
    stranger = Authority(tmp_path)
    settings = BrpSettings(
        url=register[0], ca=stranger.certificate, certificate=ours.certificate, certificate_key=ours.key
    )
    with pytest.raises(Unavailable):
        Brp(settings).person(SUZANNE, on_behalf_of=RESIDENT)


def test_in_a_service_one_who_waits_for_the_register_does_not_hold_up_the_others(register, authority):
    url, together = register
    together["barrier"] = threading.Barrier(AT_ONCE)
    ours = authority.pair("balie")
    arguments = [url, authority.certificate, ours.certificate, ours.key, AT_ONCE]
    done = subprocess.run(
        [sys.executable, "-c", GREEN, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == str([None] * AT_ONCE)
