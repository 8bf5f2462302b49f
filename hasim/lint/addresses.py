"""Service addresses of haresources: what IPaddr takes, and what is wrong with the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, ip_network

from hasim.config import Group, Resource
from hasim.lint.subject import View

__all__ = ["address_of", "misfit", "nic_of", "service_addresses"]

_SCRIPTS = ("IPaddr", "IPaddr2")
#: A word that somebody meant for an address: digits with dots, or a script with a wrong separator.
_MEANT = re.compile(r"[0-9]{1,3}(\.[0-9]{0,4}){2,}|IPaddr2?:[0-9]", re.ASCII)


def _address(text: str) -> IPv4Address | None:
    try:
        return IPv4Address(text)
    except ValueError:
        return None


def address_of(resource: Resource) -> str | None:
    """Return the address that an IPaddr takes, in its plain form; None if there is none."""
    if resource.script not in _SCRIPTS or not resource.args:
        return None
    found = _address(resource.args[0].split("/")[0])
    return None if found is None else str(found)


def nic_of(resource: Resource) -> str | None:
    """Return the NIC that an address is given, without its label; None where it is looked for."""
    parts = resource.args[0].split("/") if resource.args else []
    if len(parts) < 3 or not parts[2] or _address(parts[2]) is not None:
        return None
    return parts[2].split(":")[0]


def service_addresses(view: View) -> Iterator[tuple[Group, Resource, str]]:
    """Yield every service address with its group and resource."""
    for group, resource in view.resources():
        if (address := address_of(resource)) is not None:
            yield group, resource, address


def misfit(resource: Resource) -> str | None:
    """Return what is wrong with a word that is an address or was meant for one, None if nothing.

    The form is ``ADDRESS[/MASK[/NIC[/BROADCAST]]]`` (semantics 1.4), behind ``IPaddr::`` or bare;
    a mask is a number of bits or four numbers, and the NIC may be left out before a broadcast.
    """
    if resource.script not in _SCRIPTS:
        known = _MEANT.match(resource.text) is not None
        return "it is taken for the name of a script" if known else None
    if not resource.args or not resource.args[0]:
        return "it has no address"
    if len(resource.args) > 1:
        return "it has more than one argument"
    parts = resource.args[0].split("/")
    if _address(parts[0]) is None:
        return f"{parts[0][:40]!r} is no address"
    if len(parts) > 4:
        return "it has more than four parts"
    if len(parts) > 1 and parts[1] and not _is_mask(parts[1]):
        return f"{parts[1][:40]!r} is no mask"
    if len(parts) > 3 and parts[3] and _address(parts[3]) is None:
        return f"{parts[3][:40]!r} is no broadcast address"
    return None


def _is_mask(text: str) -> bool:
    if text.isascii() and text.isdecimal():
        return len(text) < 4 and 1 <= int(text) <= 32
    try:
        return text.count(".") == 3 and ip_network(f"0.0.0.0/{text}").prefixlen > 0
    except ValueError:
        return False
