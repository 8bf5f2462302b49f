"""Archives of tar: each log in one is read, and named by its folder."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
import tracemalloc
from collections.abc import Mapping
from pathlib import Path

import pytest

import hasim
from hasim.errors import ConfigError
from hasim.reading import stream
from tests.reading.made import long_log, simulated
from tests.reading.support import remarks_of
from tests.reading.test_whose import debug_of

FILE = "heartbeat[{}]: 2007/11/26_07:52:{:02} info: Link c:eth0 up.\n"
UP = "2007-11-26T07:52:{:02} {} heartbeat: [3689]: info: Link node2:eth0 up.\n"


def archive(
    path: Path, files: Mapping[str, bytes | str], mode: str = "w:gz", mtime: int = 0
) -> str:
    """Write an archive and return its path."""
    with tarfile.open(path, mode) as tar:  # type: ignore[call-overload]
        for name, data in files.items():
            content = data.encode() if isinstance(data, str) else data
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), mtime
            tar.addfile(info, io.BytesIO(content))
        folder = tarfile.TarInfo("empty")
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
    return str(path)


@pytest.mark.parametrize(
    ("name", "mode"),
    [("r.tar", "w"), ("r.tar.gz", "w:gz"), ("r.tgz", "w:gz"), ("r.tar.bz2", "w:bz2"),
     ("r.tar.xz", "w:xz"), ("r", "w:gz")],
)  # fmt: skip
def test_the_logs_in_a_report_are_read_and_named_by_its_folders(
    tmp_path: Path, name: str, mode: str
) -> None:
    files: dict[str, bytes | str] = {
        "r/node1/ha-log.txt": debug_of("node1"),
        "r/node1/ha.cf": "keepalive 2\nnode node1 node2\n",
        "r/node2/ha-log.txt": gzip.compress(debug_of("node2").encode(), mtime=0),
        "r/node2/core": b"\x7fELF\x00\x00" * 1000,
    }
    path = archive(tmp_path / name, files, mode)
    run = hasim.read_logs(path)
    assert run.nodes == ("node1", "node2")
    assert run.reading is not None
    assert run.reading.files == (f"{path}:node1/ha-log.txt", f"{path}:node2/ha-log.txt")
    assert f"{path}: 2 of the files in it are no logs" in run.remarks
    assert {v.property for v in run.violations} >= {"at-most-one-mounter"}
    plain = [tmp_path / node / "ha-log" for node in run.nodes]
    for one in plain:
        one.parent.mkdir()
        one.write_text(debug_of(one.parent.name))
    assert hasim.read_logs(*map(str, plain)).trace == run.trace


def test_a_log_that_holds_the_name_of_its_node_needs_no_folder(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.tar", {"./messages": UP.format(1, "node1")}, "w")
    run = hasim.read_logs(path)
    assert run.nodes == ("node1",)
    assert run.place(0) == f"{path}:messages:1"


def test_archives_of_two_nodes_are_told_apart_or_told(tmp_path: Path) -> None:
    log = {"var/log/ha-log": FILE.format(1, 2)}
    paths = [archive(tmp_path / f"{node}.tar.gz", log) for node in ("a", "b")]
    assert hasim.read_logs(*paths).nodes == ("a", "b")
    assert hasim.read_logs(f"x={paths[0]}", f"y={paths[1]}").nodes == ("x", "y")


def test_the_time_of_a_file_in_an_archive_tells_its_year(tmp_path: Path) -> None:
    line = "Dec 30 07:52:21 node1 heartbeat: [3689]: info: Link node2:eth0 up.\n"
    path = archive(tmp_path / "a.tar", {"messages": line}, "w", mtime=1_325_500_000)
    run = hasim.read_logs(path)
    assert run.wall(0)[:10] == "2011-12-30"
    said = f"{path}:messages: the year 2011 is told by the time in the archive"
    assert remarks_of(run) == (said,)


def test_an_archive_without_logs_is_bad_input(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.tar", {"ha.cf": "node a b\n", "x": b"\x00" * 2000})
    with pytest.raises(ConfigError, match="no log is in this archive"):
        hasim.read_logs(path)
    Path(path).write_bytes(gzip.decompress(Path(path).read_bytes())[:600])
    with pytest.raises(ConfigError, match="no log is in this archive: the archive is damaged"):
        hasim.read_logs(path)


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:xz"])
def test_an_archive_that_ends_too_early_is_read_up_to_there(tmp_path: Path, mode: str) -> None:
    draw = random.Random(1)
    logs = {
        f"{node}/ha-log": "".join(FILE.format(draw.randrange(10**9), 1) for _ in range(4_000))
        for node in ("n1", "n2")
    }
    path = Path(archive(tmp_path / "a.tar", logs, mode))
    data = path.read_bytes()
    for share in (0.3, 0.7, 0.9, 0.999):
        path.write_bytes(data[: int(len(data) * share)])
        run = hasim.read_logs(str(path))
        assert run.nodes == (("n1",) if share < 0.5 else ("n1", "n2"))
        assert len(run.records) > 8_000 * (share - 0.2)
        if share < 0.95:
            assert "damaged" in " ".join(run.remarks)


def test_reading_an_archive_takes_no_more_memory_than_a_file(tmp_path: Path) -> None:
    def memory(lines: int) -> int:
        files = {f"n{i}/ha-log": b"".join(long_log(lines)) for i in range(3)}
        path = archive(tmp_path / "a.tar.gz", files)
        tracemalloc.start()
        try:
            counts, told = stream(path)
            for _ in told:
                pass
            assert counts.lines == 3 * lines
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    memory(500)
    assert memory(60_000) < 1.5 * memory(20_000) + 1_000_000


def test_an_archive_is_read_from_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = simulated("heal", "3.0.6")
    path = Path(archive(tmp_path / "a.tar.gz", {f"{n}/ha-log": debug_of(n) for n in run.nodes}))

    class Stdin:
        buffer = io.BufferedReader(io.BytesIO(path.read_bytes()))

    monkeypatch.setattr("sys.stdin", Stdin)
    assert hasim.read_logs("-").nodes == run.nodes
