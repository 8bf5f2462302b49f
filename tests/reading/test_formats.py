"""Every line that is printed reads back, in every format; real logs have more of them."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hasim import events as ev
from hasim.catalogue import Entry
from hasim.catalogue.system import PROGRAMS
from hasim.reading import Counts
from hasim.reading.heads import head_of
from hasim.reading.lines import LogFile
from hasim.reading.looking import look
from hasim.render import Format
from hasim.render.log import log_lines
from hasim.trace import Clock, Header, Record, Source, Trace
from tests.catalogue.strategies import events_for, name_of, wordings
from tests.reading.support import told_of

FORMATS: tuple[tuple[Format, bool], ...] = (
    ("syslog", True),
    ("journal", True),
    ("ha-log", False),
    ("ha-log", True),
)


def read_back(lines: list[str]) -> list[ev.Event]:
    counts = Counts()
    log = LogFile("log", 0, look("log", iter(lines), 2007, "node1"), counts)
    return [told.event for told in log]


def printed(event: ev.Event, tag: str, dialect: str, format: Format, debug: bool) -> list[str]:
    header = Header("0", dialect, epoch="2007-11-06T07:52:21", clocks=(Clock("node1", 0, 0),))
    pid = None if tag == "kernel" else 3689
    record = Record(0, 0, Source("node1", tag, pid), event, None)
    return list(log_lines(Trace(header, [record]), "node1", format, debug))


@pytest.mark.parametrize("wording", [w for w in wordings() if w[0].reads], ids=name_of)
@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_is_printed_is_read_in_every_format(
    wording: tuple[Entry, str], data: st.DataObject
) -> None:
    entry, dialect = wording
    event = data.draw(events_for(entry, dialect))
    tag = entry.tags[dialect].render(event)
    for format, debug in FORMATS:
        lines = printed(event, tag, dialect, format, debug)
        hidden = entry.level.lower() == "debug" and not debug
        if hidden or (format == "ha-log" and tag in PROGRAMS):
            assert lines == []
            continue
        found = read_back(lines)
        # The one line that means different things in the two versions, and names none.
        if entry.kind is ev.HistoryFilling:
            assert [type(e) for e in found] == [ev.HistoryFilling]
        else:
            assert found == [event], lines


LINK = ev.LinkUp("node1", "eth1")
WHEN = datetime(2007, 11, 26, 7, 52, 21)
TEXT = "info: Link node1:eth1 up."


@pytest.mark.parametrize(
    ("line", "micros", "host", "pid"),
    [
        (f"Nov 26 07:52:21 node1 heartbeat: [3689]: {TEXT}", 0, "node1", 3689),
        (f"<30>Nov 26 07:52:21 node1 heartbeat: [3689]: {TEXT}", 0, "node1", 3689),
        (f"Nov 26 2007 07:52:21 node1 heartbeat: [3689]: {TEXT}", 0, "node1", 3689),
        (f"Nov 26 07:52:21.250000 node1 heartbeat[3689]: {TEXT}", 250_000, "node1", 3689),
        (f"Nov 26 07:52:21 node1 heartbeat[3689]: {TEXT}", 0, "node1", 3689),
        (f"Nov 26 07:52:21 node1 heartbeat[1]: [3689]: {TEXT}", 0, "node1", 3689),
        (f"Nov 26 07:52:21 node1 heartbeat: {TEXT}", 0, "node1", None),
        (f"2007-11-26T07:52:21+0800 node1 heartbeat[3689]: {TEXT}", 0, "node1", 3689),
        (f"2007-11-26T07:52:21.5+08:00 node1 heartbeat[3689]: {TEXT}", 500_000, "node1", 3689),
        (f"2007-11-26 07:52:21,125 node1 heartbeat[3689]: {TEXT}", 125_000, "node1", 3689),
        (f"Mon 2007-11-26 07:52:21 CST node1 heartbeat[3689]: {TEXT}", 0, "node1", 3689),
        (f"Mon 2007-11-26 07:52:21.000007 UTC node1 heartbeat[3689]: {TEXT}", 7, "node1", 3689),
        (f"1196063541.250000 node1 heartbeat[3689]: {TEXT}", 250_000, "node1", 3689),
        (f"heartbeat[3689]: 2007/11/26_07:52:21 {TEXT}", 0, "log", 3689),
        (f"heartbeat: 2007/11/26_07:52:21 {TEXT}", 0, "log", None),
        (f"2007/11/26_07:52:21  heartbeat[3689]:    {TEXT}", 0, "log", 3689),
        (f"  > Nov 26 07:52:21 node1 heartbeat: [3689]: {TEXT}", 0, "node1", 3689),
        (f"Nov 26 07:52:21 node1 heartbeat: [3689]: {TEXT}<br />", 0, "node1", 3689),
        (f"messages.1:Nov 26 07:52:21 node1 heartbeat: [3689]: {TEXT}", 0, "node1", 3689),
    ],
)
def test_a_line_is_read_with_its_time_node_and_process(
    tmp_path: Path, line: str, micros: int, host: str, pid: int | None
) -> None:
    counts, events = told_of(tmp_path, line + "\n", year=2007)
    wanted = (WHEN - datetime(1970, 1, 1)) // timedelta(microseconds=1) + micros
    (told,) = events
    node = "node1" if host == "log" else host
    assert (told.at, told.node, told.pid, told.event) == (wanted, node, pid, LINK)
    assert counts.fates == {"event": 1}


def test_the_journal_is_read_as_json_and_since_boot() -> None:
    data = {
        "__REALTIME_TIMESTAMP": "1196063541250000",
        "_HOSTNAME": "node1",
        "SYSLOG_IDENTIFIER": "heartbeat",
        "_PID": "3689",
        "MESSAGE": TEXT,
    }
    assert read_back([json.dumps(data)]) == [LINK]
    assert read_back([f"[   12.345678] node1 heartbeat[3689]: {TEXT}"]) == [LINK]
    for broken in ("{", "{}", "[1]", '{"MESSAGE": 1}', json.dumps({**data, "_HOSTNAME": None})):
        assert read_back([broken]) == []


@pytest.mark.parametrize(
    "line",
    [
        "Nov 31 07:52:21 node1 heartbeat: [3689]: info: Link node1:eth1 up.",
        "Nov 26 27:52:21 node1 heartbeat: [3689]: info: Link node1:eth1 up.",
        "2007-13-26T07:52:21 node1 heartbeat[3689]: info: Link node1:eth1 up.",
        "heartbeat[3689]: 2007/02/30_07:52:21 info: Link node1:eth1 up.",
    ],
)
def test_a_time_that_no_clock_shows_makes_the_line_unknown(tmp_path: Path, line: str) -> None:
    counts, events = told_of(tmp_path, line)
    assert (events, counts.fates, counts.missed) == ([], {"unknown": 1}, 1)


@pytest.mark.parametrize(
    ("tag", "pid", "text", "level"),
    [
        ("heartbeat", "1", "x", "info"),
        ("harc(default)", "7", "x", "info"),
        ("/usr/lib/ocf/resource.d//heartbeat/IPaddr(IPaddr_10.0.0.1)", "7", " Success", "INFO"),
        ("IPv6addr(IPv6addr_fe80::1)", "7", "x", ""),
    ],
)
def test_a_tag_may_hold_a_folder_and_an_instance(tag: str, pid: str, text: str, level: str) -> None:
    shown = f"{level}: {text}" if level else text
    head = head_of(f"Nov 26 07:52:21 node1 {tag}[{pid}]: {shown}")
    assert head is not None
    assert (head.tag, head.pid, head.level, head.text) == (tag, pid, level, text)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed_logs_are_read(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    line = f"Nov 26 07:52:21 node1 heartbeat: [3689]: {TEXT}\n".encode()
    assert [t.event for t in told_of(tmp_path, pack(line * 3))[1]] == [LINK] * 3
    cut = pack(line * 3000)[:-20]
    counts, events = told_of(tmp_path, cut)
    assert len(events) == counts.fates["event"]


def test_lines_that_are_no_utf8_have_a_mark_or_end_in_a_carriage_return_are_read(
    tmp_path: Path,
) -> None:
    line = f"Nov 26 07:52:21 node1 heartbeat: [3689]: {TEXT}\r\n".encode()
    counts, events = told_of(tmp_path, b"\xef\xbb\xbf" + line + b"\xd6\xd0\xce\xc4\n" + line)
    assert [t.event for t in events] == [LINK, LINK]
    assert counts.fates == {"event": 2, "loose": 1}
    assert counts.unknowns("loose")[0].what.startswith("\\xd")
