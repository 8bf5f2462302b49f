"""Logs as the programs write them (semantics 15.1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args

from hasim.catalogue import Line, line_of
from hasim.catalogue.system import PROGRAMS
from hasim.render.clock import Stamp, WallClock
from hasim.trace import Record, Trace

__all__ = ["Format", "log_lines", "logged", "told"]

#: Formats of a log: syslog, the log files of Heartbeat, and the journal's short form.
Format = Literal["ha-log", "journal", "syslog"]

_DAEMONS = ("ccm", "heartbeat", "ipfail")


def _syslog(stamp: Stamp, host: str, pid: int, line: Line) -> str:
    level = f"{line.level}: " if line.level else ""
    head = f"{stamp.syslog()} {host} {line.tag}"
    if _daemon(line):
        return f"{head}: [{pid}]: {level}{line.text}"
    return f"{head}{_pid(pid)}: {level}{line.text}"


def _journal(stamp: Stamp, host: str, pid: int, line: Line) -> str:
    level = f"{line.level}: " if line.level else ""
    return f"{stamp.syslog('0')} {host} {line.tag}{_pid(pid)}: {level}{line.text}"


def _pid(pid: int) -> str:
    """The number of a process; the kernel has none."""
    return f"[{pid}]" if pid else ""


def _old_file(stamp: Stamp, host: str, pid: int, line: Line) -> str:
    level = f"{line.level}: " if line.level else ""
    gap = " " if _daemon(line) else "\t"
    head = f"{line.tag}[{pid}]:{gap}{stamp.file()}"
    return f"{head} {level}{line.text}"


def _new_file(stamp: Stamp, host: str, pid: int, line: Line) -> str:
    level = f"{line.level}: " if line.level else ""
    if _daemon(line):
        return f"{stamp.syslog('0')} {host} {line.tag}: [{pid}]: {level}{line.text}"
    return f"{stamp.file()}  {line.tag}[{pid}]:    {level}{line.text}"


def _new_debug_file(stamp: Stamp, host: str, pid: int, line: Line) -> str:
    return _new_file(stamp, host, pid, line) if _daemon(line) else _old_file(stamp, host, pid, line)


def _daemon(line: Line) -> bool:
    return line.tag in _DAEMONS


def _shown(record: Record, dialect: str, node: str | None, debug: bool) -> Line | None:
    if record.event.truth or (node is not None and record.source.node != node):
        return None
    line = line_of(record.event, dialect)
    if line is None or (line.level.lower() == "debug" and not debug):
        return None
    return line


def log_lines(
    trace: Trace, node: str | None = None, format: Format = "syslog", debug: bool = False
) -> Iterator[str]:
    """Yield the log of a run, line by line and without line ends.

    Stamps are those of each node's own wall clock; the order is that of true time.

    Parameters
    ----------
    trace : Trace
        The run.
    node : str or None
        The node whose log is wanted; None merges all.
    format : str
        ``syslog``, ``journal`` (as journalctl shows it) or ``ha-log``; the latter is the log file
        of 3.0.6, with `debug` its debug file, in which scripts are stamped differently.
    debug : bool
        Whether lines of the level debug are wanted.

    Raises
    ------
    ValueError
        With a sentence, for an unknown format.
    """
    return (line for _, line in logged(trace, node, format, debug))


def logged(
    trace: Trace, node: str | None = None, format: Format = "syslog", debug: bool = False
) -> Iterator[tuple[Record, str]]:
    """Return the lines of :func:`log_lines`, each with the record that it tells."""
    if format not in get_args(Format):
        raise ValueError(
            f"{format!r} is no format of a log; there are {', '.join(get_args(Format))}"
        )
    old = trace.header.dialect == "2.0.8"
    if format == "syslog":
        write = _syslog
    elif format == "journal":
        write = _journal
    elif old:
        write = _old_file
    else:
        write = _new_debug_file if debug else _new_file
    clock = WallClock(trace.header)
    dialect = trace.header.dialect
    for record in trace.records:
        clock.hear(record.at, record.event)
        line = _shown(record, dialect, node, debug)
        if line is not None and (format != "ha-log" or line.tag not in PROGRAMS):
            source = record.source
            stamp = clock.read(source.node, record.at)
            yield record, write(stamp, source.node or "-", source.pid or 0, line)


def told(record: Record, dialect: str) -> str:
    """Return a record as text: who says it, and the log line or, for a fact, the sentence."""
    line = None if record.event.truth else line_of(record.event, dialect)
    text = record.event.sentence() if line is None else line.text
    if record.event.truth or record.source.node is None:
        return text
    return f"{record.source.node} {record.source.program}: {text}"
