"""Alerts and boards name only figures that the code keeps: a renamed metric must not silence an alarm."""

import json
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY

from deploy.local.processes import PROCESSES, STAND_INS
from gateway import bursts, gates
from gateway.login import pages as login_pages
from services.appointments import figures as figures_of_appointments
from services.civil_registry import figures as figures_of_civil_registry
from services.filing import figures as figures_of_files
from services.messaging import metrics
from services.notifications import figures

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
RULES = yaml.safe_load((DEPLOY / "prometheus" / "rules.yml").read_text())["groups"][0]["rules"]
SCRAPES = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())["scrape_configs"]
BOARDS = [json.loads(path.read_text()) for path in sorted((DEPLOY / "grafana").glob("*.json"))]
PANELS = [panel for board in BOARDS for panel in board["panels"]]
EXPRESSIONS = [rule["expr"] for rule in RULES] + [target["expr"] for panel in PANELS for target in panel["targets"]]


def _known() -> set[str]:
    assert metrics.in_flight is not None and figures.messages is not None
    assert figures_of_appointments.third_next_days is not None
    assert figures_of_files.files_unreadable is not None
    assert figures_of_civil_registry.brp_call_seconds is not None
    assert bursts.found is not None and gates.turned_away is not None and login_pages.logins is not None
    names = set()
    for family in REGISTRY.collect():
        names |= {family.name, *(sample.name for sample in family.samples)}
        if family.type == "histogram":
            names |= {f"{family.name}_{ending}" for ending in ("bucket", "count", "sum")}
        if family.type == "counter":
            names.add(f"{family.name}_total")
    return names


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_figure_in_a_rule_or_panel_exists(expression):
    assert set(re.findall(r"balie_[a-z_]+", expression)) <= _known()


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_brackets_of_an_expression_match(expression):
    for left, right in ("()", "[]", "{}"):
        assert expression.count(left) == expression.count(right)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_says_what_is_the_matter_and_where_the_cure_stands(rule):
    assert rule["labels"]["severity"] in ("warning", "critical")
    file, _, anchor = rule["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^#+ (.+)$", (DEPLOY.parent / file).read_text(), re.MULTILINE)
    assert anchor in {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_a_job_that_runs_each_hour_is_given_more_than_an_hour():
    hourly = {
        job
        for file in ("services/relay.py", "services/appointments/background.py")
        for job in re.findall(
            r'Job\((?:name=)?"([a-z-]+)", (?:every_seconds=)?(?:3600|HORIZON_SECONDS)',
            (DEPLOY.parent / file).read_text(),
        )
    }
    expressions = {rule["alert"]: rule["expr"] for rule in RULES}
    assert hourly == {"sweep", "extend-horizon"}
    assert 'exported_job!~"sweep|extend-horizon"' in expressions["JobDoesNotSucceed"]
    assert 'exported_job=~"sweep|extend-horizon"' in expressions["HourlyJobDoesNotSucceed"]


@pytest.mark.parametrize(
    "figure",
    [
        "balie_third_next_days",
        "balie_planned_occupancy_ratio",
        "balie_week_occupancy_ratio",
        "balie_capacity_drift_ticks",
        "balie_week_bookings",
        "balie_second_lock_refusals_total",
        "balie_registry_digital_ratio",
        "balie_registry_digital_eligible_ratio",
        "balie_registry_digital_target_ratio",
        "balie_registry_hours_to_register",
        "balie_registry_late",
        "balie_registry_permits_in_time_ratio",
    ],
)
def test_managers_see_waits_use_drift_channels_and_declarations_on_a_board(figure):
    assert any(figure in target["expr"] for panel in PANELS for target in panel["targets"])


def test_panels_of_a_board_do_not_cover_one_another():
    for board in BOARDS:
        places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board["panels"]]
        assert len(places) == len(set(places))


def test_every_process_is_scraped():
    assert {scrape["job_name"] for scrape in SCRAPES} == {
        process.name for process in PROCESSES if process not in STAND_INS
    }
