"""Torn, wrapped, crowded and foreign lines: what is mended, and that every line is counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hasim import events as ev
from hasim.reading import Counts, Told
from hasim.reading.lines import LogFile
from hasim.reading.looking import look
from tests.reading.support import told_of

HEAD = "Nov 26 07:52:21 node1 heartbeat: [3689]: "
UP = f"{HEAD}info: Link node2:eth0 up."
DEAD = f"{HEAD}WARN: node node2: is dead"
GROUP = "node1 192.168.60.200/24/eth0 Filesystem::/dev/sdb5::/webdata::ext3"
ACQUIRE = "Nov 26 07:54:24 node1 ResourceManager[3830]: info: Acquiring resource group: "
LINK_UP, NODE_DEAD = ev.LinkUp("node2", "eth0"), ev.NodeDead("node2")


def found(folder: Path, *lines: str) -> tuple[list[ev.Event], Counts]:
    counts, told = told_of(folder, "\n".join(lines))
    assert counts.lines == len("\n".join(lines).split("\n"))
    return [t.event for t in told], counts


@pytest.mark.parametrize("cut", range(22, len(UP)))
def test_a_line_wrapped_anywhere_behind_its_host_is_put_together(tmp_path: Path, cut: int) -> None:
    events, counts = found(tmp_path, UP[:cut], UP[cut:], DEAD)
    assert sorted(map(repr, events)) == sorted(map(repr, [LINK_UP, NODE_DEAD]))
    assert counts.fates == {"event": 2, "joined": 1}
    assert counts.rules == {"rejoined": 1}


def test_a_line_wrapped_twice_is_put_together(tmp_path: Path) -> None:
    text = f"{HEAD}info: Starting", 'child client "/usr/lib/heartbeat/ipfail"', "(694,694)"
    events, counts = found(tmp_path, *text)
    assert events == [ev.ClientStarting("/usr/lib/heartbeat/ipfail", 694, 694)]
    assert counts.fates == {"event": 1, "joined": 2}


@pytest.mark.parametrize("cut", range(4, len("heartbeat: [3689]: info: Link node2:eth0 up.")))
def test_a_line_that_another_tears_apart_is_put_together(tmp_path: Path, cut: int) -> None:
    cut += len("Nov 26 07:52:21 node1 ")
    events, counts = found(tmp_path, UP[:cut] + DEAD, UP[cut:])
    assert sorted(map(repr, events)) == sorted(map(repr, [LINK_UP, NODE_DEAD]))
    assert counts.fates["event"] == 1
    assert counts.rules["cut"] == 1


def test_several_records_on_a_line_are_cut_apart(tmp_path: Path) -> None:
    old = "harc[3713]:\t2007/11/26_07:54:22 info: Running /etc/ha.d/rc.d/status status"
    new = "2007/11/26_07:54:22  harc(default)[3713]:    info: Running /etc/ha.d//rc.d/status status"
    iso = "2007-11-26T07:54:22+08:00 node1 heartbeat[3689]: info: Link node2:eth0 up."
    events, counts = found(tmp_path, " ".join([UP, DEAD, old, new, iso]))
    run = ev.RcScriptRun("status")
    assert events == [LINK_UP, NODE_DEAD, run, run, LINK_UP]
    assert (counts.fates, counts.rules) == ({"event": 1}, {"cut": 1})


def test_markup_is_taken_off_and_a_break_ends_a_record(tmp_path: Path) -> None:
    alias = HEAD.replace("heartbeat", "ipfail")
    line = f"<p><code>{UP}<br />{alias}info: NS: We are dead. :&lt;</code></p>"
    events, counts = found(tmp_path, line, "<br>", f"{DEAD}&nbsp;")
    assert events == [LINK_UP, ev.IpfailNodeDead(), NODE_DEAD]
    assert counts.fates == {"event": 2, "blank": 1}
    assert counts.rules["cleaned"] == 3


def test_a_group_that_is_wrapped_behind_a_complete_line_is_continued(tmp_path: Path) -> None:
    first, rest = GROUP.split(" Filesystem")
    events, counts = found(tmp_path, f"{ACQUIRE}{first}", f"Filesystem{rest}", UP)
    assert events == [ev.GroupAcquire(GROUP), LINK_UP]
    assert counts.fates == {"event": 2, "joined": 1}
    assert counts.rules == {"continued": 1}


def test_a_line_that_is_complete_twice_is_read_at_its_full_length(tmp_path: Path) -> None:
    events, _ = found(tmp_path, f"{HEAD}info: Local Resource acquisition completed.", "(none)")
    assert events == [ev.AcquireOwnNone()]


@pytest.mark.parametrize("prose", ["服务立刻转移到 node2。", "Here node1 gives up.", "..."])
def test_prose_between_the_lines_is_no_part_of_them(tmp_path: Path, prose: str) -> None:
    events, counts = found(tmp_path, f"{ACQUIRE}{GROUP}", prose, UP, prose, "", DEAD, prose)
    assert events == [ev.GroupAcquire(GROUP), LINK_UP, NODE_DEAD]
    assert counts.fates == {"event": 3, "loose": 3, "blank": 1}
    assert [place[1] for u in counts.unknowns("loose") for place in u.places] == [2, 4, 7]


def test_what_is_not_understood_is_counted_with_its_places(tmp_path: Path) -> None:
    odd = f"{HEAD}info: Frobnicating 17 widgets"
    events, counts = found(tmp_path, UP, odd, UP, odd.replace("17", "4"), f"{HEAD}debug: hm")
    assert len(events) == 2
    assert counts.fates == {"event": 2, "unknown": 3}
    first, second = counts.unknowns()
    assert (first.what, first.times) == ("heartbeat: info: Frobnicating N widgets", 2)
    assert [number for _, number in first.places] == [2, 4]
    assert second.what == "heartbeat: debug: hm"
    assert counts.missed == 2
    assert counts.share == pytest.approx(0.5)


def test_lines_of_other_programs_are_counted_by_program(tmp_path: Path) -> None:
    other = "Nov 26 07:52:21 node1 sshd[77]: Accepted password for root"
    kernel = "Nov 26 07:52:21 node1 kernel: eth0: link down"
    events, counts = found(tmp_path, other, kernel, UP, other)
    assert events == [LINK_UP]
    assert counts.fates == {"event": 1, "other": 3}
    assert [(u.what, u.times) for u in counts.unknowns("other")] == [("sshd", 2), ("kernel", 1)]


def test_a_message_of_several_lines_keeps_its_line_ends(tmp_path: Path) -> None:
    text = "netstring authentication failed, s=###\n11:(0)t=status,\n, autotoken=1 2b9f,"
    events, counts = found(tmp_path, f"{HEAD}ERROR: {text}", UP)
    packet = "###\n11:(0)t=status,\n"
    assert events == [ev.AuthFailedNetstring(packet, "1 2b9f,"), LINK_UP]
    assert counts.fates == {"event": 2, "joined": 2}


def test_however_many_wordings_there_are_the_counts_stay_small() -> None:
    counts = Counts()
    for i in range(60_000):
        word = "".join(chr(97 + int(d)) for d in str(i))
        counts.unknown("unknown", "info", "heartbeat", word, "log", i)
        counts.other(word, "log", i)
    assert len(counts.unknowns()) <= 2_001
    assert len(counts.unknowns("other")) <= 2_001
    assert sum(u.times for u in counts.unknowns()) == 60_000
    assert max(len(u.places) for u in counts.unknowns()) <= 20


BITS = st.sampled_from([
    UP, DEAD, f"{ACQUIRE}{GROUP}", "", " ", "prose", "Nov 26 07:52:21 node1", "heartbeat: [1]:",
    "&lt;", "<br>", "Nov 26", "2007/11/26_07:52:21 info: x", "{", "[", ">", "\t", "(none)", "\x00",
    f"{HEAD}info: Local Resource acquisition completed.", HEAD, "MSG[0] : [", "netstring", "é", "]",
    "Nov 30 00:00:00 node2 ipfail: [1]: info: NS: We are dead. :<", "#011", "12:34:56", "::",
])  # fmt: skip


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(BITS | st.text(max_size=8), max_size=4).map("".join), max_size=12))
def test_every_line_has_one_fate_and_nothing_is_lost(lines: list[str]) -> None:
    lines = [line for text in lines for line in text.split("\n")]
    counts = Counts()
    told: list[Told] = list(LogFile("log", 0, look("log", iter(lines), 2007, None), counts))
    assert counts.lines == len(lines)
    assert len(told) == sum(counts.events.values())
    assert all(1 <= t.number <= len(lines) for t in told)


def test_a_word_that_the_page_cuts_is_whole_where_the_width_of_the_page_is_known(
    tmp_path: Path,
) -> None:
    tried = "Nov 26 09:04:21 node1 Filesystem[3990]: INFO: Trying to unmount /webda"
    long = "Nov 26 09:04:21 node1 Filesystem[3990]: INFO: unmounted /webdata succe"
    assert len(long) == len(tried)
    events, counts = found(tmp_path, long, "ssfully", tried, "ta")
    assert events == [ev.UnmountDone("/webdata"), ev.UnmountTried("/webdata")]
    assert counts.rules == {"rejoined": 1, "continued": 1}
    events, counts = found(tmp_path, tried, "ta")
    assert events == [ev.UnmountTried("/webda")]
    assert counts.fates == {"event": 1, "loose": 1}


def test_the_process_of_a_script_is_the_first_number_that_of_a_daemon_its_own(
    tmp_path: Path,
) -> None:
    """A script logs through a program with a number of its own, another one for each line."""
    text = (
        "Jul 14 03:12:50 a ResourceManager[7065]: [7290]: info: Running /etc/init.d/x  start\n"
        "Jul 14 03:12:51 a ResourceManager[7065]: [7299]: info: Running /etc/init.d/y  start\n"
        "Jul 14 03:12:52 a heartbeat[7000]: [7001]: info: Link b:eth0 up.\n"
        "Jul 14 03:12:52 a heartbeat: [7001]: info: Link b:eth1 up.\n"
    )
    _, told = told_of(tmp_path, text)
    assert [t.pid for t in told] == [7065, 7065, 7001, 7001]
