"""A forged or replayed message changes nothing that a daemon believes (semantics 1.5, 3.3, 3.5)."""

from __future__ import annotations

from hasim import events as ev
from hasim.monitors.violation import Violation
from hasim.trace import Header, Record

__all__ = ["only_authentic_messages"]

#: What a daemon says of a packet that it drops.
_DROPPED = (
    ev.AuthFailed,
    ev.AuthFailedNetstring,
    ev.AuthFailedToken,
    ev.AuthFailedType,
    ev.BadNode,
    ev.MessageDumped,
    ev.MessageFieldDumped,
    ev.ReplayAttack,
)


class _Authentic:
    """Nothing but a complaint follows from a packet that an attacker has made or repeated.

    A forged packet that is signed with the cluster's key is authentic.
    """

    def __init__(self) -> None:
        self.attacks: dict[int, str] = {}
        self.past: list[Violation] = []

    def see(self, record: Record) -> None:
        """Take the next record."""
        event = record.event
        match event:
            case ev.PacketForged(origin=origin, type=kind, signed=False):
                self.attacks[record.seq] = f"a forged {kind} packet of {origin}"
            case ev.PacketsReplayed(origin=origin):
                self.attacks[record.seq] = f"a replayed packet of {origin}"
            case ev.PacketReceived() if record.cause in self.attacks:
                # What follows from a packet follows from its arrival.
                self.attacks[record.seq] = self.attacks[record.cause]
        if event.truth or isinstance(event, _DROPPED) or record.cause not in self.attacks:
            return
        text = f"{record.source.node} acts on {self.attacks[record.cause]}: {event.sentence()}"
        evidence = (record.cause, record.seq)
        name = "only-authentic-messages"
        self.past.append(Violation(record.at, name, text, evidence, record.at))

    def violations(self) -> list[Violation]:
        """Return what was seen so far."""
        return list(self.past)


def only_authentic_messages(header: Header | None) -> _Authentic:
    """Watch what follows from forged and replayed packets."""
    return _Authentic()
