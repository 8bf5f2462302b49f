from __future__ import annotations

import tomllib

import jsonschema
import pytest
from hypothesis import given

from hasim.model import Scenario, json_schema, render_scenario
from hasim.site import Site, render_site
from tests.model.strategies import scenarios
from tests.model.test_scenario import EXAMPLE as SCENARIO
from tests.site.example import EXAMPLE as SITE
from tests.site.strategies import sites

SITE_SCHEMA = jsonschema.Draft202012Validator(json_schema("site"))
SCENARIO_SCHEMA = jsonschema.Draft202012Validator(json_schema("scenario"))


def test_the_schemas_are_schemas() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema("site"))
    jsonschema.Draft202012Validator.check_schema(json_schema("scenario"))


def test_the_examples_obey_the_schemas() -> None:
    SITE_SCHEMA.validate(tomllib.loads(SITE))
    SCENARIO_SCHEMA.validate(tomllib.loads(SCENARIO))


@given(sites())
def test_every_rendered_site_obeys_the_schema(site: Site) -> None:
    SITE_SCHEMA.validate(tomllib.loads(render_site(site)))


@given(scenarios)
def test_every_rendered_scenario_obeys_the_schema(scenario: Scenario) -> None:
    SCENARIO_SCHEMA.validate(tomllib.loads(render_scenario(scenario)))


@pytest.mark.parametrize(
    "text",
    ["swich = {}", "[switch.lan]\nlatncy = '1s'", "[node.a]\nnic.eth0 = {}", "schema = 2",
     "[daemon]\nio_late = 17", "heartbeat = '1.2.5'", "[node.a]\nwatchdog = 'softdog'"],
)  # fmt: skip
def test_the_site_schema_refuses_what_the_reader_refuses(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        SITE_SCHEMA.validate(tomllib.loads(text))


@pytest.mark.parametrize(
    "text",
    ["titel = 'x'", "faults = 'x'", "[expect]\nholds = [{}]", "[pin]\na = 5", "[change]\nx = {}"],
)
def test_the_scenario_schema_refuses_what_the_reader_refuses(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        SCENARIO_SCHEMA.validate(tomllib.loads(text))
