"""Documents that are followed to the letter: their files written, their commands run.

A document is a list of fenced blocks:

- with a title (``python title="test_cluster.py"``) it is a file, written below the folder;
- ``console``: lines that begin with ``$ `` are commands, the others what they print, standard error
  after standard output. A line ``...`` stands for any number of lines, three dots at
  the end of a line for the rest of it;
- ``python``: executed; names last to the end of the document;
- ``sh`` and whatever else: shown only. Commands that install something are such.

``HASIM_UPDATE_DOCS=1 python -m pytest tests/test_walkthroughs.py`` writes outputs anew, where there
is no ``...``.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path
from typing import NamedTuple

__all__ = ["Block", "Step", "blocks", "differs", "followed", "steps"]

_FENCE = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SHELL = re.compile(r"[|<>;&*]|\bcd |^(?!hasim )")

Run = Callable[[list[str]], str]


class Block(NamedTuple):
    """A fenced block of a document."""

    language: str
    title: str
    text: str


class Step(NamedTuple):
    """A command, and what a document says that it prints."""

    command: str
    shown: list[str]


def blocks(text: str) -> Iterator[Block]:
    """Yield the fenced blocks of a document."""
    for language, title, body in _FENCE.findall(text):
        yield Block(language, title, body)


def steps(block: Block) -> list[Step]:
    """Return the commands of a console."""
    found: list[Step] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append(Step(line.removeprefix("$ "), []))
        elif found[-1].command.endswith("\\"):
            command = found[-1].command.removesuffix("\\") + line.strip()
            found[-1] = Step(command, [])
        else:
            found[-1].shown.append(line)
    return found


def _printed(command: str, folder: Path, run: Run) -> list[str]:
    """Run a command in a folder: those of hasim in this process, all others in a shell."""
    if not _SHELL.search(re.sub(r"\"[^\"]*\"|'[^']*'", "", command)):
        text = run(shlex.split(command)[1:])
    else:
        root = str(Path(__file__).resolve().parent.parent)
        shims = folder / ".bin"
        shims.mkdir(exist_ok=True)
        for name, flags in (("hasim", "-m hasim"), ("pytest", "-m pytest"), ("python", "")):
            (shims / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {flags} "$@"\n')
            (shims / name).chmod(0o755)
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env={
                **os.environ,
                "PATH": f"{shims}:{os.environ['PATH']}",
                "PYTHONPATH": root,
                "COLUMNS": "100",
                "PYTEST_ADDOPTS": "-p no:cacheprovider -p no:xdist",
                "HYPOTHESIS_PROFILE": "default",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        text = done.stdout
    return text.splitlines()


def _same(shown: str, printed: str) -> bool:
    if shown.endswith(" ..."):
        return printed.startswith(shown.removesuffix("..."))
    return shown == printed


def differs(shown: list[str], printed: list[str]) -> str:
    """Return the first line that is shown and not printed where it should be; nothing for none."""
    at, loose = 0, False
    for line in shown:
        if line.strip() == "...":
            loose = True
            continue
        places = range(at, len(printed) if loose else min(at + 1, len(printed)))
        hit = next((i for i in places if _same(line.rstrip(), printed[i].rstrip())), None)
        if hit is None:
            return line
        at, loose = hit + 1, False
    rest = printed[at:]
    return "" if loose or not any(map(str.strip, rest)) else f"more was printed: {rest[0]}"


def followed(text: str, folder: Path, run: Run) -> Iterator[tuple[Step, list[str]]]:
    """Follow a document in a folder, and yield each command with what it printed."""
    known: dict[str, object] = {"__name__": "document"}
    with chdir(folder):
        for block in blocks(text):
            if block.title:
                file = folder / block.title
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(block.text, encoding="utf-8")
            elif block.language == "console":
                for step in steps(block):
                    yield step, _printed(step.command, folder, run)
            elif block.language == "python":
                exec(compile(block.text, "<document>", "exec"), known)
