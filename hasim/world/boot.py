"""The start of the daemon: parent, master, media, children, their lines (semantics 2.1, 15.2)."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from hasim import events as ev
from hasim.config import HaConfig, Medium, edit_ha_cf, parse_ha_cf, render_ha_cf
from hasim.events import Event
from hasim.protocol import MSGFREE_PERIOD, Auth, Setting, dialect
from hasim.trace import Source
from hasim.units import MS, SECOND, Micros
from hasim.world.hub import Hub
from hasim.world.records import ChildState, DaemonState, NodeState

__all__ = [
    "ANNOUNCE_LEAD",
    "COUNTED_LEFT",
    "EXEC",
    "FIRST_LATE",
    "FIRST_LEFT",
    "KEPT_WAITING",
    "LAST_LEFT",
    "LATER_LATE",
    "LONGER",
    "MASTER_FORK",
    "RACE_LAG",
    "TICK",
    "asks_device",
    "begin",
    "begun",
    "counted",
    "follow",
    "open_media",
    "opened",
    "say",
    "setting",
    "take_pids",
    "validated",
]

#: The daemon's clock counts ticks of 10 ms (semantics 1, constants).
TICK: Micros = 10 * MS
#: An I/O child that lost the race with the master sleeps a second and a little (semantics 2.1).
RACE_LAG: Micros = 3300
#: Children of the first medium lose it more rarely, later ones more often, than the site's share
#: says, in hundredths of it (recorded: 15 % and 26 %).
FIRST_LATE = 75
LATER_LATE = 130
#: In so many of a million cases it has to wait longer for a processor: it misses the wake a second
#: after the start (recorded: 10 % of late children, whatever else is known of the start).
KEPT_WAITING = 100_000
LONGER = (15 * MS, 60 * MS)
#: The first packet leaves so long before status up is logged.
ANNOUNCE_LEAD: Micros = 100
#: From the end of a restart's sleep to the validated configuration, 5 % / 50 % / 95 % (recorded).
EXEC = (8 * MS, 8 * MS + 700, 35 * MS)
#: Of the time from the master's first line to status up, so many hundredths remain when the
#: generation is counted, when the first medium is opened, and when the last one is (recorded).
COUNTED_LEFT = 80
FIRST_LEFT = 55
LAST_LEFT = 39
_FIFO = "/var/lib/heartbeat/fifo"
_HARESOURCES = "/etc/ha.d/haresources"
_RSCTMP = "/var/lib/heartbeat/rsctmp"
MASTER_FORK: Micros = 3 * MS
_SHELLS = 3  # short-lived processes that prepare directories and the FIFO


@lru_cache
def _auth(number: int, method: str, key: str) -> Auth:
    """Return the one object for a key, so that comparing two packets' keys is cheap."""
    return Auth(number, method, key)


def setting(hub: Hub, node: str, daemon: DaemonState) -> Setting:
    """Return what the master of this life of the daemon is started with."""
    config, draws = hub.configs[node], hub.draws
    name = f"{node}/boot{daemon.boot}"
    keys = config.authkeys
    auth, accepted = None, frozenset[Auth]()
    if keys is not None:
        known = {n: _auth(n, method, key or "") for n, (method, key) in keys.methods.items()}
        auth, accepted = known[keys.auth], frozenset(known.values())
    phase = draws.between(f"{name}/tick-phase", 0, TICK - 1)
    jitter, up_at = hub.tick_jitter_us, daemon.up_at

    def reading(at: Micros) -> Micros:
        shake = draws.below(f"{name}/tick", jitter, at - up_at) if jitter else 0
        return (at - up_at + phase + shake) // TICK * TICK

    version = dialect(hub.dialect)
    first, last = version.rexmit_first

    def rexmit_delay(peer: str, number: int) -> Micros:
        return first + draws.below(f"{name}/rexmit {peer}", last - first + 1, number)

    creep = _dispatches_a_tick(hub, f"{name}/creep")
    return Setting(
        node, config, version, auth, accepted, reading, rexmit_delay, creep, hub.wall_second,
        daemon.pid,
    )  # fmt: skip


def _dispatches_a_tick(hub: Hub, name: str) -> int:
    """Return after how many dispatches the half-second timer has crept by a tick; 0: never."""
    slope = hub.time(name, hub.site.daemon.creep)
    return TICK * SECOND // (slope * MSGFREE_PERIOD) if slope else 0


def take_pids(node: NodeState, count: int) -> int:
    """Return the first of `count` fresh process numbers of a node."""
    first = node.next_pid
    node.next_pid += count
    return first


