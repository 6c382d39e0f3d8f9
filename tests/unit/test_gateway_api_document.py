"""The OpenAPI document keeps the NL API Design Rules; each test names its rule."""

import re
from itertools import chain

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from gateway.openapi import PUBLISHED, written_document
from tests.unit.gateway_api_double import FarSide, gateway

CAMEL = re.compile(r"^[a-z][a-z\d]*([A-Z][a-z\d]*)*$")
KEBAB_OR_VARIABLE = re.compile(r"^(/([a-z0-9]+(-[a-z0-9]+)*|\{[a-z][A-Za-z]*\}))+$")
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document():
    return gateway(FarSide()).get("/v1/openapi.json").json


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield path, method, operation, item.get("parameters", [])


def answer_of(document, answer):
    reference = answer.get("$ref")
    return document["components"]["responses"][reference.rsplit("/", 1)[1]] if reference else answer


def schemas(node):
    """Every schema in the document, wherever it stands."""
    if isinstance(node, dict):
        if "properties" in node:
            yield node
        for inner in node.values():
            yield from schemas(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from schemas(inner)


def test_it_is_valid_openapi_3_1(document):
    assert document["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_doc_openapi_contact_and_semver(document):
    assert all(document["info"]["contact"][key] for key in ("name", "email", "url"))
    assert re.fullmatch(r"\d+\.\d+\.\d+", document["info"]["version"])
    assert document["info"]["license"]["identifier"] == "EUPL-1.2"


def test_publish_openapi_without_login_for_every_origin():
    answer = gateway(FarSide()).get("/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_uri_version_and_https(document):
    assert document["servers"] == [{"url": "https://balie.example.nl/v1"}]
    assert not any(re.search(r"/v\d", path) for path in document["paths"])


def test_version_header_on_every_success_and_equal_to_the_version(document):
    for path, method, operation, _ in operations(document):
        for code, answer in operation["responses"].items():
            assert "API-Version" in answer_of(document, answer)["headers"], (path, method, code)
    assert gateway(FarSide()).get("/v1/products").headers["API-Version"] == document["info"]["version"]


def test_path_segments_kebab_case_and_no_trailing_slash(document):
    for path in document["paths"]:
        assert KEBAB_OR_VARIABLE.match(path), path


def test_query_keys_and_properties_camel_case(document):
    for path, _, operation, shared in operations(document):
        for parameter in chain(operation.get("parameters", []), shared):
            if parameter["in"] != "header":
                assert CAMEL.match(parameter["name"]), (path, parameter["name"])
    for schema in schemas(document):
        assert all(CAMEL.match(name) for name in schema["properties"]), schema


def test_date_time_formats(document):
    for schema in schemas(document):
        for name, property_ in schema["properties"].items():
            if re.search(r"(^date|Date)$", name):
                assert property_.get("format") == "date", name
            if re.search(r"At$", name):
                assert property_.get("format") == "date-time", name
            assert property_.get("format") != "time"


def test_problem_details_on_every_error(document):
    problem = document["components"]["schemas"]["ProblemDetails"]
    assert {"status", "title", "detail"} <= set(problem["required"])
    for path, method, operation, _ in operations(document):
        errors = [code for code in operation["responses"] if code[0] in "45"]
        assert errors
        assert "default" not in operation["responses"]
        for code in errors:
            content = answer_of(document, operation["responses"][code])["content"]
            assert content["application/problem+json"]["schema"]["$ref"].endswith("/ProblemDetails"), (path, method)


def test_invalid_input_400_is_declared(document):
    for path, method, operation, shared in operations(document):
        if method != "get" or operation.get("parameters") or shared:
            assert "400" in operation["responses"], (path, method)


def test_no_sensitive_uris(document):
    for _, _, operation, shared in operations(document):
        for parameter in chain(operation.get("parameters", []), shared):
            if parameter["in"] in ("query", "path"):
                assert parameter["name"] not in {"secret", "email", "phone", "name"}


def test_schema_names_are_pascal_case_and_requests_are_closed(document):
    for name, schema in document["components"]["schemas"].items():
        assert re.fullmatch(r"([A-Z][a-z]+)+", name)
        if name.endswith("Request"):
            assert schema["additionalProperties"] is False


def test_each_operation_has_an_id_of_its_own_and_a_summary(document):
    ids = [operation["operationId"] for _, _, operation, _ in operations(document)]
    assert len(ids) == len(set(ids))
    assert all(operation["summary"] for _, _, operation, _ in operations(document))


def test_every_route_of_the_api_is_described(document):
    rules = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule).removeprefix("/v1")
        for rule in gateway(FarSide()).application.url_map.iter_rules()
        if rule.rule.startswith("/v1/")
    }
    assert rules - {"/openapi.json"} == set(document["paths"])


def test_the_written_document_is_the_served_one():
    assert PUBLISHED.read_text(encoding="utf-8") == written_document(), "run: python -m gateway.openapi"
