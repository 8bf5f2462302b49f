"""Logs from the wild: every line an event or counted, and what is told beside them comes out.

The corpus is a folder ``logs`` of folders, one for each case: some logs, under whatever names, and
``source.txt``, which tells where they are from and what they show. It is no part of this project.
``HASIM_UPDATE_GOLDENS=1 python -m pytest tests/reading/test_corpus.py`` writes the counts into
``docs/reading.md`` where it is present.
"""

from __future__ import annotations

import gzip
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import hasim
from hasim import events as ev
from hasim.reading import Counts, Told, stream
from hasim.units import SECOND

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENT = ROOT / "docs" / "reading.md"
BEGIN, END = (
    "<!-- corpus: written by tests/reading/test_corpus.py -->\n",
    "<!-- end of corpus -->\n",
)
UPDATE = os.environ.get("HASIM_UPDATE_GOLDENS") == "1"
SOURCE = "source.txt"
_CLOCK = re.compile(r"\b(\d\d:\d\d:\d\d)\b")
_ADDRESS = re.compile(r"\b(\d{1,3}(?:\.\d{1,3}){3})\b")


class Case(NamedTuple):
    """One folder: its logs, and what is told of them."""

    name: str
    logs: tuple[str, ...]
    told: str


def cases(folder: Path) -> Iterator[Case]:
    """Yield the cases of a corpus: folders with logs, or logs that lie there by themselves."""
    for place in sorted({path.parent for path in folder.rglob("*") if path.is_file()}):
        told, logs = "", []
        for path in sorted(p for p in place.iterdir() if p.is_file()):
            if path.name.endswith(SOURCE):
                told += path.read_text(encoding="utf-8", errors="replace")
            elif not path.name.lower().startswith("readme"):
                logs.append(str(path))
        if logs:
            yield Case(str(place.relative_to(folder)), tuple(logs), told)


def text_of(case: Case) -> bytes:
    """Return what the logs of a case hold."""
    data = b""
    for name in case.logs:
        raw = Path(name).read_bytes()
        data += gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        data += b"" if data.endswith(b"\n") else b"\n"
    return data


def check(case: Case) -> tuple[Counts, list[Told]]:
    """Read a case in every way; each line is counted once."""
    counts, lines = stream(*case.logs)
    told = list(lines)
    text = text_of(case)
    assert counts.lines == text.count(b"\n")
    listed = {fate: counts.unknowns(fate) for fate in ("unknown", "loose", "other")}  # type: ignore[arg-type]
    for fate, found in listed.items():
        assert sum(one.times for one in found) >= counts.fates[fate] * bool(found)
        assert all(one.places for one in found)
    if told:
        run = hasim.read_logs(*case.logs)
        assert run.summary()
        assert [*run.json_lines()]
        quoted(case, text.decode("utf-8", "replace"), run)
    return counts, told


def quoted(case: Case, text: str, run: hasim.Run) -> None:
    """What is told of a case and stands in its logs comes out: times of the day, addresses."""
    lines = text.splitlines()
    log = "\n".join(run.log())
    for clock in dict.fromkeys(_CLOCK.findall(case.told)):
        own = [line for line in lines if clock in line and "heartbeat" in line]
        assert not own or clock in log, (case.name, clock)
    for address in dict.fromkeys(_ADDRESS.findall(case.told)):
        own = [line for line in lines if address in line and "IPaddr" in line]
        assert not own or address in log, (case.name, address)


def gaps(told: list[Told], first: type[ev.Event], then: type[ev.Event]) -> Iterator[float]:
    """Yield the seconds from each event of a kind to the next of another, on the same node."""
    for i, one in enumerate(told):
        if isinstance(one.event, first):
            after = (t for t in told[i:] if t.node == one.node and isinstance(t.event, then))
            found = next(after, None)
            if found is not None:
                yield (found.at - one.at) / SECOND


#: What has been read off these logs by hand: from what to what, in which seconds.
FACTS: tuple[tuple[tuple[str, ...], type[ev.Event], type[ev.Event], float, float], ...] = (
    (("002", "007"), ev.ShutdownNotice, ev.ScriptRun, 0, 3),
    (("002", "007", "018"), ev.ShutdownNotice, ev.NodeDead, 9, 13),
    (("004", "010"), ev.LocalStatus, ev.InitialAcquisition, 10, 13),
    (("006",), ev.IpfailDelay, ev.StandbyAsk, 3, 6),
    (("018",), ev.LinkDead, ev.StandbyAsk, 13, 15),
)


