"""Heads of log lines: when, which node, which program, which process, which level.

Known are syslog (with a year, fractions or ISO stamps as well), the journal's forms ``short``,
``short-full``, ``short-iso``, ``short-iso-precise``, ``short-precise``, ``short-monotonic``,
``short-unix``, ``with-unit`` and ``json``, and the files that Heartbeat 1.x, 2.x and 3.x write.
"""

from __future__ import annotations

import json
import re
from typing import NamedTuple

__all__ = ["MONTHS", "Head", "head_of", "pieces", "several", "stamped"]

MONTHS = {
    name: number
    for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)
}


class Head(NamedTuple):
    """A line taken apart.

    `date` is ``Nov 26``, ``2007-11-26``, ``2007/11/26``, or empty where `clock` is in seconds;
    `fraction` has the digits behind the second; `zone` is what the stamp says of it; `year` is that
    of a syslog stamp that has one. `host` is empty in files that name no host, `pid` where no
    process is named.
    """

    date: str
    year: str
    clock: str
    fraction: str
    zone: str
    host: str
    tag: str
    pid: str
    level: str
    text: str


_MONTH = "|".join(MONTHS)
_CLOCK = r"(\d\d:\d\d:\d\d)"
_FRACTION = r"(?:[.,](\d{1,9}))?"
_LEVEL = (
    r"(EMERG|ALERT|CRIT|ERROR|WARN(?:ING)?|[Nn]otice|NOTICE|info|debug|INFO|DEBUG|error|warning)"
)
# The tag may hold a bracketed part: IPaddr(IPaddr_10.0.0.1). The number of the process is behind
# the tag, or in front of the level, or (of what a daemon wrote to the journal) in both places.
_PROGRAM = (
    r"(?:[a-z0-9]+\.[a-z]+ )?((?:[^\s:\[\]()<>]|\([^\s()]*\))+)(?:\[(\d{1,10})\])?:"
    r"(?:[ \t]*\[(\d{1,10})\]:)?[ \t]*"
)
_REST = rf"(?:{_LEVEL}: )?(.*)"

_SYSLOG = re.compile(
    rf"(?:<\d{{1,3}}>)?((?:{_MONTH}) {{1,2}}\d{{1,2}}) (?:(\d{{4}}) )?{_CLOCK}{_FRACTION}:? (\S+) "
    + _PROGRAM
    + _REST,
    re.DOTALL | re.ASCII,
)
_ISO = re.compile(
    rf"(?:[A-Z][a-z]{{2}} )?(\d{{4}}-\d\d-\d\d)[T ]{_CLOCK}{_FRACTION}"
    r"((?:Z|[+-]\d\d:?\d\d)?|(?: (?:[A-Z]{3,5}|[+-]\d\d(?:\d\d)?)))? (\S+) " + _PROGRAM + _REST,
    re.DOTALL | re.ASCII,
)
_OLD_FILE = re.compile(rf"{_PROGRAM}(\d{{4}}/\d\d/\d\d)_{_CLOCK}[ \t]{_REST}", re.DOTALL | re.ASCII)
_NEW_FILE = re.compile(
    rf"(\d{{4}}/\d\d/\d\d)_{_CLOCK}[ \t]+{_PROGRAM}{_REST}", re.DOTALL | re.ASCII
)
_UNIX = re.compile(rf"(\d{{9,11}})\.(\d{{6}}) (\S+) {_PROGRAM}{_REST}", re.DOTALL | re.ASCII)
_MONOTONIC = re.compile(
    rf"\[ *(\d{{1,10}})\.(\d{{6}})(?: *<[^>]*>)?\] (\S+) {_PROGRAM}{_REST}", re.DOTALL | re.ASCII
)
_DAEMONS = frozenset("heartbeat ipfail ccm apphbd dopd logd ha_logd stonithd crmd cib".split())
# What a script wrote through logger may have a stamp of its own behind the tag.
_INNER = re.compile(rf"\d{{4}}/\d\d/\d\d_\d\d:\d\d:\d\d[ \t]+{_REST}", re.DOTALL | re.ASCII)
#: Where in a line another record may begin.
_STARTS = re.compile(
    rf"(?:<\d{{1,3}}>)?(?:{_MONTH}) {{1,2}}\d{{1,2}} (?:\d{{4}} )?\d\d:\d\d:\d\d(?:\.\d+)? \S+ "
    r"[^\s:\[\]]+(?:\[\d+\])?:"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)? \S+ "
    r"[^\s:\[\]]+(?:\[\d+\])?:"
    r"|(?:heartbeat|ipfail|ccm|harc|mach_down|ResourceManager|IPaddr2?|Filesystem|hb_standby"
    r"|req_resource|ip-request(?:-resp)?|/usr/lib/ocf\S*)(?:\([^\s()]*\))?(?:\[\d+\])?:[ \t]+"
    r"\d{4}/\d\d/\d\d_\d\d:\d\d:\d\d "
    r"|\d{4}/\d\d/\d\d_\d\d:\d\d:\d\d[ \t]+[^\s:\[\]]+\[\d+\]:",
    re.ASCII,
)
_BEGUN = re.compile(
    rf"\s*(?:(?:<\d{{1,3}}>)?(?:{_MONTH}) +\d{{1,2}}\b|\d{{4}}[-/]\d\d[-/]\d\d"
    r"|[\w./()-]+\[\d+\]:\s*(?:\d{1,4}/|\d{1,4}$|$))",
    re.ASCII,
)
_TIME_OF_DAY = re.compile(r"\d:\d\d:\d\d", re.ASCII)


