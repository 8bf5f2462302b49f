"""Physical facts of services: scripts, addresses, disks, fencing devices, watchdogs, clients."""

from __future__ import annotations

from dataclasses import dataclass

from hasim.events.base import Truth

__all__ = [
    "AddressAnnounced",
    "AddressDown",
    "AddressUp",
    "DiskCorrupted",
    "DiskMounted",
    "DiskUnmounted",
    "ScriptBegan",
    "ScriptEnded",
    "ServiceAnswered",
    "ServiceSilent",
    "StonithAnswered",
    "StonithOrphaned",
    "StonithRequested",
    "StonithUnreachable",
    "WatchdogArmed",
    "WatchdogClosed",
    "WatchdogFired",
]


@dataclass(frozen=True, slots=True)
class ScriptBegan(Truth):
    """A resource script is called."""

    says = "The script {script} {op} begins on {node}."
    node: str
    script: str
    args: tuple[str, ...]
    op: str


@dataclass(frozen=True, slots=True)
class ScriptEnded(Truth):
    """It returns."""

    says = "The script {script} {op} ends on {node} with {code}."
    node: str
    script: str
    args: tuple[str, ...]
    op: str
    code: int


@dataclass(frozen=True, slots=True)
class AddressUp(Truth):
    """A service address appears, written with its mask: `192.168.60.200/24`."""

    says = "The address {address} is up on {node}."
    node: str
    address: str


@dataclass(frozen=True, slots=True)
class AddressDown(Truth):
    """A service address goes, written with its mask."""

    says = "The address {address} is gone from {node}."
    node: str
    address: str


@dataclass(frozen=True, slots=True)
class AddressAnnounced(Truth):
    """Gratuitous ARP."""

    says = "{node} announces the address {address}."
    node: str
    address: str


@dataclass(frozen=True, slots=True)
class DiskMounted(Truth):
    """A file system is mounted."""

    says = "{node} mounts {disk} on {directory}."
    node: str
    disk: str
    directory: str


@dataclass(frozen=True, slots=True)
class DiskUnmounted(Truth):
    """By a script or by the loss of power."""

    says = "{node} no longer mounts {disk} on {directory}."
    node: str
    disk: str
    directory: str


@dataclass(frozen=True, slots=True)
class DiskCorrupted(Truth):
    """First write of two concurrent mounts."""

    says = "The file system on {disk} is corrupt."
    disk: str


@dataclass(frozen=True, slots=True)
class StonithRequested(Truth):
    """The power switch hears it."""

    says = "The device {device} is asked to {op} {victim}."
    device: str
    victim: str
    op: str


@dataclass(frozen=True, slots=True)
class StonithAnswered(Truth):
    """Its answer is heard."""

    says = "The device {device} answers {code} to {op} {victim}."
    device: str
    victim: str
    op: str
    code: int


@dataclass(frozen=True, slots=True)
class StonithOrphaned(Truth):
    """The asker is gone."""

    says = "The device {device} answers, but nobody waits."
    device: str
    victim: str
    op: str


@dataclass(frozen=True, slots=True)
class StonithUnreachable(Truth):
    """Its cable is cut, or it has no power."""

    says = "{node} cannot reach the device {device}."
    device: str
    node: str


@dataclass(frozen=True, slots=True)
class WatchdogArmed(Truth):
    """Opened or fed for the first time."""

    says = "The watchdog of {node} is armed with {limit_us} us."
    node: str
    limit_us: int


@dataclass(frozen=True, slots=True)
class WatchdogClosed(Truth):
    """By the magic character or without it."""

    says = "The watchdog of {node} is closed (magic: {magic})."
    node: str
    magic: bool


@dataclass(frozen=True, slots=True)
class WatchdogFired(Truth):
    """Unfed for its whole limit."""

    says = "The watchdog of {node} fires."
    node: str


@dataclass(frozen=True, slots=True)
class ServiceAnswered(Truth):
    """The client's view."""

    says = "A client hears {address} answered by {by}."
    address: str
    by: str


@dataclass(frozen=True, slots=True)
class ServiceSilent(Truth):
    """The client's view."""

    says = "A client no longer hears {by} at {address}."
    address: str
    by: str
