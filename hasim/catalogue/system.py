"""Wording of lines of the kernel and of avahi, as machines of the older version had them."""

from __future__ import annotations

from hasim import events as ev
from hasim.catalogue.entry import heartbeat

__all__ = ["ENTRIES", "PROGRAMS"]

#: Programs that write to the system's log only, not to a file of heartbeat.
PROGRAMS = ("avahi-daemon", "kernel")
_AVAHI, _KERNEL = PROGRAMS

ENTRIES = (
    heartbeat(
        ev.AddressRegistered,
        "",
        old="Registering new address record for {address} on {nic}.",
        tag=_AVAHI,
    ),
    heartbeat(
        ev.AddressWithdrawn,
        "",
        old="Withdrawing address record for {address} on {nic}.",
        tag=_AVAHI,
    ),
    heartbeat(
        ev.JournalStarted,
        "",
        old="kjournald starting.  Commit interval {seconds} seconds",
        tag=_KERNEL,
    ),
    heartbeat(ev.JournalInternal, "", old="EXT3 FS on {device}, internal journal", tag=_KERNEL),
    heartbeat(ev.JournalRecovered, "", old="EXT3-fs: recovery complete.", tag=_KERNEL),
    heartbeat(
        ev.JournalOrdered,
        "",
        old="EXT3-fs: mounted filesystem with ordered data mode.",
        tag=_KERNEL,
    ),
    heartbeat(
        ev.SoftdogUnstopped,
        "",
        "SoftDog: Unexpected close, not stopping watchdog!",
        when={"wording": "2.6"},
        tag=_KERNEL,
    ),
    heartbeat(
        ev.SoftdogUnstopped,
        "",
        "SOFTDOG: WDT device closed unexpectedly.  WDT will not stop!",
        when={"wording": "2.4"},
        tag=_KERNEL,
    ),
    heartbeat(
        ev.SoftdogReboots,
        "",
        "SoftDog: Initiating system reboot.",
        when={"wording": "2.6"},
        tag=_KERNEL,
    ),
    heartbeat(
        ev.SoftdogReboots,
        "",
        "SOFTDOG: Initiating system reboot.",
        when={"wording": "2.4"},
        tag=_KERNEL,
    ),
)
