"""Quoted, marked up and crowded lines: what is seen of a file before it is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import hasim
from hasim import events as ev
from hasim.run.logs import LogRun
from tests.reading.support import remarks_of, told_of, written

UP = "Jun 26 07:52:{:02} node1 heartbeat: [3689]: info: Link node2:eth0 up."
SCRIPT = "harc(default)[135]:\t2011/06/26_07:53:00 info: Running /etc/ha.d//rc.d/status status"
FILE = "heartbeat[3689]: 2011/06/26_07:52:00 info: Link node2:eth0 up."

Shape = Callable[[str], str]
SHAPES: dict[str, Shape] = {
    "quoted": "> {}".format,
    "quoted twice": ">> {}".format,
    "quoted apart": "> > {}".format,
    "set in": "    {}".format,
    "in a table": "| {}".format,
    "a page": "<p>{}</p>".format,
    "a quoted page": "&gt; {}<br>".format,
}


def read(folder: Path, shape: Shape, *lines: str) -> LogRun:
    text = "".join(f"{shape(line)}\n" for line in lines)
    return hasim.read_logs(written(folder, text, "mail.txt"))


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_file_is_looked_at_as_it_is_read(tmp_path: Path, shape: Shape) -> None:
    """The script names the year of all lines, and no year is assumed."""
    run = read(tmp_path, shape, UP.format(1), UP.format(2), SCRIPT)
    assert [run.wall(r.at)[:10] for r in run.records] == ["2011-06-26"] * 3
    assert run.nodes == ("node1",)
    assert remarks_of(run) == ()


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_what_is_assumed_of_a_file_is_said_whatever_its_shape(tmp_path: Path, shape: Shape) -> None:
    assert "the year 2007 is assumed" in " ".join(read(tmp_path, shape, UP.format(1)).remarks)
    assert "the node is mail, from" in " ".join(read(tmp_path, shape, FILE).remarks)


def test_a_second_record_on_a_line_is_looked_at(tmp_path: Path) -> None:
    run = read(tmp_path, str, f"{UP.format(1)} {SCRIPT}")
    assert [run.wall(r.at)[:10] for r in run.records] == ["2011-06-26"] * 2


@pytest.mark.parametrize("mark", ["> ", ">> ", "> > ", ">"])
def test_quote_marks_are_no_text_and_cut_no_line(tmp_path: Path, mark: str) -> None:
    cut = len("Jun 26 07:52:01 node1 heartbeat: [3689]: info: Link")
    line = UP.format(2)
    text = f"{mark}{UP.format(1)}\n{mark}{line[:cut]}\n{mark}{line[cut + 1 :]}\n{mark}\n"
    counts, told = told_of(tmp_path, text)
    assert [t.event for t in told] == [ev.LinkUp("node2", "eth0")] * 2
    assert counts.fates == {"event": 2, "joined": 1, "blank": 1}
    assert counts.rules == {"rejoined": 1}
    assert counts.unknowns("loose") == []
