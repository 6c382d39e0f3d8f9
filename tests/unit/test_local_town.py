"""What `make up` runs and where: the process list, the ports, the secrets and the supervisor's file."""

import configparser
import socket
import subprocess
import sys

import pytest
import yaml
from sqlalchemy.exc import ProgrammingError

from deploy.local import place as places
from deploy.local.commands import _removed
from deploy.local.place import ROOT, Place, fingerprint, keep_secrets, simulated_login
from deploy.local.ports import check_free, needed
from deploy.local.processes import LOAD, MIGRATE, OIDC, PROCESSES, STAND_INS, processes
from deploy.local.progress import Trouble
from deploy.local.servers import Server
from deploy.local.supervisor import _end, configuration
from services import migrate

SECRETS = {
    "BALIE_SECRET_KEY": "k" * 48,
    "BALIE_DATABASE_PASSWORD": "d" * 48,
    "BALIE_AMQP_PASSWORD": "a" * 48,
    "BALIE_BRP_API_KEY": "b" * 48,
}


def place(tmp_path, **changes):
    return Place(**({"home": tmp_path, "base_port": 18700, "port": 18780, "secrets": SECRETS} | changes))


def compose():
    return yaml.safe_load((ROOT / "deploy/compose/compose.yaml").read_text())["services"]


def test_containers_run_the_same_processes_by_the_same_commands():
    own = {name: service for name, service in compose().items() if service["image"] == "balie"}
    commands = {name: tuple(service["command"]) for name, service in own.items()}
    assert commands == {process.name: process.command for process in PROCESSES} | {"migrate": MIGRATE, "load": LOAD}


def test_containers_bring_their_own_database_and_broker():
    images = {
        name: service["image"].split(":")[0] for name, service in compose().items() if service["image"] != "balie"
    }
    assert images == {"postgres": "postgres", "rabbitmq": "rabbitmq"}


def test_what_a_person_may_set_for_a_town_reaches_the_containers():
    services = compose()
    sender = services["notifications-background"]["environment"]
    assert {"BALIE_SMTP_URL", "BALIE_MAIL_FROM", "BALIE_MAIL_REPLY_TO", "BALIE_PUBLIC_URL"} <= sender.keys()
    assert {"BALIE_MAIL_FROM", "BALIE_TRUSTED_PROXIES"} <= services["gateway"]["environment"].keys()


def test_containers_that_read_or_write_files_share_one_volume():
    sharing = {name for name, service in compose().items() if "files:/files" in service.get("volumes", [])}
    assert sharing == {"gateway", "civil_registry", "civil_registry-background"}


def test_the_databases_log_holds_no_statement_and_no_value():
    wanted = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}
    assert {f"{name}={value}" for name, value in wanted.items()} <= set(compose()["postgres"]["command"])
    source = (ROOT / "deploy/local/servers.py").read_text()
    cluster = list(yaml.safe_load_all((ROOT / "deploy/kubernetes/servers.yaml").read_text()))[1]["spec"]
    for name, value in wanted.items():
        assert f'"{name}": "{value}"' in source
        assert cluster["postgresql"]["parameters"][name] == value


def test_no_two_programs_share_a_port(tmp_path):
    town = place(tmp_path)
    purposes = list(needed(town).values())
    assert len(purposes) == len(set(purposes)) == 6 + len(PROCESSES)


def test_a_server_that_the_caller_names_is_not_started(tmp_path):
    given = {"database": "postgresql://u@db", "broker": "amqp://mq/", "mail": "smtp://mx:25", "brp": "https://brp/v2"}
    town = place(tmp_path, given_login=True, **{f"given_{what}": url for what, url in given.items()})
    assert set(needed(town).values()) == {process.name for process in processes(town)}
    assert not set(STAND_INS) & set(processes(town))
    assert town.environment()["BALIE_DATABASE_URL"] == "postgresql://u@db"


def test_the_key_of_the_stand_in_is_not_shown_to_a_real_register(tmp_path, monkeypatch):
    monkeypatch.setenv("BALIE_BRP_URL", "https://brp.example/v2")
    monkeypatch.delenv("BALIE_BRP_API_KEY", raising=False)
    town = place(tmp_path, given_brp="https://brp.example/v2").environment()
    assert town["BALIE_BRP_URL"] == "https://brp.example/v2"
    assert "BALIE_BRP_API_KEY" not in town
    own = place(tmp_path).environment()
    assert own["BALIE_BRP_URL"] == "http://127.0.0.1:18709/haalcentraal/api/brp"
    assert own["BALIE_BRP_API_KEY"] == SECRETS["BALIE_BRP_API_KEY"]


