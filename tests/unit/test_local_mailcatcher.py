"""The mail catcher keeps what it gets, whole."""

import os
import smtplib
import socket
import subprocess
import sys
import time

import pytest

from deploy.local.place import ROOT
from tests.mailbox import Mailbox


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def catcher(tmp_path):
    port = free_port()
    variables = {"BALIE_MAIL_FOLDER": str(tmp_path), "BALIE_SMTP_PORT": str(port), "PYTHONPATH": str(ROOT)}
    argv = [sys.executable, "-m", "deploy.local.mailcatcher"]
    with subprocess.Popen(argv, env=os.environ | variables, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        deadline = time.monotonic() + 20
        while socket.socket().connect_ex(("127.0.0.1", port)) and time.monotonic() < deadline:
            time.sleep(0.05)
        yield port, process
        process.terminate()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_mail_is_kept_with_its_envelope_and_no_address_is_logged(catcher, tmp_path):
    port, process = catcher
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        text = "From: a@town.example\r\nTo: jan@example.org\r\nSubject: =?utf-8?q?h=C3=A9?=\r\n\r\nhello\r\n"
        smtp.sendmail("a@town.example", ["Jan@example.org", "hidden@example.org"], text)
    mailbox = Mailbox(tmp_path)
    mail = mailbox.expect(to="jan@example.org", within=5)
    assert (mail["Subject"], mail.get_content().strip()) == ("hé", "hello")
    assert mailbox.messages("hidden@example.org")
    assert [file.suffix for file in tmp_path.iterdir()] == [".eml"]
    process.terminate()
    said = process.communicate(timeout=20)[0]
    assert "mail_kept" in said and "example.org" not in said
    assert process.returncode == 0
