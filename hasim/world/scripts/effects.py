"""What scripts change in the kernel of a node and on shared disks."""

from __future__ import annotations

from hasim import events as ev
from hasim.site import Site
from hasim.trace import Source
from hasim.world.hub import Hub
from hasim.world.records import DiskState, NodeState, TroubleState
from hasim.world.scripts.address import ServiceAddress
from hasim.world.scripts.shell import Shell

__all__ = [
    "add_address",
    "disk_of",
    "free_alias",
    "lose_everything",
    "mount",
    "running",
    "trouble_for",
    "unmount",
    "withdraw_address",
]


def disk_of(site: Site, node: str, device: str) -> str:
    """Return the disk behind a device of a node: a shared one of the site, or the node's own."""
    for disk in site.disks.values():
        if disk.seen_as.get(node) == device:
            return disk.name
    return f"{node}:{device}"


def free_alias(node: NodeState, nic: str) -> str:
    """Return the first free alias of an interface: ``eth0:0``."""
    taken = set(node.addresses.values())
    number = 0
    while f"{nic}:{number}" in taken:
        number += 1
    return f"{nic}:{number}"


def add_address(shell: Shell, address: ServiceAddress, alias: str) -> None:
    """Let the kernel answer for a service address."""
    shell.node.addresses[address.masked] = alias
    cause = shell.truth(ev.AddressUp(shell.node.name, address.masked))
    _aside(shell, "avahi-daemon", ev.AddressRegistered(address.address, address.nic))
    shell.hub.lan.changed(shell.now, cause)


def withdraw_address(shell: Shell, masked: str) -> None:
    """Take a service address off the node."""
    alias = shell.node.addresses.pop(masked, None)
    if alias is not None:
        cause = shell.truth(ev.AddressDown(shell.node.name, masked))
        bare, nic = masked.partition("/")[0], alias.partition(":")[0]
        _aside(shell, "avahi-daemon", ev.AddressWithdrawn(bare, nic))
        shell.hub.lan.changed(shell.now, cause)


def _aside(shell: Shell, program: str, *events: ev.Event) -> None:
    """Let others write of it, on machines of the older version (semantics 8.5)."""
    if shell.hub.dialect == "2.0.8":
        first = shell.hub.site.nodes[shell.node.name].first_pid
        pid = None if program == "kernel" else max(2, first // 2)
        source = Source(shell.node.name, program, pid)
        for event in events:
            shell.hub.record(shell.now, source, event, shell.job.cause)


def mount(shell: Shell, device: str, directory: str, kind: str) -> None:
    """Mount a disk; where another node mounts it as well, both write and it is corrupt."""
    node, hub = shell.node, shell.hub
    disk = disk_of(hub.site, node.name, device)
    node.mounts[directory] = device
    shell.truth(ev.DiskMounted(node.name, disk, directory))
    state = hub.state.disks.setdefault(disk, DiskState())
    others = [n for n in state.mounted_by if n != node.name and hub.state.nodes[n].on]
    if kind == "ext3":
        again = (ev.JournalRecovered(),) if state.unclean or others else ()
        name = device.rpartition("/")[2]
        lines = (ev.JournalStarted(), ev.JournalInternal(name), *again, ev.JournalOrdered())
        _aside(shell, "kernel", *lines)
    state.mounted_by.append(node.name)
    state.unclean = False
    # A mounted file system is written to at once: superblock, journal, access times.
    if others and not state.corrupt:
        state.corrupt = True
        shell.truth(ev.DiskCorrupted(disk))
    hub.lan.changed(shell.now, shell.job.cause)


def unmount(shell: Shell, directory: str) -> None:
    """Unmount what is mounted on a directory."""
    node, hub = shell.node, shell.hub
    device = node.mounts.pop(directory, None)
    if device is not None:
        disk = disk_of(hub.site, node.name, device)
        _forget(hub, disk, node.name)
        cause = shell.truth(ev.DiskUnmounted(node.name, disk, directory))
        hub.lan.changed(shell.now, cause)


def _forget(hub: Hub, disk: str, node: str) -> None:
    state = hub.state.disks.get(disk)
    if state is not None and node in state.mounted_by:
        state.mounted_by.remove(node)


def lose_everything(hub: Hub, node: NodeState) -> tuple[list[ev.Event], list[ev.Event]]:
    """Forget what the kernel of a node held, when its power goes.

    Returns
    -------
    tuple of list
        What became of mounts, and what became of addresses, as facts still to be recorded.
    """
    mounts: list[ev.Event] = []
    for directory, device in node.mounts.items():
        disk = disk_of(hub.site, node.name, device)
        _forget(hub, disk, node.name)
        if disk in hub.state.disks:
            hub.state.disks[disk].unclean = True
        mounts.append(ev.DiskUnmounted(node.name, disk, directory))
    addresses: list[ev.Event] = [ev.AddressDown(node.name, a) for a in node.addresses]
    node.mounts.clear()
    node.addresses.clear()
    node.services.clear()
    return mounts, addresses


def running(node: NodeState, script: str, args: tuple[str, ...], word: str) -> bool:
    """Tell whether a resource runs, as its script finds out."""
    if script in ("IPaddr", "IPaddr2"):
        bare = args[0].partition("/")[0] if args else ""
        return any(a.partition("/")[0] == bare for a in node.addresses)
    if script == "Filesystem":
        return len(args) > 1 and args[1] in node.mounts
    return word in node.services


def trouble_for(shell: Shell, kind: str, script: str, word: str, op: str) -> TroubleState | None:
    """Return the first fault of this kind that strikes a call, used up once more."""
    for trouble in shell.node.troubles:
        if trouble.kind != kind or trouble.op not in ("", op) or trouble.times == 0:
            continue
        if trouble.script.startswith("group "):
            group = shell.groups.find(trouble.script.removeprefix("group "))
            if group is None or all(r.text != word for r in group.resources):
                continue
        elif trouble.script not in (script, word):
            continue
        if trouble.times is not None:
            trouble.times -= 1
        return trouble
    return None
