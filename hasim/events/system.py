"""Lines of others that a log of those days shows beside the daemon's (semantics 8.5)."""

from __future__ import annotations

from dataclasses import dataclass

from hasim.events.base import Event

__all__ = [
    "AddressRegistered",
    "AddressWithdrawn",
    "BootSeen",
    "JournalInternal",
    "JournalOrdered",
    "JournalRecovered",
    "JournalStarted",
    "SoftdogReboots",
    "SoftdogUnstopped",
]


@dataclass(frozen=True, slots=True)
class AddressRegistered(Event):
    """avahi-daemon sees a new address."""

    says = "avahi registers {address} on {nic}."
    address: str
    nic: str


@dataclass(frozen=True, slots=True)
class AddressWithdrawn(Event):
    """avahi-daemon sees an address go."""

    says = "avahi withdraws {address} on {nic}."
    address: str
    nic: str


@dataclass(frozen=True, slots=True)
class BootSeen(Event):
    """The first line of a kernel that boots, or a mark of the journal; read only, never printed."""

    says = "The machine boots."


@dataclass(frozen=True, slots=True)
class JournalStarted(Event):
    """Kernel, first line of a mount of ext3."""

    says = "The kernel starts a journal."
    seconds: int = 5


@dataclass(frozen=True, slots=True)
class JournalInternal(Event):
    """Kernel, mount of ext3; `device` without its directory."""

    says = "The file system on {device} has its journal inside."
    device: str


@dataclass(frozen=True, slots=True)
class JournalRecovered(Event):
    """Kernel, mount of ext3 that nobody has unmounted before."""

    says = "The kernel has replayed a journal."


@dataclass(frozen=True, slots=True)
class JournalOrdered(Event):
    """Kernel, last line of a mount of ext3."""

    says = "The kernel has mounted a file system in ordered mode."


@dataclass(frozen=True, slots=True)
class SoftdogUnstopped(Event):
    """Kernel, softdog closed without its magic character, or with nowayout (semantics 10)."""

    says = "The softdog is closed and goes on."
    wording: str = "2.6"


@dataclass(frozen=True, slots=True)
class SoftdogReboots(Event):
    """Kernel, softdog unfed for its whole time (semantics 10)."""

    says = "The softdog reboots the machine."
    wording: str = "2.6"
