"""A run as tables: pandas data frames of who held what, outages, violations, log and records.

Times are seconds, as floats, their columns end in ``_s``; those of records are there as whole
microseconds too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from hasim.catalogue import line_of
from hasim.errors import ConfigError, HasimError, Problem, nearest
from hasim.events import encode
from hasim.files import put
from hasim.monitors import Violation
from hasim.render.log import logged
from hasim.run.held import standing_spans
from hasim.run.outage import Outages
from hasim.run.service import Facts, Service
from hasim.trace import Trace
from hasim.units import SECOND, Micros

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NO_PARQUET", "TABLES", "TableFormat", "TableName", "frame", "write_frames"]

TableName = Literal["held", "outages", "violations", "log", "records"]
#: Formats of files.
TableFormat = Literal["csv", "parquet"]
#: What is said where the library that writes parquet is not there.
NO_PARQUET = "parquet needs pyarrow: install hasim[parquet], or take csv"
#: The tables that a run has.
TABLES: tuple[TableName, ...] = get_args(TableName)

_Rows: TypeAlias = Iterable[Sequence[object]]
_COLUMNS: Mapping[TableName, Mapping[str, str]] = {
    "held": {"group": "str", "node": "str", "begin_s": "float", "end_s": "float", "open": "bool"},
    "outages": {
        "group": "str", "client": "str", "begin_s": "float", "end_s": "float",
        "outage_s": "float", "open": "bool", "before": "str", "after": "str", "reason": "str",
        "detect_s": "float", "decide_s": "float", "fence_s": "float", "release_s": "float",
        "start_s": "float", "arp_s": "float",
    },
    "violations": {
        "property": "str", "begin_s": "float", "end_s": "float", "open": "bool",
        "sentence": "str", "evidence": "str",
    },
    "log": {
        "at_s": "float", "seq": "int", "node": "str", "program": "str", "pid": "Int64",
        "level": "str", "text": "str", "line": "str",
    },
    "records": {
        "at_s": "float", "at_us": "int", "seq": "int", "node": "str", "program": "str",
        "pid": "Int64", "truth": "bool", "event": "str", "fields": "str", "sentence": "str",
        "cause": "Int64",
    },
}  # fmt: skip
_DTYPES = {"float": "float64", "int": "int64", "bool": "bool", "Int64": "Int64", "str": "object"}


def _s(at: Micros) -> float:
    return at / SECOND


def _held(facts: Facts, services: Sequence[Service]) -> _Rows:
    for service in services:
        for span in standing_spans(facts, service):
            yield service.name, span.who, _s(span.begin), _s(span.end), span.open


def _outages(outages: Outages) -> _Rows:
    for one in outages:
        times = _s(one.begin), _s(one.end), _s(one.duration_us)
        who = one.before, one.after, one.reason
        yield one.service, one.client, *times, one.open, *who, *map(_s, one.breakdown)


def _violations(violations: Sequence[Violation], end: Micros) -> _Rows:
    for one in violations:
        until = end if one.until is None else one.until
        seqs = " ".join(map(str, one.evidence))
        yield one.property, _s(one.at), _s(until), one.until is None, one.sentence, seqs


def _log(trace: Trace) -> _Rows:
    for record, text in logged(trace, debug=True):
        line, source = line_of(record.event, trace.header.dialect), record.source
        if line is not None:
            said = line.level or None, line.text, text
            yield _s(record.at), record.seq, source.node, source.program, source.pid, *said


def _records(trace: Trace) -> _Rows:
    for record in trace.records:
        event, source = record.event, record.source
        fields = {k: v for k, v in encode(event).items() if k != "event"}
        told = json.dumps(fields, ensure_ascii=False), event.sentence()
        where = source.node, source.program, source.pid
        what = event.truth, type(event).__name__, *told, record.cause
        yield _s(record.at), record.at, record.seq, *where, *what


def frame(
    name: str,
    facts: Facts,
    services: Sequence[Service],
    outages: Outages,
    violations: Sequence[Violation],
    digest: str,
) -> pd.DataFrame:
    """Return a table of a run as a data frame; ``attrs["hasim"]`` has its provenance.

    Raises
    ------
    HasimError
        For a table that there is not, with the nearest that there is.
    """
    import pandas as pd

    trace = facts.trace
    rows: _Rows
    match name:
        case "held":
            rows = _held(facts, services)
        case "outages":
            rows = _outages(outages)
        case "violations":
            rows = _violations(violations, trace.end)
        case "log":
            rows = _log(trace)
        case "records":
            rows = _records(trace)
        case _:
            listed = f"; there are {', '.join(TABLES)}"
            raise HasimError(f"no table {str(name)[:100]!r}{nearest(str(name), TABLES) or listed}")
    columns = _COLUMNS[name]
    made = pd.DataFrame([*rows], columns=[*columns])
    made = made.astype({column: _DTYPES[kind] for column, kind in columns.items()})
    made.attrs["hasim"] = _provenance(trace, digest)
    return made


def _provenance(trace: Trace, digest: str) -> dict[str, Any]:
    header = trace.header
    return {
        "version": header.version,
        "heartbeat": header.dialect,
        "scenario": header.scenario,
        "seed": header.seed,
        "faults": list(header.faults),
        "files": dict(header.configs),
        "digest": digest,
    }


def write_frames(
    frames: Mapping[TableName, pd.DataFrame], folder: str | PathLike[str], format: str
) -> None:
    """Write tables into a folder, a file each; the folder is made.

    Raises
    ------
    HasimError
        For an unknown format, and for parquet without the library that writes it.
    ConfigError
        Where a file cannot be written.
    """
    if format not in get_args(TableFormat):
        known = ", ".join(get_args(TableFormat))
        raise HasimError(f"{str(format)[:100]!r} is no format of tables; there are {known}")
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
        for name, made in frames.items():
            file = place / f"{name}.{format}"
            if format == "csv":
                put(file, partial(made.to_csv, index=False, lineterminator="\n"))
            else:
                put(file, partial(made.to_parquet, index=False))
    except ImportError:
        raise HasimError(NO_PARQUET) from None
    except (OSError, ValueError) as x:
        reason = (x.strerror if isinstance(x, OSError) else None) or str(x)
        text = f"no tables can be written to {str(folder)[:200]!r}: {reason}"
        remedy = "name a folder that may be written, or that may be made"
        raise ConfigError([Problem("--tables", None, "ERROR", text, remedy)]) from None
