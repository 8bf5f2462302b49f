"""Lines as versions 1.2 to 3.0.6 word them, beside the two dialects that are printed."""

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


def line_of(rest: str) -> str:
    return f"Nov 26 07:52:21 node1 {rest}\n"


IPADDR2 = "IPaddr2(IPaddr2_10.0.0.1/24/eth0)[7]: INFO:"
INSTANCE = "10.0.0.1/24/eth0"


@pytest.mark.parametrize(
    ("line", "event"),
    [
        (
            f"{IPADDR2} Adding inet address 10.0.0.1/24 to device eth0",
            ev.AddressConfigure("eth0", "10.0.0.1", "24", "", INSTANCE),
        ),
        (
            f"{IPADDR2} Adding inet6 address fe80::1/64 to device eth0 (with preferred_lft 0)",
            ev.AddressConfigure("eth0", "fe80::1", "64", "", INSTANCE),
        ),
        (
            f"{IPADDR2} Adding inet address 10.0.0.1/24 with broadcast address 10.0.0.255 to device"
            " eth0 (with valid_lft forever label eth0:0)",
            ev.AddressConfigure("eth0", "10.0.0.1", "24", "10.0.0.255", INSTANCE),
        ),
        (
            "IPaddr2[7]: [8]: INFO: /sbin/ip -f inet addr add 10.0.0.1/24 brd 10.0.0.255 dev eth0",
            ev.AddressConfigure("eth0", "10.0.0.1", "24", "10.0.0.255"),
        ),
        (
            "IPaddr2[7]: [8]: INFO: /sbin/ip -f inet addr delete 10.0.0.1 dev eth0",
            ev.AddressUnconfigure("eth0", "10.0.0.1"),
        ),
    ],
)
def test_an_address_of_ipaddr2_comes_and_goes(tmp_path: Path, line: str, event: ev.Event) -> None:
    assert list(events_of(tmp_path, line_of(line))) == [event]


@pytest.mark.parametrize(
    "text",
    ["Couldn't mount device [/dev/sdb5] as /data", "Couldn't mount filesystem /dev/sdb5 on /data"],
)
def test_a_file_system_that_cannot_be_mounted_tells_it(tmp_path: Path, text: str) -> None:
    line = f"Filesystem(Filesystem_/dev/sdb5)[7]: ERROR: {text}"
    (event,) = events_of(tmp_path, line_of(line))
    assert event == ev.MountFailed("/dev/sdb5", "/data", "/dev/sdb5")


def test_newer_agents_say_how_processes_are_forced_off_a_file_system(tmp_path: Path) -> None:
    line = (
        "Filesystem(Filesystem_/dev/sdb5)[7]: INFO: No processes on /data were signalled."
        " force_unmount is set to 'safe'"
    )
    (event,) = events_of(tmp_path, line_of(line))
    assert event == ev.UnmountSignalled("No", "/data", "/dev/sdb5")


def test_an_older_file_system_warns_that_it_is_busy(tmp_path: Path) -> None:
    line = "Filesystem[7]: [8]: WARNING: Couldn't unmount /data; trying cleanup with SIGTERM"
    assert list(events_of(tmp_path, line_of(line))) == [ev.UnmountBusy("/data", "SIGTERM")]


@pytest.mark.parametrize(
    ("arguments", "tag"),
    [
        (
            "-i 200 -r 5 -p /var/run/send_arp-10.0.0.1 eth0 10.0.0.1 auto not_used not_used",
            "IPaddr2",
        ),
        ("eth0 10.0.0.1 0010DC123456 10.0.0.1 ffffffffffff", "IPaddr"),
    ],
)
def test_send_arp_announces_an_address(tmp_path: Path, arguments: str, tag: str) -> None:
    line = f"{tag}[7]: [8]: INFO: /usr/lib/heartbeat/send_arp {arguments}"
    assert list(events_of(tmp_path, line_of(line))) == [ev.AddressArp("10.0.0.1", "", "eth0")]


@pytest.mark.parametrize("tag", ["heartbeat", "ipfail", "ccm"])
def test_a_part_of_the_main_loop_that_took_long_is_told_of_any_program(
    tmp_path: Path, tag: str
) -> None:
    text = (
        f"{tag}: [7]: WARN: G_CH_prepare_int: working on IPC channel took 1010 ms (> 100 ms)",
        f"{tag}: [7]: WARN: G_CH_dispatch_int: Dispatch function for API client took too long to"
        " execute: 70 ms (> 50 ms) (GSource: 0x9a1)",
    )
    assert list(events_of(tmp_path, "".join(map(line_of, text)))) == [
        ev.DispatchLong("G_CH_prepare_int", "IPC channel", 1010, 100, ""),
        ev.DispatchLong("G_CH_dispatch_int", "API client", 70, 50, "0x9a1"),
    ]


