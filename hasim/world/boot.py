"""The start of the daemon: parent, master, media, children, and their lines (semantics 2.1, 15.2)."""

from __future__ import annotations

from hasim import events as ev
from hasim.config import Medium
from hasim.events import Event
from hasim.protocol import Auth, Setting, dialect
from hasim.trace import Source
from hasim.units import MS, SECOND, Micros
from hasim.world.hub import Hub
from hasim.world.records import ChildState, DaemonState, NodeState

__all__ = ["ANNOUNCE_LEAD", "TICK", "begin", "open_media", "say", "setting", "take_pids", "twin", "validated"]

#: The daemon's clock counts ticks of 10 ms (semantics 1, constants).
TICK: Micros = 10 * MS
#: An I/O child that lost the race with the master sleeps a second and a little (semantics 2.1).
RACE_LAG: Micros = 4 * MS
#: Of the time from the master's first line to status up, so many hundredths remain when the media
#: are open (recorded: 55 for the first, 38 for the last); the first packet goes out at the end.
FORK_LEFT = 47
ANNOUNCE_LEAD: Micros = 1 * MS
#: Shares, in a hundred, of 0, 1, 2 ... ticks between the two timers of a life (semantics 2.2).
TWIN_SHARES = (30, 25, 25, 10, 10)
_FIFO = "/var/lib/heartbeat/fifo"
_RSCTMP = "/var/lib/heartbeat/rsctmp"
_SHELLS = 3  # short-lived processes that prepare directories and the FIFO


def setting(hub: Hub, node: str, daemon: DaemonState) -> Setting:
    """Return what the master of this life of the daemon is started with."""
    config, draws = hub.configs[node], hub.draws
    name = f"{node}/boot{daemon.boot}"
    keys = config.authkeys
    auth, accepted = None, frozenset[Auth]()
    if keys is not None:
        known = {n: Auth(n, method, key or "") for n, (method, key) in keys.methods.items()}
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

    return Setting(node, config, version, auth, accepted, reading, rexmit_delay)


def twin(hub: Hub, name: str) -> Micros:
    """Return how far the half-second timer runs behind the keepalive timer in this life.

    Ticks, in the shares recorded 20 to 60 s after a start; none in three of ten lives.
    """
    pinned = hub.draws.pinned(f"{name}/twin")
    if pinned is not None:
        return pinned
    u, ticks = hub.draws.below(f"{name}/twin", 100), 0
    for ticks, share in enumerate(TWIN_SHARES):
        if u < share:
            break
        u -= share
    return ticks * TICK


def take_pids(node: NodeState, count: int) -> int:
    """Return the first of `count` fresh process numbers of a node."""
    first = node.next_pid
    node.next_pid += count
    return first


def begin(hub: Hub, node: NodeState, now: Micros, cause: int | None) -> DaemonState:
    """Run the init script's start: the parent process begins to read its configuration."""
    node.starts += 1
    times = hub.site.daemon.start
    wait = hub.draws.between(f"{node.name}/boot{node.starts}/validated", times.lo_us, times.hi_us)
    node.daemon = DaemonState(node.starts, take_pids(node, 1), 0, "parent", now + wait, cause=cause)
    return node.daemon


def say(hub: Hub, node: NodeState, now: Micros, pid: int, said: list[Event]) -> None:
    """Record lines of the starting daemon, each caused by the one before."""
    daemon = node.daemon
    assert daemon is not None
    for event in said:
        daemon.cause = hub.record(now, Source(node.name, "heartbeat", pid), event, daemon.cause)


def validated(hub: Hub, node: NodeState, daemon: DaemonState, now: Micros) -> None:
    """The parent has read everything: it says so and forks the master, which counts its life."""
    config, version = hub.configs[node.name], hub.dialect
    lines: list[Event] = []
    if version != "2.0.8":
        lines += [ev.CoreDumpsCouldBeLost(), ev.CorePatternAdvice(), ev.CoreUsesPidAdvice(), ev.PacemakerSupport()]
    if config.initdead < 10 * SECOND:
        lines += [ev.InitdeadMayBeSmall(config.initdead // MS), ev.InitdeadNote(), ev.InitdeadAdvice()]
    if config.auto_failback == "legacy":
        lines += [ev.LegacyFailbackDeprecated(), ev.LegacyFailbackConvert(), ev.LegacyFailbackSeeDocs()]
    if not config.use_logd:
        lines.append(ev.LoggingDaemonDisabled())
    lines += [ev.Banner(), ev.ConfigValidated(version)]
    say(hub, node, now, daemon.parent_pid, lines)
    daemon.pid = take_pids(node, 1)
    storage, name = node.storage, f"{node.name}/boot{daemon.boot}"
    lines = [ev.DaemonVersion(version)]
    if storage.generation is None:
        storage.generation = 1 if version == "2.0.8" else hub.wall_second(node.name, now) + 1
        lines.append(ev.NoPreviousGeneration(storage.generation))
    else:
        storage.generation += 1
    started = ev.DaemonStarted(node.name, daemon.pid, storage.generation)
    node.last_truth = daemon.cause = hub.truth(now, started, daemon.cause, node.name)
    say(hub, node, now, daemon.pid, [*lines, ev.GenerationSet(storage.generation)])
    times = hub.site.daemon.up
    daemon.up_at = now + hub.draws.between(f"{name}/up", times.lo_us, times.hi_us)
    daemon.stage, daemon.stage_due = "master", now + (daemon.up_at - now) * (100 - FORK_LEFT) // 100


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
    chance, name = hub.site.daemon.io_late_per_mille * 1000, f"{node.name}/boot{daemon.boot}/io-start"
    for medium in config.media:
        lines += _opened(medium, version)
        for role, children in (("write", daemon.writers), ("read", daemon.readers)):
            draw = f"{name}/{role} {medium.device}"
            wait = hub.draws.pinned(draw)
            if wait is None:
                wait = SECOND if hub.draws.chance(draw, chance) else 0
            children.append(ChildState(role, take_pids(node, 1), now + wait + RACE_LAG if wait else now))
        daemon.sockets.append([])
        daemon.unsent.append([])
    if version == "2.0.8":
        lines.append(ev.SignalHandlerAdded(17))
    say(hub, node, now, daemon.pid, lines)
    daemon.stage, daemon.stage_due = "opened", max(now, daemon.up_at - ANNOUNCE_LEAD)


def _opened(medium: Medium, version: str) -> list[Event]:
    """Return the lines of a medium's opening (semantics 15.2)."""
    kind, device, port = medium.kind, medium.device, medium.port
    match kind:
        case "bcast":
            return [ev.MediumOpened(kind, device, port=port), ev.MediumClosed(kind, device, port)]
        case "ucast":
            new = version != "2.0.8"
            options = ["write socket priority", "bound send socket"]
            options += ["set SO_REUSEPORT(w)", "set SO_REUSEADDR"] if new else []
            options += ["bound receive socket", "set SO_REUSEPORT"] if new else ["bound receive socket"]
            opened = ev.MediumOpened(kind, device, port=port, peer=medium.peer)
            return [*(ev.UcastOption(what, device) for what in options), opened]
        case "mcast":
            return [
                ev.MediumOpened(kind, device, port=port, group=medium.group, ttl=medium.ttl, loop=medium.loop)
            ]
        case "serial":
            return [ev.MediumOpened(kind, device, baud=medium.baud)]
        case "ping_group":
            return [ev.PingGroupStarted()]
        case _:
            return [ev.PingStarted()]
