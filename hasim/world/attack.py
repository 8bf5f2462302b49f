"""An attacker at a cable: packets put there once more, and packets that nobody has sent.

What follows is up to the daemon that reads them: signatures, generations and numbers are judged as
those of any other packet (semantics 1.5, 3.5).
"""

from __future__ import annotations

from hasim.events import PacketForged, PacketsReplayed
from hasim.protocol import Auth, Message
from hasim.protocol.messages import UNSEQUENCED
from hasim.units import MS, Micros
from hasim.world import boot
from hasim.world.hub import Hub

__all__ = ["FIELDS", "Attacker"]

#: Fields of a forged packet that are not parts of its body.
FIELDS = ("deadtime", "dest", "generation", "seqno", "signed", "status")


class Attacker:
    """Reads along on every cable, as far back as a replay of the schedule needs, and writes."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    def replay(
        self, now: Micros, node: str, nic: str, origin: str, span: Micros, cause: int
    ) -> None:
        """Deliver to a node, in their order, what `origin` sent there in the last `span`."""
        heard = [
            tap
            for tap in self.hub.state.tapped
            if tap.at >= now - span and (tap.node, tap.message.origin) == (node, origin)
        ]
        again = [tap for tap in heard if self._device(node, tap.medium) == nic]
        seq = self.hub.truth(now, PacketsReplayed(origin, f"{node}:{nic}", len(again)), cause, node)
        if self._open(node, nic):
            for tap in again:
                self.hub.hosts[node].arrive(tap.medium, tap.message._replace(tag=seq))

    def forge(
        self,
        now: Micros,
        node: str,
        nic: str,
        kind: str,
        origin: str,
        fields: dict[str, str],
        cause: int,
    ) -> None:
        """Deliver to a node a packet that claims to come from `origin`.

        What `fields` do not say is as in the next packet of that node. It is signed with a made-up
        key, unless ``signed=yes``: then the attacker has the keys of the node.
        """
        made = PacketForged(origin, kind, f"{node}:{nic}", fields.get("signed") == "yes")
        seq = self.hub.truth(now, made, cause, node)
        media = self.hub.configs[node].media
        found = [i for i, m in enumerate(media) if m.device == nic]
        if found and self._open(node, nic):
            message = self._made(now, node, kind, origin, fields)._replace(tag=seq)
            self.hub.hosts[node].arrive(found[0], message)

    def _made(
        self, now: Micros, node: str, kind: str, origin: str, fields: dict[str, str]
    ) -> Message:
        victim = self.hub.state.nodes.get(origin)
        daemon = None if victim is None else victim.daemon
        master = None if daemon is None else daemon.master
        generation = 1 if victim is None else victim.storage.generation or 1
        number = 0 if kind in UNSEQUENCED else (1 if master is None else master.seqno + 1)
        status = "active" if kind in ("status", "NS_st") else None
        return Message(
            kind,
            origin,
            int(fields.get("generation", generation)),
            int(fields.get("seqno", number)),
            fields.get("dest"),
            fields.get("status", status),
            int(fields.get("deadtime", 0)) * MS,
            now,
            self._signature(node, fields.get("signed") == "yes"),
            tuple((name, value) for name, value in fields.items() if name not in FIELDS),
        )

    def _signature(self, node: str, signed: bool) -> Auth | None:
        daemon = self.hub.state.nodes[node].daemon
        if daemon is None:
            return None
        own = boot.setting(self.hub, node, daemon).auth
        return own if signed or own is None else Auth(own.number, own.method, "made up")

    def _device(self, node: str, medium: int) -> str:
        return self.hub.configs[node].media[medium].device

    def _open(self, node: str, nic: str) -> bool:
        """Tell whether the cable brings anything in."""
        return not self.hub.topology.state.wires[f"{node}:{nic}"].cut["in"]
