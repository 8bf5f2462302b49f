"""What a configuration asks for and this version does not simulate: said, never ignored."""

from __future__ import annotations

from collections.abc import Mapping

from hasim.config import HaConfig, Haresources
from hasim.site import Site

__all__ = ["not_simulated"]

# Directives whose value changes the daemon's behaviour: field, the value that is simulated, the
# sentence for any other.
_ONLY = (
    ("crm", "off", "crm {value} is not simulated: the nodes run as with crm off"),
    (
        "auto_failback",
        ("on", "off"),
        "auto_failback {value}: the resource protocol of that setting is not simulated",
    ),
    ("autojoin", "none", "autojoin {value} is not simulated: only nodes of ha.cf are known"),
    ("hbgenmethod", "file", "hbgenmethod {value} is not simulated: generations count as with file"),
    ("msgfmt", "classic", "msgfmt {value} is not simulated: packets are as with classic"),
    ("uuidfrom", "file", "uuidfrom {value} is not simulated: nodes are told apart by name"),
    ("debug", 0, "debug {value}: lines of debug levels are not simulated"),
    ("cluster", None, "cluster {value} is not simulated"),
    ("quorum_server", None, "quorum_server {value} is not simulated"),
    ("watchdog", None, "watchdog {value} is not simulated: nothing is fed and nothing expires"),
)


def _told(config: HaConfig) -> list[str]:
    said = []
    for name, built, sentence in _ONLY:
        value = getattr(config, name)
        if value != built and not (isinstance(built, tuple) and value in built):
            said.append(sentence.format(value=value))
    if config.stonith is not None:
        said.append(f"STONITH ({config.stonith.type}) is not simulated: nobody is fenced")
    for respawn in config.respawn:
        name = respawn.command.split()[0].rpartition("/")[2]
        what = "it decides nothing" if name == "ipfail" else "it does nothing"
        said.append(f"the client {name} is started, but not simulated: {what}")
    return said


def not_simulated(
    configs: Mapping[str, HaConfig], haresources: Mapping[str, Haresources], site: Site
) -> tuple[str, ...]:
    """Return a sentence for each thing that is configured and not simulated.

    Resources come first, once a run; what holds for some nodes only names them.
    """
    groups = dict.fromkeys(g.key for h in haresources.values() for g in h.groups)
    named = f" ({', '.join(groups)})" if groups else ""
    what = "no group of haresources is started, stopped or held"
    out = [f"resources are not simulated: {what}{named}"]
    found: dict[str, list[str]] = {}
    for node, config in configs.items():
        for sentence in _told(config):
            found.setdefault(sentence, [])
            if node not in found[sentence]:
                found[sentence].append(node)
    for sentence, nodes in found.items():
        out.append(sentence if len(nodes) == len(configs) else f"{', '.join(nodes)}: {sentence}")
    if site.stonith:
        devices = ", ".join(site.stonith)
        out.append(f"the STONITH devices of the site ({devices}) are not simulated")
    return tuple(out)
