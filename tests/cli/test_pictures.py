"""``hasim run --timeline --messages --window``: whole files or none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import hasim
from tests.cli.conftest import Cli

ALONE = ("run", "models/webdata", "--scenario", "start-alone", "--quiet")


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch, webdata: Path) -> None:
    monkeypatch.chdir(webdata.parent.parent)


def test_both_pictures_are_those_of_the_run_and_the_log_stays(
    cli: Cli, webdata: Path, tmp_path: Path
) -> None:
    one, two = tmp_path / "one.svg", tmp_path / "two.svg"
    done = cli(*ALONE, "--timeline", str(one), "--messages", str(two), "--window", "1m..2m10s")
    run = hasim.load(webdata).run(scenario="start-alone", packets=True)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == list(run.log())
    assert one.read_text() == run.timeline("1m", "2m10s")
    assert two.read_text() == run.messages("1m", "2m10s")
    assert sorted(tmp_path.iterdir()) == [one, two]


def test_messages_imply_that_packets_are_recorded_and_a_timeline_does_not(
    cli: Cli, tmp_path: Path
) -> None:
    with_packets = cli(*ALONE, "--json", "--messages", str(tmp_path / "a.svg")).out
    without = cli(*ALONE, "--json", "--timeline", str(tmp_path / "b.svg")).out
    assert '"PacketSent"' in with_packets
    assert '"PacketSent"' not in without
    assert "Packets were not recorded" not in (tmp_path / "a.svg").read_text()


@pytest.mark.parametrize("window", ["1m..", "..2m", "60 .. 2m"])
def test_one_end_of_the_window_may_be_left_out(cli: Cli, tmp_path: Path, window: str) -> None:
    file = tmp_path / "a.svg"
    assert cli(*ALONE, "--timeline", str(file), "--window", window).code == 0
    assert file.read_text().startswith("<svg ")


@pytest.mark.parametrize(
    ("window", "told"),
    [
        ("60s", "'60s' is no window"),
        ("..", "'..' is no window"),
        ("soon..2m", "'soon' is not a duration"),
        ("1m..2m..3m", "is not a duration"),
        ("20m..30m", "the window 20m..30m lies outside the run, which lasts 4m"),
        ("2m..1m", "the window 2m..1m is empty"),
    ],
)
def test_a_wrong_window_is_bad_input_and_leaves_no_file(
    cli: Cli, tmp_path: Path, window: str, told: str
) -> None:
    files = ("--timeline", str(tmp_path / "a.svg"), "--messages", str(tmp_path / "b.svg"))
    done = cli(*ALONE, *files, "--window", window)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_window_without_a_picture_is_bad_input(cli: Cli) -> None:
    done = cli(*ALONE, "--window", "1m..2m")
    assert done.code == 2
    assert done.err.startswith("--window: ERROR: there is no picture\n")


def test_files_that_cannot_be_meant_are_named_before_anything_runs(
    cli: Cli, tmp_path: Path
) -> None:
    absent = tmp_path / "nowhere" / "a.svg"
    done = cli(*ALONE, "--timeline", str(absent), "--messages", str(tmp_path))
    assert (done.code, done.out) == (2, "")
    assert (
        f"--timeline: ERROR: no picture can be written to '{absent}': there is no folder"
        in done.err
    )
    assert (
        f"--messages: ERROR: no picture can be written to '{tmp_path}': it is a folder" in done.err
    )


def test_a_device_is_never_replaced_by_a_picture(cli: Cli) -> None:
    done = cli(*ALONE, "--timeline", os.devnull)
    assert done.code == 2
    assert "it is no regular file" in done.err
    assert not Path(os.devnull).is_file()


def test_one_file_cannot_be_two_pictures(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "a.svg"
    again = tmp_path / ".." / tmp_path.name / "a.svg"
    done = cli(*ALONE, "--timeline", str(file), "--messages", str(again))
    assert done.code == 2
    assert f"--timeline writes to '{file}' as well" in done.err
    assert not file.exists()


def test_a_file_that_cannot_be_written_keeps_what_it_held(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.svg"
    file.write_text("the picture of yesterday")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    done = cli(*ALONE, "--timeline", str(file))
    assert done.code == 2
    assert f"--timeline: ERROR: '{file}' cannot be written: No space left on device" in done.err
    assert file.read_text() == "the picture of yesterday"
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_leads_to_the_file_that_is_replaced(cli: Cli, tmp_path: Path) -> None:
    real, link = tmp_path / "real.svg", tmp_path / "link.svg"
    real.write_text("old")
    link.symlink_to(real)
    assert cli(*ALONE, "--timeline", str(link)).code == 0
    assert link.is_symlink()
    assert real.read_text().startswith("<svg ")


def test_a_violated_property_is_still_exit_code_1(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "a.svg"
    faults = ("--fault", "3m isolate node1", "--until", "4m", "--quiet")
    assert cli("run", "models/webdata", *faults, "--timeline", str(file)).code == 1
    assert "at-most-one-mounter" in file.read_text()


@pytest.mark.parametrize(("suffix", "begin"), [(".png", b"\x89PNG"), (".PDF", b"%PDF")])
def test_figures_are_drawn_too_and_give_the_same_bytes_again(
    cli: Cli, tmp_path: Path, suffix: str, begin: bytes
) -> None:
    files = [tmp_path / f"{name}{suffix}" for name in ("a", "b", "c", "d")]
    for one, two in (files[:2], files[2:]):
        done = cli(*ALONE, "--timeline", str(one), "--messages", str(two), "--window", "1m..2m")
        assert (done.code, done.err) == (0, "")
    a, b, c, d = (file.read_bytes() for file in files)
    assert a.startswith(begin)
    assert (a, b) == (c, d)
    assert a != b


def test_another_suffix_is_named_before_anything_runs(cli: Cli, tmp_path: Path) -> None:
    done = cli(*ALONE, "--timeline", str(tmp_path / "a.jpg"), "--messages", str(tmp_path / "b"))
    assert (done.code, done.out) == (2, "")
    assert "a.jpg' has the suffix '.jpg'; a figure is a file that ends in" in done.err
    assert "b' has no suffix" in done.err
    assert list(tmp_path.iterdir()) == []
