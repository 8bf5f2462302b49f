"""Lines as versions 1.2, 2.1 and 3.0 word them, beside the two dialects that are printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from hasim import events as ev
from tests.reading.support import DATA, events_of, told_of


def test_version_1_writes_its_scripts_under_the_name_of_the_daemon(tmp_path: Path) -> None:
    counts, told = told_of(tmp_path, (DATA / "ha-log.1.2.3").read_bytes())
    assert counts.fates == {"event": 16, "noise": 1}
    events = [t.event for t in told]
    assert events[4] == ev.MediumOpened(kind="bcast", device="eth1", port=694)
    assert events[8:] == [
        ev.RcScriptRun("status"),
        ev.MachDownForeign(),
        ev.MachDownDone(),
        ev.GroupAcquire("node1 10.0.0.1 httpd"),
        ev.ScriptRun("IPaddr 10.0.0.1 start"),
        ev.AddressConfigure("eth0:0", "10.0.0.1", "255.255.255.0", "10.0.0.255"),
        ev.AddressArp("10.0.0.1", "eth0:0", "eth0"),
        ev.ScriptRun("httpd  start", "/etc/init.d"),
    ]


@pytest.mark.parametrize(
    ("line", "event"),
    [
        (
            "IPaddr2[1]: [12386]: INFO: ip -f inet addr add 10.0.0.1/24 brd 10.0.0.255 dev eth0",
            ev.AddressConfigure("eth0", "10.0.0.1", "24", "10.0.0.255"),
        ),
        (
            "IPaddr2(IPaddr2_10.0.0.1)[7]: INFO: Adding inet address 10.0.0.1/24 with broadcast"
            " address 10.0.0.255 to device eth0",
            ev.AddressConfigure("eth0", "10.0.0.1", "24", "10.0.0.255", "10.0.0.1"),
        ),
        (
            "IPaddr2[12]: INFO: ip -f inet addr delete 10.0.0.1/24 dev eth0",
            ev.AddressUnconfigure("eth0", "10.0.0.1"),
        ),
        (
            "IPaddr[9]: [10]: INFO: ifconfig eth0:0 down",
            ev.AddressUnconfigure("eth0:0"),
        ),
        (
            "Filesystem[25871]: [25881]: INFO: Running start for /dev/sdb5 on /webdata",
            ev.MountBegun("/dev/sdb5", "/webdata"),
        ),
        (
            "mach_down[3735]: info: /usr/share/heartbeat/mach_down: nice_failback: foreign"
            " resources acquired",
            ev.MachDownForeign(),
        ),
        (
            "mach_down[3735]: [3750]: info: /usr/lib64/heartbeat/mach_down: nice_failback: foreign"
            " resources acquired",
            ev.MachDownForeign(),
        ),
        (
            "harc[3]: [3720]: info: Running /usr/local/etc/ha.d/rc.d/ask_resources ask_resources",
            ev.RcScriptRun("ask_resources"),
        ),
        (
            "harc[3713]: 2007/11/26_07:54:22 info: Running /etc/ha.d/rc.d/status status",
            ev.RcScriptRun("status"),
        ),
        (
            "harc(default)[3]: #0112007/11/26_07:54:22 info: Running /etc/ha.d/rc.d/status status",
            ev.RcScriptRun("status"),
        ),
        (
            "heartbeat: [1]: info: For information on cluster partitions, See URL:"
            " http://linux-ha.org/wiki/SplitBrain",
            ev.PartitionSeeUrl(),
        ),
        (
            "heartbeat: [1]: WARN: G_CH_dispatch_int: Dispatch function for read child took too"
            " long to execute: 70 ms (> 50 ms) (GSource: 0x9a1b2c8)",
            ev.DispatchLong("G_CH_dispatch_int", "read child", 70, 50, "0x9a1b2c8"),
        ),
        (
            "heartbeat: [1]: info: Managed mach_down process 123 exited with return code 0.",
            ev.ChildExited("mach_down", 123, 0),
        ),
        (
            "heartbeat: [1]: WARN: Exiting /usr/lib/heartbeat/ipfail process 12 returned rc 1.",
            ev.ChildExited("/usr/lib/heartbeat/ipfail", 12, 1),
        ),
    ],
)
def test_other_wordings_tell_the_same_events(tmp_path: Path, line: str, event: ev.Event) -> None:
    assert list(events_of(tmp_path, f"Nov 26 07:52:21 node1 {line}\n")) == [event]


@pytest.mark.parametrize(
    "line",
    [
        "info: AUTH: i=1: key = 0x9a13e80, auth=0xb7f87c3c, authname=sha1",
        "info: Version 2 support: false",
        "WARN: logd is enabled but logfile/debugfile/logfacility is still configured in ha.cf",
        "debug: AnnounceTakeover(local 0, foreign 1, reason 'T_RESOURCES' (0))",
        "last message repeated 3 times",
    ],
)
def test_lines_of_no_consequence_are_known(tmp_path: Path, line: str) -> None:
    counts, told = told_of(tmp_path, f"Nov 26 07:52:21 node1 heartbeat: [1]: {line}\n")
    assert (counts.fates, told) == ({"noise": 1}, [])


def test_an_agent_line_of_an_unrelated_program_is_none_of_the_daemon(tmp_path: Path) -> None:
    text = "Nov 26 07:52:21 node1 heartbeat: [1]: INFO:  Link node2:eth0 up.\n"
    counts, told = told_of(tmp_path, text)
    assert (told, counts.fates) == ([], {"unknown": 1})
