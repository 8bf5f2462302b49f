"""Logs in the daemon's formats (semantics 15.1), with the founding document's start (16.1)."""

from __future__ import annotations

import re

import pytest

from hasim import events as ev
from hasim.catalogue import event_of, line_of
from hasim.render import Format, log_lines
from hasim.trace import Clock, Header, Recorder, Source, Trace
from hasim.units import SECOND
from tests.trace.sample import sample

IPFAIL = "/usr/lib/heartbeat/ipfail"


def founding(dialect: str = "2.0.8") -> Trace:
    """Start of node1 while node2 is down; the stamps are those of the founding document."""
    parent, master = Source("node1", "heartbeat", 3688), Source("node1", "heartbeat", 3689)
    told = [
        (0, parent, ev.ConfigValidated("2.0.8")),
        (0, master, ev.DaemonVersion("2.0.8")),
        (0, master, ev.GenerationSet(3)),
        (0, master, ev.TriggerHandlerAdded()),
        (0, master, ev.MediumOpened("bcast", "eth1", 694)),
        (0, master, ev.MediumClosed("bcast", "eth1", 694)),
        (0, master, ev.PingStarted()),
        (0, master, ev.SignalHandlerAdded(17)),
        (0, master, ev.LocalStatus("up")),
        (1, master, ev.LinkUp("node1", "eth1")),
        (2, master, ev.LinkUp("192.168.60.1", "192.168.60.1")),
        (2, master, ev.NodeStatus("192.168.60.1", "ping")),
        (121, master, ev.NodeDead("node2")),
        (121, master, ev.CommUp()),
        (121, master, ev.LocalStatus("active")),
        (121, master, ev.ClientStarting(IPFAIL, 694, 694)),
        (121, master, ev.NoStonithDevice()),
        (121, Source("node1", "heartbeat", 3712), ev.ClientExec(IPFAIL, 694, 694, 3712)),
        (121, Source("node1", "heartbeat", 3713), ev.NotifyWorldDebug()),
        (122, Source("node1", "harc", 3713), ev.RcScriptRun("status")),
        (122, Source("node1", "mach_down", 3735), ev.MachDownComplete("node2")),
        (123, Source("node1", "IPaddr", 3768), ev.AgentResult("IPaddr", "Resource is stopped")),
        (123, Source("node1", "heartbeat", 3714), ev.AcquireOwnDone()),
        (
            123,
            Source("node1", "ip-request-resp", 3815),
            ev.RequestAnswered("192.168.60.200/24/eth0", True),
        ),
    ]
    recorder = Recorder()
    for second, source, event in told:
        recorder.emit(second * SECOND, source, event)
    header = Header("0", dialect, epoch="2007-11-26T07:52:21", clocks=(Clock("node1", 0, 0),))
    return Trace(header, recorder.records)


FOUNDING_SYSLOG = """\
Nov 26 07:52:21 node1 heartbeat: [3688]: info: Configuration validated. Starting heartbeat 2.0.8
Nov 26 07:52:21 node1 heartbeat: [3689]: info: heartbeat: version 2.0.8
Nov 26 07:52:21 node1 heartbeat: [3689]: info: Heartbeat generation: 3
Nov 26 07:52:21 node1 heartbeat: [3689]: info: G_main_add_TriggerHandler: Added signal manual handler
Nov 26 07:52:21 node1 heartbeat: [3689]: info: glib: UDP Broadcast heartbeat started on port 694 (694) interface eth1
Nov 26 07:52:21 node1 heartbeat: [3689]: info: glib: UDP Broadcast heartbeat closed on port 694 interface eth1 - Status: 1
Nov 26 07:52:21 node1 heartbeat: [3689]: info: glib: ping heartbeat started.
Nov 26 07:52:21 node1 heartbeat: [3689]: info: G_main_add_SignalHandler: Added signal handler for signal 17
Nov 26 07:52:21 node1 heartbeat: [3689]: info: Local status now set to: 'up'
Nov 26 07:52:22 node1 heartbeat: [3689]: info: Link node1:eth1 up.
Nov 26 07:52:23 node1 heartbeat: [3689]: info: Link 192.168.60.1:192.168.60.1 up.
Nov 26 07:52:23 node1 heartbeat: [3689]: info: Status update for node 192.168.60.1: status ping
Nov 26 07:54:22 node1 heartbeat: [3689]: WARN: node node2: is dead
Nov 26 07:54:22 node1 heartbeat: [3689]: info: Comm_now_up(): updating status to active
Nov 26 07:54:22 node1 heartbeat: [3689]: info: Local status now set to: 'active'
Nov 26 07:54:22 node1 heartbeat: [3689]: info: Starting child client "/usr/lib/heartbeat/ipfail" (694,694)
Nov 26 07:54:22 node1 heartbeat: [3689]: WARN: No STONITH device configured.
Nov 26 07:54:22 node1 heartbeat: [3712]: info: Starting "/usr/lib/heartbeat/ipfail" as uid 694  gid 694 (pid 3712)
Nov 26 07:54:23 node1 harc[3713]: info: Running /etc/ha.d/rc.d/status status
Nov 26 07:54:23 node1 mach_down[3735]: info: mach_down takeover complete for node node2.
Nov 26 07:54:24 node1 IPaddr[3768]: INFO:  Resource is stopped
Nov 26 07:54:24 node1 heartbeat: [3714]: info: Local Resource acquisition completed.
Nov 26 07:54:24 node1 ip-request-resp[3815]: received ip-request-resp 192.168.60.200/24/eth0 OK yes
"""  # noqa: E501


