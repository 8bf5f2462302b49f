"""What a person at a terminal sees, and a pipe does not: colours and progress; interrupts."""

from __future__ import annotations

import io
import os
import pty
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from hasim.cli import terminal
from hasim.cli.terminal import Bar, coloured, paint_log, paint_remark, paint_result
from tests.cli.conftest import Cli

LINE = "Nov 26 07:57:53 node1 heartbeat: [3689]: WARN: node node2: is dead"


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def bare(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_colour_is_for_terminals_that_know_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert coloured(Screen())
    assert not coloured(io.StringIO())
    monkeypatch.setenv("TERM", "dumb")
    assert not coloured(Screen())


def test_colour_may_be_forced_and_a_refusal_is_stronger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert coloured(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not coloured(io.StringIO())
    assert not coloured(Screen())


def test_a_log_in_colour_has_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [LINE, "Nov 26 07:57:54 node2 heartbeat: [2]: info: node12 is not ours"]
    assert [*paint_log(lines, ["node1", "node2"])] == lines
    monkeypatch.setenv("FORCE_COLOR", "1")
    painted = [*paint_log(lines, ["node1", "node2"])]
    assert [*map(bare, painted)] == lines
    assert painted[0].count("\x1b[") == 6  # two nodes and the level, on and off
    assert painted[1].count("\x1b[") == 2


def test_a_summary_in_colour_has_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "violated  from\nat-most-one-mounter  5m\nx: WARN: y"
    assert paint_remark(text, {"at-most-one-mounter"}) == text
    monkeypatch.setenv("FORCE_COLOR", "1")
    painted = paint_remark(text, {"at-most-one-mounter"})
    assert bare(painted) == text
    assert all("\x1b[" in line for line in painted.split("\n"))
    (found,) = paint_result(["ha.cf:3: error: no [x]"])
    assert bare(found) == "ha.cf:3: error: no [x]"
    assert found != bare(found)


def test_what_is_piped_is_plain_and_forced_colours_only_add(
    cli: Cli, webdata: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = cli("run", str(webdata), "--scenario", "power-loss")
    monkeypatch.setenv("FORCE_COLOR", "1")
    painted = cli("run", str(webdata), "--scenario", "power-loss")
    assert "\x1b" not in plain.out + plain.err
    assert "\x1b" in painted.out
    assert "\x1b" in painted.err
    assert (bare(painted.out), bare(painted.err)) == (plain.out, plain.err)


def test_json_is_never_coloured(cli: Cli, webdata: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in cli("lint", str(webdata), "--json").out
    assert "\x1b" not in cli("run", str(webdata), "--until", "1m", "--json").out


def test_a_bar_waits_and_is_for_terminals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with Bar("runs") as bar:
        bar.show(1, 2)
    assert screen.getvalue() == ""
    monkeypatch.setattr(terminal, "_PATIENCE", 0)
    with Bar("runs", quiet=True) as bar:
        bar.show(1, 2)
    assert screen.getvalue() == ""
    with Bar("runs") as bar:
        bar.show(1, 2)
    assert "1/2" in screen.getvalue()
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    with Bar("runs") as bar:
        bar.show(1, 2)
    assert pipe.getvalue() == ""


def at_terminal(*arguments: str, cwd: Path) -> Iterator[str]:
    """Run a command with a terminal, and yield what appears on it."""
    keeper, end = pty.openpty()
    root = str(Path(__file__).resolve().parents[2])
    with subprocess.Popen(
        [sys.executable, "-m", "hasim", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": root, "COLUMNS": "100"},
        stdin=end,
        stdout=end,
        stderr=end,
        start_new_session=True,
        # Whoever runs the tests may have it ignored, as shells do for what is in the background.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.default_int_handler),
    ) as child:
        os.close(end)
        yield str(child.pid)
        while select.select([keeper], [], [], 120)[0]:
            try:
                data = os.read(keeper, 4096)
            except OSError:
                break
            if not data:
                break
            yield data.decode(errors="replace")
        else:
            child.kill()
    os.close(keeper)
    yield f"\nexit {child.returncode}"


def test_a_long_run_shows_how_far_it_is_and_ctrl_c_ends_it(webdata: Path, tmp_path: Path) -> None:
    shown = at_terminal("run", str(webdata), "--until", "3000d", cwd=tmp_path)
    pid = int(next(shown))
    seen = ""
    for text in shown:
        if "simulating" in text and "simulating" not in seen:
            os.killpg(pid, signal.SIGINT)
        seen += text
    assert "%" in seen
    assert "interrupted" in seen
    assert seen.endswith("exit 130")
    assert "Traceback" not in seen


def test_the_log_on_a_terminal_is_coloured(webdata: Path, tmp_path: Path) -> None:
    seen = "".join(at_terminal("run", str(webdata), "--scenario", "start-alone", cwd=tmp_path))
    assert "\x1b[36mnode1\x1b[0m heartbeat" in seen
    assert seen.endswith("exit 0")
