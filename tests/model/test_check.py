from __future__ import annotations

from pathlib import Path

import pytest

from hasim.faults import parse_fault
from hasim.model import Model, check_fault, check_scenario, load, parse_scenario


@pytest.fixture
def model(founding: Path) -> Model:
    return load(founding)


@pytest.mark.parametrize(
    "line",
    [
        "60s cut node1:eth0",
        "60s cut disk web",
        "60s cut stonith pdu",
        "60s isolate node2",
        "60s power-off node1",
        "60s power-off outlet1",
        "60s power-off utility",
        "60s power-off lan",
        "60s power-off 192.168.60.1",
        "60s kill node1 read:eth1",
        "60s kill node1 read:192.168.60.1",
        "60s fail Filesystem stop on node2",
        "60s slow group 192.168.60.200/24/eth0 1s on node1",
        "60s stonith pdu hang",
        "60s clock node2 +5s",
        "60s replay 5s from node1 on node2:eth0",
    ],
)
def test_names_that_exist_pass(model: Model, line: str) -> None:
    assert check_fault(parse_fault(line), model) == ()


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("60s cut node3:eth0", "no node 'node3' in this model; did you mean 'node2'?"),
        ("60s cut node1:eth7", "no cable 'node1:eth7' in this model; did you mean 'node1:eth1'?"),
        ("60s cut disk wbe", "no disk 'wbe' in this model; did you mean 'web'?"),
        ("60s cut stonith ups", "no STONITH device 'ups' in this model"),
        ("60s isolate node3", "no node 'node3' in this model; did you mean 'node2'?"),
        ("60s power-off outlet3", "no node, feed, switch or host 'outlet3' in this model; "
                                  "did you mean 'outlet2'?"),
        ("60s power-off cross", "'cross' is a cable: it has no power to lose"),
        ("60s kill node1 read:eth5", "no medium 'eth5' in this model; did you mean 'eth1'?"),
        ("60s kill node1 client:ipfial", "no client 'ipfial' in this model; "
                                         "did you mean 'ipfail'?"),
        ("60s kill node1 ccm", "no client 'ccm' in this model"),
        ("60s fail mysqld stop on node2", "no script or resource 'mysqld' in this model"),
        ("60s slow group 10.1.1.1 1s on node1", "no group '10.1.1.1' in this model"),
        ("60s stonith puds ok", "no STONITH device 'puds' in this model; did you mean 'pdu'?"),
        ("60s clock nod1 +5s", "no node 'nod1' in this model; did you mean 'node1'?"),
        ("60s replay 5s from nod1 on node1:eth0",
         "no node 'nod1' in this model; did you mean 'node1'?"),
        ("60s forge status from x on node1:eth0 generation=old", "generation='old' is no number"),
    ],
)  # fmt: skip
def test_names_that_do_not_exist_are_told_the_nearest(model: Model, line: str, text: str) -> None:
    (problem,) = check_fault(parse_fault(line), model, "s.toml", 3)
    assert (problem.file, problem.line) == ("s.toml", 3)
    assert problem.text.endswith(text)
    assert problem.remedy


@pytest.mark.parametrize(("version", "program"), [("2.0.8", "tengine"), ("3.0.6", "pengine")])
def test_a_client_counts_that_only_a_change_brings_in(
    model: Model, version: str, program: str
) -> None:
    model = model.with_dialect(version)
    line = f'faults = ["5s kill node1 {program}"]\n'
    changed = parse_scenario(line + '[change]\nha_cf = { crm = "on" }\n')
    assert check_scenario(changed, model) == ()
    (problem,) = check_scenario(parse_scenario(line), model)
    assert f"no client '{program}'" in problem.text
    assert check_scenario(parse_scenario(line), model, {"crm": "on"}) == ()


def test_every_name_in_a_scenario_is_checked_with_its_line(model: Model) -> None:
    scenario = parse_scenario(
        'start = { node1 = "0s", node4 = "1s" }\nfaults = [\n  "5s isolate node1",\n'
        '  "90s isolate node5",\n]\nuntil = "60s"\n[expect]\nlog.node6 = []\n'
        'holds = [{ at = "1s", group = "g", node = "node7" }]\n'
        'timely = [{ node = "node8", text = "x", after = "1s", within = "1s" }]\n[change]\n'
        'ha_cf = { deadtiem = "5" }\n',
        "s.toml",
    )
    found = check_scenario(scenario, model)
    assert [(p.line, p.text.partition("; did")[0]) for p in found] == [
        (1, "no node 'node4' in this model"),
        (4, "'1m30s isolate node5': no node 'node5' in this model"),
        (4, "'1m30s isolate node5' does not happen before the end of the run, 1m"),
        (8, "no node 'node6' in this model"),
        (9, "no node 'node7' in this model"),
        (9, "no group 'g' in this model"),
        (10, "no node 'node8' in this model"),
        (12, "ha.cf has no directive 'deadtiem'"),
    ]
    assert {p.file for p in found} == {"s.toml"}


def test_a_scenario_that_fits_has_no_problems(model: Model) -> None:
    scenario = parse_scenario('faults = ["5s isolate node1"]\n[change]\nha_cf = {deadtime = 10}\n')
    assert check_scenario(scenario, model) == ()
