"""Logs of several nodes in one order: skew, steps of clocks, copies, excerpts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hasim
from hasim import events as ev
from hasim.reading.names import renamed
from hasim.reading.skew import estimated
from hasim.render import log_lines
from hasim.run.logs import LogRun
from hasim.trace import Clock, Trace
from hasim.units import SECOND
from tests.reading.made import simulated
from tests.reading.support import DATA, written

HEAD = "heartbeat: [3689]: "


def logs_of(folder: Path, trace: Trace, *nodes: str, format: str = "syslog") -> list[str]:
    """Write the log of each node to a file of its own."""
    names = []
    for node in nodes:
        lines = log_lines(trace, node, format)  # type: ignore[arg-type]
        names.append(written(folder, "\n".join(lines) + "\n", f"messages.{node}"))
    return names


def with_offset(trace: Trace, offset_us: int) -> Trace:
    clocks = (Clock("node1", 0, 0), Clock("node2", offset_us, 0))
    return Trace(replace(trace.header, clocks=clocks), trace.records)


def order_of(run: hasim.Run) -> list[tuple[str | None, ev.Event]]:
    return [(r.source.node, r.event) for r in run.records if not r.event.truth]


def test_the_excerpts_of_the_founding_document_are_merged() -> None:
    run = hasim.read_logs(str(DATA / "founding-excerpts.txt"))
    (skew,) = run.skews
    assert (skew.node, skew.against, skew.offset_us) == ("node2", "node1", -71 * SECOND)
    assert skew.uncertainty_us == SECOND
    held = run.held("192.168.60.200")
    assert [(s.who, run.wall(s.begin)[11:], run.wall(s.end)[11:]) for s in held] == [
        ("node1", "07:54:25", "09:04:22"),
        ("node2", "09:04:22", "09:26:09"),
    ]
    counts = run.reading.counts if run.reading else None
    assert counts is not None
    assert (counts.missed, counts.share) == (0, 1.0)
    assert counts.fates["unknown"] == 0
    prose = [u.what for u in counts.unknowns("loose")]
    text = (DATA / "founding-excerpts.txt").read_text(encoding="utf-8").splitlines()
    chinese = [line for line in text if any(ord(c) > 0x2E80 for c in line)]
    assert len(prose) == len(chinese) == counts.fates["loose"]
    asked = [r for r in run.records if r.event == ev.StandbyAsk("node1", "all")]
    assert [r.source.node for r in asked] == ["node1", "node2"]
    assert run.violations == ()


@settings(max_examples=20)
@given(offset=st.integers(-40 * 86_400 * SECOND, 40 * 86_400 * SECOND))
@pytest.mark.parametrize("scenario", ["test2-public-cable", "test1-graceful-stop"])
def test_the_skew_of_simulated_clocks_is_within_its_bounds(scenario: str, offset: int) -> None:
    trace = with_offset(simulated(scenario, "3.0.6").trace, offset)
    lines: dict[str, list[tuple[int, ev.Event]]] = {"node1": [], "node2": []}
    for record in trace.log():
        node = record.source.node
        assert node is not None
        shown = record.at + (offset if node == "node2" else 0)
        lines[node].append((shown // SECOND * SECOND, record.event))
    (skew,) = estimated(lines)
    assert skew.low_us is not None
    assert skew.high_us is not None
    assert skew.low_us <= offset <= skew.high_us
    assert skew.uncertainty_us is not None
    assert skew.uncertainty_us <= 1.5 * SECOND
    assert skew.odd == 0


@pytest.mark.parametrize("dialect", ["2.0.8", "3.0.6"])
@pytest.mark.parametrize("format", ["syslog", "journal"])
def test_merged_logs_of_a_run_show_its_lines(tmp_path: Path, dialect: str, format: str) -> None:
    run = simulated("test2-public-cable", dialect)
    read = hasim.read_logs(*logs_of(tmp_path, run.trace, "node1", "node2", format=format))
    assert read.trace.header.dialect == dialect
    for node in run.nodes:
        assert list(read.log(node)) == list(run.log(node))


def test_a_skew_that_is_told_goes_before_one_that_is_found(tmp_path: Path) -> None:
    names = logs_of(tmp_path, simulated("test2-public-cable", "3.0.6").trace, "node1", "node2")
    run = hasim.read_logs(*names, skew={"node2": "-1m10s"})
    (skew,) = run.skews
    assert (skew.offset_us, skew.given) == (-70 * SECOND, True)
    assert "as told" in str(skew)
    clocks = {clock.node: clock.offset_us for clock in run.trace.header.clocks}
    assert clocks == {"node1": 0, "node2": -70 * SECOND}
    other = hasim.read_logs(*names, skew={"node1": 70})
    assert {c.node: c.offset_us for c in other.trace.header.clocks} == {
        "node1": 70 * SECOND,
        "node2": 0,
    }
    assert sorted(map(repr, order_of(other))) == sorted(map(repr, order_of(run)))
    assert other.end == run.end


@pytest.mark.parametrize(
    ("skew", "said"),
    [
        ({"node3": "1s"}, "no line is of the node 'node3'"),
        ({"node2": "soon"}, "the skew of node2: 'soon' is not a duration"),
        ({"node2": None}, "the skew of node2: None is not a duration"),
    ],
)
def test_a_skew_that_means_nothing_is_refused(
    tmp_path: Path, skew: dict[str, str], said: str
) -> None:
    names = logs_of(tmp_path, simulated("test2-public-cable", "3.0.6").trace, "node1", "node2")
    with pytest.raises(hasim.HasimError, match=said):
        hasim.read_logs(*names, skew=skew)


def lines(*stamps: str, node: str = "node1") -> str:
    return "".join(f"Nov 26 {at} {node} {HEAD}info: Link node2:eth0 up.\n" for at in stamps)


def read_text(folder: Path, text: str) -> LogRun:
    return hasim.read_logs(written(folder, text), year=2007)


def test_a_clock_that_is_set_back_is_told_and_time_goes_on(tmp_path: Path) -> None:
    run = read_text(tmp_path, lines("07:00:00", "07:10:00", "07:05:00", "07:06:00"))
    seconds = [r.at // SECOND for r in run.records if isinstance(r.event, ev.LinkUp)]
    assert seconds == [0, 600, 600, 660]
    (step,) = run.reading.steps if run.reading else ()
    assert (step.node, step.by_us, step.number) == ("node1", -300 * SECOND, 3)
    assert run.remarks[-1].endswith(
        "ha-log.node1:3: the clock of node1 goes back by 300 s; "
        "times after it are those of a clock that was not set back"
    )
    # The log shows the stamps that the node had written.
    shown = [line.split()[2] for line in run.log()]
    assert shown == ["07:00:00", "07:10:00", "07:05:00", "07:06:00"]


def test_scripts_that_stamp_their_lines_a_little_early_set_no_clock(tmp_path: Path) -> None:
    run = read_text(tmp_path, lines("07:00:05", "07:00:03", "07:00:06"))
    assert run.reading is not None
    assert run.reading.steps == ()
    assert [line.split()[2] for line in run.log()] == ["07:00:03", "07:00:05", "07:00:06"]


def test_excerpts_in_any_order_are_sorted_and_told(tmp_path: Path) -> None:
    text = lines("07:10:00") + "and before that:\n" + lines("07:00:00", "07:01:00")
    run = read_text(tmp_path, text)
    assert run.reading is not None
    assert run.reading.steps == ()
    assert [line.split()[2] for line in run.log()] == ["07:00:00", "07:01:00", "07:10:00"]
    assert any("ha-log.node1:3: goes back in time" in remark for remark in run.remarks)


def test_a_line_that_two_files_of_a_node_hold_counts_once(tmp_path: Path) -> None:
    one = written(tmp_path, lines("07:00:00", "07:01:00", "07:01:00"), "messages")
    extra = lines("07:00:01", "07:01:00", "07:01:00", "07:02:00")
    other = written(tmp_path, extra, "ha-log")
    run = hasim.read_logs(one, other, year=2007)
    assert [line.split()[2] for line in run.log()] == [
        "07:00:00",
        "07:01:00",
        "07:01:00",
        "07:02:00",
    ]
    assert "3 lines stand in two files of a node and count once" in run.remarks


def test_a_file_may_be_given_its_node(tmp_path: Path) -> None:
    text = "heartbeat[3689]: 2007/11/26_07:52:21 info: Link node2:eth0 up.\n"
    name = written(tmp_path, text, "some.log")
    assert hasim.read_logs(name).nodes == ("some",)
    assert hasim.read_logs(f"alpha={name}").nodes == ("alpha",)


def test_messages_of_one_second_stand_behind_their_sending(tmp_path: Path) -> None:
    """node2 sorts behind node1, and its line causes that of node1 in the same second."""
    ask = "Nov 26 07:00:00 {} heartbeat: [1]: info: node2 wants to go standby [all]\n"
    can = "Nov 26 07:00:00 node2 heartbeat: [1]: info: standby: node1 can take our all resources\n"
    run = read_text(tmp_path, ask.format("node1") + ask.format("node2") + can)
    told = [r.source.node for r in run.records]
    assert told == ["node2", "node1", "node2"]
    assert [r.cause for r in run.records] == [None, 0, 1]


@pytest.mark.parametrize(
    ("hosts", "spoken", "names"),
    [
        (["node1"], ["node1", "node2"], {}),
        (["node1.a.org", "node2"], ["node1", "node2"], {"node1.a.org": "node1"}),
        (["node1"], ["node1.a.org", "node2.a.org"], {"node1": "node1.a.org"}),
        (["node1"], ["node1.a.org", "node1.b.org"], {}),
        (["other"], ["node1"], {}),
    ],
)
def test_a_host_is_a_node_with_or_without_its_domain(
    hosts: list[str], spoken: list[str], names: dict[str, str]
) -> None:
    assert renamed(hosts, spoken) == names


def test_logs_of_hosts_with_domains_are_merged_by_the_names_of_the_cluster(tmp_path: Path) -> None:
    run = simulated("test2-public-cable", "3.0.6")
    plain = logs_of(tmp_path, run.trace, "node1", "node2")
    names = []
    for name in plain:
        text = Path(name).read_text().replace(" node1 h", " node1.example.org h")
        names.append(written(tmp_path, text, f"long-{Path(name).name}"))
    read = hasim.read_logs(*names)
    assert read.nodes == ("node1", "node2")
    assert "the host node1.example.org is the node node1" in read.remarks
    assert order_of(read) == order_of(hasim.read_logs(*plain))


def test_a_partition_that_heals_follows_from_the_death_it_was_taken_for(tmp_path: Path) -> None:
    at = "Nov 26 0{} node1 heartbeat: [1]: "
    text = (
        at.format("7:00:00") + "WARN: node node2: is dead\n"
        + at.format("7:00:01") + "info: mach_down takeover complete.\n"
        + at.format("9:00:00") + "CRIT: Cluster node node2 returning after partition.\n"
        + at.format("9:00:02") + "ERROR: Both machines own our resources!\n"
    )  # fmt: skip
    run = read_text(tmp_path, text)
    assert [r.cause for r in run.records] == [None, None, 0, 2]


def test_a_clock_that_was_set_back_stays_so_in_the_next_part_of_a_rotated_log(
    tmp_path: Path,
) -> None:
    old = lines("02:50:00", "02:05:00", "06:15:00")
    new = lines("06:40:00", "09:40:00")
    parts = [written(tmp_path, new, "messages"), written(tmp_path, old, "messages.1")]
    whole = read_text(tmp_path, old + new)
    apart = hasim.read_logs(*parts, year=2007)
    times = [[r.at // SECOND for r in run.records if isinstance(r.event, ev.LinkUp)]
             for run in (whole, apart)]  # fmt: skip
    assert times[0] == times[1] == [0, 0, 15_000, 16_500, 27_300]
    assert list(apart.log()) == list(whole.log())


def test_of_two_copies_of_a_log_with_a_step_each_line_counts_once(tmp_path: Path) -> None:
    text = lines("02:50:00", "02:05:00", "06:15:00", "06:40:00")
    names = [written(tmp_path, text, "messages"), written(tmp_path, text, "ha-log.copy")]
    run = hasim.read_logs(*names, year=2007)
    assert [r.at // SECOND for r in run.records if isinstance(r.event, ev.LinkUp)] == [
        0, 0, 15_000, 16_500,
    ]  # fmt: skip
    later = written(tmp_path, lines("06:15:00", "06:40:00"), "syslog")
    part = hasim.read_logs(names[0], later, year=2007)
    assert len([r for r in part.records if isinstance(r.event, ev.LinkUp)]) == 4