@pytest.mark.parametrize(
    ("line", "event"),
    [
        (
            "info: glib: ucast6: heartbeat started for [fe80::2]:694 on interface eth1",
            ev.MediumOpened("ucast", "eth1", 694, peer="fe80::2"),
        ),
        (
            "info: glib: UDP multicast heartbeat started for [ff02::694]:694 on interface eth1"
            " (hops=1 loop=0)",
            ev.MediumOpened("mcast", "eth1", 694, group="ff02::694", ttl=1, loop=0),
        ),
        (
            "info: glib: ucast6: bound send socket to device: eth1",
            ev.UcastOption("bound send socket", "eth1"),
        ),
        (
            "ERROR: glib: ucast6_write: Unable to send HBcomm packet eth1[fe80::2]:694 len=200"
            " [-1]: Network is unreachable",
            ev.SendFailed("ucast6", "eth1", "fe80::2", 694, 200, "Network is unreachable"),
        ),
        ("WARN: This file is not used because crm is enabled", ev.ResourcesFileUnused()),
        ("WARN: This file is not used because pacemaker is enabled", ev.ResourcesFileUnused()),
        (
            "WARN: Unable to lock pid 4711 in memory: Operation not permitted",
            ev.MemoryLockFailed(),
        ),
        ("WARN: Cluster node node2 returning after partition", ev.PartitionReturn("node2")),
        ("info: See documentation for information on tuning deadtime.", ev.PartitionSeeFaq()),
        ("info: Dead node node2 held no resources.", ev.DeadGaveUp("node2")),
        ("info: Resource acquisition completed.", ev.AcquireOwnDone()),
    ],
)
def test_other_wordings_of_the_daemon_tell_the_same_events(
    tmp_path: Path, line: str, event: ev.Event
) -> None:
    assert list(events_of(tmp_path, line_of(f"heartbeat: [7]: {line}"))) == [event]


def test_ask_resources_takes_over_a_group_as_mach_down_does(tmp_path: Path) -> None:
    line = "ask_resources(default)[7]: info: Taking over resource group 10.0.0.1"
    assert list(events_of(tmp_path, line_of(line))) == [ev.TakingOver("10.0.0.1")]


def test_a_result_is_read_where_a_page_has_made_one_blank_of_two(tmp_path: Path) -> None:
    found = list(events_of(tmp_path, line_of("IPaddr[7]: [8]: INFO: Success")))
    assert found == [ev.AgentResult("IPaddr", "Success")]
    assert list(events_of(tmp_path, line_of("backup[7]: INFO: Success"))) == []


@pytest.mark.parametrize(
    ("line", "fate"),
    [
        # What is noise at info is none at ERROR.
        ("heartbeat: [7]: info: Retransmitting pkt 17", "noise"),
        ("heartbeat: [7]: ERROR: Retransmitting pkt 17", "unknown"),
        # What is noise at debug is none above.
        ("heartbeat: [7]: debug: Killing pid 17", "noise"),
        ("heartbeat: [7]: info: Killing pid 17", "unknown"),
        # Of another program it is that program's.
        ("sshd[7]: Retransmitting pkt 17", "other"),
        ("sshd[7]: info: Retransmitting pkt 17", "other"),
        ("kernel: Retransmitting pkt 17", "other"),
        ("sshd[7]: last message repeated 3 times", "noise"),
        # An agent of any name is Heartbeat's where its tag says so.
        ("mysql(mysql_1)[7]: ERROR: MySQL couldn't be stopped", "unknown"),
        ("mysql[7]: ERROR: MySQL couldn't be stopped", "other"),
    ],
)
def test_what_is_noise_depends_on_program_and_level(tmp_path: Path, line: str, fate: str) -> None:
    counts, told = told_of(tmp_path, line_of(line))
    assert (counts.fates, told) == ({fate: 1}, [])


def test_a_stonith_device_that_waits_for_its_operator_says_so_with_and_without_its_library(
    tmp_path: Path,
) -> None:
    text = "".join(
        f"Nov 26 07:52:21 node1 heartbeat: [1]: CRIT: {glib}OPERATOR INTERVENTION REQUIRED to reset"
        f' node2.\nNov 26 07:52:21 node1 heartbeat: [1]: CRIT: {glib}Run "meatclient -c node2"'
        " AFTER power-cycling the machine.\n"
        for glib in ("glib: ", "")
    )
    events = [ev.FenceOperatorNeeded("node2"), ev.FenceOperatorCommand("node2")]
    assert list(events_of(tmp_path, text)) == events * 2


def test_a_line_of_syslog_itself_is_of_another_program(tmp_path: Path) -> None:
    text = (
        "Nov 26 07:52:21 node1 syslogd 1.4.1: restart.\n"
        "Nov 26 07:52:21 node1 heartb\n"
        "Nov 26 07:52:21 node1 heartbeat: [1]: info: gibberish of node1 and eth0, 17 times\n"
    )
    counts, told = told_of(tmp_path, text)
    assert (counts.fates, told) == ({"other": 1, "unknown": 2}, [])
    assert [one.what for one in counts.unknowns()] == [
        "Nov N N:N:N node1 heartb",
        "heartbeat: info: gibberish of node1 and eth0, N times",
    ]
