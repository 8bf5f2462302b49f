"""Wordings of other versions: lines that are read as an event, and never printed.

The two dialects print what the catalogue's entries say. Heartbeat 1.2, 2.1 and 2.99 word some lines
differently, and packagers moved its folders; some of 3.0.6 and of resource-agents 4.12 stand in no
recording. ``{_}`` stands for a word that no event keeps. Those of 3.0.6 and 4.12 are named as such,
and held against the binaries and scripts (``tests/data/logs/wordings-3.0.6.txt``); all others are
from memory.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hasim import events as ev
from hasim.catalogue.reader import Reader
from hasim.catalogue.template import Template
from hasim.events import Event

__all__ = ["VARIANTS"]


def _reads(kind: type[Event], tag: str, level: str, text: str, /, **when: Any) -> Reader:
    return Reader(kind, level, Template.of(kind, tag), Template.of(kind, text), when)


def _daemon(kind: type[Event], level: str, text: str, /, **when: Any) -> Reader:
    return _reads(kind, "heartbeat", level, text, **when)


_LEVELS = ("info", "INFO", "debug", "DEBUG", "")


def _script(tag: str, kind: type[Event], text: str, /, **when: Any) -> tuple[Reader, ...]:
    """Of a script: with and without the part in brackets."""
    tags = (tag, f"{tag}({{_}})")
    return tuple(_reads(kind, one, level, text, **when) for level in _LEVELS for one in tags)


def _agent(tag: str, kind: type[Event], text: str, /, **when: Any) -> tuple[Reader, ...]:
    """Of an agent: its bracket names the instance."""
    tags = (tag, f"{tag}({tag}_{{instance}})")
    return tuple(_reads(kind, one, level, text, **when) for level in _LEVELS for one in tags)


def _each(*found: Reader | Iterable[Reader]) -> tuple[Reader, ...]:
    out: list[Reader] = []
    for one in found:
        out += (one,) if isinstance(one, Reader) else one
    return tuple(out)


_BCAST = "UDP Broadcast heartbeat {what} on port {{port}} "
_ADDING = "Adding {_} address {address}/{netmask} "
_ADDED = _ADDING + "with broadcast address {broadcast} to device "
_IP_ADD = "{_:path}ip -f inet addr add {address}/{netmask} brd {broadcast} dev "
_IP_DELETE = "{_:path}ip -f inet addr delete {address}"
_SEND_ARP = "{_:path}send_arp -i {_} -r {_} -p {_} {nic} {address} {_} {_} {_}"
_DISPATCH = "{source}: Dispatch function for {what:rest} "
_LOADED = "(> {limit_ms} ms)"
#: Programs that use the same library as the daemon, and complain of a loaded machine as it does.
_OTHERS = (
    "ipfail", "ccm", "apphbd", "dopd", "logd", "lrmd", "stonithd", "crmd", "cib", "pengine",
    "tengine", "attrd", "mgmtd",
)  # fmt: skip

#: Of the daemon: before 2.0 without ``glib:``, which names the library that a plugin logs through.
_DAEMON = _each(
    _daemon(
        ev.MediumOpened,
        "info",
        _BCAST.format(what="started") + "({_}) interface {device}",
        kind="bcast",
    ),
    _daemon(
        ev.MediumOpened,
        "info",
        _BCAST.format(what="started") + "interface {device}",
        kind="bcast",
    ),
    _daemon(
        ev.MediumClosed,
        "info",
        _BCAST.format(what="closed") + "interface {device} - Status: {_}",
        kind="bcast",
    ),
    _daemon(
        ev.MediumClosed,
        "info",
        "glib: " + _BCAST.format(what="closed") + "interface {device} - Status: {_}",
        kind="bcast",
    ),
    *(
        _daemon(
            ev.MediumOpened,
            "info",
            f"{glib}UDP multicast heartbeat started for group {{group}} port {{port}} interface"
            " {device} (ttl={ttl} loop={loop})",
            kind="mcast",
        )
        for glib in ("", "glib: ")
    ),
    _daemon(
        ev.MediumOpened,
        "info",
        "ucast: started on port {port} interface {device} to {peer}",
        kind="ucast",
    ),
    *(
        _daemon(
            ev.MediumOpened,
            "info",
            f"{glib}Starting serial heartbeat on tty {{device}} ({{baud}} baud)",
            kind="serial",
        )
        for glib in ("", "glib: ")
    ),
    _daemon(ev.PingStarted, "info", "ping heartbeat started."),
    _daemon(ev.PingGroupStarted, "info", "ping group heartbeat started."),
    _daemon(ev.MachDownDone, "info", "mach_down takeover complete for node {_}."),
    _daemon(ev.WatchdogOpened, "info", "Using watchdog device: {device}"),
    _daemon(ev.PartitionSeeUrl, "info", "For information on cluster partitions, See URL: {_}"),
    _daemon(ev.PartitionFaqUrl, "info", "URL: {_}"),
    _daemon(ev.SeeUrl, "info", "See URL: {_}"),
    _daemon(ev.DelnodelistDebug, "debug", "get_delnodelist: delnodelist={_:list}"),
    _daemon(ev.FenceAsk, "info", "Resetting node {peer} with [{device:inner} ]"),
    _daemon(ev.ShutdownComplete, "info", "Heartbeat shutdown complete.", node=""),
    _daemon(
        ev.ClientExec, "info", 'Starting "{command:quoted}" as uid {uid} gid {gid} (pid {pid})'
    ),
    _daemon(ev.CommUp, "info", "Comm_now_up(): updating status to {_}"),
    _daemon(ev.DaemonVersion, "info", "Heartbeat version {version}"),
    *(
        _daemon(ev.FenceOperatorNeeded, level, "OPERATOR INTERVENTION REQUIRED to reset {peer}.")
        for level in ("CRIT", "ERROR", "WARN")
    ),
    *(
        _daemon(
            ev.FenceOperatorCommand,
            level,
            'Run "meatclient -c {peer}" AFTER power-cycling the machine.',
        )
        for level in ("CRIT", "ERROR", "WARN")
    ),
    _daemon(ev.ClockJumpedBack, "info", "Clock jumped backwards. Compensating"),
    _daemon(ev.DeadGaveUp, "info", "Dead node {peer} held no resources."),
    _daemon(ev.AcquireOwnDone, "info", "Resource acquisition completed."),
    _daemon(ev.PartitionReturn, "CRIT", "Cluster node {peer} returning after partition"),
    _daemon(ev.PartitionSeeFaq, "info", "See documentation for information on tuning deadtime."),
)

#: Of the daemon and its plugins, as 3.0.6 has them.
_DAEMON_NEW = _each(
    _daemon(
        ev.SendFailed,
        "ERROR",
        "glib: {kind}_write: Unable to send HBcomm packet {device}[{peer:inner}]:{port}"
        " len={length} [-1]: {reason:rest}",
    ),
    _daemon(ev.MemoryLockFailed, "WARN", "Unable to lock pid {_} in memory: {_:rest}"),
    _daemon(
        ev.MediumOpened,
        "info",
        "glib: ucast6: heartbeat started for [{peer:inner}]:{port} on interface {device}",
        kind="ucast",
    ),
    _daemon(
        ev.MediumOpened,
        "info",
        "glib: UDP multicast heartbeat started for [{group:inner}]:{port} on interface {device}"
        " (hops={ttl} loop={loop})",
        kind="mcast",
    ),
    *(
        _daemon(ev.UcastOption, "info", f"glib: ucast6: {what}{tail}", what=what)
        for what, tail in (
            ("bound send socket", " to device: {device}"),
            ("bound receive socket", " to device: {device}"),
            ("set SO_REUSEPORT", ""),
        )
    ),
)

#: A part of the main loop was late or slow: of the daemon while it prepares and checks (from 2.1
#: on), and of the other programs whatever the daemon says of itself.
_SLOW = _each(
    *(
        _reads(
            ev.DispatchLong,
            tag,
            "WARN",
            "{source}: working on {what:rest} took {took_ms} ms " + _LOADED,
            address="",
        )
        for tag in ("heartbeat", *_OTHERS)
    ),
    *(
        _reads(kind, tag, level, text)
        for tag in _OTHERS
        for kind, level, text in (
            (
                ev.DispatchLate,
                "WARN",
                f"{_DISPATCH}was delayed {{delay_ms}} ms {_LOADED} before being called"
                " (GSource: {address})",
            ),
            (
                ev.DispatchLong,
                "WARN",
                f"{_DISPATCH}took too long to execute: {{took_ms}} ms {_LOADED}"
                " (GSource: {address})",
            ),
            (
                ev.DispatchLateNote,
                "info",
                "{source}: started at {started} should have started at {due}",
            ),
        )
    ),
)

_SCRIPTS = _each(
    _script("harc", ev.RcScriptRun, "Running {_:path}rc.d/{type} {type}"),
    _script(
        "mach_down",
        ev.MachDownForeign,
        "{_:path}mach_down: nice_failback: foreign resources acquired",
    ),
    _script(
        "mach_down",
        ev.MachDownForeign,
        "{_:path}mach_down: nice_failback: acquiring foreign resources",
    ),
    _script("mach_down", ev.MachDownComplete, "mach_down takeover complete for node {peer}."),
    _script("mach_down", ev.TakingOver, "Taking over resource group {key}"),
    _script("ask_resources", ev.TakingOver, "Taking over resource group {key}"),
    _script("hb_standby", ev.GoingStandby, "Going standby [{set}]."),
    _script("ip-request-resp", ev.RequestAnswered, "received ip-request-resp {key} OK {ok:yesno}"),
    _script("ResourceManager", ev.GroupAcquire, "Acquiring resource group: {group:rest}"),
    _script("ResourceManager", ev.GroupRelease, "Releasing resource group: {group:rest}"),
    _script("ResourceManager", ev.ScriptRun, "Running {directory}/{call:rest}"),
)

#: The results of a wrapper where pages of the web have made one blank of two.
_RESULTS = _each(
    *(
        _reads(ev.AgentResult, agent, "INFO", result, agent=agent, result=result)
        for agent in ("IPaddr", "IPaddr2", "Filesystem", "LVM", "Raid1", "MailTo")
        for result in ("Success", "Running OK", "Resource is stopped")
    )
)

_AGENTS = _each(
    _agent(
        "IPaddr",
        ev.AddressConfigure,
        "eval {_} {alias} {address} netmask {netmask} broadcast {broadcast}",
    ),
    _agent(
        "IPaddr",
        ev.AddressConfigure,
        "{_:path}ifconfig {alias} {address} netmask {netmask}\tbroadcast {broadcast}",
    ),
    _agent(
        "IPaddr",
        ev.AddressConfigure,
        "{_:path}ifconfig {alias} {address} netmask {netmask} broadcast {broadcast}",
    ),
    _agent("IPaddr", ev.AddressUnconfigure, "{_:path}ifconfig {alias} {address} down"),
    _agent("IPaddr", ev.AddressUnconfigure, "{_:path}ifconfig {alias} down"),
    _agent("IPaddr", ev.AddressUnconfigure, "IP Address {address} released", alias=""),
    _agent("IPaddr", ev.AddressArp, "Sending Gratuitous Arp for {address} on {alias} [{nic}]"),
    _agent("IPaddr", ev.AddressNetmask, "Using calculated netmask for {address}: {netmask}"),
    _agent("IPaddr", ev.AddressNic, "Using calculated nic for {address}: {nic}"),
    _agent("IPaddr", ev.AddressBroadcast, "Using calculated broadcast for {address}: {broadcast}"),
    _agent("IPaddr2", ev.AddressConfigure, _ADDED + "{alias} (with {_:rest})"),
    _agent("IPaddr2", ev.AddressConfigure, _ADDED + "{alias}"),
    _agent(
        "IPaddr2",
        ev.AddressConfigure,
        _ADDING + "to device {alias} (with {_:rest})",
        broadcast="",
    ),
    _agent("IPaddr2", ev.AddressConfigure, _ADDING + "to device {alias}", broadcast=""),
    _agent("IPaddr2", ev.AddressConfigure, _IP_ADD + "{alias} label {_}"),
    _agent("IPaddr2", ev.AddressConfigure, _IP_ADD + "{alias}"),
    _agent("IPaddr2", ev.AddressUnconfigure, _IP_DELETE + "/{_} dev {alias}"),
    _agent("IPaddr2", ev.AddressUnconfigure, _IP_DELETE + " dev {alias}"),
    *(
        _agent(tag, ev.AddressArp, text, alias="")
        for tag in ("IPaddr", "IPaddr2")
        for text in (_SEND_ARP, "{_:path}send_arp {nic} {address} {_} {_} {_}")
    ),
    _agent("Filesystem", ev.MountBegun, "Running start for {device} on {directory}"),
    _agent("Filesystem", ev.UnmountBegun, "Running stop for {device} on {directory}"),
    _agent("Filesystem", ev.UnmountTried, "Trying to unmount {directory}"),
    _agent("Filesystem", ev.UnmountDone, "unmounted {directory} successfully"),
    _agent("Filesystem", ev.MountPresent, "Filesystem {directory} is already mounted."),
    # Agents between those of the two dialects: the tag of the newer, the words of the older.
    _reads(
        ev.MountFailed,
        "Filesystem(Filesystem_{instance})",
        "ERROR",
        "Couldn't mount filesystem {device} on {directory}",
    ),
    # As resource-agents 4.12 has it.
    _agent(
        "Filesystem",
        ev.UnmountSignalled,
        "{some} processes on {directory} were signalled. force_unmount is set to '{_:name}'",
    ),
)

#: All of them, in the order in which they are tried.
VARIANTS: tuple[Reader, ...] = (*_DAEMON, *_DAEMON_NEW, *_SLOW, *_SCRIPTS, *_RESULTS, *_AGENTS)
