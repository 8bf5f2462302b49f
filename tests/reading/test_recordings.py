"""The recordings of the real daemon: every line is read, and read as what it was."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import hasim
from hasim import events as ev
from hasim.catalogue import event_of
from hasim.conform.facts import facts_of
from hasim.events import Event
from hasim.reading import stream
from hasim.trace import Record
from hasim.trace.spans import spans
from hasim.units import SECOND
from tests.reading.support import quiet_before

pytestmark = pytest.mark.conformance


def folders(shared: Path, every: bool = False) -> Iterator[Path]:
    """Yield the first run of each scenario, or every run."""
    for scenario in sorted(p for p in (shared / "traces").iterdir() if p.is_dir()):
        runs = sorted(p.parent for p in scenario.glob("*/scenario.json"))
        yield from runs if every else runs[:1]


def logs(run: Path) -> list[str]:
    return sorted(str(p) for p in run.glob("ha-debug.*.gz"))


def data_of(run: Path) -> Iterator[dict[str, object]]:
    with gzip.open(run / "trace.jsonl.gz", "rt", encoding="utf-8", errors="replace") as stream_:
        yield from map(json.loads, stream_)


def _known(shared: Path, every: bool) -> None:
    names = [name for run in folders(shared, every) for name in logs(run)]
    counts, told = stream(*names)
    assert sum(1 for _ in told) == sum(counts.events.values())
    listed = [(u.what, u.times) for u in counts.unknowns()]
    assert counts.share >= 0.99, listed
    assert listed == []
    assert counts.unknowns("loose") == []
    assert counts.unknowns("other") == []
    assert counts.lines > (140_000 if every else 25_000)


def test_every_line_of_the_debug_files_is_known(shared: Path) -> None:
    _known(shared, every=False)


@pytest.mark.slow
def test_every_line_of_all_debug_files_is_known(shared: Path) -> None:
    _known(shared, every=True)


def test_the_debug_files_tell_what_the_daemon_sent_to_syslog(shared: Path) -> None:
    """Each line was recorded twice: in the file of the node, and as it left for syslog."""
    for run in folders(shared):
        _, told = stream(*logs(run))
        files: Counter[tuple[str, int | None, Event]] = Counter(
            (t.node, t.pid, t.event) for t in told
        )
        sent: Counter[tuple[str, int | None, Event]] = Counter()
        for data in data_of(run):
            if data["src"] == "log":
                event = event_of(str(data["prog"]), str(data["level"] or ""), str(data["text"]))
                pid = data["pid"]
                assert isinstance(pid, int)
                if event is not None and not isinstance(event, ev.AuthFailedNetstring):
                    sent[str(data["node"]), pid, event] += 1
        for key in [key for key in files if isinstance(key[2], ev.AuthFailedNetstring)]:
            del files[key]
        # A node that loses its power may lose its last lines on either way.
        assert (sent - files).total() <= 12, run
        assert (files - sent).total() <= 12, run


#: Both nodes lose their power at once, so nobody declares the other dead; and a node loses it
#: between the line that says that an address is configured and its being so, and nobody else lives.
UNSEEN = ("24a-both-die-together", "24c-backup-dies-during-takeover")


def _held_as_seen(run: Path) -> None:
    ha_cf = json.loads((run / "scenario.json").read_text())["scenario"]["ha_cf"]
    deadtime = re.search(r"^deadtime (\S+)", ha_cf, re.MULTILINE)
    read = hasim.read_logs(*logs(run), deadtime=deadtime and deadtime[1])
    first = next(float(str(d["t"])) for d in data_of(run) if d["src"] == "log")
    truth = facts_of(_canonical(run), read.trace.header.groups)
    moved = [Record(r.at - round(first * SECOND), *r[1:]) for r in truth]
    for kind in ("address", "mount"):
        # The log ends with its last line, the recording later.
        true, seen = (
            sorted((s.who, s.what.partition("/24")[0], s.begin, s.end) for s in found)
            for found in (spans(moved, kind, read.end), read.spans(kind))  # type: ignore[arg-type]
        )
        late = quiet_before(read.end, (one[2] for one in true))
        true, seen = ([one for one in found if one[2] < late] for found in (true, seen))
        assert [one[:2] for one in true] == [one[:2] for one in seen]
        for one, other in zip(true, seen, strict=True):
            assert abs(one[2] - other[2]) < 3 * SECOND
            assert abs(one[3] - other[3]) < 3 * SECOND


@pytest.mark.parametrize(
    "scenario",
    [
        "05a-pull-public",
        "04a-stop-primary-on",
        "06c-power-off-stonith",
        "07b-only-link-cut",
        "08c-isolate-heal-both",
        "16a-standby-takeover",
        "06a-power-off",
        "17a-aa-power-off",
        "09a-kill-master",
    ],
)
def test_who_held_what_is_concluded_as_the_kernel_saw_it(shared: Path, scenario: str) -> None:
    (run,) = [r for r in folders(shared) if r.parent.name == scenario]
    _held_as_seen(run)


def test_in_all_scenarios_but_two_is_concluded_who_held_what(shared: Path) -> None:
    for run in folders(shared):
        if run.parent.name not in UNSEEN:
            _held_as_seen(run)


def _canonical(run: Path) -> Iterator[dict[str, object]]:
    for data in data_of(run):
        match data:
            case {"src": "vip", "ev": "up" | "down" as what, "addr": addr}:
                yield {**data, "kind": f"vip-{what}", "args": {"addr": addr}}
            case {"src": "mount", "ev": "mount" | "umount" as what, "dir": directory}:
                yield {**data, "kind": what, "args": {"dir": directory}}
            case {"src": "node", "ev": "power off"}:
                yield {**data, "kind": "power-off", "args": {}}


@pytest.mark.parametrize(
    "scenario",
    [
        "17a-aa-power-off",
        "17c-aa-failback-off",
        "17d-aa-cold-alone",
        "17e-aa-pull-public",
        "18c-stop-fails",
        "18e-slow-stop",
    ],
)
def test_a_group_that_ends_in_a_script_stands_from_when_its_address_is_up(
    shared: Path, scenario: str
) -> None:
    """No line tells when the last script of a group has ended."""
    (run,) = [r for r in folders(shared) if r.parent.name == scenario]
    ha_cf = json.loads((run / "scenario.json").read_text())["scenario"]["ha_cf"]
    deadtime = re.search(r"^deadtime (\S+)", ha_cf, re.MULTILINE)
    assert deadtime is not None
    read = hasim.read_logs(*logs(run), deadtime=deadtime[1])
    groups = {key for key, _ in read.groups_held()}
    assert groups
    for key in groups:
        stood = read.held(key)
        up = read.held(key.partition("/")[0])
        assert [s.who for s in stood] == [s.who for s in up]
        for group, address in zip(stood, up, strict=True):
            assert 0 <= group.begin - address.begin <= 3 * SECOND
