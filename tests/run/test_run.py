"""A run as a user holds it."""

from __future__ import annotations

from pathlib import Path

import pytest

import hasim
from hasim.model import Model
from hasim.run import Missed, NotHeld, Run, Unexpected
from hasim.units import SECOND


def test_the_log_of_one_node_is_a_part_of_the_merged_log(lost: Run) -> None:
    merged = list(lost.log())
    own = list(lost.log("node2"))
    assert own == [line for line in merged if " node2 " in line[:30]]
    assert 0 < len(own) < len(merged)


def test_the_log_file_holds_all_lines_but_those_of_other_programs(lost: Run) -> None:
    """The kernel and avahi write to syslog alone."""
    merged = list(lost.log())
    aside = [line for line in merged if line.split()[4].startswith(("kernel:", "avahi-daemon"))]
    assert len(list(lost.log(format="ha-log"))) == len(merged) - len(aside)
    assert 0 < len(aside) < len(merged) // 4


def test_the_log_of_a_node_that_is_not_there_is_an_error(lost: Run) -> None:
    with pytest.raises(hasim.HasimError, match="did you mean 'node1'"):
        lost.log("node11")


def test_a_run_shows_its_digest_in_one_line(lost: Run) -> None:
    assert "\n" not in repr(lost)
    assert lost.digest in repr(lost)
    assert lost.digest == lost.trace.digest()
    assert lost._repr_html_().startswith("<pre>")


