"""Files from people are judged in a process that can do nothing else, and by a virus scanner when there is one."""

import os
import socket
import struct
import subprocess
import sys
import threading
from contextlib import suppress

import pikepdf
import pytest

from deploy.local.place import ROOT
from services.filing import examiner
from services.filing.accepting import Examiner
from services.filing.refusals import FileDamaged, FileEncrypted, FileInfected, FileRefused, FileTooLarge
from services.filing.scanning import Scanner
from tests import filing_samples as samples

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture
def accepting():
    return Examiner(largest_bytes=500_000, scanner=Scanner(""))


def test_a_good_file_comes_out_with_its_kind_and_a_safe_name(accepting):
    content = samples.pdf()
    accepted = accepting.accept(content, "C:\\fotos\\Verklaring.jpg")
    assert (accepted.media_type, accepted.name, accepted.scan) == ("application/pdf", "Verklaring.pdf", "not-scanned")
    assert accepted.content == content


def test_a_photo_comes_out_drawn_anew(accepting):
    accepted = accepting.accept(samples.jpeg(), "foto.png")
    assert (accepted.media_type, accepted.name) == ("image/jpeg", "foto.jpg")
    assert b"geheim" not in accepted.content


def test_the_reason_of_a_refusal_comes_out_of_the_process_too(accepting):
    with pytest.raises(FileEncrypted):
        accepting.accept(samples.pdf(encryption=pikepdf.Encryption(user="", owner="o")), "a.pdf")


def test_more_bytes_than_allowed_are_not_even_looked_at(accepting):
    with pytest.raises(FileTooLarge):
        accepting.accept(b"x" * 500_001, "a.pdf")


def test_a_file_that_unpacks_to_gigabytes_harms_nobody(accepting):
    bomb = samples.pdf_bomb(megabytes=2500)
    large = Examiner(largest_bytes=len(bomb), scanner=Scanner(""))
    with suppress(FileRefused):
        large.accept(bomb, "a.pdf")
    assert accepting.accept(samples.pdf(), "a.pdf").media_type == "application/pdf"


def test_an_examiner_that_dies_refuses_only_that_file(accepting, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(FileDamaged):
        accepting.accept(samples.pdf(), "a.pdf")


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/passwd')",
        "__import__('socket').create_connection(('127.0.0.1', 9))",
        "__import__('subprocess').run(['true'])",
        "bytearray(2_000_000_000)",
        "__import__('os').environ['BALIE_SECRET_KEY']",
    ],
)
def test_the_examiner_can_open_nothing_start_nothing_and_knows_no_secret(attempt):
    code = f"from services.filing import examiner; examiner.shut_in(); {attempt}"
    bare = {"PYTHONPATH": str(ROOT)}
    told = subprocess.run([sys.executable, "-c", code], env=bare, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode != 0
    assert any(name in told.stderr for name in ("OSError", "MemoryError", "KeyError", "Too many open files")), (
        told.stderr
    )


def test_the_examiner_is_started_without_our_settings(accepting, monkeypatch):
    seen = []
    run = subprocess.run

    def watched(*args, **kwargs):
        seen.append(kwargs["env"])
        return run(*args, **kwargs)

    monkeypatch.setenv("BALIE_SECRET_KEY", "k" * 40)
    monkeypatch.setattr(subprocess, "run", watched)
    accepting.accept(samples.pdf(), "a.pdf")
    assert not any(name.startswith("BALIE") for name in seen[0])
    assert examiner.MEMORY_BYTES < 2_000_000_000


# --- the scanner: a stand-in that speaks clamd's protocol


class Clamd:
    """Answers one INSTREAM after the other; `answer` None: it hangs up."""

    def __init__(self):
        self.answer = None
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            with line, line.makefile("rb") as said:
                if said.read(10) != b"zINSTREAM\0" or self.answer is None:
                    continue
                content = b""
                while length := struct.unpack("!L", said.read(4))[0]:
                    content += said.read(length)
                found = b"stream: Eicar-Test FOUND\0" if EICAR in content else self.answer
                line.sendall(found)

    def close(self):
        self._door.close()


@pytest.fixture
def clamd():
    stand_in = Clamd()
    yield stand_in
    stand_in.close()


def test_a_scanned_file_is_marked_clean(clamd):
    clamd.answer = b"stream: OK\0"
    scanner = Scanner(clamd.address)
    assert scanner.scan(b"x" * 200_000) == "clean"
    assert Examiner(largest_bytes=10**6, scanner=scanner).accept(samples.pdf(), "a.pdf").scan == "clean"


def test_a_file_with_a_virus_is_refused(clamd):
    clamd.answer = b"stream: OK\0"
    assert Scanner(clamd.address).scan(b"x" * 70_000 + EICAR) == "infected"
    infected = samples.written_by_hand(b"<</Length %d>>stream\n%b\nendstream" % (len(EICAR), EICAR))
    with pytest.raises(FileInfected):
        Examiner(largest_bytes=10**6, scanner=Scanner(clamd.address)).accept(infected, "a.pdf")


@pytest.mark.parametrize("answer", [None, b"", b"INSTREAM size limit exceeded. ERROR\0", b"\xff\0"])
def test_a_scanner_without_a_verdict_keeps_nobody_waiting_for_his_term(clamd, answer):
    clamd.answer = answer
    accepted = Examiner(largest_bytes=10**6, scanner=Scanner(clamd.address)).accept(samples.pdf(), "a.pdf")
    assert accepted.scan == "not-scanned"


def test_a_scanner_that_is_away_marks_the_file_and_takes_it(clamd):
    clamd.close()
    assert Scanner(clamd.address).scan(b"x") == "not-scanned"
    assert Scanner("unix:///there/is/none").scan(b"x") == "not-scanned"


def test_a_scanner_on_a_socket_of_the_machine_is_asked_too(tmp_path):
    path = str(tmp_path / "clamd.ctl")
    door = socket.socket(socket.AF_UNIX)
    door.bind(path)
    door.listen()

    def answer():
        line, _ = door.accept()
        with line:
            said = b""
            while not said.endswith(struct.pack("!L", 0)):
                said += line.recv(1000)
            line.sendall(b"stream: OK\0")

    thread = threading.Thread(target=answer)
    thread.start()
    assert Scanner(f"unix://{path}").scan(b"x") == "clean"
    thread.join()
    door.close()
    os.unlink(path)
