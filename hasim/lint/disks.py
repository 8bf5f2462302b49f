"""Which resources stand for a disk that both nodes reach, and which for a replicated one."""

from __future__ import annotations

from collections.abc import Iterator

from hasim.config import Group, Resource
from hasim.lint.subject import View

__all__ = ["DRBD_SCRIPTS", "disk_of", "drbd_at", "is_drbd", "shared_disks"]

#: Scripts that make a local copy of a replicated disk primary.
DRBD_SCRIPTS = frozenset({"datadisk", "drbddisk", "drbdupper"})
#: Scripts beside Filesystem that take a disk which both nodes are cabled to.
_DISK_SCRIPTS = frozenset({"LVM", "LinuxSCSI", "Raid1", "ServeRAID"})
#: File systems that come over a network or from memory.
_NO_DISK = frozenset({"cifs", "nfs", "nfs4", "proc", "smbfs", "tmpfs"})


def disk_of(resource: Resource) -> str | None:
    """Return the disk that a resource takes, as it is written; None if it takes none.

    A replicated one counts too, a file system of a server does not.
    """
    if resource.script in _DISK_SCRIPTS:
        return resource.args[0] if resource.args else None
    if resource.script != "Filesystem" or not resource.args or not resource.args[0]:
        return None
    device = resource.args[0]
    served = device.startswith("//") or (":" in device and not device.startswith("/"))
    kind = resource.args[2] if len(resource.args) > 2 else ""
    return None if served or kind in _NO_DISK else device


def is_drbd(resource: Resource) -> bool:
    """Tell whether a resource takes a disk that DRBD replicates."""
    return resource.script in DRBD_SCRIPTS or (disk_of(resource) or "").startswith("/dev/drbd")


def drbd_at(view: View) -> Group | None:
    """Return the first group with a replicated disk."""
    return next((group for group, resource in view.resources() if is_drbd(resource)), None)


def shared_disks(view: View) -> Iterator[tuple[Group, str]]:
    """Yield each disk that both nodes can mount, with its group; groups on DRBD have none."""
    for group in view.groups:
        if any(is_drbd(resource) for resource in group.resources):
            continue
        for resource in group.resources:
            if (disk := disk_of(resource)) is not None:
                yield group, disk
