"""Entry of the command line: from arguments to an exit code, whatever happens."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

from hasim.cli.app import INTERRUPTED, app
from hasim.cli.output import Unwritable, complain, silence
from hasim.errors import HasimError
from hasim.version import VERSION

__all__ = ["BAD_INPUT", "COMPLETE", "DEFECT", "main"]

#: Exit codes beside 0, and 1 for a missed property or expectation.
BAD_INPUT = 2
DEFECT = 70
#: In the environment where a shell asks for proposals, see ``hasim completion``.
COMPLETE = "_HASIM_COMPLETE"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    0: everything as expected; 1: a property or an expectation was missed; 2: bad input, or
    something that is not simulated; 70: a defect of hasim, whose traceback is in a file that is
    named; 130: interrupted.
    """
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        if COMPLETE in os.environ:
            _prepare_completion()
        app(args=None if arguments is None else list(arguments), prog_name="hasim")
    except SystemExit as x:
        return _finish(x.code if isinstance(x.code, int) else 0 if x.code is None else 1)
    except (HasimError, Unwritable) as x:
        complain(str(x))
        return _finish(BAD_INPUT)
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except Exception as x:
        if isinstance(x, OSError) and x.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            silence()  # help and usage are written by the parser of arguments
            complain(str(Unwritable(x.strerror)))
            return BAD_INPUT
        complain(_defect(traceback.format_exc()))
        return _finish(DEFECT)
    return _finish(0)


def _prepare_completion() -> None:
    """Make the parser of arguments know the protocols of the shells that ask it."""
    from typer.completion import get_completion_inspect_parameters

    get_completion_inspect_parameters()  # what it returns is of no use here; it knows them then


def _open_streams() -> None:
    """Put a stream that vanishes where the caller has closed one (``>&-``)."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def _finish(code: int) -> int:
    """Flush what is left; a reader that has gone does not matter."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        silence()
    except OSError as x:
        silence()
        complain(str(Unwritable(x.strerror or str(x))))
        return code or BAD_INPUT
    return code


def _defect(text: str) -> str:
    """Write a traceback to a file, here or where files may be written; return what to say."""
    report = f"hasim {VERSION}\npython {sys.version}\narguments {sys.argv[1:]!r}\n\n{text}"
    last = text.strip().rpartition("\n")[2]
    for folder in (".", tempfile.gettempdir()):
        try:
            with tempfile.NamedTemporaryFile(
                "w",
                encoding="utf-8",
                prefix="hasim-defect-",
                suffix=".txt",
                dir=folder,
                delete=False,
            ) as file:
                file.write(report)
            name = Path(file.name).name if folder == "." else file.name
            return f"hasim has a defect: {last}\nThe traceback is in {name}; please report it."
        except OSError:
            continue
    return f"hasim has a defect, and no file could be written:\n{report}"