def stamped(line: str) -> bool:
    """Tell whether a line begins as a record does, however it goes on."""
    return _BEGUN.match(line) is not None


def several(text: str) -> bool:
    """Tell whether what follows a head may hold another one: a time of the day stands in it."""
    return _TIME_OF_DAY.search(text) is not None


def pieces(line: str) -> list[str]:
    """Cut a line in front of every further record on it."""
    starts = [found.start() for found in _STARTS.finditer(line)]
    if not starts or starts == [0]:
        return [line]
    if starts[0] != 0:
        if len(starts) == 1 and not line[: starts[0]].strip():
            return [line]
        starts.insert(0, 0)
    ends = [*starts[1:], len(line)]
    return [line[a:b].rstrip(" \t") for a, b in zip(starts, ends, strict=True)]


def head_of(line: str) -> Head | None:
    """Take a line apart; None where it has no head that is known."""
    found = _SYSLOG.match(line)
    if found is not None:
        date, year, clock, fraction, host, tag, pid, own, level, text = found.groups("")
        if level or text[4:5] != "/":
            return Head(
                date, year, clock, fraction, "", host, tag, _own(tag, pid, own), level, text
            )
        level, text = _inner(level, text)
        return Head(date, year, clock, fraction, "", host, tag, _own(tag, pid, own), level, text)
    first = line[:1]
    if first == "[":
        return _since(line, _MONOTONIC)
    if first == "{":
        return _json(line)
    found = _OLD_FILE.match(line)
    if found is not None:
        tag, pid, own, date, clock, level, text = found.groups("")
        return Head(date, "", clock, "", "", "", tag, _own(tag, pid, own), level, text)
    return _numeric(line) if first.isdigit() else _iso(line)


def _own(tag: str, pid: str, other: str) -> str:
    """Return the process of two: a script names its logger second, a daemon in a unit itself."""
    return other or pid if tag in _DAEMONS else pid or other


def _inner(level: str, text: str) -> tuple[str, str]:
    found = _INNER.match(text)
    return (level, text) if found is None else (found[1] or "", found[2])


def _numeric(line: str) -> Head | None:
    found = _NEW_FILE.match(line)
    if found is not None:
        date, clock, tag, pid, own, level, text = found.groups("")
        return Head(date, "", clock, "", "", "", tag, _own(tag, pid, own), level, text)
    return _iso(line) or _since(line, _UNIX)


def _iso(line: str) -> Head | None:
    found = _ISO.match(line)
    if found is None:
        return None
    date, clock, fraction, zone, host, tag, pid, own, level, text = found.groups("")
    if not level and text[4:5] == "/":
        level, text = _inner(level, text)
    return Head(
        date, "", clock, fraction, zone.strip(), host, tag, _own(tag, pid, own), level, text
    )


def _since(line: str, form: re.Pattern[str]) -> Head | None:
    """Seconds since 1970, or since the machine has booted."""
    found = form.match(line)
    if found is None:
        return None
    seconds, fraction, host, tag, pid, own, level, text = found.groups("")
    return Head("", "", seconds, fraction, "", host, tag, _own(tag, pid, own), level, text)


_MESSAGE = re.compile(rf"(?:\[(\d{{1,10}})\]: )?{_REST}", re.DOTALL | re.ASCII)


def _json(line: str) -> Head | None:
    """A line of ``journalctl -o json``."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    stamp, host = _word(data, "__REALTIME_TIMESTAMP"), _word(data, "_HOSTNAME")
    tag, message = _word(data, "SYSLOG_IDENTIFIER"), _word(data, "MESSAGE")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 18 and host and tag and message):
        return None
    found = _MESSAGE.match(message)
    assert found is not None
    pid = found[1] or _word(data, "SYSLOG_PID") or _word(data, "_PID")
    pid = pid if pid.isascii() and pid.isdigit() and len(pid) < 11 else ""
    seconds, fraction = stamp[:-6] or "0", stamp[-6:].zfill(6)
    return Head("", "", seconds, fraction, "", host, tag, pid, found[2] or "", found[3])


def _word(data: dict[str, object], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""
