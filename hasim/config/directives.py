"""The directives of ha.cf: which exist in which dialect, and how each is read (semantics 1.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = [
    "BAUD_RATES",
    "DIALECTS",
    "DIRECTIVES",
    "FACILITIES",
    "MEDIA_DIRECTIVES",
    "Directive",
    "known_directives",
]

#: Versions of Heartbeat whose configuration is understood.
DIALECTS = ("2.0.8", "3.0.6")
BAUD_RATES = (9600, 19200, 38400, 57600, 115200, 230400, 460800)
FACILITIES = (
    *("auth", "authpriv", "cron", "daemon", "ftp", "kern", "lpr", "mail", "news", "none"),
    *("syslog", "user", "uucp"),
    *(f"local{n}" for n in range(8)),
)


@dataclass(frozen=True, slots=True)
class Directive:
    """One directive.

    Parameters
    ----------
    name : str
        Its word, case sensitive.
    value : str
        How the value is read: a name of this module's table of kinds.
    low, high : int
        Range of a number; `low` is 1 for a time that must be above zero.
    choices : tuple of str
        Accepted words of a choice.
    whole_line : bool
        True if it takes the rest of the line, False if each word of it is a value of its own.
    dialects : tuple of str
        Versions that know it.
    """

    name: str
    value: str
    low: int = 0
    high: int = 999_999_999
    choices: tuple[str, ...] = ()
    whole_line: bool = False
    dialects: tuple[str, ...] = DIALECTS


_NEW = ("3.0.6",)


def _line(name: str, dialects: tuple[str, ...] = DIALECTS) -> Directive:
    return Directive(name, "special", whole_line=True, dialects=dialects)


_ALL = (
    Directive("node", "special"),
    Directive("keepalive", "time", low=1),
    Directive("deadtime", "time"),
    Directive("warntime", "time", low=1),
    Directive("initdead", "time"),
    Directive("deadping", "time"),
    Directive("hopfudge", "int", 0, 255),
    Directive("baud", "special"),
    Directive("udpport", "int", 1, 65535),
    Directive("bcast", "special"),
    Directive("udp", "special"),
    _line("mcast"),
    _line("ucast"),
    _line("mcast6", _NEW),
    _line("ucast6", _NEW),
    Directive("serial", "special"),
    Directive("ping", "special"),
    _line("ping_group"),
    Directive("auto_failback", "special"),
    Directive("nice_failback", "special"),
    _line("stonith"),
    _line("stonith_host"),
    Directive("watchdog", "special"),
    _line("respawn"),
    _line("failfast", _NEW),
    _line("apiauth"),
    Directive("debug", "int", 0, 255),
    Directive("debugfile", "text"),
    Directive("logfile", "text"),
    Directive("logfacility", "choice", choices=FACILITIES),
    Directive("use_logd", "bool"),
    Directive("conn_logd_time", "time"),
    Directive("syslogmsgfmt", "bool", dialects=_NEW),
    Directive("realtime", "bool"),
    Directive("rtprio", "int", 1, 99),
    Directive("hbgenmethod", "choice", choices=("file", "time")),
    Directive("msgfmt", "choice", choices=("classic", "netstring")),
    Directive("autojoin", "choice", choices=("none", "other", "any")),
    Directive("uuidfrom", "choice", choices=("file", "nodename")),
    Directive("crm", "special"),
    Directive("pacemaker", "special", dialects=_NEW),
    Directive("cluster", "text"),
    Directive("quorum_server", "text"),
    Directive("compression", "text"),
    Directive("compression_threshold", "int"),
    Directive("traditional_compression", "bool"),
    Directive("max_rexmit_delay", "special"),
    Directive("memreserve", "int"),
    Directive("coredumps", "bool"),
    Directive("coreroot", "text"),
    Directive("env", "special"),
    Directive("log_badpack", "bool"),
    Directive("use_apphbd", "bool"),
    Directive("record_config_changes", "bool"),
    Directive("record_pengine_inputs", "bool"),
    Directive("enable_config_writes", "bool"),
    Directive("normalpoll", "int"),
)

#: Every directive by its word.
DIRECTIVES: Mapping[str, Directive] = MappingProxyType({d.name: d for d in _ALL})
#: Directives that open media; `udpport` and `baud` must stand before them.
MEDIA_DIRECTIVES = frozenset(
    {"bcast", "mcast", "mcast6", "ping", "ping_group", "serial", "ucast", "ucast6", "udp"}
)


def known_directives(dialect: str) -> tuple[str, ...]:
    """Return the directives that this version of Heartbeat knows, sorted.

    Raises
    ------
    ValueError
        For a version that is not in :data:`DIALECTS`.
    """
    if dialect not in DIALECTS:
        raise ValueError(f"no dialect {dialect!r}; known are {', '.join(DIALECTS)}")
    return tuple(sorted(d.name for d in _ALL if dialect in d.dialects))
