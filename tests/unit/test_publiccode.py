"""The description for catalogues of public code fits the publiccode.yml standard, version 0.4, and this repository."""

import re
import tomllib
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from marshmallow import RAISE, Schema, ValidationError, fields, validate

ROOT = Path(__file__).resolve().parents[2]


class _Strict(Schema):
    class Meta:
        unknown = RAISE


class _Language(_Strict):
    localisedName = fields.String()
    shortDescription = fields.String(required=True, validate=validate.Length(1, 150))
    longDescription = fields.String(required=True, validate=validate.Length(150, 10_000))
    features = fields.List(fields.String(), required=True, validate=validate.Length(min=1))


class _Audience(_Strict):
    countries = fields.List(fields.String(validate=validate.Regexp(r"[a-z]{2}\Z")))
    scope = fields.List(fields.String())


class _Legal(_Strict):
    license = fields.String(required=True)


class _Person(_Strict):
    name = fields.String(required=True)
    email = fields.Email()
    phone = fields.String()
    affiliation = fields.String()


class _Maintenance(_Strict):
    type = fields.String(required=True, validate=validate.OneOf(("internal", "contract", "community", "none")))
    contacts = fields.List(fields.Nested(_Person))


class _Localisation(_Strict):
    localisationReady = fields.Boolean(required=True)
    availableLanguages = fields.List(fields.String(), required=True, validate=validate.Length(min=1))


class _Dependency(_Strict):
    name = fields.String(required=True)
    versionMin = fields.String()


class _DependsOn(_Strict):
    open = fields.List(fields.Nested(_Dependency))


class PublicCode(_Strict):
    """The keys of the core standard that we use; those that it makes mandatory are required."""

    publiccodeYmlVersion = fields.String(required=True, validate=validate.Equal("0.4"))
    name = fields.String(required=True)
    url = fields.Url(required=True)
    releaseDate = fields.Date(required=True, format="%Y-%m-%d")
    softwareVersion = fields.String()
    platforms = fields.List(fields.String(), required=True, validate=validate.Length(min=1))
    categories = fields.List(fields.String(), required=True, validate=validate.Length(min=1))
    developmentStatus = fields.String(
        required=True, validate=validate.OneOf(("concept", "development", "beta", "stable", "obsolete"))
    )
    softwareType = fields.String(required=True, validate=validate.Equal("standalone/web"))
    intendedAudience = fields.Nested(_Audience)
    description = fields.Dict(
        keys=fields.String(validate=validate.Regexp(r"[a-z]{2}\Z")), values=fields.Nested(_Language), required=True
    )
    legal = fields.Nested(_Legal, required=True)
    maintenance = fields.Nested(_Maintenance, required=True)
    localisation = fields.Nested(_Localisation, required=True)
    dependsOn = fields.Nested(_DependsOn)


@pytest.fixture(scope="module")
def written():
    return yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))


def test_a_catalogue_can_read_the_description(written):
    PublicCode().load(written)


@pytest.mark.parametrize("key", ["name", "url", "platforms", "legal", "maintenance", "localisation", "description"])
def test_a_description_without_a_mandatory_key_is_refused(written, key):
    with pytest.raises(ValidationError):
        PublicCode().load({name: value for name, value in written.items() if name != key})


def test_who_maintains_it_is_named_when_somebody_does(written):
    maintenance = written["maintenance"]
    assert maintenance["type"] in ("none", "contract") or maintenance["contacts"]


def test_licence_and_version_are_those_of_the_project(written):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert written["legal"]["license"] == project["license"] == "EUPL-1.2"
    assert written["softwareVersion"] == project["version"]
    assert date.fromisoformat(written["releaseDate"])
    assert urlsplit(written["url"]).scheme == "https"


def test_the_licence_is_the_whole_eupl():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    articles = re.findall(r"^(\d{1,2})\. ?\S", text, re.MULTILINE)
    assert [int(number) for number in articles] == list(range(1, 16))
    assert "Appendix" in text


def test_every_dependency_has_its_reason_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8").lower()
    told = {
        name.strip()
        for row in re.findall(r"^\| ([^|]+) \|", readme, re.MULTILINE)
        for name in row.replace("`", "").split(",")
    }
    needed = {
        re.split(r"[~=<>]", line)[0].strip().lower()
        for file in (ROOT / "requirements").glob("*.in")
        for line in file.read_text().splitlines()
        if line and not line.startswith(("#", "-r"))
    }
    assert needed - told == set()
