"""What the founding document quotes, line by line, and the seconds between (semantics 16).

The texts and stamps are those that semantics 16 reports of the document; where it only names a
group of lines, their texts are those of semantics 8.5 and 15.2.  A few that the document leaves out
stand among them, as the daemon must print them there.

A quotation holds where its lines stand in a node's log in its order, each within a second of its
stamp.  ipfail, the kernel and avahi write beside the daemon and its scripts: for each of them, and
for the daemon with all scripts, the order is its own; between them only the stamps tell.  Where the
document gives a range of seconds for a group of lines, each has one within it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import pytest

from hasim.model import Model
from hasim.render.log import logged
from hasim.run import Run
from hasim.units import SECOND, Micros

__all__ = ["BESIDE", "SEEDS", "Line", "lines_of", "quoted"]

SEEDS = range(8)
#: Programs that write beside the daemon and its scripts.
BESIDE = ("ipfail", "kernel", "avahi-daemon")
_LOG = re.compile(
    r"Nov 26 (\d\d):(\d\d):(\d\d) \S+ ([\w-]+)(?:: \[(\d+)\]|\[(\d+)\])?: (.*)", re.ASCII
)
_QUOTED = re.compile(r"(\d\d):(\d\d):(\d\d) ([\w-]+)(?:\[(\d+)\])?: (.*)", re.ASCII)


class Line(NamedTuple):
    """A line of a log, or of the document: second of the day, program, process id, text.

    `at` is the true time of one that was simulated.
    """

    second: int
    program: str
    pid: int | None
    text: str
    at: Micros = 0


def _line(found: re.Match[str] | None, shown: str, at: Micros = 0) -> Line:
    assert found is not None, shown
    hour, minute, second, program, *pids, text = found.groups()
    pid = next((int(p) for p in pids if p), None)
    return Line(int(hour) * 3600 + int(minute) * 60 + int(second), program, pid, text, at)


def lines_of(run: Run, node: str) -> list[Line]:
    """Read the log of a node."""
    told = logged(run.trace, node)
    return [_line(_LOG.fullmatch(text), text, record.at) for record, text in told]


def quoted(text: str) -> list[Line]:
    """Read a quotation: ``HH:MM:SS program[pid]: text``, the pid only where it has to match."""
    return [_line(_QUOTED.fullmatch(line), line) for line in text.splitlines()]


def found(lines: Sequence[Line], quotes: Sequence[Line], slack: int = 1) -> list[Line]:
    """Return the line of each quote, or fail with the first that is missing, early or late."""
    out: dict[int, Line] = {}
    for programs in (None, *BESIDE):
        left = iter([line for line in lines if _stream(line) == programs])
        for i, quote in enumerate(quotes):
            if _stream(quote) == programs:
                match = next((line for line in left if _same(line, quote, slack)), None)
                assert match is not None, f"missing, early, late or out of order: {quote}"
                out[i] = match
    return [out[i] for i in range(len(quotes))]


def _stream(line: Line) -> str | None:
    return line.program if line.program in BESIDE else None


def _same(line: Line, quote: Line, slack: int) -> bool:
    if (line.program, line.text) != (quote.program, quote.text):
        return False
    return quote.pid in (None, line.pid) and abs(line.second - quote.second) <= slack


TELLING = "info: Telling other node that we have more visible ping nodes."
MOUNTED = "EXT3-fs: mounted filesystem with ordered data mode."
GROUP = "node1 192.168.60.200/24/eth0 Filesystem::/dev/sdb5::/webdata::ext3"
START_ALONE = quoted(f"""\
07:52:21 heartbeat[3688]: info: Configuration validated. Starting heartbeat 2.0.8
07:52:21 heartbeat[3689]: info: heartbeat: version 2.0.8
07:52:21 heartbeat[3689]: info: Heartbeat generation: 3
07:52:21 heartbeat[3689]: info: G_main_add_TriggerHandler: Added signal manual handler
07:52:21 heartbeat[3689]: info: G_main_add_TriggerHandler: Added signal manual handler
07:52:21 heartbeat[3689]: info: Removing /var/lib/heartbeat/rsctmp failed, recreating.
07:52:21 heartbeat[3689]: info: glib: UDP Broadcast heartbeat started on port 694 (694) interface \
eth1
07:52:21 heartbeat[3689]: info: glib: UDP Broadcast heartbeat closed on port 694 interface eth1 - \
Status: 1
07:52:21 heartbeat[3689]: info: glib: ping heartbeat started.
07:52:21 heartbeat[3689]: info: G_main_add_SignalHandler: Added signal handler for signal 17
07:52:21 heartbeat[3689]: info: Local status now set to: 'up'
07:52:22 heartbeat[3689]: info: Link node1:eth1 up.
07:52:23 heartbeat[3689]: info: Link 192.168.60.1:192.168.60.1 up.
07:52:23 heartbeat[3689]: info: Status update for node 192.168.60.1: status ping
07:54:22 heartbeat[3689]: WARN: node node2: is dead
07:54:22 heartbeat[3689]: info: Comm_now_up(): updating status to active
07:54:22 heartbeat[3689]: info: Local status now set to: 'active'
07:54:22 heartbeat[3689]: info: Starting child client "/usr/lib/heartbeat/ipfail" (694,694)
07:54:22 heartbeat[3689]: WARN: No STONITH device configured.
07:54:22 heartbeat[3689]: WARN: Shared disks are not protected.
07:54:22 heartbeat[3689]: info: Resources being acquired from node2.
07:54:22 harc: info: Running /etc/ha.d/rc.d/status status
07:54:23 mach_down: info: /usr/lib/heartbeat/mach_down: nice_failback: foreign resources acquired
07:54:23 mach_down: info: mach_down takeover complete for node node2.
07:54:23 heartbeat[3689]: info: mach_down takeover complete.
07:54:23 heartbeat[3689]: info: Initial resource acquisition complete (mach_down)
07:54:24 IPaddr: INFO:  Resource is stopped
07:54:24 heartbeat: info: Local Resource acquisition completed.
07:54:24 harc: info: Running /etc/ha.d/rc.d/ip-request-resp ip-request-resp
07:54:24 ip-request-resp: received ip-request-resp 192.168.60.200/24/eth0 OK yes
07:54:24 ResourceManager: info: Acquiring resource group: {GROUP}
07:54:24 IPaddr: INFO:  Resource is stopped
07:54:24 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 192.168.60.200/24/eth0 start
07:54:25 IPaddr: INFO: Using calculated netmask for 192.168.60.200: 255.255.255.0
07:54:25 IPaddr: INFO: eval /sbin/ifconfig eth0:0 192.168.60.200 netmask 255.255.255.0 broadcast \
192.168.60.255
07:54:25 avahi-daemon: Registering new address record for 192.168.60.200 on eth0.
07:54:26 IPaddr: INFO:  Success
07:54:26 ResourceManager: info: Running /etc/ha.d/resource.d/Filesystem /dev/sdb5 /webdata ext3 \
start
07:54:26 Filesystem: INFO: Running start for /dev/sdb5 on /webdata
07:54:26 kernel: kjournald starting.  Commit interval 5 seconds
07:54:26 kernel: EXT3 FS on sdb5, internal journal
07:54:26 kernel: EXT3-fs: mounted filesystem with ordered data mode.
07:54:26 Filesystem: INFO:  Success
07:54:33 heartbeat[3689]: info: Local Resource acquisition completed. (none)
07:54:33 heartbeat[3689]: info: local resource transition completed.
""")
BACKUP_JOINS = quoted("""\
07:57:15 heartbeat: info: Local status now set to: 'up'
07:57:15 heartbeat: info: Link node1:eth1 up.
07:57:15 heartbeat: info: Status update for node node1: status active
07:57:15 heartbeat: info: Link node1:eth0 up.
07:57:15 harc: info: Running /etc/ha.d/rc.d/status status
07:57:15 heartbeat: info: Comm_now_up(): updating status to active
07:57:15 heartbeat: info: Local status now set to: 'active'
07:57:15 heartbeat: info: Starting child client "/usr/lib/heartbeat/ipfail" (694,694)
""")
TEST2_NODE1 = quoted(f"""\
09:04:09 heartbeat[3689]: WARN: node 192.168.60.1: is dead
09:04:09 heartbeat[3689]: info: Link node2:eth0 dead.
09:04:09 heartbeat[3689]: info: Link 192.168.60.1:192.168.60.1 dead.
09:04:09 ipfail: info: Status update: Node 192.168.60.1 now has status dead
09:04:09 harc: info: Running /etc/ha.d/rc.d/status status
09:04:10 ipfail: info: NS: We are dead. :<
09:04:10 ipfail: info: Link Status update: Link node2/eth0 now has status dead
09:04:20 heartbeat[3689]: info: node1 wants to go standby [all]
09:04:20 heartbeat[3689]: info: standby: node2 can take our all resources
09:04:20 heartbeat: info: give up all HA resources (standby).
09:04:21 ResourceManager: info: Releasing resource group: {GROUP}
09:04:21 ResourceManager: info: Running /etc/ha.d/resource.d/Filesystem /dev/sdb5 /webdata ext3 stop
09:04:21 Filesystem: INFO: Running stop for /dev/sdb5 on /webdata
09:04:21 Filesystem: INFO: Trying to unmount /webdata
09:04:21 Filesystem: INFO: unmounted /webdata successfully
09:04:21 Filesystem: INFO:  Success
09:04:22 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 192.168.60.200/24/eth0 stop
09:04:22 IPaddr: INFO: /sbin/ifconfig eth0:0 192.168.60.200 down
09:04:22 avahi-daemon: Withdrawing address record for 192.168.60.200 on eth0.
09:04:22 IPaddr: INFO:  Success
""")
TEST2_NODE2 = quoted(f"""\
09:02:58 heartbeat: info: Link node1:eth0 dead.
09:02:58 ipfail: info: Link Status update: Link node1/eth0 now has status dead
09:02:59 ipfail: info: Asking other side for ping node count.
09:02:59 ipfail: info: Checking remote count of ping nodes.
09:03:02 ipfail: info: Telling other node that we have more visible ping nodes.
09:03:09 heartbeat: info: node1 wants to go standby [all]
09:03:10 heartbeat: info: standby: acquire [all] resources from node1
09:03:10 heartbeat: info: acquire all HA resources (standby).
09:03:10 ResourceManager: info: Acquiring resource group: {GROUP}
09:03:11 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 192.168.60.200/24/eth0 start
09:03:11 IPaddr: INFO: eval /sbin/ifconfig eth0:0 192.168.60.200 netmask 255.255.255.0 broadcast \
192.168.60.255
09:03:11 avahi-daemon: Registering new address record for 192.168.60.200 on eth0.
09:03:12 IPaddr: INFO:  Success
09:03:12 ResourceManager: info: Running /etc/ha.d/resource.d/Filesystem /dev/sdb5 /webdata ext3 \
start
09:03:13 Filesystem: INFO: Running start for /dev/sdb5 on /webdata
09:03:13 kernel: kjournald starting.  Commit interval 5 seconds
09:03:13 kernel: EXT3 FS on sdb5, internal journal
09:03:13 kernel: EXT3-fs: mounted filesystem with ordered data mode.
09:03:13 Filesystem: INFO:  Success
""")
TEST3_NODE2 = quoted("""\
09:24:54 heartbeat: info: Received shutdown notice from 'node1'.
09:24:54 heartbeat: info: Resources being acquired from node1.
09:24:54 heartbeat: info: acquire local HA resources (standby).
09:24:54 harc: info: Running /etc/ha.d/rc.d/status status
09:24:54 mach_down: info: Taking over resource group 192.168.60.200/24/eth0
09:24:55 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 192.168.60.200/24/eth0 start
09:24:57 ResourceManager: info: Running /etc/ha.d/resource.d/Filesystem /dev/sdb5 /webdata ext3 \
start
09:24:57 kernel: EXT3-fs: mounted filesystem with ordered data mode.
""")


def run_of(model: Model, scenario: str, seed: int) -> Run:
    assert model.dialect == "2.0.8"
    return model.run(scenario=scenario, seed=seed)


def seconds(lines: Sequence[Line], quotes: Sequence[Line], first: str, second: str) -> float:
    """Return the true seconds between the first lines that have two quoted texts."""
    texts = [q.text for q in quotes]
    return (lines[texts.index(second)].at - lines[texts.index(first)].at) / SECOND


def about(took: float, stamped: int) -> bool:
    """Tell whether a time is within half a second of those that two whole-second stamps allow."""
    return abs(took - stamped) <= 1.5


@pytest.mark.parametrize("seed", SEEDS)
def test_node1_starts_alone_in_the_lines_of_the_document(model: Model, seed: int) -> None:
    lines = lines_of(run_of(model, "start-alone", seed), "node1")
    stamped = found(lines, START_ALONE)
    for (q0, q1), (l0, l1) in zip(pairwise(START_ALONE), pairwise(stamped), strict=True):
        if q1.second - q0.second > 2:
            assert abs((l1.second - l0.second) - (q1.second - q0.second)) <= 1, q1
    # The client's own line comes from its process, which runs beside the shells.
    text = 'info: Starting "/usr/lib/heartbeat/ipfail" as uid 694  gid 694 (pid '
    (exec_,) = [line for line in lines if line.text.startswith(text)]
    assert abs(exec_.second - (7 * 3600 + 54 * 60 + 22)) <= 1


@pytest.mark.parametrize("seed", SEEDS)
def test_node2_joins_in_the_lines_of_the_document(model: Model, seed: int) -> None:
    found(lines_of(run_of(model, "backup-joins", seed), "node2"), BACKUP_JOINS)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_public_cable_is_pulled_in_the_lines_of_the_document(model: Model, seed: int) -> None:
    run = run_of(model, "test2-public-cable", seed)
    # What comes after a chain of waits may be late by their sum; below the seconds between count.
    one, two = (
        found(lines_of(run, node), quotes, slack=2)
        for node, quotes in (("node1", TEST2_NODE1), ("node2", TEST2_NODE2))
    )
    for first, second, stamped in (
        ("info: Link node2:eth0 dead.", "info: NS: We are dead. :<", 1),
        ("info: Link node2:eth0 dead.", "info: node1 wants to go standby [all]", 11),
        ("info: give up all HA resources (standby).", TEST2_NODE1[-3].text, 2),
    ):
        assert about(seconds(one, TEST2_NODE1, first, second), stamped), second
    for first, second, stamped in (
        ("info: Link node1:eth0 dead.", "info: Asking other side for ping node count.", 1),
        ("info: Link node1:eth0 dead.", TELLING, 4),
        ("info: acquire all HA resources (standby).", MOUNTED, 3),
    ):
        assert about(seconds(two, TEST2_NODE2, first, second), stamped), second


@pytest.mark.parametrize("seed", SEEDS)
def test_both_links_of_the_pulled_cable_die_in_one_scan(model: Model, seed: int) -> None:
    lines = lines_of(run_of(model, "test2-public-cable", seed), "node1")
    dead = ("WARN: node 192.168.60.1: is dead", "info: Link node2:eth0 dead.",
            "info: Link 192.168.60.1:192.168.60.1 dead.")  # fmt: skip
    assert len({line.at for line in lines if line.text in dead}) == 1
    assert len([line for line in lines if line.text in dead]) == 3


@pytest.mark.parametrize("seed", SEEDS)
def test_the_power_cord_of_the_document_is_a_clean_stop(model: Model, seed: int) -> None:
    run = run_of(model, "test3-power-cord", seed)
    lines = lines_of(run, "node2")
    found(lines, TEST3_NODE2)
    texts = [line.text for line in lines]
    dead = texts.index("WARN: node node1: is dead")
    assert texts[dead + 1 :].count("info: Dead node node1 gave up resources.") == 1
    assert not any("STONITH" in text for text in texts), "a clean stop needs no fencing"


def test_nothing_but_what_the_document_leaves_out_is_added_to_the_start(model: Model) -> None:
    lines = lines_of(run_of(model, "start-alone", 0), "node1")
    known = {(q.program, q.text) for q in START_ALONE}
    extra = [line.text for line in lines if (line.program, line.text) not in known]
    assert [text for text in extra if not text.startswith("info: Starting ")] == [
        "WARN: Logging daemon is disabled --enabling logging daemon is recommended",
        "info: **************************",
        "info: glib: UDP Broadcast heartbeat started on port 694 (694) interface eth0",
        "info: glib: UDP Broadcast heartbeat closed on port 694 interface eth0 - Status: 1",
        "info: Link node1:eth0 up.",
        "INFO:  Resource is stopped",
    ]


def test_a_line_that_is_missing_late_or_out_of_order_is_noticed() -> None:
    lines = quoted("07:00:01 a: x\n07:00:02 a: y\n07:00:03 ipfail: z\n")
    assert found(lines, lines) == lines
    assert found(lines, [lines[0], lines[2], lines[1]]) == [lines[0], lines[2], lines[1]]
    for wrong in ("07:00:02 a: y\n07:00:01 a: x", "07:00:03 a: x", "07:00:01 a: w"):
        with pytest.raises(AssertionError):
            found(lines, quoted(wrong + "\n"))
