from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hasim.errors import ConfigError, NotBuiltError
from hasim.faults import parse_fault
from hasim.model import Expect, Held, Scenario, parse_scenario, render_scenario
from hasim.units import MINUTE, SECOND
from tests.model.strategies import scenarios

EXAMPLE = """\
schema = 1
title = "Founding document, test 2: the public cable of node1 is pulled"
start = { node1 = "0s", node2 = "6m5s" }
faults = ["71m18s cut node1:eth0", "80m restore node1:eth0"]
until = "85m"
[expect]                                        # optional; a missed expectation is exit 1
violated = []
holds = [{ at = "75m", group = "192.168.60.200/24/eth0", node = "node2" }]
log.node1 = ["Link node2:eth0 dead.", "NS: We are dead. :<", "node1 wants to go standby [all]"]
[pin]
"node1/boot1/io-start" = { "read eth1" = "1s", "read 192.168.60.1" = "1s" }
[change]
ha_cf = { deadtime = "30" }
"""


def complaints(text: str | bytes) -> list[tuple[int | None, str]]:
    with pytest.raises(ConfigError) as caught:
        parse_scenario(text, "s.toml")
    assert {p.file for p in caught.value.problems} == {"s.toml"}
    return [(p.line, p.text) for p in caught.value.problems]


def test_every_key_of_the_example_is_read() -> None:
    scenario = parse_scenario(EXAMPLE, "s.toml", "test2")
    assert scenario == Scenario(
        name="test2",
        title="Founding document, test 2: the public cable of node1 is pulled",
        start={"node1": 0, "node2": 6 * MINUTE + 5 * SECOND},
        faults=(parse_fault("71m18s cut node1:eth0"), parse_fault("80m restore node1:eth0")),
        until=85 * MINUTE,
        expect=Expect(
            violated=(),
            holds=(Held(75 * MINUTE, "192.168.60.200/24/eth0", "node2"),),
            log={
                "node1": (
                    "Link node2:eth0 dead.",
                    "NS: We are dead. :<",
                    "node1 wants to go standby [all]",
                )
            },
        ),
        pin={"node1/boot1/io-start": {"read eth1": "1s", "read 192.168.60.1": "1s"}},
        change={"deadtime": "30"},
    )
    assert scenario.line("faults", 1) == 4
    assert scenario.line("expect", "log", "node1") == 9


def test_an_empty_file_is_a_scenario_where_nothing_happens() -> None:
    assert parse_scenario("") == Scenario()


def test_no_start_table_is_not_an_empty_start_table() -> None:
    assert parse_scenario("").start is None
    assert parse_scenario("[start]\n").start == {}


def test_numbers_and_booleans_are_fine_as_edits_of_ha_cf() -> None:
    scenario = parse_scenario("[change]\nha_cf = { deadtime = 30, warntime = 2.5, crm = false }\n")
    assert scenario.change == {"deadtime": "30", "warntime": "2.5", "crm": "off"}


def test_all_problems_are_told_at_once_each_with_its_line() -> None:
    text = """\
titel = "x"
until = "soon"
audits = ["1m", "then"]
faults = [
  "5s cut node1:eth0",
  "5s cutt node1:eth0",
  7,
]
[start]
node1 = "-5s"
[expect]
holds = [{ at = "5s", grup = "x" }]
timely = [{ node = "n", text = "x", after = "late" }]
log.node1 = "text"
[pin]
a = 5
[change]
hacf = { x = "y" }
"""
    assert complaints(text) == [
        (1, "unknown key 'titel'; did you mean 'title'?"),
        (2, "until: 'soon' is not a duration (try 30s, 1500ms, 2m30s)"),
        (3, "audits: 'then' is not a duration (try 30s, 1500ms, 2m30s)"),
        (6, "unknown verb 'cutt'; did you mean 'cut'?"),
        (7, "faults: 7 is not a text"),
        (10, "node1: '-5s' is not a duration (try 30s, 1500ms, 2m30s)"),
        (12, "unknown key 'grup' in [expect.holds.0]; did you mean 'group'?"),
        (12, "an entry of holds has no 'group' and no 'node'"),
        (13, "after: 'late' is not a duration (try 30s, 1500ms, 2m30s)"),
        (13, "an entry of timely has no 'within'"),
        (14, "node1 = 'text': a list is needed"),
        (16, "a = 5: a text is needed"),
        (18, "unknown key 'hacf' in [change]; did you mean 'ha_cf'?"),
    ]


@given(scenarios)
@settings(max_examples=300)
def test_a_rendered_scenario_reads_back_as_the_same_scenario(scenario: Scenario) -> None:
    assert parse_scenario(render_scenario(scenario), name="x") == scenario


@given(scenarios)
def test_a_scenario_survives_pickling(scenario: Scenario) -> None:
    assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_a_property_that_does_not_exist_is_told_with_its_line_and_the_nearest() -> None:
    text = '[expect]\nviolated = [\n  "at-most-one-mounter",\n  "at-most-one-monter",\n]\n'
    with pytest.raises(ConfigError) as caught:
        parse_scenario(text)
    (problem,) = caught.value.problems
    assert problem.line == 4
    assert "no property 'at-most-one-monter'; did you mean 'at-most-one-mounter'" in problem.text


def test_a_fault_that_is_not_simulated_stops_the_run() -> None:
    with pytest.raises(NotBuiltError, match="cut disk web"):
        parse_scenario('faults = ["5s cut disk web"]').require_built()


def test_a_scenario_of_simulated_faults_may_run() -> None:
    text = 'faults = ["5s cut node1:eth0"]\n[expect]\nviolated = []\nlog.node1 = ["x"]\n'
    parse_scenario(text).require_built()


fragments = st.sampled_from(
    ["faults", "until", "[expect]", "holds", "log.n", "[pin]", "[change]", "ha_cf", "[start]",
     " = ", '"', "[", "]", "{", "}", "\n", ",", '"1s"', '"5s cut a:b"', "1", "-1", "1e400", "nan",
     "true", "2007-11-26", "at", "group", "node", "x", '"x"', '"""', "#", "title", "schema"]
)  # fmt: skip


@given(st.lists(fragments, max_size=30).map("".join) | st.text() | st.binary())
@settings(max_examples=400)
def test_any_content_is_a_scenario_or_a_config_error(text: str | bytes) -> None:
    found: ConfigError | None = None
    try:
        parse_scenario(text)
    except ConfigError as x:
        found = x
    assert found is None or found.problems


lines = EXAMPLE.splitlines()
values = st.sampled_from(['""', "5", "-1", "true", "[]", "{}", "[{}]", "[[]]", "nan", '"x"'])


@given(st.integers(0, len(lines) - 1), values)
def test_a_mutated_scenario_is_a_scenario_or_a_config_error(at: int, value: str) -> None:
    key, equals, _ = lines[at].partition("=")
    changed = [*lines[:at], f"{key}= {value}" if equals else "", *lines[at + 1 :]]
    found: ConfigError | None = None
    try:
        parse_scenario("\n".join(changed))
    except ConfigError as x:
        found = x
    assert found is None or found.problems
