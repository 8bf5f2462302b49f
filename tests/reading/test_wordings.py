"""What the reader makes of every wording of Heartbeat 3.0.6, and of older ones as remembered.

``tests/data/logs/wordings-3.0.6.txt`` has what the binaries and scripts of 3.0.6 (with cluster-glue
1.0.12 and resource-agents 4.12) can log, ``wordings-remembered.txt`` lines of older versions; each
with its program, its level and what it is read as: an event of that class, ``noise``, ``unknown``.
``HASIM_UPDATE_GOLDENS=1 python -m pytest tests/reading/test_wordings.py`` writes that column anew;
what has changed is then for `git diff` and a reader.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from hasim.catalogue import ENTRIES
from hasim.reading import Counts
from hasim.reading.lines import LogFile
from hasim.reading.looking import look
from tests.reading.support import DATA

UPDATE = os.environ.get("HASIM_UPDATE_GOLDENS") == "1"
FILES = (DATA / "wordings-3.0.6.txt", DATA / "wordings-remembered.txt")
DOCS = Path(__file__).resolve().parent.parent.parent / "docs" / "reading.md"
GRAVE = ("EMERG", "ALERT", "CRIT", "ERROR")

_CONVERSION = re.compile(r"%[-+ #0]*[\d*]*(?:\.[\d*]+)?(?:hh?|ll?|z)?([sdiuxXpcf%])", re.ASCII)
_VALUES = {
    "s": "node2", "d": "3", "i": "3", "u": "3", "x": "1f", "X": "1F", "p": "0x55d0c0", "c": "x",
    "f": "0.250",
}  # fmt: skip


class Wording(NamedTuple):
    """A line of the file."""

    fate: str
    program: str
    level: str
    text: str
    values: tuple[str, ...] = ()


def wording_of(line: str) -> Wording:
    fate, program, level, text, *values = line.split("\t")
    level = "" if level == "-" else level
    return Wording(fate, program, level, text, tuple(values[0].split("|")) if values else ())


def shown(text: str, values: tuple[str, ...]) -> str:
    """Return the text with values in place of its conversions; first those that it is given."""
    given = iter(values)

    def value(hit: re.Match[str]) -> str:
        return "%" if hit[1] == "%" else next(given, _VALUES[hit[1]])

    return _CONVERSION.sub(value, text.replace("\\t", "\t"))


def lines_of(wording: Wording) -> tuple[str, str]:
    """Return it as syslog has it, and as a file of Heartbeat."""
    level = f"{wording.level}: " if wording.level else ""
    text = level + shown(wording.text, wording.values)
    pid = "[3689]:" if "(" in wording.program else ": [3689]:"
    return (
        f"Nov 26 07:52:21 node1 {wording.program}{pid} {text}",
        f"{wording.program}[3689]: 2007/11/26_07:52:21 {text}",
    )


def fate_of(line: str) -> str:
    """Return the class of the event that a line tells, else what becomes of it."""
    counts = Counts()
    told = list(LogFile("log", 0, look("log", iter([line]), 2007, "node1"), counts))
    (fate,) = counts.fates
    return type(told[0].event).__name__ if told else fate


def wordings_of(file: Path) -> list[Wording]:
    rows = file.read_text(encoding="utf-8").splitlines()
    return [wording_of(row) for row in rows if not row.startswith("#")]


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_every_wording_is_read_as_the_file_says(file: Path) -> None:
    rows = file.read_text(encoding="utf-8").splitlines()
    found = []
    for row in rows:
        if row.startswith("#"):
            found.append(row)
            continue
        fates = {fate_of(line): None for line in lines_of(wording_of(row))}
        found.append("\t".join(("/".join(fates), *row.split("\t")[1:])))
    if UPDATE:
        file.write_text("".join(f"{row}\n" for row in found), encoding="utf-8", newline="\n")
    assert found == file.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_a_line_is_an_event_or_noise_or_unknown_and_the_same_in_each_format(file: Path) -> None:
    others = ("other", "loose", "blank", "joined")
    assert [w for w in wordings_of(file) if "/" in w.fate or w.fate in others] == []


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_no_grave_line_is_noise(file: Path) -> None:
    assert [w for w in wordings_of(file) if w.fate == "noise" and w.level in GRAVE] == []


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_a_wording_is_listed_once(file: Path) -> None:
    assert [w for w, times in Counter(wordings_of(file)).items() if times > 1] == []


#: What is printed as 3.0.6 and is no wording of its own: what was torn, what is empty, what the
#: kernel says, and what older agents say.
ELSEWHERE = (
    ">>>",
    "api_process_registration_msg: cannot add client()",
    "{some} processes on {directory} were signalled",
    "SoftDog: ",
    "SOFTDOG: ",
)


def test_what_hasim_prints_as_3_0_6_the_binaries_and_scripts_can_log() -> None:
    texts = [shown(w.text, w.values) for w in wordings_of(FILES[0])]
    own = [e.texts["3.0.6"] for e in ENTRIES if e.reads and "3.0.6" in e.texts]
    missing = [
        template.text
        for template in own
        if not template.text.startswith(ELSEWHERE)
        and all(template.pattern().match(text) is None for text in texts)
    ]
    assert missing == []


def test_the_documentation_tells_how_many_wordings_have_which_fate() -> None:
    wordings = wordings_of(FILES[0])
    fates = Counter(w.fate if w.fate in ("noise", "unknown") else "event" for w in wordings)
    grave = sum(1 for w in wordings if w.fate == "unknown" and w.level in GRAVE)
    told = (
        f"Of {len(wordings):,} wordings {fates['event']} tell an event, {fates['noise']} are noise"
        f" and {fates['unknown']:,} stay unknown, {grave:,} of these at ERROR and above."
    )
    assert told in " ".join(DOCS.read_text(encoding="utf-8").split())
