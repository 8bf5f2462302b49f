"""Rules about the hardware of a site: STONITH devices, watchdogs, boots, single points."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations

from hasim.config import HaConfig
from hasim.lint.points import Loss
from hasim.lint.rule import Hit, Rule, rule
from hasim.lint.subject import Place, Subject, View
from hasim.site import Stonith, device_of
from hasim.units import duration_text

__all__ = ["HARDWARE_RULES"]


def _devices(subject: Subject) -> Iterator[tuple[str, Stonith]]:
    """Yield each node that fences with the device of the site that it uses."""
    for node, config in subject.configs.items():
        device = device_of(subject.hardware, config) if config.manages else None
        if device is not None and device.name in subject.hardware.stonith:
            yield node, device


def _shots(subject: Subject) -> Iterator[tuple[str, str, Stonith]]:
    """Yield every node that fences, every victim, and the device."""
    for shooter, device in _devices(subject):
        for victim in subject.configs:
            if victim != shooter:
                yield shooter, victim, device


@rule(
    "stonith-plug-missing",
    "warning",
    "A STONITH device has no plug for a node",
    why="The device cannot reset that node. The peer tries for ever, and never takes over what the "
    "node had.",
    source="semantics 9, Device cannot reset host",
    remedy="add the plug under plugs of the device in site.toml, and in reality",
    hardware=True,
)
def _plug(subject: Subject) -> Iterator[Hit]:
    for _, victim, device in _shots(subject):
        if victim not in device.plugs:
            text = f"{device.name} has no plug for {victim}: it cannot be fenced"
            yield Hit(subject.site_at("stonith", device.name, "plugs"), text, node=victim)


@rule(
    "stonith-wrong-plug",
    "warning",
    "A STONITH device switches something else than the node",
    why="The reset succeeds, and the node goes on: its peer takes over while it still writes. This "
    "is worse than no fencing, which at least warns.",
    source="semantics 9; docs/formats.md, a wrong plug",
    remedy="name the feed that the node hangs on, or the node itself for a management board",
    hardware=True,
)
def _wrong(subject: Subject) -> Iterator[Hit]:
    site = subject.hardware
    for _, victim, device in _shots(subject):
        plug = device.plugs.get(victim)
        power = site.feed_line(site.nodes[victim].power)
        if plug is not None and plug != victim and plug not in power:
            text = f"{device.name} switches {plug} for {victim}, which hangs on {power[0]}"
            yield Hit(subject.site_at("stonith", device.name, "plugs", victim), text, node=victim)


@rule(
    "stonith-hits-survivor",
    "warning",
    "Fencing a node takes down the node that fences it",
    why="Both hang on the feed that the device switches. Whoever shoots dies too, and nobody is "
    "left to take over.",
    source="semantics 9; docs/formats.md, feeds",
    remedy="give each node an outlet of its own",
    hardware=True,
)
def _survivor(subject: Subject) -> Iterator[Hit]:
    site = subject.hardware
    for shooter, victim, device in _shots(subject):
        plug = device.plugs.get(victim)
        if plug is not None and (
            plug == shooter or plug in site.feed_line(site.nodes[shooter].power)
        ):
            text = f"{device.name} switches {plug} for {victim}, and {shooter} goes down with it"
            yield Hit(subject.site_at("stonith", device.name, "plugs", victim), text, node=shooter)


@rule(
    "stonith-on-victims-feed",
    "warning",
    "A STONITH device, or the way to it, loses power together with its victim",
    why="When that feed fails, the node is dead, and the device or the switch in front of it too. "
    "The peer cannot learn that the node is off: it tries to fence it for ever, and takes over "
    "nothing. Management boards that are fed by their machine are the usual case.",
    source="semantics 9, retry for ever; docs/formats.md, power of a STONITH device",
    remedy="feed the device, and the switch that it is on, from where the survivor is fed",
    hardware=True,
)
def _feed(subject: Subject) -> Iterator[Hit]:
    ways = subject.ways
    feeds = [part for part in ways.parts if part.path[0] == "feed"]
    for shooter, victim, device in _shots(subject):
        fatal = {
            str(part.path[1]): part.gone
            for part in feeds
            if victim in part.gone
            and shooter not in part.gone
            and ways.works(shooter, device)
            and not ways.works(shooter, device, part.gone)
        }
        for feed, gone in fatal.items():
            # Of feeds that hang on each other the lowest is told.
            if any(feed in subject.hardware.feed_line(other)[1:] for other in fatal):
                continue
            what = device.name if f"stonith {device.name}" in gone else f"the way to {device.name}"
            key = "power" if what == device.name else "on"
            text = f"{what} needs {feed}, as {victim} does: without it {shooter} cannot fence, and "
            place = subject.site_at("stonith", device.name, key)
            yield Hit(place, f"{text}takes over nothing", node=victim)


@rule(
    "stonith-unreachable",
    "warning",
    "A node cannot reach its STONITH device",
    why="The node has no NIC on the switch that the device is on. Its fencing fails and is tried "
    "for ever: it never takes over anything.",
    source="semantics 9",
    remedy="put the device on a network that the node is on",
    hardware=True,
)
def _unreachable(subject: Subject) -> Iterator[Hit]:
    for shooter, device in _devices(subject):
        if not subject.ways.works(shooter, device):
            text = f"{shooter} has no NIC on {device.on}, where {device.name} is"
            yield Hit(subject.site_at("stonith", device.name, "on"), text, node=shooter)


@rule(
    "stonith-shares-medium",
    "warning",
    "A STONITH device is lost together with the heartbeats",
    why="One part carries both the heartbeats and the way to the device. When it fails, nodes that "
    "run do not hear each other and can fence nobody: each waits for a reset that never succeeds, "
    "and what the other one had stays untouched for good.",
    source="semantics 9, fails when the network is cut",
    remedy="add a medium on another network, or put the device on one",
    hardware=True,
)
def _shares(subject: Subject) -> Iterator[Hit]:
    ways, uses = subject.ways, dict(_devices(subject))
    whole = ways.rings()
    pairs = [(a, b) for a, b in combinations(uses, 2) if whole[a] == whole[b]]
    for part in ways.parts:
        rings = ways.rings(part.gone)
        for a, b in pairs:
            if a not in rings or b not in rings or rings[a] == rings[b]:
                continue
            could = [n for n in (a, b) if ways.works(n, uses[n])]
            if could and not any(ways.works(n, uses[n], part.gone) for n in could):
                text = f"Without {part.name}, {a} and {b} neither hear each other nor fence."
                for name in dict.fromkeys((uses[a].name, uses[b].name)):
                    yield Hit(subject.site_at("stonith", name, "on"), text)


@rule(
    "watchdog-nowayout",
    "advice",
    "The watchdog turns every stop of the daemon into a reboot",
    why="With nowayout the kernel ignores the proper close of the device. A clean stop of "
    "heartbeat, for an upgrade say, ends in a reboot of the node unless it is started again in "
    "time.",
    source="semantics 10",
    remedy="load the watchdog with nowayout=0, or stop heartbeat only to reboot",
    hardware=True,
)
def _nowayout(subject: Subject) -> Iterator[Hit]:
    for view, config in _watched(subject):
        if subject.hardware.nodes[view.node or ""].dog.nowayout:
            text = f"{config.watchdog} of {view.node} has nowayout: a stop of heartbeat reboots it"
            yield Hit(subject.site_at("node", view.node or "", "watchdog"), text, node=view.node)


@rule(
    "watchdog-absent",
    "warning",
    "ha.cf relies on a watchdog that the node does not have",
    why="The daemon logs that it cannot open the device, and starts without it. A hanging node is "
    "then not rebooted, and wakes up with its disks still mounted.",
    source="semantics 10, Cannot open watchdog device",
    remedy="load softdog, or remove the directive",
    hardware=True,
)
def _absent(subject: Subject) -> Iterator[Hit]:
    for view, config in _watched(subject):
        if subject.hardware.nodes[view.node or ""].dog.kind == "none":
            text = f"Cannot open watchdog device: {config.watchdog} ({view.node} has none)"
            yield Hit(subject.site_at("node", view.node or "", "watchdog"), text, node=view.node)


def _watched(subject: Subject) -> Iterator[tuple[View, HaConfig]]:
    """Yield the nodes whose ha.cf has a watchdog."""
    for view in subject.sited:
        config = view.sure("watchdog")
        if config and config.watchdog:
            yield view, config


@rule(
    "initdead-below-boot",
    "advice",
    "initdead is shorter than the boots of two nodes may differ",
    why="After a power failure both nodes boot at once. The faster one waits initdead for the "
    "slower one, then declares it dead; with STONITH it resets it in the middle of its boot.",
    source="semantics 5.7 and 9, start-up fencing at initdead",
    remedy="raise initdead above the difference between the slowest and the fastest boot",
    hardware=True,
)
def _boots(subject: Subject) -> Iterator[Hit]:
    site = subject.hardware
    for fast, slow in permutations(subject.sited, 2):
        one, other = site.nodes[fast.node or ""], site.nodes[slow.node or ""]
        config = fast.sure("initdead", "deadtime")
        if config is None or "manual" in (one.heartbeat, other.heartbeat):
            continue
        later = other.boot.hi_us - one.boot.lo_us
        if later > config.initdead:
            text = (
                f"{other.name} may boot {duration_text(later)} after {one.name}, whose initdead is "
                f"{duration_text(config.initdead)}"
            )
            yield Hit(subject.site_at("node", other.name, "boot"), text, node=other.name)


def _lost(subject: Subject, kind: str) -> Iterator[tuple[Loss, Place]]:
    """Yield the losses of one kind, with the place of the part."""
    for loss in subject.losses:
        if loss.kind == kind:
            yield loss, _place(subject, loss)


def _place(subject: Subject, loss: Loss) -> Place:
    """Return where a part stands: a feed may be named only by what hangs on it."""
    kind, name = loss.part.path[:2]
    site = subject.hardware
    if kind == "feed" and name not in site.feeds:
        child = next((f for f, above in site.feeds.items() if above == name), None)
        if child is not None:
            return subject.site_at("feed", child)
        return subject.site_at("node", loss.what[0], "power")
    return subject.site_at(*loss.part.path)


@rule(
    "single-point-heartbeat",
    "warning",
    "One part carries all heartbeats",
    why="Several media are no help where they meet in one part: a switch, or a feed of two "
    "switches. When it fails, nodes that run do not hear each other, and both take everything.",
    source="minimum cuts of the site's network and power; semantics 12.1",
    remedy="lead one medium past it, such as by a crossover cable",
    hardware=True,
)
def _heartbeat(subject: Subject) -> Iterator[Hit]:
    alone = {v.node for v in subject.sited if len(v.devices) < 2}  # see one-medium
    for loss, place in _lost(subject, "heartbeat"):
        if not alone & {*loss.what}:
            yield Hit(place, str(loss))


@rule(
    "single-point-power",
    "advice",
    "All nodes lose power together",
    why="A cluster on one feed is down as a whole when a fuse blows. No takeover helps.",
    source="minimum cuts of the site's feeds",
    remedy="feed the nodes from different circuits, one of them behind a UPS",
    hardware=True,
)
def _power(subject: Subject) -> Iterator[Hit]:
    line = subject.hardware.feed_line
    whole = [x for x in _lost(subject, "power") if len(x[0].what) == len(subject.sited)]
    feeds = {str(loss.part.path[1]): hit for hit in whole for loss in hit[:1]}
    for feed, (loss, place) in feeds.items():
        # Of feeds that hang on each other the lowest is told.
        if not any(feed in line(other)[1:] for other in feeds):
            yield Hit(place, str(loss))


@rule(
    "single-point-ping",
    "advice",
    "One part silences all ping nodes",
    why="ipfail then counts none on either node and nothing is moved, or, where one node notices "
    "later, everything is moved to it for no reason. At a start each node waits for initdead.",
    source="semantics 5.2 and 11.5; minimum cuts of the site's network",
    remedy="ping a second host behind another switch, or a group of them",
    hardware=True,
)
def _ping(subject: Subject) -> Iterator[Hit]:
    answering = {n for n in subject.ways.pinged if subject.ways.answers(n)}
    silent: dict[str, set[str]] = {}
    for loss, place in _lost(subject, "ping"):
        names = silent.setdefault(loss.part.name, set())
        names.add(loss.what[0])
        if names == answering:
            text = f"Without {loss.part.name}, no ping node answers: "
            yield Hit(place, f"{text}{' and '.join(sorted(names))}.")


@rule(
    "single-point-disk",
    "advice",
    "One part carries every way to a disk",
    why="A disk behind one switch or one cable is lost to both nodes at once. Neither can serve "
    "what is on it.",
    source="minimum cuts of the site's network",
    remedy="give the disk a second path",
    hardware=True,
)
def _disk(subject: Subject) -> Iterator[Hit]:
    for loss, place in _lost(subject, "disk"):
        yield Hit(place, str(loss))


HARDWARE_RULES: tuple[Rule, ...] = (
    _plug,
    _wrong,
    _survivor,
    _feed,
    _unreachable,
    _shares,
    _nowayout,
    _absent,
    _boots,
    _heartbeat,
    _power,
    _ping,
    _disk,
)
