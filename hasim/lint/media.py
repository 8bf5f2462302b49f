"""Rules about media and nodes of ha.cf."""

from __future__ import annotations

from collections.abc import Iterator

from hasim.lint.rule import Hit, Rule, rule
from hasim.lint.subject import Subject

__all__ = ["MEDIA_RULES"]


@rule(
    "one-medium",
    "warning",
    "Heartbeats have one way only",
    why="When a node hears nothing, it cannot tell a dead peer from a dead cable. With one medium "
    "a pulled cable, a switch that reboots or a worn-out NIC is a split-brain: both nodes take "
    "every group, mount every disk and answer for every address. Two media on one NIC are one way.",
    source="Heartbeat's Getting Started: two or more media; semantics 12.1",
    remedy="add a medium that shares no NIC and no switch with it: a crossover cable, a serial "
    "line",
)
def _one_medium(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        config = view.sure("media", "node")
        if config and len(config.nodes) != 1 and len(view.devices) == 1:
            several = len(view.heartbeats) > 1
            text = f"{view.devices[0]} is the only way of heartbeats" + (
                f": its {len(view.heartbeats)} media fail together" if several else ""
            )
            yield Hit(view.on_line(view.heartbeats[0].line), text)


@rule(
    "more-than-two-nodes",
    "warning",
    "More than two nodes share resources by haresources",
    why="The resource protocol knows one other node. Of three nodes both survivors take over what "
    "a dead one had, so every group is served twice and every shared disk mounted twice; ipfail "
    "compares itself with one partner only.",
    source="semantics 13",
    remedy="keep two nodes, or run a cluster manager",
)
def _many_nodes(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        config = view.sure("node")
        if config and config.manages and len(config.nodes) > 2:
            text = f"{len(config.nodes)} nodes: {', '.join(config.nodes[:6])}"
            text += ", ..." if len(config.nodes) > 6 else ""
            yield Hit(view.at("node"), f"{text}; haresources is made for two")


@rule(
    "udpport-after-media",
    "advice",
    "udpport stands behind media that it does not count for",
    why="The daemon reads line by line: a bcast or ucast medium takes the port that is in force "
    "where it stands. A udpport behind it changes nothing for it, so two clusters on one network "
    "may hear each other, or two nodes not.",
    source="semantics 1.1, order that matters",
    remedy="move udpport before the first medium",
)
def _udpport(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        config = view.sure("media", "udpport")
        early = [m for m in view.heartbeats if m.kind in _UDP and config and m.port is not None]
        early = [m for m in early if config and m.port != config.udpport]
        if config and early:
            names = ", ".join(f"{m.kind} {m.device}" for m in early[:4])
            text = f"udpport {config.udpport} comes too late for {names}: port {early[0].port}"
            yield Hit(view.at("udpport"), text)


_UDP = ("bcast", "ucast", "ucast6")


@rule(
    "baud-after-media",
    "advice",
    "baud stands behind serial media that it does not count for",
    why="A serial medium takes the speed that is in force where it stands. Two nodes with "
    "different speeds do not hear each other on that line.",
    source="semantics 1.1, order that matters",
    remedy="move baud before the first serial medium",
)
def _baud(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        config = view.sure("media", "baud")
        if not config:
            continue
        early = [m for m in view.heartbeats if m.kind == "serial" and m.baud != config.baud]
        if early:
            names = ", ".join(m.device for m in early[:4])
            text = f"baud {config.baud} comes too late for {names}: {early[0].baud} baud"
            yield Hit(view.at("baud"), text)


@rule(
    "mcast-ttl-zero",
    "warning",
    "A multicast medium sends packets that never leave the node",
    why="The fourth value of mcast is the time to live of its packets. With 0 they stay on the "
    "machine: the medium carries nothing to the peer, and a way of heartbeats that one counts on "
    "is not there.",
    source="the sample ha.cf of Heartbeat: the ttl must be greater than zero; RFC 1112",
    remedy="write a ttl of 1",
)
def _ttl(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        for medium in view.heartbeats:
            if medium.kind == "mcast" and medium.ttl == 0:
                text = f"mcast {medium.device} {medium.group} has a ttl of 0"
                yield Hit(view.on_line(medium.line), text)


MEDIA_RULES: tuple[Rule, ...] = (_one_medium, _many_nodes, _udpport, _baud, _ttl)
