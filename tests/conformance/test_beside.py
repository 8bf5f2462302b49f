"""A real log beside a simulated run: what agrees, what differs, and where first."""

from __future__ import annotations

import json
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
    lacks = [p.lack for p in found.left_out]
    assert lacks.count("time") > 50, "the document prints excerpts"
    assert lacks.count("kind") > 10
    (line,) = [text for text in str(found).splitlines() if text.startswith("first only in the log")]
    assert line.endswith(
        "(2007-11-26 09:26:05): node2 heartbeat: The helper begins to acquire the local resources."
        " (founding-excerpts.txt:186, 2007-11-26 09:24:54)"
    )


def test_the_guide_shows_what_the_command_prints(cli: Cli) -> None:
    guide = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
    command, *shown, _ = guide.split("```text\n$ hasim compare")[1].split("\n```")[0].splitlines()
    words = [str(ROOT / w) if Path(ROOT / w).exists() else w for w in command.split()]
    assert cli("compare", *words, "--quiet").out.splitlines()[: len(shown)] == shown


def test_the_counts_by_kind_add_up_to_all_decisions() -> None:
    read = hasim.read_logs(str(DATA / "founding-excerpts.txt"))
    found = beside(simulated(SCENARIO, "2.0.8"), read, "3s")
    head, *rows = str(found).split("\n\n")[-1].splitlines()
    ends = [head.index(word) + len(word) for word in ("agree", "apart", "only run", "only log")]
    sums = [sum(int(row[end - 4 : end].strip() or 0) for row in rows) for end in ends]
    assert sums == [len(p) for p in (found.agreed, found.apart, found.only_run, found.only_log)]


def test_a_run_beside_another_run_has_no_places() -> None:
    found = beside(simulated("power-loss", "3.0.6"), simulated(SCENARIO, "3.0.6"))
    assert {(p.place, p.stamp, p.wall) for p in found.pairs} == {("", "", "")}
    assert "; only in the log" in str(found.only_log[0])
    assert "; only in the run" in str(found.only_run[0])
    assert "in the log" in str(found.apart[0])


def test_the_first_difference_is_where_the_faults_part(tmp_path: Path) -> None:
    model = hasim.load(WEBDATA, dialect="3.0.6")
    one = model.run(["5m power-off node1"], until="8m")
    two = model.run(["6m stop node1"], until="8m")
    found = beside(one, hasim.read_logs(*logs_of(tmp_path, two.trace, *two.nodes)))
    first = found.first
    assert first is not None
    assert first.first_us > 300 * SECOND
    told = str(found).splitlines()
    assert told[0] == (
        "45 of 93 decisions agree within 2s, 8 fall at another time; 14 are only in the run, "
        "26 only in the log"
    )
    assert told[1].startswith("if the log is an excerpt, it may leave out 14 where it has no line")
    assert " before the start of the run; " in told[2]
    apart, ours, theirs = told[4:7]
    assert apart.startswith("first at another time, at 5m29s8ms (2007-11-26 07:57:49): node2 harc:")
    assert "in the log: messages.node2:39, 2007-11-26 07:57:11)" in apart
    assert ours.endswith(
        "node2 heartbeat: The resources of node1 are being acquired. "
        "(the log has no line of node2 near it)"
    )
    assert theirs.startswith("first only in the log, at 6m")
    assert "All resources are being given up. (messages.node1:51, 2007-11-26 07:58:" in theirs
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
    assert done.out.startswith(
        "174 of 174 decisions agree within 2s, none falls at another time; none is only in the run"
    )
    run.save(tmp_path / "trace.jsonl")
    done = cli("compare", str(tmp_path / "trace.jsonl"), logs[0], logs[1], "--json")
    assert done.code == 0
    assert '"share": 1.0' in done.out.splitlines()[0]
    pair = json.loads(done.out.splitlines()[1])
    assert pair["text"].startswith("heartbeat: ")
    assert pair["place"].startswith("messages.node1:")
    assert (pair["stamp"], pair["wall"], pair["lack"]) == (pair["wall"], pair["stamp"], None)
    assert "the clock of node2" in done.err
    other = simulated("power-loss", "3.0.6")
    other.save(tmp_path / "other.jsonl")
    done = cli("compare", str(tmp_path / "other.jsonl"), *logs)
    assert done.code == 1
    assert "first only in the log, at " in done.out
    assert cli("compare", str(tmp_path / "none.jsonl"), *logs).code == 2
