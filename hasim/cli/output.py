"""Where results and remarks go: lines on standard output, everything else on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable

from hasim.cli.terminal import paint_remark

__all__ = ["Unwritable", "complain", "silence", "write_lines"]


class Unwritable(Exception):
    """Standard output takes no more, and not because its reader has gone: a full disk."""

    def __str__(self) -> str:
        return f"standard output cannot be written: {super().__str__()}"


def write_lines(lines: Iterable[str]) -> bool:
    """Write lines to standard output; return False if its reader has gone, as `head` does."""
    try:
        for line in lines:
            sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        silence()
        return False
    except OSError as x:
        silence()
        raise Unwritable(x.strerror or str(x)) from None
    return True


def complain(text: str, bad: Collection[str] = ()) -> None:
    """Write to standard error; on a terminal the words `bad` stand out."""
    try:
        sys.stderr.write(paint_remark(text.rstrip("\n"), bad) + "\n")
        sys.stderr.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def silence() -> None:
    """Let everything that is still to be written to standard output vanish."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
