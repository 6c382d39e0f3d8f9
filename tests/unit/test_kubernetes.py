"""The manifests are valid for the API that they name, and run exactly the processes of the process list."""

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from deploy.local.processes import LOAD, MIGRATE, PROCESSES, STAND_INS

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "kubernetes"
KUBERNETES = "1.34"
OPERATORS = ("rabbitmq.com/", "postgresql.cnpg.io/")
DOCUMENTS: list[dict[str, Any]] = [
    document for file in sorted(FOLDER.glob("*.yaml")) for document in yaml.safe_load_all(file.read_text())
]
OWN = [document for document in DOCUMENTS if not document["apiVersion"].startswith(OPERATORS)]
DEPLOYMENTS = {
    document["metadata"]["name"]: document["spec"] for document in DOCUMENTS if document["kind"] == "Deployment"
}


@pytest.mark.parametrize("document", OWN, ids=lambda document: f"{document['kind']}-{document['metadata']['name']}")
def test_a_manifest_fits_its_schema_to_the_letter(document):
    kubernetes_validate.validate(document, KUBERNETES, strict=True)


def test_a_manifest_that_does_not_fit_is_refused():
    document = yaml.safe_load((FOLDER / "migrate.yaml").read_text())
    document["spec"]["template"]["spec"]["restart"] = "Never"
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(document, KUBERNETES, strict=True)


def test_exactly_the_processes_of_the_list_run_and_each_more_than_once():
    listed = {process.name.replace("_", "-"): process for process in PROCESSES if process not in STAND_INS}
    assert set(DEPLOYMENTS) == set(listed)
    for name, spec in DEPLOYMENTS.items():
        command = spec["template"]["spec"]["containers"][0]["command"]
        expected = list(listed[name].command)
        assert command in (expected, expected[2:])  # `python -m gunicorn` is `gunicorn`
        assert spec["replicas"] >= 2


def test_the_user_of_the_databases_may_make_them():
    cluster = next(document for document in DOCUMENTS if document["kind"] == "Cluster")
    assert cluster["spec"]["bootstrap"]["initdb"]["postInitSQL"] == ["ALTER ROLE balie CREATEDB"]


def test_who_reads_or_writes_files_shares_one_volume():
    """Each of them reads BALIE_FILES at its start."""
    sharing = {
        name
        for name, spec in DEPLOYMENTS.items()
        for volume in spec["template"]["spec"]["volumes"]
        if volume.get("persistentVolumeClaim") == {"claimName": "balie-files"}
    }
    assert sharing == {"gateway", "civil-registry", "civil-registry-background"}


def test_the_databases_are_migrated_and_the_town_is_loaded_before():
    spec = yaml.safe_load((FOLDER / "migrate.yaml").read_text())["spec"]["template"]["spec"]
    assert spec["initContainers"][0]["command"] == list(MIGRATE)
    assert spec["containers"][0]["command"] == list(LOAD)


def test_every_process_is_asked_whether_it_is_alive_and_ready_and_gets_time_to_drain():
    for spec in DEPLOYMENTS.values():
        pod = spec["template"]["spec"]
        assert pod["terminationGracePeriodSeconds"] > 30
        container = pod["containers"][0]
        assert container["readinessProbe"]["httpGet"]["path"] == "/health/ready"
        assert container["livenessProbe"]["httpGet"]["path"] == "/health/live"
