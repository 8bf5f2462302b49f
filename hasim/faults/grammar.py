"""The fault line: ``TIME VERB TARGET [ARGS] [for DURATION]``, read with all problems at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import cast

from hasim.config import CRM_PROGRAMS
from hasim.errors import ConfigError, Problem, nearest
from hasim.faults.verbs import (
    Cable,
    ClockDrift,
    ClockStep,
    Cut,
    Delay,
    Direction,
    DiskPath,
    Duplicate,
    Fail,
    Fault,
    Forge,
    Hang,
    Heal,
    Isolate,
    Kill,
    KillRole,
    Lose,
    Operation,
    PowerOff,
    PowerOn,
    Process,
    Reload,
    Replay,
    Restore,
    Share,
    Slow,
    Standby,
    Start,
    StonithAnswer,
    StonithMode,
    StonithPort,
    Stop,
    Takeover,
    Thaw,
    WholeGroup,
)
from hasim.units import Micros, micros

__all__ = ["RELOADABLE", "USAGE", "parse_fault"]

#: How each verb is written.
USAGE: Mapping[str, str] = {
    "clock": "TIME clock NODE +5s|-5s|50ppm [for DURATION]",
    "cut": "TIME cut NODE:NIC|disk NAME|stonith DEVICE [in|out] [for DURATION]",
    "delay": "TIME delay EXTRA NODE:NIC [in|out] [for DURATION]",
    "duplicate": "TIME duplicate P% NODE:NIC [in|out] [for DURATION]",
    "fail": "TIME fail SCRIPT|group KEY start|stop|status on NODE [N times] [for DURATION]",
    "forge": "TIME forge TYPE from NODE on NODE:NIC [FIELD=VALUE ...]",
    "hang": "TIME hang NODE [master] [for DURATION]",
    "heal": "TIME heal NODE",
    "isolate": "TIME isolate NODE [for DURATION]",
    "kill": "TIME kill NODE master|fifo|read:IF|write:IF|ipfail|ccm|client:NAME|all [-SIGNAL]",
    "lose": "TIME lose P% NODE:NIC [in|out] [for DURATION]",
    "power-off": "TIME power-off NODE|FEED|SWITCH|HOST|stonith DEVICE [for DURATION]",
    "power-on": "TIME power-on NODE|FEED|SWITCH|HOST|stonith DEVICE",
    "reload": "TIME reload NODE [DIRECTIVE=VALUE]...",
    "replay": "TIME replay SPAN from NODE on NODE:NIC",
    "restore": "TIME restore NODE:NIC|disk NAME|stonith DEVICE [in|out]",
    "slow": "TIME slow SCRIPT|group KEY EXTRA on NODE [for DURATION]",
    "standby": "TIME standby NODE [all|local|foreign|failback]",
    "start": "TIME start NODE",
    "stonith": "TIME stonith DEVICE ok|fail|hang|lie [for DURATION]",
    "stop": "TIME stop NODE",
    "takeover": "TIME takeover NODE [all|local|foreign|failback]",
    "thaw": "TIME thaw NODE",
}

_SIGNALS = {
    "HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "ABRT": 6, "BUS": 7, "FPE": 8, "KILL": 9, "USR1": 10,
    "SEGV": 11, "USR2": 12, "PIPE": 13, "ALRM": 14, "TERM": 15, "CONT": 18, "STOP": 19,
}  # fmt: skip
_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d))?%", re.ASCII)
_PPM = re.compile(r"([+-]?\d{1,7})ppm", re.ASCII)
#: Directives that a reload may change: those that bear on time and on failback.
RELOADABLE = ("auto_failback", "deadping", "deadtime", "initdead", "keepalive", "warntime")
_COUNT = re.compile(r"\d{1,9}", re.ASCII)
_SHARES = ("all", "local", "foreign", "failback")
_LONGEST = 2000


def _cut(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")


class _Words:
    """The words of one line, consumed from the left; complaints gather in `problems`."""

    def __init__(self, words: list[str], verb: str, file: str, number: int | None) -> None:
        self.words, self.verb, self.file, self.number = words, verb, file, number
        self.problems: list[Problem] = []

    def complain(self, text: str, remedy: str = "") -> None:
        usage = f"write: {USAGE[self.verb]}" if self.verb in USAGE else ""
        self.problems.append(Problem(self.file, self.number, "ERROR", text, remedy or usage))

    def take(self, what: str) -> str:
        """Return the next word, or complain that `what` is missing and return an empty text."""
        if self.words:
            return self.words.pop(0)
        if not any(" needs " in p.text for p in self.problems):
            self.complain(f"{self.verb!r} needs {what}")
        return ""

    def peek(self) -> str:
        return self.words[0] if self.words else ""

    def name(self, what: str = "a node") -> str:
        word = self.take(what)
        if ":" in word and what == "a node":
            self.complain(f"{_cut(word)} is a cable, and {self.verb!r} needs a node")
        return word

    def cable(self) -> Cable:
        word = self.take("a cable, NODE:NIC")
        node, colon, nic = word.partition(":")
        if word and not (node and colon and nic):
            self.complain(f"{_cut(word)} is not a cable", "a cable is written NODE:NIC: node1:eth0")
        return Cable(node, nic)

    def choice(self, what: str, known: Iterable[str], default: str | None = None) -> str:
        known = tuple(known)
        if default is not None and not self.words:
            return default
        word = self.take(what)
        if word and word not in known:
            text = f"{_cut(word)} is not {what}: one of {', '.join(known)}"
            self.complain(text + nearest(word, known))
            return known[0]
        return word or known[0]

    def direction(self) -> Direction:
        return cast(Direction, self.choice("a direction", ("in", "out"), "both"))

    def time(self, what: str, least: Micros = 0) -> Micros:
        word = self.take(what)
        return self.micros_of(word, what, least) if word else 0

    def micros_of(self, word: str, what: str, least: Micros = 0) -> Micros:
        try:
            value = micros(word)
        except ValueError as x:
            self.complain(f"{what} of a fault: {x}")
            return least
        if value < least:
            self.complain(f"{what} of a fault: {_cut(word)} is too short")
        return value

    def per_mille(self) -> int:
        word = self.take("a percentage")
        found = _PERCENT.fullmatch(word)
        value = int(found[1]) * 10 + int(found[2] or 0) if found else 0
        if word and (not found or value > 1000):
            self.complain(f"{_cut(word)} is not a percentage", "0% to 100%, in steps of 0.1%")
        return value

    def keyword(self, word: str) -> None:
        found = self.take(f"the word {word!r}")
        if found and found != word:
            self.complain(f"found {_cut(found)} where {word!r} belongs")

    def script(self) -> str | WholeGroup:
        if self.peek() == "group" and len(self.words) > 1:
            self.words.pop(0)
            return WholeGroup(self.take("the key of a group"))
        return self.take("a script")

    def count(self) -> int | None:
        if not self.words:
            return None
        word = self.take("a number")
        if not _COUNT.fullmatch(word) or int(word) < 1:
            self.complain(f"{_cut(word)} is not a number of times")
        else:
            self.choice("the word 'times'", ("times", "time"))
            return int(word)
        self.words.clear()
        return None


def _end_of_wire(w: _Words) -> Cable | DiskPath | StonithPort:
    if w.peek() in ("disk", "stonith") and len(w.words) > 1:
        kind = w.words.pop(0)
        return (DiskPath if kind == "disk" else StonithPort)(w.take("a name"))
    word = w.peek()
    if word and ":" not in word:
        w.words.pop(0)
        w.complain(
            f"{_cut(word)} is not a cable, 'disk NAME' or 'stonith DEVICE'",
            f"one cable: 'cut {word}:eth0'; all cables of a node: 'isolate {word}'; "
            f"a switch: 'power-off {word}'",
        )
        return Cable("", "")
    return w.cable()


def _powered(w: _Words) -> str | StonithPort:
    if w.peek() == "stonith" and len(w.words) > 1:
        w.words.pop(0)
        return StonithPort(w.take("a name"))
    return w.take("a node, feed, switch or host")


def _kill(w: _Words, at: Micros, _: Micros | None) -> Fault:
    node, word = w.name(), w.take("a process")
    role, _colon, medium = word.partition(":")
    if word in CRM_PROGRAMS:
        role, medium = "client", word
    roles = ("master", "fifo", "read", "write", "ipfail", "client", "all")
    if word and role not in roles:
        known = "master, fifo, read:IF, write:IF, ipfail, ccm, client:NAME, all"
        w.complain(f"{_cut(word)} is not a process: one of {known}{nearest(role, roles)}")
    elif role in ("read", "write") and not medium:
        w.complain(f"{role!r} needs its medium", f"write {role}:eth1")
    elif role == "client" and not medium:
        w.complain("'client' needs its name", "write client:dopd")
    elif medium and role not in ("read", "write", "client"):
        w.complain(f"{role!r} has no medium, found {_cut(word)}")
    signal = 9
    if w.words:
        given = w.take("a signal").upper()
        sig = given.removeprefix("-").removeprefix("SIG")
        if not given.startswith("-"):
            w.complain(f"{_cut(given)} is not a signal", "write -9, -15 or -TERM")
        elif _COUNT.fullmatch(sig) and 1 <= int(sig) <= 64:
            signal = int(sig)
        elif sig in _SIGNALS:
            signal = _SIGNALS[sig]
        else:
            w.complain(f"{_cut(given)} is not a signal{nearest(sig, _SIGNALS)}")
    return Kill(at, node, cast(KillRole, role), medium or None, signal)


def _clock(w: _Words, at: Micros, duration: Micros | None) -> Fault:
    node, word = w.name(), w.take("+5s, -5s or 50ppm")
    ppm = _PPM.fullmatch(word)
    if ppm:
        if abs(int(ppm[1])) >= 1_000_000:
            w.complain(f"{_cut(word)} is not a drift", "less than 1000000ppm")
        return ClockDrift(at, node, int(ppm[1]), duration)
    if word and word[0] not in "+-":
        w.complain(f"{_cut(word)} is not a step or a drift", "write +5s, -5s or 50ppm")
        return ClockStep(at, node, 0, duration)
    size = w.micros_of(word[1:], "step") if word else 0
    return ClockStep(at, node, -size if word.startswith("-") else size, duration)


def _fail(w: _Words, at: Micros, duration: Micros | None) -> Fault:
    script = w.script()
    operation = w.choice("an operation", ("start", "stop", "status"))
    w.keyword("on")
    node = w.name()
    return Fail(at, script, cast(Operation, operation), node, w.count(), duration)


def _slow(w: _Words, at: Micros, duration: Micros | None) -> Fault:
    script, extra = w.script(), w.time("delay", 1)
    w.keyword("on")
    return Slow(at, script, extra, w.name(), duration)


def _reload(w: _Words, at: Micros, _: Micros | None) -> Fault:
    node, changes = w.name(), []
    while w.words:
        word = w.words.pop(0)
        name, equals, value = word.partition("=")
        if not (name and equals and value):
            w.complain(f"{_cut(word)} is no change of ha.cf", "write deadtime=10")
        elif name not in RELOADABLE:
            known = f"a reload may change {', '.join(RELOADABLE)}"
            w.complain(f"{_cut(name)} cannot be changed in a run{nearest(name, RELOADABLE)}", known)
        changes.append((name, value))
    return Reload(at, node, tuple(changes))


def _forge(w: _Words, at: Micros, _: Micros | None) -> Fault:
    kind = w.take("a message type")
    w.keyword("from")
    origin = w.name()
    w.keyword("on")
    cable, fields = w.cable(), []
    while w.words:
        name, equals, value = w.words.pop(0).partition("=")
        if not (name and equals):
            w.complain(f"{_cut(name)} is not a field of a message", "write NAME=VALUE")
        fields.append((name, value))
    return Forge(at, kind, origin, cable, tuple(fields))


def _replay(w: _Words, at: Micros, _: Micros | None) -> Fault:
    span = w.time("span", 1)
    w.keyword("from")
    origin = w.name()
    w.keyword("on")
    return Replay(at, span, origin, w.cable())


def _share(w: _Words) -> Share:
    return cast(Share, w.choice("a set of groups", _SHARES, "all"))


def _hang(w: _Words, at: Micros, duration: Micros | None) -> Fault:
    node, process = w.name(), w.choice("a process to hang", ("master",), "all")
    return Hang(at, node, cast(Process, process), duration)


def _stonith(w: _Words, at: Micros, duration: Micros | None) -> Fault:
    device = w.take("a STONITH device")
    mode = w.choice("an answer", ("ok", "fail", "hang", "lie"))
    return StonithMode(at, device, cast(StonithAnswer, mode), duration)


_Reader = Callable[[_Words, Micros, Micros | None], Fault]

_LASTING: Mapping[str, _Reader] = {
    "clock": _clock,
    "cut": lambda w, at, d: Cut(at, _end_of_wire(w), w.direction(), d),
    "delay": lambda w, at, d: Delay(at, w.time("delay"), w.cable(), w.direction(), d),
    "duplicate": lambda w, at, d: Duplicate(at, w.per_mille(), w.cable(), w.direction(), d),
    "fail": _fail,
    "hang": _hang,
    "isolate": lambda w, at, d: Isolate(at, w.name(), d),
    "lose": lambda w, at, d: Lose(at, w.per_mille(), w.cable(), w.direction(), d),
    "power-off": lambda w, at, d: PowerOff(at, _powered(w), d),
    "slow": _slow,
    "stonith": _stonith,
}
_MOMENTS: Mapping[str, _Reader] = {
    "forge": _forge,
    "heal": lambda w, at, _: Heal(at, w.name()),
    "kill": _kill,
    "power-on": lambda w, at, _: PowerOn(at, _powered(w)),
    "reload": _reload,
    "replay": _replay,
    "restore": lambda w, at, _: Restore(at, _end_of_wire(w), w.direction()),
    "standby": lambda w, at, _: Standby(at, w.name(), _share(w)),
    "start": lambda w, at, _: Start(at, w.name()),
    "stop": lambda w, at, _: Stop(at, w.name()),
    "takeover": lambda w, at, _: Takeover(at, w.name(), _share(w)),
    "thaw": lambda w, at, _: Thaw(at, w.name()),
}


def _duration(w: _Words) -> Micros | None:
    """Take ``for DURATION`` off the end of the words."""
    if "for" not in w.words:
        return None
    where = len(w.words) - 1 - w.words[::-1].index("for")
    tail = w.words[where + 1 :]
    del w.words[where:]
    if len(tail) != 1:
        w.complain(f"'for' needs one duration, found {_cut(' '.join(tail))}", "write 'for 8s'")
        return None
    value = w.micros_of(tail[0], "duration", 1)
    if w.verb in _MOMENTS:
        w.complain(f"{w.verb!r} acts at one instant: it takes no 'for {tail[0][:60]}'")
        return None
    return value


def parse_fault(line: str, file: str = "--fault", number: int | None = None) -> Fault:
    """Read one fault line, such as ``"60s cut node1:eth0 in for 10s"``.

    Parameters
    ----------
    line : str
        ``TIME VERB TARGET [ARGS] [for DURATION]``; :data:`USAGE` lists the verbs.
    file, number : str, int or None
        Where the line was found, for messages.

    Raises
    ------
    ConfigError
        With every problem of the line.
    """
    words = line[: _LONGEST + 1].split()
    w = _Words(words, "", file, number)
    if len(line) > _LONGEST:
        w.complain(f"a fault line of {len(line)} characters is too long: {_cut(line)}")
        raise ConfigError(w.problems)
    if not words:
        w.complain("an empty fault line", "write TIME VERB TARGET: '60s cut node1:eth0'")
        raise ConfigError(w.problems)
    readers = {**_LASTING, **_MOMENTS}
    if words[0] in readers and (len(words) < 2 or words[1] not in readers):
        shown = " ".join(words)[:60]
        w.complain(f"{_cut(line.strip())} has no time", f"write the time first: '60s {shown}'")
        words.insert(0, "0s")
    at = w.time("time")
    w.verb = w.take("a verb") if words else ""
    if w.verb not in readers:
        said = f"unknown verb {_cut(w.verb)}" if w.verb else f"{_cut(line.strip())} has no verb"
        w.complain(said + nearest(w.verb, readers), f"verbs: {', '.join(sorted(readers))}")
        raise ConfigError(w.problems)
    duration = _duration(w)
    fault = readers[w.verb](w, at, duration)
    if w.words:
        w.complain(f"{_cut(' '.join(w.words))} is too much after {w.verb!r}")
    if w.problems:
        raise ConfigError(w.problems)
    return fault