def test_a_saved_run_is_read_back_equal(lost: Run, tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"
    lost.save(file)
    back = hasim.load_run(file)
    assert back.trace == lost.trace
    assert (back.digest, back.seed, back.until) == (lost.digest, lost.seed, lost.until)
    assert list(back.log("node2")) == list(lost.log("node2"))
    assert str(back.why("node2 node node1: is dead")) == str(lost.why("node2 node node1: is dead"))
    with pytest.raises(hasim.HasimError, match="read back"):
        back.at("1s")


def test_a_file_that_is_no_run_is_an_error_with_its_name(tmp_path: Path) -> None:
    broken = tmp_path / "x.jsonl"
    broken.write_bytes(b"\xff\xfe")
    for path in (broken, tmp_path / "absent.jsonl", tmp_path):
        with pytest.raises(hasim.ConfigError, match="cannot be read"):
            hasim.load_run(path)
    broken.write_text("{}\n")
    with pytest.raises(hasim.ConfigError, match=r"x\.jsonl:1"):
        hasim.load_run(broken)


def test_a_missed_expectation_makes_a_run_not_ok(model: Model) -> None:
    text = 'until = "10s"\n[expect]\nlog.node1 = ["Local status now set to", "pigs fly"]\n'
    run = model.run(scenario=hasim.model.parse_scenario(text))
    assert not run.ok
    assert run.expectations == (Missed("node1", "pigs fly", "Local status now set to"),)
    assert "expectation missed: node1 does not log 'pigs fly'" in run.summary()
    assert "1 expectations missed" in repr(run)


def test_a_group_is_expected_on_a_node_by_what_stands_there(model: Model) -> None:
    key = "192.168.60.200/24/eth0"
    text = f"""until = "3m"
[expect]
holds = [{{ at = "5s", group = "{key}", node = "node1" }},
         {{ at = "2m", group = "{key}", node = "node1" }},
         {{ at = "2m", group = "{key}", node = "node2" }}]
"""
    run = model.run(scenario=hasim.model.parse_scenario(text))
    assert run.expectations == (
        NotHeld(5 * SECOND, key, "node1"),
        NotHeld(120 * SECOND, key, "node2", ("node1",)),
    )
    assert f"expectation missed: node1 does not hold {key} at 5s: nobody does" in run.attention()


def test_an_instant_that_the_run_does_not_reach_is_no_expectation(model: Model) -> None:
    text = """until = "1m"
[expect]
holds = [{ at = "1m", group = "192.168.60.200/24/eth0", node = "node1" }]
"""
    with pytest.raises(hasim.ConfigError, match=r"s\.toml:3: ERROR: holds: 1m is not"):
        model.run(scenario=hasim.model.parse_scenario(text, "s.toml"))


def test_a_split_brain_violates_two_properties_and_is_not_ok(model: Model) -> None:
    run = model.run(["5m isolate node1"], until="7m")
    assert [v.property for v in run.violations] == ["at-most-one-vip-holder", "at-most-one-mounter"]
    assert not run.ok
    assert run.expectations == tuple(Unexpected(v) for v in run.violations)
    assert "2 properties violated" in repr(run)
    assert "property violated: at-most-one-mounter: node1 and node2 mount web" in run.attention()
    for violation in run.violations:
        evidence = [run.trace.at(seq) for seq in violation.evidence]
        assert [r.source.node for r in evidence] == ["node1", "node2"]
        assert evidence[-1].at == violation.at


def test_a_healthy_run_violates_nothing_and_has_no_outage(model: Model) -> None:
    run = model.run(until="5m")
    assert run.violations == ()
    assert (len(run.outage), run.outage.never, run.outage.unwatched) == (0, (), ())
    assert run.ok


def test_an_outage_and_what_was_held_follow_from_the_loss_of_power(lost: Run) -> None:
    (outage,) = lost.outage
    assert (outage.before, outage.after, outage.client) == ("node1", "node2", "client")
    assert outage.begin == 300 * SECOND
    assert sum(outage.breakdown) == outage.duration_us
    assert outage.breakdown.detect > 25 * SECOND
    assert outage.breakdown.start > 0 == outage.breakdown.release
    one, other = lost.held("192.168.60.200")
    assert (one.who, one.end, other.who, other.open) == ("node1", 300 * SECOND, "node2", True)
    assert lost.held("192.168.60.200/24") == [one, other]
    assert [s.who for s in lost.held("192.168.60.200/24/eth0")] == ["node1", "node2"]
    assert lost.held("/webdata") == [s._replace(what="/webdata") for s in lost.held("web")]
    with pytest.raises(hasim.HasimError, match="did you mean '/webdata'"):
        lost.held("/webdat")


def test_a_run_read_back_knows_groups_clients_and_outages_too(lost: Run, tmp_path: Path) -> None:
    lost.save(tmp_path / "run.jsonl")
    back = hasim.load_run(tmp_path / "run.jsonl")
    assert back.violations == lost.violations
    assert back.held("192.168.60.200") == lost.held("192.168.60.200")
    (outage,) = back.outage
    assert (outage.service, outage.client, outage.begin) == (
        "192.168.60.200/24/eth0",
        "client",
        300 * SECOND,
    )


def test_the_summary_tells_who_held_what_outages_and_violations(model: Model, lost: Run) -> None:
    lines = lost.summary().splitlines()
    assert any("taken over from node1" in line for line in lines)
    assert any("node1 -> node2" in line and "detect" in line for line in lines)
    split = model.run(["5m isolate node1"], until="7m").summary()
    assert "while node1 has it too" in split
    assert "because" in split
    assert "is corrupt from" in split


def test_expectations_of_a_scenario_that_was_changed_are_not_judged(model: Model) -> None:
    run = model.run(["1s cut node1:eth0 for 2s"], scenario="start-alone")
    assert run.ok
    assert any("not judged" in n for n in run.notes)
    plain = model.run(scenario="start-alone")
    assert not any("not judged" in n for n in plain.notes)


def test_faults_are_added_to_those_of_a_scenario(model: Model) -> None:
    run = model.run(["6m cut node2:eth0"], scenario="power-loss")
    assert run.trace.header.faults == ("5m power-off node1", "6m cut node2:eth0")


def test_a_single_line_is_a_fault_too(model: Model) -> None:
    run = model.run("1s cut node1:eth0", until="2s")
    assert run.trace.header.faults == ("1s cut node1:eth0",)


def test_every_problem_of_what_is_asked_is_told_at_once(model: Model) -> None:
    with pytest.raises(hasim.ConfigError) as caught:
        model.run(
            ["x", "5m cut node7:eth0"],
            scenario="heall",
            until="9q",
            start={"node3": "1s", "node1": "?"},
            change={"deadtme": "3"},
        )
    said = str(caught.value)
    for part in ("did you mean 'heal'", "'x'", "node7", "'9q'", "node3", "'?'", "'deadtime'"):
        assert part in said


def test_the_front_of_the_package_knows_its_names() -> None:
    assert all(hasattr(hasim, name) for name in hasim.__all__)
    assert set(hasim.__all__) <= set(dir(hasim))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = hasim.nothing  # type: ignore[attr-defined]


def test_a_start_in_seconds_is_a_start(model: Model) -> None:
    run = model.run(start={"node2": 2}, until="5s")
    assert next(iter(run.records)).at >= 2 * SECOND
