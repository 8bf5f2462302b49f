"""Whose lines are Heartbeat's, and what a line tells."""

from __future__ import annotations

import re
from functools import lru_cache

from hasim.catalogue import event_of
from hasim.catalogue.system import PROGRAMS
from hasim.events import AgentError, AgentResult, BootSeen, Event
from hasim.reading.heads import Head

__all__ = ["BOOT", "is_boot", "is_foreign", "is_heartbeat", "program_at", "program_of", "told_by"]

#: Programs whose every line is Heartbeat's own; and whatever has ``(default)`` or an OCF path.
_OWN = frozenset(
    "heartbeat ipfail ccm harc ResourceManager mach_down hb_standby hb_takeover ip-request "
    "ip-request-resp status ask_resources req_resource hb_setsite cl_status heartbeat-init "
    "IPaddr IPaddr2 IPsrcaddr Filesystem Delay LVM Raid1 MailTo SendArp apphbd dopd logd ha_logd "
    "stonithd apphbd hb_gui mgmtd crmd cib pengine tengine lrmd attrd quorumd".split()
)
_SYSTEM = frozenset(PROGRAMS)
#: Before 2.0 scripts wrote under the name of the daemon; logger's own name stands where none is.
_SHARED = frozenset({"heartbeat", "logger", "ha_logger", "root"})
_SCRIPTS = (
    "harc", "mach_down", "ResourceManager", "ip-request-resp", "hb_standby", "IPaddr", "IPaddr2",
    "Filesystem",
)  # fmt: skip
#: Any agent may write lines whose wording is free; these programs are none.
_NO_AGENTS = frozenset("heartbeat ipfail ccm harc ResourceManager mach_down hb_standby".split())
_OF_AGENTS = (AgentError, AgentResult)
#: Where a version gives a line another level.
_LEVELS = {
    "": ("info", "INFO", "WARN", "ERROR", "CRIT"),
    "WARNING": ("WARN", "ERROR"),
    "warning": ("WARN",),
    "error": ("ERROR",),
    "Notice": ("notice", "info"),
    "notice": ("info",),
    "info": ("INFO", "notice", "debug"),
    "INFO": ("info", "DEBUG"),
    "debug": ("info",),
    "DEBUG": ("INFO", "debug"),
    "ERROR": ("WARN", "CRIT", "info"),
    "WARN": ("ERROR", "CRIT", "info"),
    "CRIT": ("ERROR",),
    "EMERG": ("CRIT", "ERROR"),
}
#: The tag of an agent of any name, since 3.0: ``mysql(mysql_1)``.
_AGENT = re.compile(r"(\w+)\(\1_", re.ASCII)


#: The one event that says it.
BOOT = BootSeen()
_BOOT_MARK = re.compile(r"-- (?:Reboot|Boot [0-9a-f]{32}) --$", re.ASCII)
_KERNEL_BOOTS = re.compile(r"(?:\[ *\d+\.\d+\] *)?Linux version \d", re.ASCII)


def is_boot(text: str) -> bool:
    """Tell whether a line is the mark that the journal puts between two boots."""
    return _BOOT_MARK.match(text) is not None


def program_of(tag: str) -> str:
    """Return the plain name of a program: without its folder, and without what is in brackets."""
    return tag.partition("(")[0].rpartition("/")[2] or tag


def is_heartbeat(tag: str) -> bool:
    """Tell whether a program belongs to Heartbeat."""
    if program_of(tag) in _OWN or tag.endswith("(default)") or "/ocf/" in tag:
        return True
    return _AGENT.match(tag) is not None


_PROGRAM_AT = re.compile(
    r"(?:<\d{1,3}>)?[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d \S+ ([\w./-]+)[ \[:]", re.ASCII
)


def program_at(line: str) -> str:
    """Return the program of a line of syslog without a tag, as ``syslogd 1.4.1: restart.``.

    Empty where there is none, or where it may be Heartbeat's.
    """
    found = _PROGRAM_AT.match(line)
    program = "" if found is None else found[1]
    return program if program and program not in _SHARED and is_foreign(program) else ""


@lru_cache(4_096)
def is_foreign(tag: str) -> bool:
    """Tell whether a program is none of Heartbeat's; agents of any name write a level, though."""
    return not (is_heartbeat(tag) or tag in _SHARED or tag in _SYSTEM)


def told_by(head: Head) -> Event | None:
    """Return the event that a line tells, in the wording of whatever version."""
    tag, level, text = head.tag, head.level, head.text
    if tag == "kernel" and _KERNEL_BOOTS.match(text):
        return BOOT
    event = event_of(tag, level, text)
    if event is not None or tag in _SYSTEM:
        return None if isinstance(event, _OF_AGENTS) and tag in _NO_AGENTS else event
    if not is_heartbeat(tag) and tag not in _SHARED:
        return None
    for other in _LEVELS.get(level, ()):
        event = event_of(tag, other, text)
        if event is not None and not (isinstance(event, _OF_AGENTS) and tag in _NO_AGENTS):
            return event
    if tag in _SHARED:
        for script in _SCRIPTS:
            for one in (level, *_LEVELS.get(level, ())):
                event = event_of(script, one, text)
                if event is not None and not isinstance(event, _OF_AGENTS):
                    return event
    return None
