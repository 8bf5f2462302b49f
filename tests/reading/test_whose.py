"""Whose lines those are that name no node."""

from __future__ import annotations

from pathlib import Path

import pytest

import hasim
from hasim.errors import ConfigError
from hasim.reading.paths import named_by_path
from hasim.run.logs import LogRun
from tests.reading.made import simulated
from tests.reading.support import written

UP = "heartbeat[3689]: 2007/11/26_07:52:{:02} info: Link {}:eth0 up.\n"
SYSLOG = "Nov 26 07:52:{:02} {} heartbeat: [3689]: info: Link {}:eth0 up.\n"
ACTIVE = "heartbeat[3689]: 2007/11/26_07:53:00 info: Status update for node {}: status active\n"


def log(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return written(path.parent, text, path.name)


def debug_of(node: str, scenario: str = "heal") -> str:
    """Return what a node writes to a file of its own, which names no node."""
    return "\n".join(simulated(scenario, "3.0.6").log(node, format="ha-log")) + "\n"


def said(run: LogRun) -> list[str]:
    return [remark for remark in run.remarks if "the node is" in remark or "NODE" in remark]


@pytest.mark.parametrize(
    ("path", "own", "folder"),
    [
        ("ha-log.node1", "node1", ""),
        ("a/ha-log.node1.2.gz", "node1", "a"),
        ("node1-ha-log.txt", "node1", ""),
        ("n1/ha-log", "", "n1"),
        ("n1/ha-log.txt", "", "n1"),
        ("n1/messages.1.gz", "", "n1"),
        ("n1/syslog-20071126.xz", "", "n1"),
        ("sos-n1/var/log/messages", "", "sos-n1"),
        ("/var/log/ha-debug", "", ""),
        ("../ha-log", "", ""),
        ("report/node1/ha-log.txt", "", "node1"),
        ("some.log", "some", ""),
        ("-", "", ""),
        (".log", "log", ""),
    ],
)
def test_a_path_names_a_node_by_its_file_or_its_folder(path: str, own: str, folder: str) -> None:
    named = named_by_path(path)
    assert (named.own, named.folder) == (own, folder)
    assert named.plain


@pytest.mark.parametrize("name", ["ha-log", "ha-log.txt", "messages", "ha-debug.1"])
def test_logs_of_one_name_in_two_folders_are_of_two_nodes(tmp_path: Path, name: str) -> None:
    logs = [log(tmp_path, f"{node}/{name}", debug_of(node)) for node in ("node1", "node2")]
    run = hasim.read_logs(*logs)
    assert run.nodes == ("node1", "node2")
    assert {v.property for v in run.violations} >= {"at-most-one-mounter"}


def test_files_are_of_the_node_that_their_folder_is_named_after(tmp_path: Path) -> None:
    names = [
        log(tmp_path, "n1/ha-log", UP.format(1, "b")),
        log(tmp_path, "n1/ha-log.1", UP.format(0, "b")),
        log(tmp_path, "n2/ha-log", UP.format(2, "a")),
    ]
    run = hasim.read_logs(*names)
    assert run.nodes == ("n1", "n2")
    hint = "from the name of its folder: give NODE=FILE to tell it"
    assert said(run) == [
        f"{names[0]}, {names[1]}: the node is n1, {hint}",
        f"{names[2]}: the node is n2, {hint}",
    ]


def test_log_and_debug_file_of_a_folder_are_of_one_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    log(tmp_path, "ha-log", UP.format(1, "b"))
    log(tmp_path, "ha-debug", UP.format(1, "b") + UP.format(2, "b"))
    run = hasim.read_logs("ha-log", "ha-debug")
    assert run.nodes == ("ha-log",)
    assert "1 lines stand in two files of a node and count once" in run.remarks


def test_logs_that_would_be_of_one_node_by_accident_are_refused(tmp_path: Path) -> None:
    names = [log(tmp_path, f"{f}/n1/ha-log", UP.format(1, "b")) for f in ("old", "new")]
    with pytest.raises(ConfigError, match="no line names its node; it would be n1") as caught:
        hasim.read_logs(*names)
    assert "give NODE=FILE" in str(caught.value)
    assert hasim.read_logs(f"a={names[0]}", f"b={names[1]}").nodes == ("a", "b")


def test_what_lines_say_of_themselves_goes_before_the_folder(tmp_path: Path) -> None:
    we = "ipfail[3]: 2007/11/26_07:52:00 debug: [We are db1]\n"
    names = [
        log(tmp_path, "n1/ha-log", we + UP.format(1, "db2")),
        log(tmp_path, "n1/ha-log.1", UP.format(0, "db2")),
    ]
    run = hasim.read_logs(*names)
    assert run.nodes == ("db1",)
    assert said(run) == [
        f"{names[0]}, {names[1]}: the node is db1, from what its lines say of themselves"
    ]


def test_a_log_beside_a_syslog_is_of_its_host(tmp_path: Path) -> None:
    names = [
        log(tmp_path, "n1/messages", SYSLOG.format(1, "db1", "db2")),
        log(tmp_path, "n1/ha-log", UP.format(5, "db2")),
    ]
    assert hasim.read_logs(*names, year=2007).nodes == ("db1",)
    dead = UP.format(5, "db1").replace("Link db1:eth0 up.", "node db1: is dead")
    names[1] = log(tmp_path, "n1/ha-log", dead.replace("info", "WARN"))
    assert hasim.read_logs(*names, year=2007).nodes == ("db1", "db2")  # the one that is left


def test_the_one_log_that_is_left_is_of_the_one_node_that_has_none(tmp_path: Path) -> None:
    names = [
        log(tmp_path, "log1.txt", UP.format(1, "db2") + UP.format(2, "10.0.0.9")),
        log(tmp_path, "ha-log.db2", UP.format(1, "db1") + ACTIVE.format("db1")),
    ]
    run = hasim.read_logs(*names)
    assert run.nodes == ("db1", "db2")
    assert f"{names[0]}: the node is db1, of whom the others speak" in run.remarks


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (UP.format(1, "db2"), UP.format(1, "db1") + UP.format(1, "db3")),  # two have no log
        (UP.format(1, "log1"), UP.format(1, "db1")),  # somebody speaks of it
        (ACTIVE.format("db1").replace("info: Status update for node db1: status active",
                                      "WARN: node db1: is dead"), UP.format(1, "db1")),
    ],
)  # fmt: skip
def test_a_log_that_may_be_of_another_node_keeps_its_name(
    tmp_path: Path, text: str, other: str
) -> None:
    names = [log(tmp_path, "log1.txt", text), log(tmp_path, "ha-log.db2", other)]
    assert hasim.read_logs(*names).nodes == ("db2", "log1")


