"""Rules about haresources: words that are no resources, groups that get in each other's way."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from ipaddress import ip_interface
from itertools import accumulate

from hasim.config import Group, Haresources, Resource
from hasim.lint.addresses import address_of, misfit, nic_of, service_addresses
from hasim.lint.disks import DRBD_SCRIPTS, disk_of
from hasim.lint.rule import Hit, Rule, rule
from hasim.lint.subject import Subject, View

__all__ = ["GROUP_RULES"]

#: Scripts that come with Heartbeat, of which a different case is a slip.
_SCRIPTS = (
    *("Delay", "Filesystem", "IPaddr", "IPaddr2", "IPsrcaddr", "IPv6addr", "LVM", "LinuxSCSI"),
    *("MailTo", "Raid1", "SendArp", "ServeRAID", "WinPopup", "Xinetd", "drbddisk", "ldirectord"),
    "portblock",
)
_BY_LOWER = {name.lower(): name for name in _SCRIPTS}


def _views(subject: Subject) -> Iterator[View]:
    """Yield the views whose haresources counts."""
    yield from (view for view in subject.views if view.manages and view.groups)


@rule(
    "malformed-address",
    "warning",
    "A service address is malformed",
    why="The daemon does not look at it. IPaddr fails when the group is to start, and a failed "
    "start takes down the whole group and leaves it down, on either node.",
    source="semantics 1.4 and 8.4",
    remedy="write ADDRESS/MASK/NIC, such as 192.168.60.200/24/eth0, bare or behind IPaddr::",
)
def _address(subject: Subject) -> Iterator[Hit]:
    for view in _views(subject):
        for group, resource in view.resources():
            if (wrong := misfit(resource)) is not None:
                text = f"{resource.text[:80]} is malformed: {wrong}"
                yield Hit(view.group_at(group), text)


@rule(
    "malformed-filesystem",
    "warning",
    "A Filesystem lacks its device or directory",
    why="Filesystem needs a device and an absolute directory. Without them its start fails, and a "
    "failed start takes down the whole group and leaves it down.",
    source="semantics 8.4 and 8.5",
    remedy="write Filesystem::DEVICE::DIRECTORY::TYPE",
)
def _filesystem(subject: Subject) -> Iterator[Hit]:
    for view in _views(subject):
        for group, resource in view.resources():
            if resource.script != "Filesystem":
                continue
            device, directory = (*resource.args, "", "")[:2]
            wrong = (
                "it has no device"
                if not device
                else "it has no directory"
                if not directory
                else f"{directory[:40]!r} is no absolute directory"
                if not directory.startswith("/")
                else None
            )
            if wrong is not None:
                text = f"{resource.text[:80]} is malformed: {wrong}"
                yield Hit(view.group_at(group), text)


@rule(
    "misspelt-script",
    "warning",
    "The name of a resource script is misspelt",
    why="Names of scripts are file names, and case counts. A script that is not found is an error "
    "when the group is to start, and its group goes down.",
    source="semantics 8.1, Cannot locate resource script",
    remedy="write the name as the file has it",
)
def _script(subject: Subject) -> Iterator[Hit]:
    for view in _views(subject):
        for group, resource in view.resources():
            meant = _BY_LOWER.get(resource.script.lower())
            if meant is not None and meant != resource.script:
                text = f"Cannot locate resource script {resource.script}"
                yield Hit(view.group_at(group), text, f"write {meant}")


@rule(
    "ambiguous-key",
    "warning",
    "The key of a group hits another line as well",
    why="Groups are found by their first resource word. The scripts search for it as a regular "
    "expression between blanks anywhere in a line, dots unescaped, and take what they find: a "
    "second line that has the word too is taken or given up in place of the first.",
    source="semantics 1.4",
    remedy="let each line begin with a resource that no other line has",
)
def _key(subject: Subject) -> Iterator[Hit]:
    for view in _views(subject):
        for group, others in _mixed_up(view.groups):
            lines = ", ".join(str(g.line) for g in others[:5])
            text = f"the key {group.key[:80]} also hits line {lines}"
            yield Hit(view.group_at(group), text)


def _mixed_up(groups: tuple[Group, ...]) -> Iterator[tuple[Group, list[Group]]]:
    """Yield each group with the others that a look-up of its key hits."""
    # All lines at once: where each group begins tells whose line a match is in.
    text = "".join(f"{group.text} \n" for group in groups)
    starts = [0, *accumulate(len(group.text) + 2 for group in groups)]
    few = Haresources(groups[:_FEW])
    for number, group in enumerate(groups):
        if not group.key:
            continue
        if set(group.key) & set("*["):
            others = [g for g in few.matching(group.key) if g is not group]
        else:
            pattern = re.compile(f" {re.escape(group.key)} ".replace(r"\.", "."))
            at = dict.fromkeys(bisect_right(starts, m.start()) - 1 for m in pattern.finditer(text))
            others = [groups[i] for i in at if i != number]
        if others:
            yield group, others


#: Keys that are more than words and dots are looked for in so many groups, which no cluster has.
_FEW = 300


@rule(
    "group-without-resources",
    "advice",
    "A line of haresources names a node and nothing to start",
    why="A group without a resource has no key: the scripts never find it. Usually a continuation "
    "was meant, and the backslash is missing.",
    source="semantics 1.4",
    remedy="add resources, join it with the line below by a backslash, or remove it",
)
def _empty(subject: Subject) -> Iterator[Hit]:
    for view in _views(subject):
        for group in view.groups:
            if not group.resources and group.configured:
                yield Hit(view.group_at(group), f"{group.node[:80]} is given no resource")


def _taken(resource: Resource) -> str | None:
    """Return what a resource takes that nobody else may have: an address or a disk."""
    address = address_of(resource)
    return disk_of(resource) if address is None else address


@rule(
    "resource-in-two-groups",
    "warning",
    "Two groups have the same disk or address",
    why="Each group is held for itself. With different owners both nodes mount the disk or answer "
    "for the address in ordinary operation, with everything in order.",
    source="semantics 5.4 and 8.1",
    remedy="put the resource into one group",
)
def _twice(subject: Subject) -> Iterator[Hit]:
    for view in _views(subject):
        first: dict[str, Group] = {}
        for group, resource in view.resources():
            if (what := _taken(resource)) is None:
                continue
            before = first.setdefault(what, group)
            if before is not group:
                text = f"{what[:80]} is also in the group of line {before.line}"
                yield Hit(view.group_at(group), text)


@rule(
    "comment-becomes-resource",
    "warning",
    "A comment on a continued line is read as resources",
    why="The scripts strip a comment from the first line of a group only. Behind a backslash a # "
    "and the words after it are resources like any other, and their start fails.",
    source="semantics 1.4, script-side grammar",
    remedy="move the comment to a line of its own above the group",
)
def _comment(subject: Subject) -> Iterator[Hit]:
    for view in _views(subject):
        for group in view.groups:
            if "#" in group.text:
                words = group.text[group.text.index("#") :]
                yield Hit(view.group_at(group), f"{words[:60]!r} is read as resources")


@rule(
    "comment-continues",
    "warning",
    "A comment that ends in a backslash hides the next line from the daemon only",
    why="The daemon takes the next line for part of the comment, the scripts do not. So the group "
    "is started and given up, with an owner that nobody has checked.",
    source="semantics 1.4",
    remedy="remove the backslash at the end of the comment",
)
def _hidden(subject: Subject) -> Iterator[Hit]:
    for view in _views(subject):
        if not view.sure("node") or not (view.config and view.config.nodes):
            continue
        told = {p.line for p in subject.problems if p.file == view.group_at(view.groups[0]).file}
        for group in view.groups:
            if not group.configured and group.line not in told:
                text = f"the group of {group.node[:80]} is hidden from the daemon, not the scripts"
                yield Hit(view.group_at(group), text)


@rule(
    "drbd-not-promoted",
    "warning",
    "A replicated disk is mounted before it is made primary",
    why="Resources start from left to right. DRBD lets only a primary be mounted, and drbddisk "
    "makes the local copy one: without it in front of Filesystem the mount fails.",
    source="DRBD's manual, DRBD in Heartbeat clusters; semantics 8.1",
    remedy="put drbddisk::RESOURCE before the Filesystem",
)
def _unpromoted(subject: Subject) -> Iterator[Hit]:
    for view in _views(subject):
        for group in view.groups:
            for resource in group.resources:
                if resource.script in DRBD_SCRIPTS:
                    break
                if (disk_of(resource) or "").startswith("/dev/drbd"):
                    text = f"{disk_of(resource)} is mounted, but nothing makes it primary first"
                    yield Hit(view.group_at(group), text)
                    break


@rule(
    "service-address-on-node",
    "warning",
    "A service address is configured on a node already",
    why="A service address belongs to whoever holds its group. On a NIC it is up from boot on: "
    "both nodes answer for it, IPaddr finds it running, and the init script complains that it is "
    "active and should not be.",
    source="semantics 6.8, verifyallidle",
    remedy="take it off the NIC, or give the service another address",
)
def _on_node(subject: Subject) -> Iterator[Hit]:
    own = {
        str(ip_interface(nic.address).ip): f"the address of {node.name}:{nic.name}"
        for node in (subject.site.nodes.values() if subject.site else ())
        for nic in node.nics.values()
        if nic.address is not None
    }
    for view in _views(subject):
        peers = {m.peer: f"the peer of ucast {m.device}" for m in view.heartbeats if m.peer}
        for group, _, address in service_addresses(view):
            if (whose := own.get(address) or peers.get(address)) is not None:
                text = f"the service address {address} is {whose}"
                yield Hit(view.group_at(group), text)


@rule(
    "service-nic-missing",
    "warning",
    "A service address is put on a NIC that a node does not have",
    why="IPaddr fails on that node, and with it the whole group: a takeover ends with nothing "
    "served.",
    source="semantics 8.4",
    remedy="leave the NIC out, so that it is found by the address, or name one that both nodes "
    "have",
    hardware=True,
)
def _nic(subject: Subject) -> Iterator[Hit]:
    for view in subject.sited:
        if not view.manages:
            continue
        nics = subject.hardware.nodes[view.node or ""].nics
        for group, resource, address in service_addresses(view):
            nic = nic_of(resource)
            if nic is not None and nic not in nics:
                text = f"{view.node} has no NIC {nic[:40]} for {address}"
                yield Hit(view.group_at(group), text, node=view.node)


GROUP_RULES: tuple[Rule, ...] = (
    _address,
    _filesystem,
    _script,
    _key,
    _empty,
    _twice,
    _comment,
    _hidden,
    _unpromoted,
    _on_node,
    _nic,
)
