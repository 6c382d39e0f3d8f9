"""Settings that stop a process with a cure; log lines that cannot hold a person."""

import io
import json
from typing import Any, ClassVar

import pytest

from services.messaging import log
from services.messaging.keys import derive_key
from services.messaging.settings import Environment, ProcessSettings, Secret, SettingsError

GOOD = {
    "BALIE_DATABASE_URL": "postgresql://balie:word@127.0.0.1:5432",
    "BALIE_AMQP_URL": "amqp://balie:word@127.0.0.1/balie",
    "BALIE_SECRET_KEY": "k" * 40,
}


def test_a_service_finds_its_own_database_on_the_one_server():
    settings = ProcessSettings.read("crm", Environment(GOOD | {"BALIE_DATABASE_PREFIX": "town_"}))
    assert settings.database_url.reveal() == "postgresql+psycopg2://balie:word@127.0.0.1:5432/town_crm"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BALIE_DATABASE_URL", ""),
        ("BALIE_DATABASE_URL", "mysql://x@y"),
        ("BALIE_AMQP_URL", "http://x"),
        ("BALIE_SECRET_KEY", "short"),
        ("BALIE_OPS_PORT", "many"),
        ("BALIE_OPS_PORT", "70000"),
        ("BALIE_LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_do(variable, value):
    with pytest.raises(SettingsError, match=variable):
        ProcessSettings.read("crm", Environment(GOOD | {variable: value}))


def test_a_secret_does_not_show_itself():
    settings = ProcessSettings.read("crm", Environment(GOOD))
    assert "word" not in repr(settings)
    assert "kkkk" not in repr(settings)
    assert repr(Secret("hush")) == "Secret(*****)"


def test_each_purpose_has_a_key_of_its_own():
    assert derive_key("s" * 32, "links") == derive_key("s" * 32, "links")
    assert derive_key("s" * 32, "links") != derive_key("s" * 32, "drafts")
    assert len(derive_key("s" * 32, "links")) == 32


def _lines(capsys) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_field_that_is_not_on_the_list_is_withheld(capsys):
    log.configure(service="crm", process="test")
    log.get_logger().info("customer_viewed", customer_id="7", email="jan@example.org", name="Jan")
    (line,) = _lines(capsys)
    assert line["customer_id"] == "7"
    assert line["email"] == line["name"] == "withheld"


def test_a_traceback_shows_where_and_never_with_what(capsys):
    log.configure(service="crm", process="test")
    try:
        raise ValueError("Jan Jansen lives at Hengelosestraat 51")
    except ValueError:
        log.get_logger().error("failed", exc_info=True)
    (line,) = _lines(capsys)
    assert line["error"] == "ValueError"
    assert "Jansen" not in json.dumps(line)
    assert "test_messaging_settings_and_log.py" in str(line["traceback"])


def test_the_correlation_id_stands_in_every_line(capsys):
    log.configure(service="crm", process="test")
    log.set_correlation("2c8cf5a0-95cf-4c30-a2f5-2a7d1f6e1c11")
    log.get_logger().info("started")
    (line,) = _lines(capsys)
    assert line["correlation_id"] == "2c8cf5a0-95cf-4c30-a2f5-2a7d1f6e1c11"
    log.set_correlation("")


def test_a_line_is_written_in_one_piece_so_that_threads_cannot_mix_theirs(monkeypatch):
    class Output(io.BytesIO):
        pieces: ClassVar[list[bytes]] = []

        def write(self, text: Any) -> int:
            self.pieces.append(text)
            return len(text)

    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(Output()))
    log.configure(service="crm", process="test")
    log.get_logger().info("started")
    (piece,) = Output.pieces
    assert piece.endswith(b"}\n")


@pytest.mark.parametrize("odd", ["half a pair: \ud800", 2**70, {1: "a number as a name"}])
def test_what_few_writers_of_json_can_write_is_logged_all_the_same(capsys, odd):
    log.configure(service="crm", process="test")
    log.get_logger().warning("odd", reason=odd)
    assert json.loads(capsys.readouterr().out)["event"] == "odd"
