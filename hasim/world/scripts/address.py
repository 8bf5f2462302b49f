"""The address word of IPaddr: ``a.b.c.d[/mask[/nic[/broadcast]]]`` (semantics 1.4, 8.5)."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from hasim.site import NodeSite

__all__ = ["ServiceAddress", "service_address"]


@dataclass(frozen=True, slots=True)
class ServiceAddress:
    """What IPaddr makes of its argument on a node.

    Attributes
    ----------
    address : str
        Without its mask.
    prefix : int
        Length of the mask.
    nic : str
        Interface, from the word or found by the address.
    given : bool
        Whether the word names the interface.
    netmask, broadcast : str
        Dotted.
    """

    address: str
    prefix: int
    nic: str
    given: bool
    netmask: str
    broadcast: str

    @property
    def masked(self) -> str:
        """The address with its mask: ``192.168.60.200/24``."""
        return f"{self.address}/{self.prefix}"


def service_address(word: str, node: NodeSite) -> ServiceAddress | None:
    """Read an address word on a node; None where it is none, or no interface reaches it.

    Without an interface in the word it is the first one whose network holds the address; without a
    mask the mask is that interface's.
    """
    address, mask, nic, broadcast = (*word.split("/"), "", "", "")[:4]
    try:
        plain = IPv4Address(address)
        net = IPv4Network(f"{address}/{mask}", strict=False) if mask else None
        wide = IPv4Address(broadcast) if broadcast else None
    except ValueError:
        return None
    found = nic or _nic_of(plain, node)
    if net is None and found is not None:
        own = _network(node, found)
        net = own if own is not None and plain in own else IPv4Network(f"{address}/32")
    if found is None or net is None:
        return None
    last = str(net.broadcast_address if wide is None else wide)
    return ServiceAddress(address, net.prefixlen, found, bool(nic), str(net.netmask), last)


def _network(node: NodeSite, nic: str) -> IPv4Network | None:
    known = node.nics.get(nic)
    if known is None or known.address is None:
        return None
    try:
        return IPv4Interface(known.address).network
    except ValueError:
        return None


def _nic_of(address: IPv4Address, node: NodeSite) -> str | None:
    for nic in node.nics:
        network = _network(node, nic)
        if network is not None and address in network:
            return nic
    return None
