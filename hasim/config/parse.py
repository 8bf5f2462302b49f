"""Read an ha.cf as the daemon reads it: line by line, each directive when it is met.

The whole file is read whatever is wrong with it, so that all complaints appear at once.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches

from hasim.config.authkeys import AuthKeys
from hasim.config.directives import BAUD_RATES, DIRECTIVES, Directive, known_directives
from hasim.config.draft import Complaint, Draft
from hasim.config.hacf import Given, HaConfig, Medium
from hasim.config.lexer import (
    BLANKS,
    MAX_COMPLAINTS,
    Complaints,
    ascii_lower,
    decode,
    encoding_hint,
    list_words,
    numbered_lines,
    parse_int,
    shown,
    words,
)
from hasim.config.media import read_mcast, read_ping_group, read_ucast
from hasim.config.times import parse_bool, parse_time, time_remedy
from hasim.config.validate import complete, validate
from hasim.errors import Problem, nearest
from hasim.units import MS

__all__ = ["MAX_WORD", "guess_ha_cf", "ha_cf_missing", "parse_ha_cf"]

_CRM_MODES = {
    "2.0.8": ("manual",),
    "3.0.6": ("respawn", "minimal", "manual", "valgrind", "ccm-only"),
}
#: Longest piece of a line that is searched for its directive; none is nearly as long.
MAX_WORD = 400


def ha_cf_missing(file: str) -> tuple[Problem, ...]:
    """Return the problem of an ha.cf that cannot be opened."""
    found = Complaints(file)
    found.error(
        None,
        f"Cannot open config file [{shown(file)}]",
        "write it: it needs at least a medium (bcast eth0) and a node line per node",
    )
    return found.close()


def parse_ha_cf(
    text: str | bytes,
    file: str = "ha.cf",
    *,
    local: str | None = None,
    dialect: str = "3.0.6",
    authkeys: AuthKeys | None = None,
) -> tuple[HaConfig | None, tuple[Problem, ...]]:
    """Read and validate an ha.cf (semantics 1.1 to 1.3).

    Parameters
    ----------
    text : str or bytes
        Content of the file.
    file : str
        Its name for messages.
    local : str or None
        Name of the node that reads it; None leaves out the checks that need it.
    dialect : str
        Version of Heartbeat, ``2.0.8`` or ``3.0.6``.
    authkeys : AuthKeys or None
        Keys to attach to the configuration.

    Returns
    -------
    tuple
        The configuration, None if a complaint is fatal, and the complaints in the daemon's
        order. Those that are not fatal are lines that the daemon logs before it starts.

    Raises
    ------
    ValueError
        For an unknown dialect; never for anything in the file.
    """
    reader = _read(text, file, local, dialect)
    config = validate(reader.draft, dialect, reader.found, authkeys)
    return config, reader.found.close()


def guess_ha_cf(
    text: str | bytes, *, local: str | None = None, dialect: str = "3.0.6"
) -> tuple[HaConfig, frozenset[str]]:
    """Return what an ha.cf says apart from its mistakes, and the directives not to rely on.

    For advice about a file that the daemon may refuse. Lines with mistakes are left out; the
    second value names their directives, also those that an unknown word is probably meant for.
    """
    reader = _read(text, "ha.cf", local, dialect)
    known = known_directives(dialect)
    close = (get_close_matches(word, known, n=1) for word in [*reader.illegal][:MAX_COMPLAINTS])
    doubtful = {*reader.draft.bad, *(name for names in close for name in names)}
    return complete(reader.draft, dialect, None), frozenset(doubtful)


def _read(text: str | bytes, file: str, local: str | None, dialect: str) -> _Reader:
    """Take every line of a file."""
    known = frozenset(known_directives(dialect))
    found = Complaints(file)
    reader = _Reader(dialect, None if local is None else ascii_lower(local), found)
    plain = decode(text)
    hint = encoding_hint(plain)
    for number, raw in numbered_lines(plain):
        line = raw.partition("#")[0].strip(BLANKS)
        if not line:
            continue
        word = words(line[:MAX_WORD])[0]
        if word in known:
            reader.read(DIRECTIVES[word], line[len(word) :].strip(BLANKS), number)
        else:
            reader.illegal[word] = None
            remedy = "" if found.full else hint or _illegal_remedy(word, known, dialect)
            found.error(number, f"Illegal directive [{shown(word)}] in {shown(file)}", remedy)
    return reader


def _illegal_remedy(word: str, known: frozenset[str], dialect: str) -> str:
    if word in DIRECTIVES:
        others = " and ".join(DIRECTIVES[word].dialects)
        return f"Heartbeat {dialect} does not know it, only {others} does"
    return f"there is no such directive in Heartbeat {dialect}{nearest(word, known)}"


class _Reader:
    """Applies the values of directives to a draft, one by one."""

    def __init__(self, dialect: str, local: str | None, found: Complaints) -> None:
        self.draft = Draft(local)
        self.found = found
        self.illegal: dict[str, None] = {}
        self._dialect = dialect
        self._special: dict[str, Callable[[str, int], Complaint | None]] = {
            "node": lambda value, line: self.draft.add_node(value, "normal"),
            "baud": self._baud,
            "bcast": self._bcast,
            "udp": self._udp,
            "mcast": lambda value, line: self._medium(read_mcast("mcast", words(value), line)),
            "mcast6": lambda value, line: self._medium(read_mcast("mcast6", words(value), line)),
            "ucast": lambda value, line: self._ucast("ucast", value, line),
            "ucast6": lambda value, line: self._ucast("ucast6", value, line),
            "serial": self._serial,
            "ping": self._ping,
            "ping_group": self._ping_group,
            "auto_failback": lambda value, line: self.draft.set_auto_failback(value),
            "nice_failback": self._nice_failback,
            "stonith": lambda value, line: self.draft.set_stonith(words(value), line),
            "stonith_host": lambda value, line: self.draft.set_stonith_host(words(value), line),
            "watchdog": self._watchdog,
            "respawn": lambda value, line: self.draft.add_respawn(value, line, False),
            "failfast": lambda value, line: self.draft.add_respawn(value, line, True),
            "apiauth": lambda value, line: self.draft.add_apiauth(words(value)),
            "crm": self._crm,
            "pacemaker": self._crm,
            "env": self._env,
            "max_rexmit_delay": self._max_rexmit_delay,
        }

    def read(self, directive: Directive, rest: str, line: int) -> None:
        """Take one line; an option directive without a value has no effect."""
        values = [rest] if directive.whole_line else list_words(rest)
        if not values:
            return
        self.draft.given.append(Given(directive.name, " ".join(values), line))
        self.draft.last_line[directive.name] = line
        for value in values:
            complaint = self._apply(directive, value, line)
            if complaint is not None:
                self.draft.bad.add(directive.name)
                self.found.error(line, *complaint)

    def _apply(self, directive: Directive, value: str, line: int) -> Complaint | None:
        name, result = directive.name, None  # type: str, object
        match directive.value:
            case "time":
                result = parse_time(value)
                if result is None:
                    return f"{name} [{shown(value)}] is not a time", time_remedy(value)
                if result < directive.low * MS:
                    return f"{name} [{shown(value)}] must be more than 0", "1 ms is the least"
            case "int":
                result = parse_int(value, directive.low, directive.high)
                if result is None:
                    what = f"write a whole number from {directive.low} to {directive.high}"
                    return f"{name} cannot be [{shown(value)}]", what
            case "bool":
                result = parse_bool(value)
                if result is None:
                    return f"{name} cannot be [{shown(value)}]", "write on or off"
            case "choice":
                result = value
                if value not in directive.choices:
                    known = f"write one of {', '.join(directive.choices)}"
                    return f"{name} cannot be [{shown(value)}]", known
            case "text":
                result = value
            case _:
                return self._special[name](value, line)
        self.draft.values[name] = result
        return None

    def _port(self) -> int:
        port: int = self.draft.values.get("udpport", 694)
        return port

    def _medium(self, read: Medium | Complaint) -> Complaint | None:
        return self.draft.add_medium(read) if isinstance(read, Medium) else read

    def _bcast(self, value: str, line: int) -> Complaint | None:
        return self._medium(Medium("bcast", value, port=self._port(), line=line))

    def _udp(self, value: str, line: int) -> Complaint | None:
        self.found.note(line, "WARN", "WARNING: directive 'udp' replaced by 'bcast'", "write bcast")
        return self._bcast(value, line)

    def _ucast(self, name: str, value: str, line: int) -> Complaint | None:
        return self._medium(read_ucast(name, words(value), self._port(), line))

    def _serial(self, value: str, line: int) -> Complaint | None:
        baud: int = self.draft.values.get("baud", 19200)
        return self._medium(Medium("serial", value, baud=baud, line=line))

    def _ping(self, value: str, line: int) -> Complaint | None:
        host = ascii_lower(value)
        return self.draft.add_ping(Medium("ping", host, hosts=(host,), line=line))

    def _ping_group(self, value: str, line: int) -> Complaint | None:
        read = read_ping_group(words(value), line)
        return self.draft.add_ping(read) if isinstance(read, Medium) else read

    def _baud(self, value: str, line: int) -> Complaint | None:
        if "baud" in self.draft.values:
            return "baud is given more than once", "all serial media share one speed"
        rate = parse_int(value, BAUD_RATES[0], BAUD_RATES[-1])
        if rate not in BAUD_RATES:
            known = ", ".join(map(str, BAUD_RATES))
            return f"baud cannot be [{shown(value)}]", f"write one of {known}"
        self.draft.values["baud"] = rate
        return None

    def _watchdog(self, value: str, line: int) -> Complaint | None:
        if "watchdog" in self.draft.values:
            return "watchdog is given more than once", "one device is allowed"
        self.draft.values["watchdog"] = value
        return None

    def _nice_failback(self, value: str, line: int) -> Complaint | None:
        answer = parse_bool(value)
        if answer is None:
            return f"nice_failback cannot be [{shown(value)}]", "write auto_failback instead"
        new = "off" if answer else "legacy"
        self.draft.values["auto_failback"] = new
        self.found.note(
            line, "ERROR", f"nice_failback is obsolete, read as auto_failback {new}",
            f"write auto_failback {new}",
        )  # fmt: skip
        return None

    def _crm(self, value: str, line: int) -> Complaint | None:
        return self.draft.set_crm(value, _CRM_MODES[self._dialect])

    def _env(self, value: str, line: int) -> Complaint | None:
        self.draft.env.append(value)
        return None

    def _max_rexmit_delay(self, value: str, line: int) -> Complaint | None:
        delay_ms = parse_int(value, 1, 999_999_999)
        if delay_ms is None:
            return f"max_rexmit_delay cannot be [{shown(value)}]", "write a number of milliseconds"
        self.draft.values["max_rexmit_delay"] = delay_ms * MS
        return None
