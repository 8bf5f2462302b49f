"""Rules about times: deadtime and what must fit to it."""

from __future__ import annotations

from collections.abc import Iterator

from hasim.config import HaConfig
from hasim.config.directives import DIRECTIVES
from hasim.lint.disks import drbd_at, shared_disks
from hasim.lint.rule import Hit, Rule, rule
from hasim.lint.subject import Subject
from hasim.units import MS, SECOND, Micros, duration_text

__all__ = ["TIMES_RULES"]

#: When DRBD gives up its peer by default: its network timeout and its ping interval, and the time
#: that the answer to a ping may take (semantics of DRBD 8: 6 s and 5 s).
_DRBD = 11 * SECOND


def _by_default(config: HaConfig, directive: str) -> str:
    return "" if config.is_given(directive) else " by default"


@rule(
    "initdead-below-twice-deadtime",
    "advice",
    "initdead is below twice deadtime",
    why="initdead is the silence that a starting node allows its peer. Network, switch ports and a "
    "peer that boots a little later must all come up within it; a node that waits too short a time "
    "declares its peer dead, fences it where it can, and takes everything. Without the directive "
    "initdead is just deadtime where that is above ten seconds.",
    source="the sample ha.cf of Heartbeat, which asks for at least twice deadtime; semantics 1.2",
    remedy="write an initdead of at least twice deadtime; 120 is common",
)
def _initdead(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        config = view.sure("initdead", "deadtime")
        if config and config.deadtime <= config.initdead < 2 * config.deadtime:
            text = (
                f"initdead {duration_text(config.initdead)}{_by_default(config, 'initdead')} is "
                f"less than twice deadtime {duration_text(config.deadtime)}"
            )
            remedy = f"write 'initdead {-(-2 * config.deadtime // SECOND)}' or more"
            yield Hit(view.at("initdead", "deadtime"), text, remedy)


@rule(
    "warntime-not-before-deadtime",
    "advice",
    "warntime is not before deadtime, so no late heartbeat is ever warned of",
    why="A late heartbeat is the only sign that deadtime is too near to what the network and the "
    "load of the machines do. With a warntime of deadtime or more the first sign is a death.",
    source="semantics 4.6; Heartbeat's FAQ, which tunes deadtime by these warnings",
    remedy="write a warntime between a quarter and a half of deadtime, or leave it out",
)
def _warntime_late(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        config = view.sure("warntime", "deadtime")
        if config and config.warntime >= config.deadtime and config.is_given("warntime"):
            text = (
                f"warntime {duration_text(config.warntime)} is not less than deadtime "
                f"{duration_text(config.deadtime)}: no early warning is ever given"
            )
            yield Hit(view.at("warntime"), text)


@rule(
    "warntime-out-of-range",
    "advice",
    "warntime is outside a quarter to a half of deadtime",
    why="Too early, and harmless delays fill the log; too late, and there is no time left between "
    "the warning and the death. The warnings are what deadtime is tuned by: it should be one and a "
    "half to two times the longest late heartbeat of some weeks under load.",
    source="Heartbeat's FAQ, Heavy Load",
    remedy="write a warntime between a quarter and a half of deadtime",
)
def _warntime_range(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        config = view.sure("warntime", "deadtime")
        if not config or config.warntime >= config.deadtime or not config.is_given("warntime"):
            continue
        if not config.deadtime <= 4 * config.warntime <= 2 * config.deadtime:
            low, high = config.deadtime // 4, config.deadtime // 2
            text = (
                f"warntime {duration_text(config.warntime)} is outside {duration_text(low)} to "
                f"{duration_text(high)}, a quarter to a half of deadtime"
            )
            yield Hit(view.at("warntime"), text)


@rule(
    "warntime-below-keepalive",
    "warning",
    "warntime is not above keepalive, so heartbeats are late in good health",
    why="Heartbeats come once in a keepalive, give or take a tick. The daemon warns of each "
    "interval that is longer than warntime: here of every heartbeat, or of every second one where "
    "the two are equal. The log is full, and of no use.",
    source="semantics 4.6",
    remedy="raise warntime above keepalive, best to a quarter of deadtime or more",
)
def _warntime_keepalive(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        config = view.sure("warntime", "keepalive")
        if config and config.warntime <= config.keepalive and config.is_given("warntime"):
            text = (
                f"warntime {duration_text(config.warntime)} is not above keepalive "
                f"{duration_text(config.keepalive)}: heartbeats are late in good health"
            )
            yield Hit(view.at("warntime"), text)


@rule(
    "deadtime-within-drbd-timeout",
    "advice",
    "deadtime is not above the time in which DRBD gives up its peer",
    why="drbddisk makes the local copy primary. While DRBD still waits for a peer that has died, "
    "that may fail, and a failed start leaves the group down for good. With DRBD's defaults the "
    "wait is up to eleven seconds: six of its timeout and five of its ping interval.",
    source="LINBIT on the DRBD mailing list, October 2008; semantics 8.4",
    remedy="write a deadtime above 11, or lower timeout and ping-int in drbd.conf",
)
def _drbd(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        config = view.sure("deadtime")
        if config and config.deadtime <= _DRBD and view.manages and drbd_at(view):
            text = (
                f"deadtime {duration_text(config.deadtime)} is not more than the 11s in which DRBD "
                "gives up its peer by default"
            )
            yield Hit(view.at("deadtime"), text)


def _reboot_after(config: HaConfig) -> Micros:
    """Return how long a watchdog waits: deadtime and 10 ms, in whole seconds rounded up."""
    return -(-(config.deadtime + 10 * MS) // SECOND) * SECOND


def _alone(subject: Subject) -> Iterator[tuple[HaConfig, Hit]]:
    """Yield nodes with a watchdog and no STONITH device, and an empty hit at the directive."""
    for view in subject.views:
        config = view.sure("watchdog", "stonith", "deadtime", "keepalive")
        bare = config and config.watchdog and config.stonith is None and config.manages
        if config and bare and any(shared_disks(view)):
            yield config, Hit(view.at("watchdog"), "")


@rule(
    "watchdog-alone",
    "warning",
    "A watchdog is all that protects a shared disk",
    why="When the daemon of a node is killed or hangs, its watchdog reboots the node after "
    "deadtime, rounded up to whole seconds. The peer waits deadtime too, from the last heartbeat, "
    "which may be a keepalive older. So it takes over before the reboot, and for that long both "
    "nodes have the disk. A watchdog bounds the damage; only fencing prevents it.",
    source="semantics 10, the race; models/webdata, test5-watchdog-race",
    remedy="add a STONITH device; a short keepalive and a deadtime just below whole seconds "
    "(29990ms) make the overlap small",
)
def _watchdog_alone(subject: Subject) -> Iterator[Hit]:
    for config, hit in _alone(subject):
        overlap = _reboot_after(config) - config.deadtime + config.keepalive
        text = (
            "the watchdog is all that protects the shared disk: a peer may take over up to "
            f"{duration_text(overlap)} before it reboots this node"
        )
        yield hit._replace(text=text)


@rule(
    "watchdog-whole-seconds",
    "advice",
    "deadtime makes the watchdog wait a second longer than the peer",
    why="The watchdog waits for deadtime and ten milliseconds, in whole seconds rounded up: a "
    "deadtime of whole seconds costs nearly a second more, in which the peer may already have "
    "taken over.",
    source="semantics 10",
    remedy="with no STONITH device, write a deadtime just below whole seconds: 29990ms instead of "
    "30",
)
def _watchdog_seconds(subject: Subject) -> Iterator[Hit]:
    for config, hit in _alone(subject):
        waits = _reboot_after(config)
        if waits - config.deadtime > SECOND // 2:
            text = (
                f"the watchdog reboots after {duration_text(waits)}, the peer takes over after "
                f"deadtime, {duration_text(config.deadtime)}"
            )
            whole = max(config.deadtime // SECOND, 1)
            remedy = f"write 'deadtime {whole * 1000 - 10}ms': the watchdog then waits {whole}s"
            yield hit._replace(text=text, remedy=remedy)


@rule(
    "directive-overridden",
    "advice",
    "A directive is given twice, and only the last counts",
    why="The daemon reads line by line, each value replaces the one before, and it says nothing. "
    "Whoever edits the first of the two changes nothing.",
    source="semantics 1.1",
    remedy="remove all but one of the lines",
)
def _overridden(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        last: dict[str, tuple[int, str]] = {}
        for given in view.config.given if view.config else ():
            if DIRECTIVES[given.directive].value == "special" and given.directive not in _SINGLE:
                continue
            if given.directive == "udpport":
                continue  # counts for the media behind it: see udpport-after-media
            before = last.get(given.directive)
            if before is not None and before[1] != given.value:
                text = f"{given.directive} {before[1]} counts no more: line {given.line} says "
                yield Hit(view.on_line(before[0]), f"{text}{given.value}")
            last[given.directive] = given.line, given.value


#: Directives with a syntax of their own that hold one value all the same.
_SINGLE = frozenset({"auto_failback", "crm", "pacemaker", "max_rexmit_delay"})

TIMES_RULES: tuple[Rule, ...] = (
    _initdead,
    _warntime_late,
    _warntime_range,
    _warntime_keepalive,
    _drbd,
    _watchdog_alone,
    _watchdog_seconds,
    _overridden,
)
