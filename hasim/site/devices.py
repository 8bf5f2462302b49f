"""Which STONITH device of a site a node's ha.cf means, and which ones a bare ha.cf asks for."""

from __future__ import annotations

from collections.abc import Mapping

from hasim.config import HaConfig
from hasim.site.parts import Latency, NodeSite, Site, Stonith, Switch

__all__ = ["BY_HAND", "derive_devices", "device_of", "devices_of", "fencible"]

#: Types that need no hardware in the site: they work by network, by a human, or not at all
#: (semantics 9).
BY_HAND = ("meatware", "null", "ssh", "suicide")


def device_of(site: Site, config: HaConfig) -> Stonith | None:
    """Return the device of the site that a node's ha.cf means, None without one.

    That is the one whose kind is the type; of several the one that the parameters name, else the
    first.  Types of :data:`BY_HAND` need none.
    """
    asked = config.stonith
    if asked is None:
        return None
    alike = [device for device in site.stonith.values() if device.kind == asked.type]
    named = [device for device in alike if device.name in asked.params.split()]
    found = (*named, *alike)
    if found:
        return found[0]
    if asked.type not in BY_HAND:
        return None
    none = Latency.constant(0)
    plugs = {node: node for node in site.nodes}
    return Stonith(f"({asked.type})", asked.type, None, None, plugs, none, none)


def devices_of(site: Site, configs: Mapping[str, HaConfig]) -> dict[str, Stonith]:
    """Return every device of a site, and those that its nodes use without hardware."""
    found = dict(site.stonith)
    for config in configs.values():
        device = device_of(site, config)
        if device is not None:
            found.setdefault(device.name, device)
    return found


def fencible(site: Site, configs: Mapping[str, HaConfig]) -> tuple[str, ...]:
    """Return the nodes with a watchdog, and those for which another node's device has a plug."""
    devices = {node: device_of(site, config) for node, config in configs.items()}
    return tuple(
        node
        for node, config in configs.items()
        if config.watchdog is not None
        or any(d is not None and node in d.plugs for n, d in devices.items() if n != node)
    )


def derive_devices(
    configs: Mapping[str, HaConfig],
    nodes: Mapping[str, NodeSite],
    switches: Mapping[str, Switch],
) -> tuple[dict[str, Stonith], list[tuple[str, str]]]:
    """Return a power switch for each type in ha.cf that is hardware, and what was assumed.

    Returns
    -------
    tuple
        The devices by name, and pairs of key and sentence.
    """
    out: dict[str, Stonith] = {}
    said: list[tuple[str, str]] = []
    lan = next((s.name for s in switches.values() if s.power is not None), None)
    plugs = {name: node.power for name, node in nodes.items()}
    for config in configs.values():
        kind = "" if config.stonith is None else config.stonith.type
        if not kind or kind in BY_HAND or any(d.kind == kind for d in out.values()):
            continue
        name = "".join(c if c.isalnum() else "-" for c in kind)
        out[name] = Stonith(name, kind, lan, plugs=plugs)
        way = "over a cable to each node" if lan is None else f"over {lan}"
        text = f"{kind} switches the feeds of all nodes, has power of its own, is reached {way}."
        said.append((f"stonith.{name}", f"The STONITH device {text}"))
    return out, said
