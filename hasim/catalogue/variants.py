"""Wordings of other versions: lines that are read as an event, and never printed.

The two dialects print what the catalogue's entries say. Heartbeat 1.2, 2.1 and 2.99 word some lines
differently, and packagers moved its folders. ``{_}`` stands for a word that no event keeps.
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
_ADDED = "Adding {_} address {address}/{netmask} with broadcast address {broadcast} to device "
_IP_ADD = "ip -f inet addr add {address}/{netmask} brd {broadcast} dev "

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
    _daemon(ev.ClockJumpedBack, "info", "Clock jumped backwards. Compensating"),
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
    _script("hb_standby", ev.GoingStandby, "Going standby [{set}]."),
    _script("ip-request-resp", ev.RequestAnswered, "received ip-request-resp {key} OK {ok:yesno}"),
    _script("ResourceManager", ev.GroupAcquire, "Acquiring resource group: {group:rest}"),
    _script("ResourceManager", ev.GroupRelease, "Releasing resource group: {group:rest}"),
    _script("ResourceManager", ev.ScriptRun, "Running {directory}/{call:rest}"),
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
    _agent("IPaddr2", ev.AddressConfigure, _ADDED + "{alias} (with label {_})"),
    _agent("IPaddr2", ev.AddressConfigure, _ADDED + "{alias}"),
    _agent("IPaddr2", ev.AddressConfigure, _IP_ADD + "{alias} label {_}"),
    _agent("IPaddr2", ev.AddressConfigure, _IP_ADD + "{alias}"),
    _agent("IPaddr2", ev.AddressUnconfigure, "ip -f inet addr delete {address}/{_} dev {alias}"),
    _agent("IPaddr2", ev.AddressUnconfigure, "ip -f inet addr delete {address} dev {alias}"),
    _agent("Filesystem", ev.MountBegun, "Running start for {device} on {directory}"),
    _agent("Filesystem", ev.UnmountBegun, "Running stop for {device} on {directory}"),
    _agent("Filesystem", ev.UnmountTried, "Trying to unmount {directory}"),
    _agent("Filesystem", ev.UnmountDone, "unmounted {directory} successfully"),
    _agent("Filesystem", ev.MountPresent, "Filesystem {directory} is already mounted."),
)

#: All of them, in the order in which they are tried.
VARIANTS: tuple[Reader, ...] = (*_DAEMON, *_SCRIPTS, *_AGENTS)
