"""Whole-line media directives: mcast, ucast, their IPv6 forms, ping_group (semantics 1.2)."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from hasim.config.draft import Complaint
from hasim.config.hacf import Medium
from hasim.config.lexer import ascii_lower, parse_int, shown

__all__ = ["read_mcast", "read_ping_group", "read_ucast"]

_MAX_PORT = 65535
_MAX_TTL = 4


def read_mcast(name: str, parts: Sequence[str], line: int) -> Medium | Complaint:
    """Read ``dev group port ttl loop``; words after these are ignored."""
    usage = f"write '{name} DEVICE GROUP PORT TTL LOOP', such as '{name} eth0 {_sample(name)}'"
    if len(parts) < 5:
        return f"{name} has {len(parts)} of its 5 values", usage
    device, group = parts[0], parts[1]
    if not _is_multicast(group, 6 if name == "mcast6" else 4):
        return f"{name} group [{shown(group)}] is no multicast address", usage
    port = parse_int(parts[2], 1, _MAX_PORT)
    if port is None:
        return f"{name} port [{shown(parts[2])}] is no port", f"ports go from 1 to {_MAX_PORT}"
    ttl = parse_int(parts[3], 0, _MAX_TTL)
    if ttl is None:
        return f"{name} ttl [{shown(parts[3])}] is out of range", f"write 0 to {_MAX_TTL}"
    loop = parse_int(parts[4], 0, 1)
    if loop is None:
        return f"{name} loop [{shown(parts[4])}] is neither 0 nor 1", "write 0"
    return Medium(name, device, port=port, group=group, ttl=ttl, loop=loop, line=line)


def read_ucast(name: str, parts: Sequence[str], port: int, line: int) -> Medium | Complaint:
    """Read ``dev peer-address``; words after these are ignored."""
    if len(parts) < 2:
        return (
            f"{name} has {len(parts)} of its 2 values",
            f"write '{name} DEVICE PEER-ADDRESS', one line per peer",
        )
    return Medium(name, parts[0], port=port, peer=parts[1], line=line)


def read_ping_group(parts: Sequence[str], line: int) -> Medium | Complaint:
    """Read ``name host...``."""
    if len(parts) < 2:
        return "ping_group has no member", "write 'ping_group NAME ADDRESS ADDRESS...'"
    hosts = tuple(ascii_lower(host) for host in parts[1:])
    return Medium("ping_group", ascii_lower(parts[0]), hosts=hosts, line=line)


def _sample(name: str) -> str:
    return "ff02::1:1 694 1 0" if name == "mcast6" else "225.0.0.1 694 1 0"


def _is_multicast(text: str, version: int) -> bool:
    try:
        address = ipaddress.ip_address(text[:60])
    except ValueError:
        return False
    return address.version == version and address.is_multicast
