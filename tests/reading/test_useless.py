"""Files in which nothing of Heartbeat is."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

import hasim
from hasim.errors import ConfigError
from tests.reading.support import remarks_of, written

UP = "2007-11-26T07:52:21 node1 heartbeat: [3689]: info: Link node2:eth0 up.\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "(0 lines)"),
        ("\n\n", "(2 lines)"),
        ("Nov 26 07:52:21 node2 sshd[1]: hi\n" * 123, "(123 lines): its lines are of sshd"),
        ("hello", "(1 lines)"),
    ],
)
def test_a_file_without_heartbeat_beside_others_is_said(
    tmp_path: Path, text: str, said: str
) -> None:
    other = written(tmp_path, text, "messages.node2")
    run = hasim.read_logs(written(tmp_path, UP, "messages.node1"), other)
    assert remarks_of(run) == (f"{other}: no line of Heartbeat is in it {said}",)


@pytest.mark.parametrize(
    ("data", "what", "remedy"),
    [
        (b"PK\x03\x04\x14\x00", "a zip archive", "unpack it"),
        (b"\x28\xb5\x2f\xfd\x04", "compressed with zstd", "zstd -d"),
        (b"LPKSHHRH\x00\x00", "the journal's own file", "journalctl --file FILE -o short-iso"),
        (b"\x7fELF\x00\x00", "binary data", "give the log itself, as text"),
        (b"Nov 26 07:52:21 a sshd[1]: hi\n", "its lines are of sshd", "give the ha-log"),
        (b"hello\n", "(1 lines)", "give the ha-log"),
    ],
)
def test_what_is_no_log_is_said_with_what_to_do(
    tmp_path: Path, data: bytes, what: str, remedy: str
) -> None:
    for content in (data, gzip.compress(data)):
        name = written(tmp_path, content)
        with pytest.raises(ConfigError) as caught:
            hasim.read_logs(name)
        text = str(caught.value)
        assert text.startswith(f"{name}: ERROR: no line of Heartbeat is in it (")
        assert what in text
        assert remedy in text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_a_log_in_another_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    text = UP * 3 if encoding in ("utf-16", "utf-8-sig") else "\ufeff" + UP * 3
    run = hasim.read_logs(written(tmp_path, text.encode(encoding)))
    assert len(run.records) == 3
    assert remarks_of(run) == ()


def test_a_log_that_can_be_seen_in_what_is_no_log_is_said(tmp_path: Path) -> None:
    name = written(tmp_path, b"PK\x03\x04\x14\x00\n" + UP.encode())
    (said,) = remarks_of(hasim.read_logs(name))
    assert said.startswith(f"{name}: it is a zip archive, of which not all can be read: unpack it")
