"""A real log beside a simulated run: what agrees, what differs, and where first."""

from __future__ import annotations

from pathlib import Path

import pytest

import hasim
from hasim.conform import beside
from hasim.units import SECOND
from tests.cli.conftest import Cli, cli
from tests.reading.made import ROOT, simulated
from tests.reading.support import DATA, written
from tests.reading.test_merging import logs_of

__all__ = ["cli"]

WEBDATA = str(ROOT / "models" / "webdata")
SCENARIO = "test2-public-cable"


@pytest.mark.parametrize("dialect", ["2.0.8", "3.0.6"])
def test_a_run_agrees_with_its_own_log(tmp_path: Path, dialect: str) -> None:
    run = simulated(SCENARIO, dialect)
    found = beside(run, hasim.read_logs(*logs_of(tmp_path, run.trace, *run.nodes)))
    assert found.first is None
    assert (found.share, found.apart, found.only_run, found.only_log) == (1.0, (), (), ())
    assert len(found.pairs) > 100
    assert found.figures()["median_off_s"] < 1
    assert abs(found.shift_us - next(run.trace.log()).at) <= 2 * SECOND


def test_the_founding_document_decides_nothing_at_another_time_than_the_run() -> None:
    """Five lines it has besides: of the tests that the scenario leaves out."""
    read = hasim.read_logs(str(DATA / "founding-excerpts.txt"))
    found = beside(simulated(SCENARIO, "2.0.8"), read, "3s")
    assert len(found.agreed) >= 50
    assert found.apart == ()
    late = [p for p in found.only_log if p.first_us < 5000 * SECOND]
    assert late == [], "the rest is of test 3"


def test_the_first_difference_is_where_the_faults_part(tmp_path: Path) -> None:
    model = hasim.load(WEBDATA, dialect="3.0.6")
    one = model.run(["5m power-off node1"], until="8m")
    two = model.run(["6m stop node1"], until="8m")
    found = beside(one, hasim.read_logs(*logs_of(tmp_path, two.trace, *two.nodes)))
    first = found.first
    assert first is not None
    assert first.first_us > 300 * SECOND
    assert "first difference, at 5m" in str(found)
    assert 0 < found.share < 1
    assert any(p.kind == "shutdown-notice" for p in found.only_log)


def test_of_a_node_whose_log_is_not_there_nothing_is_missing(tmp_path: Path) -> None:
    run = simulated(SCENARIO, "3.0.6")
    found = beside(run, hasim.read_logs(*logs_of(tmp_path, run.trace, "node2")))
    assert found.first is None
    assert {pair.node for pair in found.pairs} == {"node2"}


def test_runs_without_a_decision_in_common_are_refused(tmp_path: Path) -> None:
    text = "Nov 26 07:00:00 alpha heartbeat: [1]: info: Link beta:eth9 up.\n"
    read = hasim.read_logs(written(tmp_path, text))
    with pytest.raises(hasim.HasimError, match="no decision in common: are the nodes named alike"):
        beside(simulated(SCENARIO, "3.0.6"), read)
    with pytest.raises(hasim.HasimError, match="tolerance: 'x' is not a duration"):
        beside(simulated(SCENARIO, "3.0.6"), read, "x")


def test_the_command_compares_a_model_or_a_saved_trace(cli: Cli, tmp_path: Path) -> None:
    run = simulated(SCENARIO, "3.0.6")
    logs = logs_of(tmp_path, run.trace, *run.nodes)
    flags = ("--scenario", SCENARIO, "--dialect", "3.0.6")
    done = cli("compare", WEBDATA, *logs, *flags, "--quiet")
    assert (done.code, done.err) == (0, "")
    assert "(100.0%), 0 are further apart" in done.out
    run.save(tmp_path / "trace.jsonl")
    done = cli("compare", str(tmp_path / "trace.jsonl"), logs[0], logs[1], "--json")
    assert done.code == 0
    assert '"share": 1.0' in done.out.splitlines()[0]
    assert "the clock of node2" in done.err
    other = simulated("power-loss", "3.0.6")
    other.save(tmp_path / "other.jsonl")
    done = cli("compare", str(tmp_path / "other.jsonl"), *logs)
    assert done.code == 1
    assert "first difference, at " in done.out
    assert cli("compare", str(tmp_path / "none.jsonl"), *logs).code == 2
