"""The command ``hasim read``: the reading itself lives in the library."""

from __future__ import annotations

import json as js
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from hasim.cli.output import complain, write_lines
from hasim.cli.pictures import Pictures, check_pictures, write_pictures
from hasim.cli.terminal import Bar, paint_log, paint_result
from hasim.errors import HasimError
from hasim.render import Format
from hasim.units import SECOND

if TYPE_CHECKING:
    from hasim.cli.simulate import Asked
    from hasim.conform.pairs import Beside
    from hasim.run.logs import LogRun

__all__ = ["Shown", "compare_command", "read_command"]


_NO_PICTURES = Pictures()


class Shown(NamedTuple):
    """What is to be shown of the logs."""

    why: str | None = None
    table: str | None = None
    log: bool = False
    format: str | None = None
    node: str | None = None
    counts: bool = False
    save: str | None = None
    json: bool = False
    quiet: bool = False


def read_command(
    files: Sequence[str],
    year: int | None,
    skew: Sequence[str],
    deadtime: str | None,
    shown: Shown,
    pictures: Pictures = _NO_PICTURES,
) -> int:
    """Read logs, write what is asked for, and return the exit code."""
    from hasim.run.logs import read_logs

    _check(shown, pictures, {"--skew": skew, "--deadtime": deadtime})
    check_pictures(pictures)
    with Bar("reading", shown.quiet) as bar:
        if shown.counts:
            return _count(files, year, shown, bar)
        run = read_logs(*files, year=year, skew=_skews(skew), deadtime=deadtime, progress=bar.show)
    write_pictures(run, pictures)
    if shown.save is not None:
        _save(run, shown.save)
    if shown.why is not None:
        why = run.why(shown.why)
        write_lines(_chain(run, shown.why) if shown.json else str(why).split("\n"))
    elif shown.table is not None:
        rows = run.rows(shown.table)
        write_lines(map(_dump, rows) if shown.json else _text(rows))
    elif shown.log:
        form = cast(Format, shown.format or "syslog")
        write_lines(paint_log(run.log(shown.node, form), run.nodes))
    elif shown.json:
        write_lines(run.json_lines())
    else:
        bad = {violation.property for violation in run.violations}
        write_lines(paint_result(run.summary().split("\n"), bad))
    if shown.quiet:
        return 1 if run.violations else 0
    if shown.json or shown.log or shown.table is not None or shown.why is not None:
        for remark in run.remarks:
            complain(remark)
    return 1 if run.violations else 0


def _check(shown: Shown, pictures: Pictures, told: Mapping[str, object]) -> None:
    """Refuse flags of which one would be ignored beside the other.

    Raises
    ------
    HasimError
        With what goes together.
    """
    results = {"--why": shown.why is not None, "--table": shown.table is not None}
    results |= {"--log": shown.log, "--count": shown.counts}
    asked = [flag for flag, given in results.items() if given]
    if len(asked) > 1:
        raise HasimError(f"{asked[0]} and {asked[1]} exclude each other: ask for one at a time")
    if shown.log and shown.json:
        raise HasimError(
            "--log and --json exclude each other: --json goes with --table, --why and --count, "
            "or alone"
        )
    for flag, value in (("--node", shown.node), ("--format", shown.format)):
        if value is not None and not shown.log:
            raise HasimError(f"{flag} goes with --log only")
    if pictures.window is not None and pictures.timeline is None:
        raise HasimError("--window goes with --timeline only")
    told = {**told, "--save": shown.save, "--timeline": pictures.timeline}
    for flag, given in told.items():
        if given and shown.counts:
            raise HasimError(f"--count and {flag} exclude each other: counted lines are not merged")


def _skews(words: Iterable[str]) -> dict[str, str]:
    out = {}
    for word in words:
        node, sign, time = word.partition("=")
        if not (sign and node and time):
            raise HasimError(f"--skew {word}: write NODE=TIME, such as node2=-71s")
        out[node] = time
    return out


def _count(files: Sequence[str], year: int | None, shown: Shown, bar: Bar) -> int:
    """Count the lines of files of any size."""
    from hasim.reading import stream

    counts, events = stream(*files, year=year, progress=bar.show)
    for _ in events:
        pass
    rows: list[dict[str, Any]] = [
        {"what": "lines", "count": counts.lines},
        *({"what": fate, "count": n} for fate, n in sorted(counts.fates.items())),
        *({"what": rule, "count": n} for rule, n in sorted(counts.rules.items())),
        *({"what": kind, "count": n} for kind, n in counts.events.most_common()),
        *({"what": f"unknown: {u.what}", "count": u.times} for u in counts.unknowns()),
        *({"what": f"other: {u.what}", "count": u.times} for u in counts.unknowns("other")),
    ]
    write_lines(map(_dump, rows) if shown.json else _text(rows))
    return 0


def _dump(row: dict[str, Any]) -> str:
    return js.dumps(row, ensure_ascii=False)


def _text(rows: Sequence[dict[str, Any]]) -> list[str]:
    if not rows:
        return []
    table = [[*rows[0]], *([_word(value) for value in row.values()] for row in rows)]
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    return [
        "  ".join(word.ljust(n) for word, n in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]


def _word(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _chain(run: LogRun, text: str) -> Iterator[str]:
    from hasim.trace.jsonl import record_line

    for record in run.why(text).chain:
        yield record_line(record)


def _save(run: LogRun, path: str) -> None:
    try:
        run.save(path)
    except OSError as x:
        raise HasimError(f"--save {path}: cannot be written: {x.strerror or x}") from None


def compare_command(
    asked: Asked,
    logs: Sequence[str],
    year: int | None,
    skew: Sequence[str],
    deadtime: str | None,
    tolerance: str,
    shown: Shown,
) -> int:
    """Lay logs beside a run, write how far they agree, and return the exit code."""
    from hasim.cli.simulate import run_asked
    from hasim.conform.beside import beside
    from hasim.run import load_run
    from hasim.run.logs import read_logs

    with Bar("reading", shown.quiet) as bar:
        read = read_logs(*logs, year=year, skew=_skews(skew), deadtime=deadtime, progress=bar.show)
    if Path(asked.path).is_dir():
        run = run_asked(asked, quiet=True)
    else:
        run = load_run(asked.path)
    found = beside(run, read, tolerance)
    if shown.json:
        write_lines(map(_dump, _pairs(found)))
    else:
        write_lines(str(found).split("\n"))
    if not shown.quiet:
        for remark in read.remarks:
            complain(remark)
    return 0 if found.first is None else 1


def _pairs(found: Beside) -> Iterator[dict[str, Any]]:
    yield {"figures": found.figures(), "shift_s": found.shift_us / SECOND}
    for pair in found.pairs:
        yield {
            "node": pair.node,
            "role": pair.role,
            "kind": pair.kind,
            "args": dict(pair.args),
            "run_s": None if pair.at_us is None else pair.at_us / SECOND,
            "log_s": None if pair.logged_us is None else pair.logged_us / SECOND,
            "text": pair.text,
            "place": pair.place,
            "stamp": pair.stamp,
            "wall": pair.wall,
            "lack": pair.lack,
        }
