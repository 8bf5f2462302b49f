"""Logs as a run: tables, incidents, evidence, why, summary."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import hasim
from hasim import events as ev
from hasim.run.frames import TABLES as RUN_TABLES
from hasim.run.incidents import KINDS, incidents
from hasim.run.logplaces import short_names
from hasim.run.logs import LogRun
from hasim.run.logtables import TABLES, dated
from hasim.run.violations import Violations
from hasim.units import SECOND
from tests.reading.made import simulated
from tests.reading.support import DATA, written
from tests.reading.test_merging import logs_of

FOUNDING = str(DATA / "founding-excerpts.txt")


def read_run(folder: Path, scenario: str) -> LogRun:
    run = simulated(scenario, "3.0.6")
    return hasim.read_logs(*logs_of(folder, run.trace, *run.nodes), deadtime=30)


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> LogRun:
    """Two partitioned nodes, both of which hold the group, and their return."""
    return read_run(tmp_path_factory.mktemp("logs"), "heal")


def test_logs_are_a_run_like_any_other(split: LogRun) -> None:
    assert isinstance(split, hasim.Run)
    assert split.nodes == ("node1", "node2")
    assert repr(split).startswith("<LogRun node1, node2: 338 lines, ")
    assert not split.ok
    with pytest.raises(hasim.HasimError, match="it has a trace, and no states"):
        split.at("1m")


def test_a_saved_reading_loads_as_a_run_with_the_same_answers(
    split: LogRun, tmp_path: Path
) -> None:
    split.save(tmp_path / "read.jsonl")
    loaded = hasim.load_run(tmp_path / "read.jsonl")
    assert loaded.trace == split.trace
    assert loaded.violations == split.violations
    assert loaded.held("192.168.60.200") == split.held("192.168.60.200")


def test_every_table_has_its_columns_as_rows_and_as_a_data_frame(split: LogRun) -> None:
    filled = set()
    for name, columns in TABLES.items():
        rows = split.rows(name)
        frame = split.table(name)
        assert len(frame) == len(rows)
        assert all(tuple(row) == columns for row in rows)
        if name not in RUN_TABLES:
            assert tuple(frame.columns) == columns
        if rows:
            filled.add(name)
    assert filled == set(TABLES) - {"unknown", "other"}
    parsed = [json.loads(line) for line in split.json_lines()]
    assert {row["table"] for row in parsed} == filled


def test_tables_that_any_run_has_are_made_alike(split: LogRun) -> None:
    made = simulated("heal", "3.0.6")
    for name in RUN_TABLES:
        walls = ["wall"] if name in ("log", "records") else ["wall", "wall_end"]
        assert [*split.table(name).columns] == [*made.table(name).columns, *walls]
    assert str(split.table("log")["wall"].iloc[0]) == split.wall(0)


def test_a_table_says_the_same_as_rows_and_as_a_data_frame(split: LogRun) -> None:
    for name, columns in TABLES.items():
        frame, rows = split.table(name), split.rows(name)
        for column in columns:
            if frame[column].dtype.kind == "M":
                shown = [None if pd.isna(t) else str(t) for t in frame[column]]
                assert shown == [row[column] and row[column] for row in rows]
            else:
                assert [*frame[column].astype(object)] == [row[column] for row in rows]


def test_types_of_a_table_do_not_depend_on_what_it_holds(split: LogRun, tmp_path: Path) -> None:
    bare = hasim.read_logs(written(tmp_path, LATE.format(1, 9)))
    for name in {*TABLES, *RUN_TABLES}:
        kinds = split.table(name).dtypes
        assert bare.table(name).dtypes.equals(kinds), name
        for column in kinds.index.intersection(["wall", "wall_end"]):
            assert kinds[column] == "datetime64[us]"
    assert len(bare.table("outages")) == 0


def test_a_log_that_lasts_beyond_all_dates_has_tables(tmp_path: Path) -> None:
    text = LATE.format(1, 9).replace("Nov 26 07:01:00", "Dec 31 23:59:59")
    run = hasim.read_logs(written(tmp_path, text * 2), year=9999)
    assert run.wall(run.end) == "10000-01-01 00:00:00"
    assert str(run.table("incidents")["wall"].iloc[0]) == "9999-12-31 23:59:59"
    assert "9999-12-31 23:59:59 to 10000-01-01 00:00:00" in run.summary()
    assert [*pd.isna(dated(["second 9999999999999", None, "2007-11-26"]))] == [True, True, False]


def test_a_table_that_does_not_exist_is_refused_with_the_nearest(split: LogRun) -> None:
    for ask in (split.rows, split.table):
        with pytest.raises(hasim.HasimError, match="no table 'outage'; did you mean 'outages'"):
            ask("outage")


def test_logs_have_the_pictures_and_the_report_of_a_run(split: LogRun, tmp_path: Path) -> None:
    assert split.timeline().startswith("<svg ")
    page = split.report(tmp_path / "report").read_text(encoding="utf-8")
    assert "at-most-one-mounter" in page


def test_every_group_is_held_as_the_table_says(split: LogRun) -> None:
    rows = split.rows("held")
    assert [(row["node"], row["open"]) for row in rows] == [
        ("node1", False),
        ("node2", False),
        ("node1", True),
    ]
    assert rows[0]["wall"].startswith("2007-11-26 07:52:3")


def test_what_two_nodes_held_is_shown_with_the_lines_behind_it(split: LogRun) -> None:
    rows = split.rows("violations")
    assert {row["property"] for row in rows} == {"at-most-one-mounter", "at-most-one-vip-holder"}
    for row in rows:
        one, two = row["evidence"].split("; ")
        assert "messages.node1:" in one
        assert "messages.node2:" in two


def test_incidents_tell_deaths_of_the_living_partitions_and_restarts(split: LogRun) -> None:
    found = split.incidents
    assert {one.kind for one in found} <= set(KINDS)
    kinds = [one.kind for one in found]
    assert kinds.count("partition") == 2
    assert kinds.count("restart") == 2
    deaths = [one.text for one in found if one.kind == "death"]
    assert "node1 declares node2 dead, although node2 is alive and writes" in deaths
    late = [one for one in found if one.kind == "late" and one.about == "node2"]
    assert len(late) == 1
    assert "1 beyond deadtime" in late[0].text
    assert all(one.evidence for one in found)
    assert found == sorted(found, key=lambda one: one.at)


def test_a_death_behind_a_shutdown_notice_is_no_surprise(tmp_path: Path) -> None:
    found = read_run(tmp_path, "test3-power-cord").incidents
    texts = [one.text for one in found if one.kind == "death"]
    assert "node2 declares node1 dead, which had announced its shutdown" in texts


def test_incidents_of_a_simulated_run_are_told_as_well() -> None:
    run = simulated("power-loss", "3.0.6")
    (death,) = [one for one in incidents(run.trace) if one.kind == "death"]
    assert death.text == "node2 declares node1 dead"
    assert run.trace.at(death.evidence[0]).event == ev.NodeDead("node1")


LATE = "Nov 26 07:{:02}:00 node1 heartbeat: [1]: WARN: Late heartbeat: Node node2: interval {} ms\n"
DOWN = "Nov 26 08:{:02}:00 node1 heartbeat: [1]: info: Link node2:eth0 {}.\n"


def test_late_heartbeats_that_follow_each_other_are_told_together(tmp_path: Path) -> None:
    text = "".join(LATE.format(i, 10_000 + i) for i in (0, 1, 2, 40))
    found = hasim.read_logs(written(tmp_path, text)).incidents
    assert [one.text for one in found] == [
        "3 heartbeats of node2 come late, up to 10002 ms",
        "a heartbeat of node2 comes late: 10040 ms",
    ]
    assert (found[0].at, found[0].until) == (0, 120 * SECOND)


def test_a_link_that_comes_and_goes_is_flapping(tmp_path: Path) -> None:
    text = "".join(DOWN.format(2 * i, "dead") + DOWN.format(2 * i + 1, "up") for i in range(5))
    found = hasim.read_logs(written(tmp_path, text)).incidents
    (flapping,) = [one for one in found if one.kind == "flapping"]
    assert flapping.text == "the link node2:eth0 is declared dead 5 times in 8m"
    assert len(flapping.evidence) == 5


def test_why_follows_the_lines_from_node_to_node_and_says_that_it_concludes(
    tmp_path: Path,
) -> None:
    run = read_run(tmp_path, "test2-public-cable")
    why = run.why("node2 IPaddr: eval ifconfig")
    told = [(r.source.node, type(r.event).__name__) for r in why.chain]
    for one, other in (
        (("node2", "LinkDead"), ("node2", "IpfailTelling")),
        (("node2", "IpfailTelling"), ("node1", "IpfailDelay")),
        (("node1", "IpfailDelay"), ("node1", "IpfailFire")),
        (("node1", "IpfailFire"), ("node1", "StandbyAsk")),
        (("node1", "StandbyAsk"), ("node2", "StandbyAsk")),
        (("node2", "StandbyAsk"), ("node2", "StandbyAcquire")),
        (("node2", "StandbyAcquire"), ("node2", "ScriptRun")),
    ):
        assert told.index(one) < told.index(other)
    assert str(why).endswith("(causes are concluded, no line tells them)")
    assert "concluded" in why._repr_html_()


def test_why_shows_the_wall_clock_the_line_and_a_stamp_that_differs() -> None:
    run = hasim.read_logs(FOUNDING)
    shown = str(run.why("give up all HA resources")).splitlines()
    assert shown[0] == (
        "2007-11-26 09:04:20  founding-excerpts.txt:116                    "
        "node1 heartbeat: node1 wants to go standby [all]"
    )
    assert "09:04:20  founding-excerpts.txt:153  (stamp 09:03:09)  -> node2 heartbeat" in shown[1]
    assert "<td style='text-align:right'>founding-excerpts.txt:116</td>" in (
        run.why("give up all HA resources")._repr_html_()
    )
    for place in ("founding-excerpts.txt:120", f"{FOUNDING}:120"):
        assert run.why(place).record == run.why("give up all HA resources").record
    with pytest.raises(hasim.HasimError, match="nothing in this run says 'x:120'"):
        run.why("x:120")


def test_why_says_which_step_is_concluded(tmp_path: Path) -> None:
    shown = str(read_run(tmp_path, "power-loss").why("node2 Resources being acquired from node1"))
    assert "  concluded          " in shown.splitlines()[0]


@pytest.mark.parametrize(
    ("files", "short"),
    [
        (["/a/ha-log"], ["ha-log"]),
        (["a/x/ha-log", "b/x/ha-log", "b/x/messages"], ["a/x/ha-log", "b/x/ha-log", "messages"]),
        (["/r/01/log", "/r/02/log", "/s/02/log"], ["01/log", "r/02/log", "s/02/log"]),
        (["log", "a/log", "-"], ["log", "a/log", "-"]),
    ],
)
def test_files_are_named_by_as_few_folders_as_tell_them_apart(
    files: list[str], short: list[str]
) -> None:
    assert [*short_names(tuple(files)).values()] == short


def test_a_death_follows_from_the_loss_of_power(tmp_path: Path) -> None:
    why = read_run(tmp_path, "power-loss").why("node2 Resources being acquired from node1")
    assert [type(r.event).__name__ for r in why.chain] == [
        "NodePoweredOff",
        "NodeDead",
        "AcquiringFrom",
    ]


def test_the_summary_tells_all_in_a_screen(split: LogRun) -> None:
    text = split.summary()
    assert text.splitlines()[0].startswith(
        "node1, node2: Heartbeat 3.0.6 by the lines of node1, node2, 2007-11-26"
    )
    for part in (
        "338 lines: 338 tell an event",
        "while node1 has it too",
        "violated: at-most-one-mounter",
        "messages.node2:",
        "returns after a partition.",
        "the clock of node2 is 1m1",
        "the year 2007 is assumed",
    ):
        assert part in text
    assert "taken over from node2" in text


def test_the_summary_lists_what_is_not_understood(tmp_path: Path) -> None:
    odd = "Nov 26 07:00:00 node1 heartbeat: [1]: info: Frobnicating 17 widgets\n"
    name = written(tmp_path, odd + LATE.format(1, 9) + odd)
    text = hasim.read_logs(name).summary()
    assert "of Heartbeat's lines at info and above 33.33% are understood" in text
    assert "heartbeat: info: Frobnicating N widgets  2      ha-log.node1:1,3" in text
    assert "no group is seen to start" in text


VERSION = "Nov 26 07:00:{:02} {} heartbeat: [1]: info: heartbeat: version {}\n"


@pytest.mark.parametrize(
    ("versions", "said"),
    [
        ([("node1", "2.1.4")], "Heartbeat 2.1.4 by the lines of node1, "),
        ([("node1", "2.1.4"), ("node2", "2.1.4")], "Heartbeat 2.1.4 by the lines of node1, node2,"),
        ([("node1", "1.2.3"), ("node2", "2.1.4")], "Heartbeat 1.2.3 on node1; 2.1.4 on node2, "),
        ([("node1", "1.2.3"), ("node1", "2.1.4")], "Heartbeat 1.2.3, then 2.1.4 by the lines of"),
        ([], "Heartbeat 3.0.6 by its wording, "),
    ],
)
def test_the_summary_names_the_version_that_the_log_states(
    tmp_path: Path, versions: list[tuple[str, str]], said: str
) -> None:
    text = "".join(VERSION.format(i, *one) for i, one in enumerate(versions))
    assert said in hasim.read_logs(written(tmp_path, text + LATE.format(1, 9))).summary()


def test_what_repeats_within_an_hour_is_one_row_of_the_screen(tmp_path: Path) -> None:
    claim = "Nov 26 {:02}:{:02}:00 node1 heartbeat: [1]: ERROR: Both machines own our resources!\n"
    text = "".join(claim.format(7, i) for i in range(41)) + claim.format(9, 0)
    run = hasim.read_logs(written(tmp_path, text))
    assert len(run.rows("incidents")) == 42
    rows = [line for line in run.summary().splitlines() if "  split-brain  " in line]
    assert rows == [
        "2007-11-26 07:00:00  07:40:00  41     node1  split-brain  ha-log.node1:1   "
        "Both nodes claim the same resources, named our here.",
        "2007-11-26 09:00:00                   node1  split-brain  ha-log.node1:42  "
        "Both nodes claim the same resources, named our here.",
    ]


def test_violations_that_repeat_are_told_once_on_the_screen(split: LogRun) -> None:
    one = split.violations[0]
    twice = (one, *split.violations, replace(one, at=one.at + 60 * SECOND, until=None))
    split._known.violations, kept = Violations(twice), split._known.violations
    try:
        lines = [line for line in split.summary().splitlines() if line.startswith("violated: ")]
    finally:
        split._known.violations = kept
    assert len(lines) == len({v.sentence for v in twice})
    assert lines[0].endswith("(the first of 3 times, the last to the end of the log)")


def test_the_screen_shows_seconds_and_tables_microseconds(tmp_path: Path) -> None:
    line = "2007-11-26T07:00:00.250000+01:00 node1 heartbeat: [1]: WARN: node node2: is dead\n"
    run = hasim.read_logs(written(tmp_path, line))
    assert run.rows("incidents")[0]["wall"] == "2007-11-26 07:00:00.250000"
    assert "07:00:00.25" not in run.summary()


def test_an_incident_that_is_concluded_has_the_line_it_follows_from(tmp_path: Path) -> None:
    rows = read_run(tmp_path, "power-loss").rows("incidents")
    (reset,) = [row for row in rows if row["kind"] == "reset"]
    file, _, number = reset["place"].rpartition(":")
    assert "node node1: is dead" in Path(file).read_text().splitlines()[int(number) - 1]


def test_a_reset_that_nobody_notices_has_the_next_line_of_the_node(tmp_path: Path) -> None:
    line = "Nov 26 07:{:02}:00 node1 heartbeat: [{}]: info: Local status now set to: 'up'\n"
    start = "Nov 26 07:{:02}:00 node1 heartbeat: [{}]: info: Heartbeat generation: {}\n"
    text = start.format(0, 9000, 1) + line.format(1, 9000) + start.format(9, 900, 2)
    rows = hasim.read_logs(written(tmp_path, text)).rows("incidents")
    (reset,) = [row for row in rows if row["kind"] == "reset"]
    assert reset["place"].endswith("ha-log.node1:3")


def test_reading_twice_gives_the_same_bytes() -> None:
    one, two = hasim.read_logs(FOUNDING), hasim.read_logs(FOUNDING)
    assert one.digest == two.digest
    assert one.summary() == two.summary()


ONE_SIDE = (
    "Nov 26 07:00:00 node2 heartbeat: [1]: info: Status update for node node1: status active\n"
    "Nov 26 07:00:01 node2 heartbeat: [1]: info: Status update for node 10.0.0.1: status ping\n"
    "Nov 26 07:10:00 node2 heartbeat: [1]: WARN: node node1: is dead\n"
    "Nov 26 07:10:00 node2 heartbeat: [1]: WARN: node 10.0.0.1: is dead\n"
)


def test_a_node_without_a_log_is_no_ping_node_and_outages_are_not_told(tmp_path: Path) -> None:
    run = hasim.read_logs(written(tmp_path, ONE_SIDE))
    assert [(i.kind, i.about) for i in run.incidents] == [
        ("death", "node1"),
        ("ping-death", "10.0.0.1"),
    ]
    gap = (
        "Nov 26 07:{} node2 ResourceManager[5]: info: Acquiring resource group: node1 10.0.0.9\n"
        "Nov 26 07:{} node2 IPaddr[6]: INFO: eval ifconfig eth0:0 10.0.0.9 netmask 255.255.255.0"
        " broadcast 10.0.0.255\n"
    )
    down = "Nov 26 07:12:00 node2 IPaddr[6]: INFO: ifconfig eth0:0 10.0.0.9 down\n"
    text = ONE_SIDE + gap.format("11:00", "11:01") + down + gap.format("13:00", "13:01")
    alone = hasim.read_logs(written(tmp_path, text))
    assert [s.who for _, s in alone.groups_held()] == ["node2", "node2"]
    assert list(alone.outage) == []
    assert alone.reading is not None
    assert alone.reading.absent == ("node1",)
    assert "the log of node1 is not there: what it held is not known, and outages are not told" in (
        alone.remarks
    )
    own = "Nov 26 07:00:00 node1 heartbeat: [1]: info: Link node2:eth0 up.\n"
    both = hasim.read_logs(written(tmp_path, text), written(tmp_path, own, "messages"))
    assert len(both.outage) == 1


def test_a_node_that_writes_on_hours_later_was_alive_when_it_was_declared_dead(
    tmp_path: Path,
) -> None:
    own = (
        "Nov 26 07:00:00 node1 heartbeat: [1]: info: Link node2:eth0 up.\n"
        "Nov 26 19:00:00 node1 heartbeat: [1]: info: Link node2:eth0 dead.\n"
    )
    names = [written(tmp_path, ONE_SIDE), written(tmp_path, own, "messages")]
    (death,) = (i for i in hasim.read_logs(*names).incidents if i.kind == "death")
    assert death.text == "node2 declares node1 dead, although node1 is alive and writes"


def test_the_reason_of_an_outage_is_the_decision_and_what_it_goes_back_to(tmp_path: Path) -> None:
    cable = simulated("test2-public-cable", "3.0.6")
    moved = hasim.read_logs(*logs_of(tmp_path, cable.trace, *cable.nodes)).outage
    assert [one.reason for one in moved] == [
        "node1 wants to hand over resources (all); "
        "before that: The link node1:eth0 is declared dead",
        "node2 wants to hand over resources (foreign)",
    ]
    stop = simulated("test1-graceful-stop", "3.0.6")
    found = hasim.read_logs(*logs_of(tmp_path, stop.trace, *stop.nodes)).outage
    assert found[0].reason == "The shutdown begins"
    assert found[1].reason.startswith("node2 wants to hand over resources (foreign)")
