"""Broken input of every sort: a sentence or a count, never a traceback."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hasim
from hasim.errors import ConfigError
from hasim.reading import Counts, stream
from hasim.reading.lines import LogFile
from hasim.reading.looking import look
from tests.reading.made import long_log
from tests.reading.support import DATA, told_of, written

SEEDS = (
    *(DATA / "founding-excerpts.txt").read_bytes().split(b"\n"),
    *(DATA / "ha-log.1.2.3").read_bytes().split(b"\n"),
    *long_log(300),
    b'{"__REALTIME_TIMESTAMP":"1","_HOSTNAME":"a","SYSLOG_IDENTIFIER":"b","MESSAGE":"c"}',
    b"Mon 2007-11-26 07:52:21 CST node1 heartbeat[1]: [2]: info: Link a:b up.",
    b"1196063541.250000 node1 heartbeat[3689]: info: Link a:b up.",
    b"[   12.345678] node1 heartbeat[3689]: info: Link a:b up.",
    b"\xff\xfe\x00&lt;<br><p></p>&#9;#011",
)


def broken(generator: random.Random) -> Iterator[bytes]:
    """Yield lines that were cut, joined, doubled and overwritten."""
    while True:
        line = bytearray(generator.choice(SEEDS))
        for _ in range(generator.randrange(4)):
            at = generator.randrange(len(line) + 1)
            match generator.randrange(6):
                case 0:
                    del line[at : at + generator.randrange(20)]
                case 1:
                    line[at:at] = generator.choice(SEEDS)[: generator.randrange(80)]
                case 2:
                    line[at : at + 1] = bytes([generator.randrange(256)])
                case 3:
                    line[at:at] = b"9" * generator.randrange(30)
                case 4:
                    line = line[:at]
                case 5:
                    line[at:at] = generator.choice([b"\n", b"\r", b"<", b"&", b":", b" ", b"["])
        yield bytes(line)


def read_all(lines: list[bytes]) -> None:
    texts = [line.decode("utf-8", "backslashreplace") for line in lines]
    counts = Counts()
    told = list(LogFile("log", 0, look("log", iter(texts), None, None), counts))
    assert counts.lines == len(texts)
    assert len(told) == sum(counts.events.values())


def test_broken_lines_are_counted() -> None:
    read_all(list(islice(broken(random.Random(1)), 6_000)))


@pytest.mark.slow
def test_a_million_broken_lines_are_counted() -> None:
    generator = broken(random.Random(2))
    for _ in range(50):
        read_all(list(islice(generator, 20_000)))


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32), lines=st.integers(1, 300))
def test_logs_that_are_broken_are_merged_all_the_same(
    tmp_path_factory: pytest.TempPathFactory, seed: int, lines: int
) -> None:
    folder = tmp_path_factory.mktemp("logs")
    generator = random.Random(seed)
    names = [
        written(folder, b"\n".join(islice(broken(generator), lines)), name)
        for name in ("ha-log.node1", "ha-log.node2")
    ]
    try:
        run = hasim.read_logs(*names)
    except hasim.HasimError:
        return
    assert run.summary()
    assert list(run.log()) or run.records
    assert run.violations is not None
    assert all(a.at <= b.at for a, b in zip(run.records, run.records[1:], strict=False))
    assert all(r.cause is None or r.cause < r.seq for r in run.records)


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_log_or_none(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    counts, _ = told_of(tmp_path_factory.mktemp("logs"), data)
    assert counts.fates["event"] == sum(counts.events.values())


def test_a_line_without_end_is_cut_and_counted(tmp_path: Path) -> None:
    counts, told = told_of(tmp_path, b"x" * 300_000 + b"\n" + next(long_log(1)))
    assert counts.fates == {"loose": 5, "event": 1}
    assert len(told) == 1


@pytest.mark.parametrize("name", ["no-such-file", "."])
def test_a_file_that_cannot_be_read_is_said(name: str) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        stream(name)[1].__next__()


@pytest.mark.parametrize("text", [b"", b"\n\n", b"hello\n", b"Nov 26 07:52:21 a sshd[1]: hi\n"])
def test_a_log_without_a_line_of_heartbeat_is_said(tmp_path: Path, text: bytes) -> None:
    with pytest.raises(hasim.HasimError, match="no line of Heartbeat is in"):
        hasim.read_logs(written(tmp_path, text))


@pytest.mark.parametrize("files", [(), (7,), (None,)])
def test_what_is_no_name_of_a_file_is_refused(files: tuple[object, ...]) -> None:
    with pytest.raises(hasim.HasimError, match=r"no log is given|is no name of a file"):
        hasim.read_logs(*files)  # type: ignore[arg-type]


def test_compressed_data_that_end_too_early_are_told(tmp_path: Path) -> None:
    whole = gzip.compress(b"".join(long_log(4000)))
    name = written(tmp_path, whole[: len(whole) // 2])
    run = hasim.read_logs(name)
    assert any("the compressed data are damaged" in remark for remark in run.remarks)
    assert len(run.records) > 100