def numbered(case: Case) -> str:
    found = re.search(r"\d{3}", case.name)
    return found[0] if found else ""


def facts_of(case: Case, told: list[Told]) -> None:
    for names, first, then, least, most in FACTS:
        if numbered(case) in names:
            found = list(gaps(told, first, then))
            assert any(least <= gap <= most for gap in found), (case.name, first, then, found)
    if numbered(case) == "003":
        assert any(isinstance(t.event, ev.IpfailDead) for t in told)
    if numbered(case) == "014":
        assert not any(isinstance(t.event, ev.MachDownComplete | ev.FenceOk) for t in told)


def counted(every: list[tuple[Case, Counts]]) -> str:
    """Return a table of what became of the lines of all cases."""
    fates: Counter[str] = Counter()
    known = missed = 0
    for _, counts in every:
        fates.update(counts.fates)
        known += sum(n for level, n in counts.levels.items() if level.lower() != "debug")
        missed += counts.missed
    told = ", ".join(f"{fates[fate]} {fate}" for fate in sorted(fates))
    share = known / (known + missed) if known + missed else 1
    return (
        f"{len(every)} cases, {sum(fates.values())} lines: {told}. Of Heartbeat's lines at info and"
        f" above {share:.1%} are understood.\n"
    )


def test_logs_from_the_wild_are_read_and_tell_what_is_told_of_them(shared: Path) -> None:
    corpus = shared / "corpus" / "logs"
    if not corpus.is_dir():
        pytest.skip("no corpus")
    every = []
    for case in cases(corpus):
        counts, told = check(case)
        facts_of(case, told)
        every.append((case, counts))
    assert len(every) > 5
    text = counted(every)
    head, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    old, _, tail = rest.partition(END)
    if UPDATE:
        DOCUMENT.write_text(f"{head}{BEGIN}{text}{END}{tail}", encoding="utf-8", newline="\n")
    elif not old:
        pytest.skip("read, but not yet counted in docs/reading.md: see the head of this module")
    else:
        assert old == text, "see the head of this module"


CASE = """\
Nov 26 07:00:00 n2 heartbeat: [1]: info: Received shutdown notice from 'n1'.
Nov 26 07:00:00 n2 heartbeat: [1]: info: Resources being acquired from n1.
Nov 26 07:00:01 n2 ResourceManager[5]: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.9 start
Nov 26 07:00:01 n2 IPaddr[6]: INFO: eval ifconfig eth0:0 10.0.0.9 netmask 255.0.0.0 broadcast 10.9.9
Nov 26 07:00:11 n2 heartbeat: [1]: WARN: node n1: is dead
and then it hung, please help
"""


def test_a_case_is_checked_against_what_is_told_of_it(tmp_path: Path) -> None:
    place = tmp_path / "002-stop"
    place.mkdir()
    (place / "node2.log").write_text(CASE)
    (place / "old.gz").write_bytes(gzip.compress(CASE.encode()[:76]))
    (place / SOURCE).write_text("Takeover of 10.0.0.9 at 07:00:01 after the notice at 07:00:00.")
    (case,) = cases(tmp_path)
    assert (case.name, len(case.logs)) == ("002-stop", 2)
    counts, told = check(case)
    facts_of(case, told)
    assert counts.fates == {"event": 6, "loose": 1}
    assert counted([(case, counts)]).startswith("1 cases, 7 lines: 6 event, 1 loose.")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("07:00:11", "07:00:44"),
        lambda text: text.replace("Received shutdown notice", "Received some notice"),
    ],
)
def test_a_case_that_does_not_show_what_is_told_of_it_fails(
    tmp_path: Path, spoil: Callable[[str], str]
) -> None:
    place = tmp_path / "002"
    place.mkdir()
    (place / "node2.log").write_text(spoil(CASE))
    (case,) = cases(tmp_path)
    _, told = check(case)
    with pytest.raises(AssertionError):
        facts_of(case, told)
