"""Rules about authkeys: how well packets are protected against forgery."""

from __future__ import annotations

from collections.abc import Iterator

from hasim.config.authkeys import FORBIDDEN_MODE
from hasim.lint.rule import Hit, Rule, rule
from hasim.lint.subject import Place, Subject, View

__all__ = ["KEY_RULES"]

#: The keys of the sample authkeys that every package of Heartbeat has.
_SAMPLES = frozenset({"HI!", "Hello!"})


@rule(
    "crc-on-shared-network",
    "advice",
    "Packets are signed with crc on a network that others may be on",
    why="crc protects against noise, not against people: whoever is on the network can forge a "
    "packet that declares a node dead or takes its resources. It is meant for cables that join the "
    "nodes and nothing else.",
    source="the sample authkeys of Heartbeat; semantics 1.5",
    remedy="sign with sha1 and a random key",
)
def _crc(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        if view.authkeys is None or view.keys is None or view.keys.signing.method != "crc":
            continue
        open_to = [m.device for m in view.heartbeats if m.kind != "serial"]
        if subject.site and view.node in subject.site.nodes:
            open_to = [d for d in open_to if _others(subject, view, d)]
        if open_to:
            place = Place(view.authkeys.file, view.keys.signing.line)
            yield Hit(place, f"packets on {open_to[0]} are signed with crc: anybody can forge them")


def _others(subject: Subject, view: View, device: str) -> bool:
    """Tell whether anything but the nodes may be on the network of a device."""
    site = subject.hardware
    nic = site.nodes[view.node or ""].nics.get(device)
    if nic is None:
        return False
    switch = site.switches[nic.on]
    return switch.power is not None or any(h.on == nic.on for h in site.hosts.values())


@rule(
    "sample-key",
    "advice",
    "The key is that of the sample file",
    why="The sample authkeys of every package has the same keys. A key that everybody knows "
    "protects no better than crc.",
    source="the sample authkeys of Heartbeat",
    remedy="write a random key: dd if=/dev/urandom bs=512 count=1 | openssl md5",
)
def _sample(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        if view.authkeys and view.keys and view.keys.signing.key in _SAMPLES:
            line = view.keys.signing.line
            yield Hit(Place(view.authkeys.file, line), "this key stands in every package's sample")


@rule(
    "authkeys-not-600",
    "advice",
    "Others may change authkeys, or run it",
    why="The daemon looks only at who may read the file. Whoever may write it can put a key of his "
    "own there.",
    source="semantics 1.5: only the two read bits are tested",
    remedy="chmod 600 authkeys",
)
def _mode(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        if view.authkeys is None:
            continue
        mode = view.authkeys.mode
        if subject.site is not None and subject.site.authkeys_mode is not None:
            mode = subject.site.authkeys_mode
        if mode & 0o077 and not mode & FORBIDDEN_MODE:
            yield Hit(Place(view.authkeys.file), f"the mode is {mode & 0o7777:04o}, not 0600")


KEY_RULES: tuple[Rule, ...] = (_crc, _sample, _mode)