def test_the_start_of_the_founding_document_is_reproduced_line_by_line() -> None:
    assert list(log_lines(founding())) == FOUNDING_SYSLOG.splitlines()


def test_the_file_of_the_old_version_has_its_own_stamps() -> None:
    lines = list(log_lines(founding(), format="ha-log"))
    assert lines[0] == (
        "heartbeat[3688]: 2007/11/26_07:52:21 info:"
        " Configuration validated. Starting heartbeat 2.0.8"
    )
    assert (
        lines[18] == "harc[3713]:\t2007/11/26_07:54:23 info: Running /etc/ha.d/rc.d/status status"
    )
    assert lines[20] == "IPaddr[3768]:\t2007/11/26_07:54:24 INFO:  Resource is stopped"


@pytest.mark.parametrize(
    ("format", "debug", "day", "script"),
    [
        ("syslog", False, "Nov  6", "Nov  6 07:51:26 node2 harc(default)[2200]: "),
        ("ha-log", False, "Nov 06", "2007/11/06_07:51:26  harc(default)[2200]:    "),
        ("ha-log", True, "Nov 06", "harc(default)[2200]:\t2007/11/06_07:51:26 "),
    ],
)
def test_the_files_of_the_new_version_stamp_daemons_and_scripts_differently(
    format: Format, debug: bool, day: str, script: str
) -> None:
    lines = list(log_lines(sample(), "node2", format, debug))
    assert f"{day} 07:51:25 node2 heartbeat: [2110]: WARN: node node1: is dead" in lines
    assert f"{script}info: Running /etc/ha.d//rc.d/status status" in lines


JOURNAL = re.compile(r"(\w{3} \d\d) ([\d:]{8}) (\S+) ([^\[]+)\[(\d+)\]: (?:(\w+): )?(.*)", re.ASCII)


def test_the_journal_puts_the_process_id_behind_the_tag_of_every_program() -> None:
    lines = list(log_lines(founding(), format="journal"))
    assert lines[0] == (
        "Nov 26 07:52:21 node1 heartbeat[3688]: info:"
        " Configuration validated. Starting heartbeat 2.0.8"
    )
    assert lines[18] == (
        "Nov 26 07:54:23 node1 harc[3713]: info: Running /etc/ha.d/rc.d/status status"
    )
    first = next(iter(log_lines(sample(), "node1", "journal")))
    assert first.startswith("Nov 06 07:52:21 node1 ")


@pytest.mark.parametrize("trace", [founding(), sample()], ids=["2.0.8", "3.0.6"])
def test_every_line_of_the_journal_reads_back_as_the_event_it_tells(trace: Trace) -> None:
    dialect = trace.header.dialect
    lines = list(log_lines(trace, format="journal", debug=True))
    told = list(trace.log())
    assert len(lines) == len(told) > 5
    for line, record in zip(lines, told, strict=True):
        found = JOURNAL.fullmatch(line)
        assert found is not None, line
        _, _, host, tag, pid, level, text = found.groups()
        assert (host, int(pid)) == (record.source.node, record.source.pid)
        read = event_of(tag, level or "", text, dialect)
        assert read is not None, line
        assert line_of(read, dialect) == line_of(record.event, dialect)


def test_each_node_stamps_with_its_own_clock_and_the_order_is_that_of_truth() -> None:
    lines = list(log_lines(sample()))
    assert [line.split()[3] for line in lines] == ["node1", *["node2"] * 6]
    assert lines[0].startswith("Nov  6 07:52:21")
    assert lines[1].startswith("Nov  6 07:51:10")


def test_lines_of_the_level_debug_are_shown_on_request_only() -> None:
    assert not any("SIG_DFL" in line for line in log_lines(sample()))
    assert any("SIG_DFL" in line for line in log_lines(sample(), debug=True))


def test_the_log_of_one_node_holds_its_lines_only() -> None:
    assert list(log_lines(sample(), "node1")) == [
        "Nov  6 07:52:21 node1 heartbeat: [3689]: info: Local status now set to: 'up'"
    ]
    assert list(log_lines(sample(), "node9")) == []


def test_an_unknown_format_is_refused_with_a_sentence() -> None:
    with pytest.raises(
        ValueError, match="'xml' is no format of a log; there are ha-log, journal, syslog"
    ):
        list(log_lines(sample(), format="xml"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("format", "lines"),
    [
        ("syslog", ["kernel: EXT3-fs: recovery complete.", "avahi-daemon[1844]: Registering"]),
        ("journal", ["kernel: EXT3-fs: recovery complete.", "avahi-daemon[1844]: Registering"]),
        ("ha-log", []),
    ],
)
def test_the_kernel_has_no_number_and_writes_to_the_system_log_only(
    format: Format, lines: list[str]
) -> None:
    recorder = Recorder()
    recorder.emit(0, Source("node1", "kernel", None), ev.JournalRecovered())
    avahi = ev.AddressRegistered("10.0.0.1", "eth0")
    recorder.emit(0, Source("node1", "avahi-daemon", 1844), avahi)
    header = Header("0", "2.0.8", epoch="2007-11-26T07:52:21", clocks=(Clock("node1", 0, 0),))
    shown = list(log_lines(Trace(header, recorder.records), format=format))
    assert len(shown) == len(lines)
    assert all(f"node1 {part}" in line for part, line in zip(lines, shown, strict=True))
