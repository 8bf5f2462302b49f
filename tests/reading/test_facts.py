"""What lines show of the truth: who held what, who lost power; held against simulated truth."""

from __future__ import annotations

from pathlib import Path

import pytest

import hasim
from hasim import events as ev
from hasim.reading import INFERRED
from hasim.run.logs import LogRun
from hasim.trace import Span
from hasim.units import SECOND
from tests.reading.made import simulated
from tests.reading.support import DATA, written
from tests.reading.test_merging import logs_of

GROUP = "192.168.60.200/24/eth0"
#: Stamps are of a second, the skew is found to a second.
SLACK = 3 * SECOND
CASES = {
    "backup-joins": (),
    "heal": ("at-most-one-mounter", "at-most-one-vip-holder"),
    "heartbeat-cables-cut": ("at-most-one-mounter", "at-most-one-vip-holder"),
    "power-loss": (),
    "test1-graceful-stop": (),
    "test2-public-cable": (),
    "test3-power-cord": (),
    "test4-all-cables": ("at-most-one-mounter", "at-most-one-vip-holder"),
}


def read_run(folder: Path, scenario: str, dialect: str, deadtime: str | None = "30") -> LogRun:
    run = simulated(scenario, dialect)
    return hasim.read_logs(*logs_of(folder, run.trace, *run.nodes), deadtime=deadtime)


def shown(spans: list[Span], first: int = 0) -> list[tuple[str, int, int | None]]:
    return [(s.who, s.begin - first, None if s.open else s.end - first) for s in spans]


@pytest.mark.parametrize("dialect", ["2.0.8", "3.0.6"])
@pytest.mark.parametrize("scenario", CASES)
def test_the_log_of_a_run_shows_who_held_the_group(
    tmp_path: Path, scenario: str, dialect: str
) -> None:
    run = simulated(scenario, dialect)
    first = next(run.trace.log()).at
    read = read_run(tmp_path, scenario, dialect)
    truth, seen = shown(run.held(GROUP), first), shown(read.held(GROUP))
    assert [who for who, _, _ in seen] == [who for who, _, _ in truth]
    for (_, begin, end), (_, begun, ended) in zip(truth, seen, strict=True):
        assert abs(begin - begun) <= SLACK
        assert (end is None) == (ended is None)
        if end is not None and ended is not None:
            assert abs(end - ended) <= SLACK


@pytest.mark.parametrize("dialect", ["2.0.8", "3.0.6"])
@pytest.mark.parametrize(("scenario", "violated"), CASES.items())
def test_the_log_of_a_run_shows_which_properties_are_violated(
    tmp_path: Path, scenario: str, violated: tuple[str, ...], dialect: str
) -> None:
    read = read_run(tmp_path, scenario, dialect)
    assert {v.property for v in read.violations} == set(violated)
    for violation in read.violations:
        evidence = [read.trace.at(seq) for seq in violation.evidence]
        assert {r.source.program for r in evidence} == {INFERRED}
        assert all(r.cause is not None and read.place(r.cause) for r in evidence)


def test_power_is_lost_a_deadtime_before_the_declaration_where_that_is_told(
    tmp_path: Path,
) -> None:
    late = read_run(tmp_path, "power-loss", "3.0.6", None)
    told = read_run(tmp_path, "power-loss", "3.0.6")
    (lost,) = [r.at for r in told.records if isinstance(r.event, ev.NodePoweredOff)]
    (later,) = [r.at for r in late.records if isinstance(r.event, ev.NodePoweredOff)]
    (dead,) = [r.at for r in late.records if r.event == ev.NodeDead("node1")]
    assert (later, lost) == (dead, dead - 30 * SECOND)
    (outage,) = told.outage
    assert (outage.before, outage.after) == ("node1", "node2")
    assert outage.breakdown.detect == 30 * SECOND


def test_a_killed_daemon_cannot_be_told_from_a_lost_node_and_that_is_said(tmp_path: Path) -> None:
    killed, lost = simulated("test5-kill-9", "3.0.6"), simulated("power-loss", "3.0.6")
    assert list(killed.log()) == list(lost.log())
    assert {v.property for v in killed.violations} >= {"at-most-one-vip-holder"}
    read = read_run(tmp_path, "test5-kill-9", "3.0.6")
    assert read.violations == ()
    said = "where only its daemon was killed it still holds what it had"
    assert sum(said in remark for remark in read.remarks) == 1


def test_version_1_shows_an_address_too() -> None:
    run = hasim.read_logs(f"node1={DATA / 'ha-log.1.2.3'}")
    (span,) = run.held("10.0.0.1")
    assert (span.who, span.what, span.open) == ("node1", "10.0.0.1/24", True)
    assert run.trace.header.groups[0].calls == ("IPaddr 10.0.0.1", "httpd")


DISK = "Filesystem::/dev/sdb5::/webdata::ext3"
HEAD = "Nov 26 07:00:{:02} node1 ResourceManager[7]: "


def test_a_script_that_fails_gives_nothing(tmp_path: Path) -> None:
    lines = (
        f"info: Acquiring resource group: node1 10.0.0.1/24/eth0 {DISK}",
        "info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.1/24/eth0 start",
        "info: Running /etc/ha.d/resource.d/Filesystem /dev/sdb5 /webdata ext3 start",
        "ERROR: Return code 1 from /etc/ha.d/resource.d/Filesystem",
        f"CRIT: Giving up resources due to failure of {DISK}",
        f"info: Releasing resource group: node1 10.0.0.1/24/eth0 {DISK}",
        "info: Running /etc/ha.d/resource.d/Filesystem /dev/sdb5 /webdata ext3 stop",
        "info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.1/24/eth0 stop",
        "info: Acquiring resource group: node1 none",
    )
    text = "".join(HEAD.format(i) + line + "\n" for i, line in enumerate(lines))
    run = hasim.read_logs(written(tmp_path, text))
    assert shown(run.held("10.0.0.1")) == [("node1", 2 * SECOND, 8 * SECOND)]
    assert run.held("/webdata") == []
    codes = [r.event.code for r in run.records if isinstance(r.event, ev.ScriptEnded)]
    assert codes == [0, 1, 0, 0]


def test_a_peer_without_a_log_is_known_by_its_messages_only(tmp_path: Path) -> None:
    run = simulated("power-loss", "3.0.6")
    read = hasim.read_logs(*logs_of(tmp_path, run.trace, "node2"))
    assert {span.who for span in read.held(GROUP)} == {"node2"}
    assert not any(isinstance(r.event, ev.NodePoweredOff) for r in read.records)


@pytest.mark.parametrize("deadtime", ["-1s", "soon", -5])
def test_a_deadtime_that_is_none_is_refused(tmp_path: Path, deadtime: object) -> None:
    run = simulated("power-loss", "3.0.6")
    with pytest.raises(hasim.HasimError, match="deadtime"):
        hasim.read_logs(*logs_of(tmp_path, run.trace, "node2"), deadtime=deadtime)  # type: ignore[arg-type]
