"""Rules about STONITH directives, judged by ha.cf and haresources alone."""

from __future__ import annotations

from collections.abc import Iterator

from hasim.config import HaConfig, StonithDevice
from hasim.config.lexer import ascii_lower, words
from hasim.lint.disks import drbd_at, shared_disks
from hasim.lint.rule import Hit, Rule, rule
from hasim.lint.subject import Subject, View, program_of

__all__ = ["FENCING_RULES"]


def _bare(subject: Subject) -> list[View]:
    """Return the views of nodes that manage resources and have no STONITH device."""
    sure = ((view, view.sure("stonith")) for view in subject.views)
    return [v for v, config in sure if config and config.manages and config.stonith is None]


def _on(view: View, bare: list[View], subject: Subject) -> tuple[str, str | None]:
    """Return how to name a node that lacks what others have: not at all where all do."""
    return ("", None) if len(bare) == len(subject.views) else (f" on {view.node}", view.node)


@rule(
    "shared-disk-without-stonith",
    "warning",
    "A shared disk is not protected by STONITH",
    why="When the nodes lose sight of each other, each takes over what the other has. A file "
    "system that two nodes mount is destroyed by the first writes of both, whatever its journal. "
    "Only fencing makes sure that the other one has stopped writing; without it the daemon warns "
    "'No STONITH device configured.', 'Shared disks are not protected.' and goes on.",
    source="semantics 5.7 and 12.1; a guide to PVFS2 on Heartbeat of 2004 says what then happens",
    remedy="add a STONITH device: 'stonith_host * TYPE PARAMETERS'",
)
def _shared(subject: Subject) -> Iterator[Hit]:
    bare = _bare(subject)
    for view in bare:
        where, node = _on(view, bare, subject)
        for group, disk in shared_disks(view):
            text = f"{disk[:80]} is not protected: no STONITH device is configured{where}"
            yield Hit(view.group_at(group), text, node=node)


@rule(
    "drbd-without-fencing",
    "warning",
    "A replicated disk is not protected by fencing",
    why="When the nodes lose sight of each other, both make their copy primary and write to it. "
    "The copies part, and one of them must be thrown away. STONITH stops the other node first; "
    "dopd at least marks its copy as outdated where a way to it is left.",
    source="DRBD's manual, split brain and resource-level fencing; semantics 12.1",
    remedy="add a STONITH device, or dopd: 'respawn hacluster /usr/lib/heartbeat/dopd'",
)
def _drbd(subject: Subject) -> Iterator[Hit]:
    bare = _bare(subject)
    for view in bare:
        config = view.sure("respawn")
        if config is None or any(program_of(r) == "dopd" for r in config.respawn):
            continue
        if (group := drbd_at(view)) is not None:
            where, node = _on(view, bare, subject)
            text = f"the replicated disk of {group.key[:80]} is not protected: neither STONITH nor "
            yield Hit(view.group_at(group), f"{text}dopd is configured{where}", node=node)


def _devices(subject: Subject) -> Iterator[tuple[View, HaConfig, StonithDevice]]:
    """Yield the STONITH device of each node that has one."""
    for view in subject.views:
        config = view.sure("stonith")
        if config and config.manages and config.stonith is not None:
            yield view, config, config.stonith


@rule(
    "meatware-only",
    "advice",
    "Fencing waits for a human",
    why="meatware prints that somebody must reset the node, and waits for him to say that he has "
    "done so. Until then nothing is taken over: the failure of a node at night is an outage until "
    "the morning.",
    source="semantics 9; Server Fault, question 522981",
    remedy="use a device that a program can work",
)
def _meatware(subject: Subject) -> Iterator[Hit]:
    for view, _, device in _devices(subject):
        if device.type == "meatware":
            yield Hit(view.on_line(device.line), "nothing is taken over until a human says so")


@rule(
    "stonith-for-tests",
    "warning",
    "A STONITH type that is made for tests is used",
    why="null says that the node has been reset and does nothing: a shared disk is as unprotected "
    "as without it, and the daemon does not even warn. ssh asks the victim to reboot itself: it "
    "fails where the victim hangs or the network is cut, which is when it is needed.",
    source="semantics 9, types",
    remedy="use a device that cuts power or resets the node from outside",
)
def _tests(subject: Subject) -> Iterator[Hit]:
    told = {
        "null": "null resets nothing and says that it has",
        "ssh": "ssh needs a victim that listens, over a network that works",
    }
    for view, _, device in _devices(subject):
        if device.type in told:
            yield Hit(view.on_line(device.line), told[device.type])


@rule(
    "stonith-suicide",
    "warning",
    "The STONITH device can reset its own node only",
    why="A node needs a device that resets its peer. suicide cannot, so every fencing fails and is "
    "tried again for ever: nothing is ever taken over.",
    source="semantics 9, types",
    remedy="use a device that resets the other node",
)
def _suicide(subject: Subject) -> Iterator[Hit]:
    for view, _, device in _devices(subject):
        if device.type == "suicide":
            text = "Device suicide cannot reset any other host: nothing is ever taken over"
            yield Hit(view.on_line(device.line), text)


def _hosts(view: View, config: HaConfig) -> Iterator[tuple[str, str, int]]:
    """Yield directive, host and line of every STONITH directive; ``stonith`` is for any host."""
    for given in config.given:
        if given.directive == "stonith":
            yield given.directive, "*", given.line
        elif given.directive == "stonith_host":
            yield given.directive, ascii_lower(words(given.value)[0]), given.line


@rule(
    "stonith-overridden",
    "warning",
    "A second STONITH device replaces the first",
    why="A node has one device: that of the last stonith or stonith_host line that applies to it. "
    "A device before it is no reserve; it is never used.",
    source="semantics 1.2, stonith",
    remedy="keep one line for each node",
)
def _overridden(subject: Subject) -> Iterator[Hit]:
    for view, config, device in _devices(subject):
        for name, host, line in _hosts(view, config):
            if host in ("*", view.node) and line != device.line:
                text = f"this {name} is never used: that of line {device.line} counts"
                yield Hit(view.on_line(line), text)


@rule(
    "stonith-host-unknown",
    "warning",
    "A stonith_host line is for a node that there is not",
    why="stonith_host names the node that works the device. The daemon skips a line that names "
    "another one, without a word, and the node is left without a device.",
    source="semantics 1.2, stonith_host",
    remedy="name a node of ha.cf, or * for all",
)
def _unknown(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        config = view.sure("stonith", "node")
        for name, host, line in _hosts(view, config) if config and config.nodes else ():
            if name == "stonith_host" and host != "*" and config and host not in config.nodes:
                yield Hit(view.on_line(line), f"{host[:60]} is no node: the line counts nowhere")


FENCING_RULES: tuple[Rule, ...] = (
    _shared,
    _drbd,
    _meatware,
    _tests,
    _suicide,
    _overridden,
    _unknown,
)
