"""What a configuration asks for and this version does not simulate: said, never ignored."""

from __future__ import annotations

from collections.abc import Mapping

from hasim.config import HaConfig, Haresources, Respawn, crm_respawn
from hasim.site import Site

__all__ = ["not_simulated"]

# Directives whose value changes the daemon's behaviour: field, the value that is simulated, the
# sentence for any other.
_ONLY = (
    ("autojoin", "none", "autojoin {value} is not simulated: only nodes of ha.cf are known"),
    ("hbgenmethod", "file", "hbgenmethod {value} is not simulated: generations count as with file"),
    ("msgfmt", "classic", "msgfmt {value} is not simulated: packets are as with classic"),
    ("uuidfrom", "file", "uuidfrom {value} is not simulated: nodes are told apart by name"),
    ("debug", 0, "debug {value}: lines of debug levels are not simulated"),
    ("cluster", None, "cluster {value} is not simulated"),
    ("quorum_server", None, "quorum_server {value} is not simulated"),
)
# Scripts whose work is simulated; of all others only whether they run.
_WHOLE = frozenset({"Delay", "Filesystem", "IPaddr", "IPaddr2"})


def _told(config: HaConfig) -> list[str]:
    said = []
    for name, built, sentence in _ONLY:
        value = getattr(config, name)
        if value != built:
            said.append(sentence.format(value=value))
    implied = [_program(respawn) for respawn in crm_respawn(config.crm, config.dialect)]
    if not config.manages:
        said.append(_managed(config, implied))
    for respawn in config.respawn:
        name = _program(respawn)
        if name != "ipfail" and name not in implied:
            said.append(f"the client {name} is started, but not simulated: it does nothing")
    return said


def _program(respawn: Respawn) -> str:
    return respawn.command.split()[0].rpartition("/")[2]


def _managed(config: HaConfig, implied: list[str]) -> str:
    """Tell what is missing under a cluster manager: every decision, and so every resource."""
    what = "no resource is ever started, and ccm tells nobody of a membership"
    if not implied:
        return f"crm {config.crm}: {what}: no cluster manager is simulated"
    several = f"{', '.join(implied)} are" if len(implied) > 1 else f"{implied[0]} is"
    return (
        f"crm {config.crm}: the processes {several} started, stopped and started again; "
        f"what they decide is not simulated: {what}"
    )


def not_simulated(
    configs: Mapping[str, HaConfig], haresources: Mapping[str, Haresources], site: Site
) -> tuple[str, ...]:
    """Return a sentence for each thing that is configured and not simulated.

    What holds for some nodes only names them.
    """
    out: list[str] = []
    found: dict[str, list[str]] = {}
    for node, config in configs.items():
        for sentence in _told(config):
            found.setdefault(sentence, [])
            if node not in found[sentence]:
                found[sentence].append(node)
    for sentence, nodes in found.items():
        out.append(sentence if len(nodes) == len(configs) else f"{', '.join(nodes)}: {sentence}")
    return (*out, *_hollow(haresources), *_probed(haresources, site))


def _hollow(haresources: Mapping[str, Haresources]) -> list[str]:
    """Tell of scripts of which nothing but start, stop and status is known."""
    names = dict.fromkeys(
        resource.script
        for table in haresources.values()
        for group in table.groups
        for resource in group.resources
        if resource.script not in _WHOLE
    )
    if not names:
        return []
    what = "scripts" if len(names) > 1 else "script"
    they = "they run" if len(names) > 1 else "it runs"
    listed = ", ".join(names)
    return [f"{what} {listed}: taken for installed; only whether {they} is simulated"]


def _probed(haresources: Mapping[str, Haresources], site: Site) -> list[str]:
    """Tell of clients that ask for what no group would ever answer."""
    groups = [group for table in haresources.values() for group in table.groups]
    addresses = {
        resource.args[0].partition("/")[0]
        for group in groups
        for resource in group.resources
        if resource.script in ("IPaddr", "IPaddr2") and resource.args
    }
    return [
        f"{host.name} probes {host.probes}, an address of no group: nobody will answer it"
        for host in site.hosts.values()
        if host.probes is not None and host.probes not in addresses
    ]