def test_the_simulated_log_in_runs_unless_there_is_a_real_one(tmp_path, monkeypatch):
    town = place(tmp_path)
    assert town.environment()["BALIE_LOGIN_STAFF_ISSUER"] == "http://127.0.0.1:18708/staff"
    assert needed(town)[18708] == "oidc"
    own = place(tmp_path, given_login=True)
    assert "BALIE_LOGIN_STAFF_ISSUER" not in own.environment()
    assert OIDC not in processes(own)
    for name, value in (("BALIE_ENVIRONMENT", "production"), ("BALIE_LOGIN_COMPANY_ISSUER", "https://e.example.nl")):
        with monkeypatch.context() as patched:
            patched.setenv(name, value)
            assert places.town().given_login
    assert not places.town().given_login


def test_the_gateway_in_containers_trusts_the_simulated_log_in_as_make_up_does():
    services = compose()
    inside, browsers = services["gateway"]["environment"], services["oidc"]["environment"]["BALIE_OIDC_URL"]
    expected = simulated_login(browsers)
    assert {name: (inside | services["oidc"]["environment"])[name] for name in expected} == expected
    for login in ("resident", "company", "staff"):
        behind = inside[f"BALIE_LOGIN_{login.upper()}_METADATA_URL"]
        assert behind == f"http://oidc:9000/{login}/.well-known/openid-configuration"
    assert services["oidc"]["ports"] == [f"{browsers.removeprefix('http://')}:9000"]


def test_reset_does_not_claim_what_stands_on_the_callers_servers(tmp_path):
    assert _removed(place(tmp_path)) == (
        "Removed the databases, queues, mails, files and logs under .local/. `make up` starts afresh."
    )
    text = _removed(place(tmp_path, given_database="postgresql://u@db", given_broker="amqp://mq/"))
    assert text.startswith("Removed the mails, files and logs under .local/.")
    assert text.endswith("Servers that you named yourself still hold their databases and queues.")


def test_a_supervisor_that_does_not_answer_is_ended():
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as started:
        _end(started)
        assert started.returncode is not None


def test_a_contact_with_a_space_is_one_argument_of_the_timeline():
    told = subprocess.run(
        ["make", "--dry-run", "timeline", "PHONE=06 1234"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert 'services.crm.timeline "06 1234"' in told.stdout


def test_the_migration_says_what_to_do_when_its_user_may_make_no_database(monkeypatch):
    def refused(*_, **__):
        raise ProgrammingError("CREATE DATABASE", {}, Exception("permission denied to create database"))

    monkeypatch.setenv("BALIE_DATABASE_URL", "postgresql://u:p@127.0.0.1:1")
    monkeypatch.setattr("services.migrate.create_engine", refused)
    monkeypatch.setattr("services.migrate.configure", lambda **_: None)
    with pytest.raises(SystemExit, match="its user must own or be able to make the database"):
        migrate.main(["crm"])


def test_a_port_that_somebody_else_uses_is_named_with_the_way_to_move(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Trouble, match=rf"{port} \(gateway\).\n.*BALIE_PORT={port + 1} before"):
            check_free(place(tmp_path, port=port, given_database="x", given_broker="x", given_mail="x", given_brp="x"))


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path):
    first = keep_secrets(tmp_path, {})
    assert keep_secrets(tmp_path, {}) == first
    assert len(set(first.values())) == 4
    assert (tmp_path / "secrets.env").stat().st_mode & 0o777 == 0o600


def test_a_given_secret_key_goes_before_the_kept_one(tmp_path):
    kept = keep_secrets(tmp_path, {})
    given = keep_secrets(tmp_path, {"BALIE_SECRET_KEY": "given" * 10})
    assert given["BALIE_SECRET_KEY"] == "given" * 10
    assert given["BALIE_AMQP_PASSWORD"] == kept["BALIE_AMQP_PASSWORD"]


def test_changed_demo_data_are_noticed(tmp_path):
    (tmp_path / "products.yaml").write_text("a: 1")
    before = fingerprint(tmp_path, "db")
    (tmp_path / "products.yaml").write_text("a: 2")
    assert fingerprint(tmp_path, "db") != before


def test_the_gateway_stops_first_and_the_servers_last(tmp_path):
    server = Server("postgres", ["/usr/bin/postgres"], {"HOME": "/somewhere with 100%"}, stop_signal="INT")
    file = configparser.RawConfigParser()
    file.read_string(configuration(place(tmp_path), [server], PROCESSES))
    priorities = {name: int(file[f"group:{name}"]["priority"]) for name in ("servers", "town", "front")}
    assert priorities["servers"] < priorities["town"] < priorities["front"]
    assert file["group:front"]["programs"] == "gateway"
    assert file["program:postgres"]["stopsignal"] == "INT"
    assert "100%%" in file["program:postgres"]["environment"]


def test_no_secret_stands_in_the_supervisors_file(tmp_path):
    text = configuration(place(tmp_path), [], PROCESSES)
    assert not [secret for secret in SECRETS.values() if secret in text]