def begin(
    hub: Hub, node: NodeState, now: Micros, cause: int | None, last: DaemonState | None = None
) -> DaemonState:
    """Run the init script's start: the parent process begins to read its configuration.

    After a restart the process of the `last` life does that itself, without the init script.
    """
    if node.edits:
        _edit(hub, node)
    node.starts += 1
    name = f"{node.name}/boot{node.starts}/validated"
    if last is None:
        pid, wait = take_pids(node, 1), hub.time(name, hub.site.daemon.start)
    else:
        pid, wait = last.pid, hub.draws.spread(name, *EXEC)
    if hub.draws.pinned(name) is None:
        wait += asks_device(hub.configs[node.name])
    node.daemon = DaemonState(node.starts, pid, 0, "parent", now + wait, cause=cause)
    if last is not None:
        node.daemon.keep = last.keep
    return node.daemon


def asks_device(config: HaConfig) -> Micros:
    """Return how long reading ha.cf takes longer for the status of a STONITH device.

    Each operation of an external plugin takes a second (recorded: every start with one; semantics
    9).
    """
    external = config.stonith is not None and config.stonith.type.startswith("external/")
    return SECOND if external else 0


def follow(node: NodeState, boot: int, cause: int) -> None:
    """Let what a starting daemon says first follow from what its init script has done before."""
    daemon = node.daemon
    if daemon is not None and daemon.boot == boot and daemon.stage == "parent":
        daemon.cause = cause


def _edit(hub: Hub, node: NodeState) -> None:
    """Let the daemon find its ha.cf as it has been changed; its keys are another file."""
    old, changes = hub.configs[node.name], dict(word.split("=", 1) for word in node.edits)
    text = edit_ha_cf(render_ha_cf(old), changes, dialect=hub.dialect)
    new, problems = parse_ha_cf(text, local=node.name, dialect=hub.dialect)
    assert new is not None, problems  # checked before the run
    hub.configs[node.name] = replace(new, authkeys=old.authkeys)
    node.edits = []


def say(hub: Hub, node: NodeState, now: Micros, pid: int, said: list[Event]) -> None:
    """Record lines of the starting daemon, each caused by the one before."""
    daemon = node.daemon
    assert daemon is not None
    for event in said:
        daemon.cause = hub.record(now, Source(node.name, "heartbeat", pid), event, daemon.cause)


