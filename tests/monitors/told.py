"""Records made by hand, for monitors."""

from __future__ import annotations

from hasim import events as ev
from hasim.trace import GroupParts, Header, Record, Source

__all__ = ["ADDRESS", "CALLS", "DISK", "header", "records", "script"]

KERNEL = Source(None, "kernel", None)
ADDRESS, DISK = "IPaddr 10.0.0.9/24", "Filesystem /dev/sdb5 /web ext3"
CALLS = (ADDRESS, DISK, "apache")


def header(*fencible: str) -> Header:
    group = GroupParts("10.0.0.9/24", CALLS, ("/dev/sdb5", "web"))
    return Header("1", "3.0.6", groups=(group,), fencible=fencible)


def records(*told: ev.Event) -> list[Record]:
    """Each event a microsecond after the one before, none with a cause."""
    return [Record(at, at, KERNEL, event, None) for at, event in enumerate(told)]


def script(node: str, call: str, op: str, code: int | None = None) -> ev.Event:
    """A call that begins, or one that ends with a code."""
    name, *args = call.split()
    if code is None:
        return ev.ScriptBegan(node, name, tuple(args), op)
    return ev.ScriptEnded(node, name, tuple(args), op, code)
