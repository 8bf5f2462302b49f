"""Traces on disk: JSON Lines, a header and one record a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from hasim.errors import ConfigError, Problem
from hasim.events import decode, encode
from hasim.trace.record import Clock, GroupParts, Header, Record, Source

__all__ = ["SCHEMA", "header_line", "read", "record_line"]

#: Version of the format.
SCHEMA = 1
_PROBLEMS_MAX = 20


def _dump(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def header_line(header: Header) -> str:
    """Return the first line of a trace, without its end."""
    return _dump(
        {
            "hasim": header.version,
            "schema": SCHEMA,
            "dialect": header.dialect,
            "seed": header.seed,
            "scenario": header.scenario,
            "faults": header.faults,
            "configs": dict(header.configs),
            "epoch": header.epoch,
            "clocks": {c.node: [c.offset_us, c.drift_ppm] for c in header.clocks},
            "until_us": header.until_us,
            "groups": {g.key: {"calls": g.calls, "disks": g.disks} for g in header.groups},
            "fencible": header.fencible,
            "settled_us": header.settled_us,
            "audits_us": header.audits_us,
        }
    )


def record_line(record: Record) -> str:
    """Return the line of a record, without its end."""
    return _dump(
        {
            "at": record.at,
            "seq": record.seq,
            "source": record.source,
            "cause": record.cause,
            "event": encode(record.event),
        }
    )


def _whole(data: dict[str, Any], name: str) -> int:
    value = data.get(name)
    if type(value) is not int:
        raise ValueError(f"{name} must be a whole number, not {value!r:.60}")
    return value


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a text, not {value!r:.60}")
    return value


def _optional(data: dict[str, Any], name: str) -> int | None:
    return None if data.get(name) is None else _whole(data, name)


def _header(data: dict[str, Any]) -> Header:
    if "hasim" not in data or "schema" not in data:
        raise ValueError("this is no header of a trace")
    if data["schema"] != SCHEMA:
        raise ValueError(f"schema {data['schema']!r:.60} is unknown; this version reads {SCHEMA}")
    faults, configs, clocks = data.get("faults"), data.get("configs"), data.get("clocks")
    if not isinstance(faults, list) or not all(isinstance(x, str) for x in faults):
        raise ValueError("faults must be a list of lines")
    if not isinstance(configs, dict) or not all(isinstance(x, str) for x in configs.values()):
        raise ValueError("configs must map names of files to digests")
    if not isinstance(clocks, dict):
        raise ValueError("clocks must map nodes to their offset and drift")
    for node, pair in clocks.items():
        if not isinstance(pair, list) or [type(x) for x in pair] != [int, int]:
            raise ValueError(f"the clock of {node!r:.60} must be offset and drift: [0, 0]")
    return Header(
        version=_text(data, "hasim"),
        dialect=_text(data, "dialect"),
        seed=_whole(data, "seed"),
        scenario=_text(data, "scenario"),
        faults=tuple(faults),
        configs=tuple(configs.items()),
        epoch=_text(data, "epoch"),
        clocks=tuple(Clock(node, *pair) for node, pair in clocks.items()),
        until_us=_optional(data, "until_us"),
        groups=_groups(data.get("groups", {})),
        fencible=_list(data, "fencible", str, "names of nodes"),
        settled_us=_optional(data, "settled_us"),
        audits_us=_list(data, "audits_us", int, "instants"),
    )


def _list(data: dict[str, Any], name: str, kind: type, what: str) -> tuple[Any, ...]:
    value = data.get(name, [])
    if not isinstance(value, list) or any(type(x) is not kind for x in value):
        raise ValueError(f"{name} must be a list of {what}")
    return tuple(value)


def _groups(value: Any) -> tuple[GroupParts, ...]:
    if not isinstance(value, dict) or not all(isinstance(x, dict) for x in value.values()):
        raise ValueError("groups must map keys to their calls and disks")
    return tuple(
        GroupParts(key, _list(x, "calls", str, "calls"), _list(x, "disks", str, "disks"))
        for key, x in value.items()
    )


def _source(value: Any) -> Source:
    if isinstance(value, list) and len(value) == 3:
        node, program, pid = value
        fine = isinstance(program, str) and (node is None or isinstance(node, str))
        if fine and (pid is None or type(pid) is int):
            return Source(node, program, pid)
    raise ValueError(f"source must be node, program and pid, not {value!r:.60}")


def _record(data: dict[str, Any], before: Record | None) -> Record:
    at, seq, cause = _whole(data, "at"), _whole(data, "seq"), _optional(data, "cause")
    event = data.get("event")
    if not isinstance(event, dict):
        raise ValueError("event must be an object")
    if before is not None and at < before.at:
        raise ValueError(f"time goes back from {before.at} to {at}")
    if seq <= (-1 if before is None else before.seq):
        raise ValueError(f"record {seq} does not follow the one before")
    if cause is not None and not 0 <= cause < seq:
        raise ValueError(f"the cause {cause} does not lie before record {seq}")
    return Record(at, seq, _source(data.get("source")), decode(event), cause)


def _objects(
    lines: Iterable[str], problems: list[Problem], file: str
) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(lines, 1):
        if len(problems) >= _PROBLEMS_MAX:
            return
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except (ValueError, RecursionError) as x:
            text = str(x) if isinstance(x, json.JSONDecodeError) else "it cannot be read"
            problems.append(Problem(file, number, "ERROR", f"this line is no JSON: {text}"))
            continue
        if isinstance(data, dict):
            yield number, data
        else:
            problems.append(Problem(file, number, "ERROR", "this line is no JSON object"))


def read(lines: Iterable[str], file: str = "trace") -> tuple[Header, list[Record]]:
    """Read a header and records.

    Raises
    ------
    ConfigError
        With every problem found, up to twenty, each with its line.
    """
    problems: list[Problem] = []
    header: Header | None = None
    records: list[Record] = []
    first = True
    for number, data in _objects(lines, problems, file):
        try:
            if first:
                first = False
                header = _header(data)
            else:
                records.append(_record(data, records[-1] if records else None))
        except ValueError as x:
            problems.append(Problem(file, number, "ERROR", str(x)))
    if first and not problems:
        problems.append(Problem(file, None, "ERROR", "the trace is empty"))
    if problems or header is None:
        raise ConfigError(problems)
    return header, records