def validated(hub: Hub, node: NodeState, daemon: DaemonState, now: Micros) -> None:
    """The parent has read everything: it says so and forks the master."""
    config, version = hub.configs[node.name], hub.dialect
    lines: list[Event] = []
    if version != "2.0.8":
        lines += [
            ev.CoreDumpsCouldBeLost(),
            ev.CorePatternAdvice(),
            ev.CoreUsesPidAdvice(),
            ev.PacemakerSupport(_support(config)),
        ]
    if config.initdead < 10 * SECOND:
        lines += [
            ev.InitdeadMayBeSmall(config.initdead // MS),
            ev.InitdeadNote(),
            ev.InitdeadAdvice(),
        ]
    if config.auto_failback == "legacy" and config.manages:
        lines += [
            ev.LegacyFailbackDeprecated(),
            ev.LegacyFailbackConvert(),
            ev.LegacyFailbackSeeDocs(),
        ]
    if not config.use_logd:
        lines.append(ev.LoggingDaemonDisabled())
    lines += [ev.Banner(), ev.ConfigValidated(version)]
    if not config.manages:
        lines += [ev.ResourcesFileExists(_HARESOURCES), ev.ResourcesFileUnused()]
    say(hub, node, now, daemon.parent_pid, lines)
    wait = hub.draws.between(f"{node.name}/boot{daemon.boot}/version", 0, MASTER_FORK)
    daemon.pid = take_pids(node, 1)
    daemon.stage, daemon.stage_due = "forked", now + wait


def _support(config: HaConfig) -> str:
    """Return the word of ha.cf that enables a cluster manager, or the default."""
    words = (g.value for g in config.given if g.directive in ("crm", "pacemaker"))
    return "false" if config.manages else [*words][-1]


def begun(hub: Hub, node: NodeState, daemon: DaemonState, now: Micros) -> None:
    """The master says its version; how long it needs until status up is known from here."""
    say(hub, node, now, daemon.pid, [ev.DaemonVersion(hub.dialect)])
    wait = hub.time(f"{node.name}/boot{daemon.boot}/up", hub.site.daemon.up)
    daemon.begun_at, daemon.up_at = now, now + wait
    daemon.stage, daemon.stage_due = "master", _left(daemon, COUNTED_LEFT)


def _left(daemon: DaemonState, hundredths: int) -> Micros:
    """Return the instant of the start at which so much of its time remains."""
    return daemon.up_at - (daemon.up_at - daemon.begun_at) * hundredths // 100


def counted(hub: Hub, node: NodeState, daemon: DaemonState, now: Micros) -> None:
    """The master counts its life: a new generation (semantics 3.3)."""
    storage, lines = node.storage, list[Event]()
    if storage.generation is None:
        old = hub.dialect == "2.0.8"
        storage.generation = 1 if old else hub.wall_second(node.name, now) + 1
        lines.append(ev.NoPreviousGeneration(storage.generation))
    else:
        storage.generation += 1
    started = ev.DaemonStarted(node.name, daemon.pid, storage.generation)
    node.last_truth = daemon.cause = hub.truth(now, started, daemon.cause, node.name)
    say(hub, node, now, daemon.pid, [*lines, ev.GenerationSet(storage.generation)])
    daemon.stage, daemon.stage_due = "counted", _left(daemon, FIRST_LEFT)


def open_media(hub: Hub, node: NodeState, daemon: DaemonState, now: Micros) -> None:
    """Open every medium and fork its children, each of which may lose a second (semantics 2.1)."""
    config, version, storage = hub.configs[node.name], hub.dialect, node.storage
    lines: list[Event] = []
    if version == "2.0.8":
        lines += [ev.TriggerHandlerAdded(), ev.TriggerHandlerAdded(), ev.RsctmpRecreated(_RSCTMP)]
    elif not storage.uuid:
        lines.append(ev.UuidGenerated())
    if not storage.fifo:
        lines.append(ev.FifoCreated(_FIFO))
    storage.uuid = storage.fifo = True
    take_pids(node, _SHELLS)
    daemon.fifo_pid = take_pids(node, 1)
    chance, name = (
        hub.site.daemon.io_late_per_mille * 1000,
        f"{node.name}/boot{daemon.boot}/io-start",
    )
    steps = max(1, len(config.media) - 1)
    for i, medium in enumerate(config.media):
        fork = _left(daemon, FIRST_LEFT - (FIRST_LEFT - LAST_LEFT) * i // steps)
        lines += opened(medium, version)
        for role, children in (("write", daemon.writers), ("read", daemon.readers)):
            draw = f"{name}/{role} {medium.device}"
            wait = hub.draws.pinned(draw)
            if wait is None:
                share = chance * (LATER_LATE if i else FIRST_LATE) // 100
                wait = SECOND if hub.draws.chance(draw, share) else 0
            children.append(
                ChildState(role, take_pids(node, 1), _ready_at(hub, draw, fork, wait, now))
            )
        daemon.sockets.append([])
        daemon.unsent.append([])
    if version == "2.0.8":
        lines.append(ev.SignalHandlerAdded(17))
    say(hub, node, now, daemon.pid, lines)
    daemon.stage, daemon.stage_due = "opened", max(now, daemon.up_at - ANNOUNCE_LEAD)


def _ready_at(hub: Hub, draw: str, fork: Micros, wait: Micros, now: Micros) -> Micros:
    """Return when an I/O child begins to work; a late one now and then is kept waiting longer."""
    if not wait:
        return now
    lag = RACE_LAG
    if hub.draws.chance(f"{draw}/kept waiting", KEPT_WAITING):
        lag += hub.draws.between(f"{draw}/longer", *LONGER)
    return fork + wait + lag


def opened(medium: Medium, version: str) -> list[Event]:
    """Return the lines of a medium's opening (semantics 15.2)."""
    kind, device, port = medium.kind, medium.device, medium.port
    match kind:
        case "bcast":
            return [ev.MediumOpened(kind, device, port=port), ev.MediumClosed(kind, device, port)]
        case "ucast":
            new = version != "2.0.8"
            options = ["write socket priority", "bound send socket"]
            options += ["set SO_REUSEPORT(w)", "set SO_REUSEADDR"] if new else []
            options += (
                ["bound receive socket", "set SO_REUSEPORT"] if new else ["bound receive socket"]
            )
            opened = ev.MediumOpened(kind, device, port=port, peer=medium.peer)
            return [*(ev.UcastOption(what, device) for what in options), opened]
        case "mcast":
            return [
                ev.MediumOpened(
                    kind, device, port=port, group=medium.group, ttl=medium.ttl, loop=medium.loop
                )
            ]
        case "serial":
            return [ev.MediumOpened(kind, device, baud=medium.baud)]
        case "ping_group":
            return [ev.PingGroupStarted()]
        case _:
            return [ev.PingStarted()]
