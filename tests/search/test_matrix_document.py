"""The matrix that the documents show is the one that the command writes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hasim
from hasim.search import PHASES

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "matrix.md").read_text(encoding="utf-8")
KINDS = ["stop", "kill all"]
TRIED = ["settled", "takeover"]


def shown() -> list[str]:
    (block,) = re.findall(
        r"<!-- hasim matrix models/webdata -->\n```\n(.*?)\n```", DOCUMENT, re.DOTALL
    )
    return str(block).split("\n")


def row_of(event: str) -> dict[str, tuple[str, ...]]:
    """Return the cells of a row of the document by phase."""
    lines = shown()
    head = next(i for i, line in enumerate(lines) if line.split() == [*PHASES])
    starts = [lines[head].index(phase) for phase in PHASES]
    ends = [*starts[1:], None]
    first = lines.index(next(line for line in lines if line.startswith(f"{event}  ")))
    last = next(
        i for i in range(first + 1, len(lines)) if lines[i][: starts[0]].strip() or not lines[i]
    )
    cells = [
        [line[a:b].strip() for line in lines[first:last]] for a, b in zip(starts, ends, strict=True)
    ]
    return {p: tuple(x for x in cell if x) for p, cell in zip(PHASES, cells, strict=True)}


@pytest.mark.parametrize(
    ("event", "settled"),
    [
        ("stop node1", "takes over"),
        ("cut node1:eth0", "takes over"),
        ("power-off node1", "takes over"),
        ("isolate node1", "dual mount"),
        ("kill node1 all", "dual mount"),
    ],
)
def test_the_founding_tests_are_rows_of_the_document(event: str, settled: str) -> None:
    (told,) = row_of(event)["settled"]
    assert told.startswith(settled)


def test_rows_of_the_document_are_what_comes_out(webdata: Path) -> None:
    found = hasim.load(webdata).matrix(kinds=KINDS, phases=TRIED, pairs=False, jobs=1)
    rows = {event: row for row in found.rows() for event in row.events}
    assert {"no fault", "stop node1", "stop node2", "kill node1 all", "kill node2 all"} == {*rows}
    for event, row in rows.items():
        cells = row_of(event)
        assert {p: cells[p] for p in TRIED} == dict(zip(TRIED, row.cells, strict=True)), event


def test_the_document_explains_every_phase_and_every_outcome() -> None:
    for word in (*PHASES, "dual mount", "dual address", "stuck", "outage +t", "late by t"):
        assert f"`{word}`" in DOCUMENT