def test_a_ping_node_has_no_log(tmp_path: Path) -> None:
    ping = ACTIVE.format("gate").replace("active", "ping") + UP.format(3, "gate")
    names = [
        log(tmp_path, "log1.txt", UP.format(1, "db2")),
        log(tmp_path, "ha-log.db2", UP.format(1, "db1") + ping),
    ]
    assert hasim.read_logs(*names).nodes == ("db1", "db2")


def test_a_node_that_is_told_goes_before_the_one_host_of_the_lines(tmp_path: Path) -> None:
    name = log(tmp_path, "relay.log", SYSLOG.format(1, "10.0.0.9", "web2") + UP.format(2, "web2"))
    run = hasim.read_logs(f"web1={name}", year=2007)
    assert run.nodes == ("web1",)
    assert said(run) == []


def test_a_node_that_is_told_is_not_that_of_lines_of_several_hosts(tmp_path: Path) -> None:
    text = SYSLOG.format(1, "a", "b") + SYSLOG.format(2, "b", "a") + UP.format(3, "b")
    name = log(tmp_path, "relay.log", text)
    run = hasim.read_logs(f"web1={name}", year=2007)
    assert [r.source.node for r in run.records] == ["a", "b", "web1"]
    assert f"{name}: web1= names only the lines without a host; others are of a, b" in run.remarks


def test_a_host_with_its_domain_is_the_node_that_is_told(tmp_path: Path) -> None:
    text = SYSLOG.format(1, "web1", "b") + SYSLOG.format(2, "web1.a.org", "b")
    assert hasim.read_logs(f"web1={log(tmp_path, 'x', text)}", year=2007).nodes == ("web1",)
