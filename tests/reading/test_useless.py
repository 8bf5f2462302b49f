"""Files in which nothing of Heartbeat is."""

from __future__ import annotations

from pathlib import Path

import pytest

import hasim
from tests.reading.support import written

UP = "2007-11-26T07:52:21 node1 heartbeat: [3689]: info: Link node2:eth0 up.\n"


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", 0), ("\n\n", 2), ("Nov 26 07:52:21 node2 sshd[1]: hi\n" * 123, 123), ("hello", 1)],
)
def test_a_file_without_heartbeat_beside_others_is_said(
    tmp_path: Path, text: str, lines: int
) -> None:
    other = written(tmp_path, text, "messages.node2")
    run = hasim.read_logs(written(tmp_path, UP, "messages.node1"), other)
    assert run.remarks == (f"{other}: no line of Heartbeat is in it ({lines} lines)",)
