"""From the texts of a model folder to configurations and site, with all problems at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from hasim.config import (
    DIALECTS,
    AuthKeys,
    HaConfig,
    Haresources,
    authkeys_missing,
    ha_cf_missing,
    haresources_missing,
    parse_authkeys,
    parse_ha_cf,
    parse_haresources,
)
from hasim.errors import ConfigError, Problem, nearest
from hasim.folder.sources import FileText, Sources
from hasim.site import Site, derive_site, device_of, parse_site
from hasim.site.positions import Path
from hasim.site.tables import read_toml, shown

__all__ = ["Parts", "build"]


@dataclass
class Parts:
    """What a model is made of; of no use while `fatal` holds anything."""

    configs: dict[str, HaConfig] = field(default_factory=dict)
    haresources: dict[str, Haresources] = field(default_factory=dict)
    site: Site = field(default_factory=Site)
    assumed: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    def add(self, problems: tuple[Problem, ...] | list[Problem]) -> None:
        """Note problems; the same complaint about a shared file counts once."""
        self.problems += [p for p in dict.fromkeys(problems) if p not in self.problems]

    @property
    def fatal(self) -> tuple[Problem, ...]:
        """Problems that keep the daemon from starting, or us from understanding."""
        return tuple(p for p in self.problems if p.fatal)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The other problems."""
        return tuple(p for p in self.problems if not p.fatal)


def build(sources: Sources, dialect: str | None = None) -> Parts:
    """Read every text of a model folder but its scenarios.

    Parameters
    ----------
    dialect : str, optional
        Heartbeat version; None: the site's, else 3.0.6.
    """
    parts = Parts()
    site = _site(sources, parts)
    if dialect is not None and dialect not in DIALECTS:
        text = f"unknown dialect {shown(dialect)}{nearest(dialect, DIALECTS)}"
        parts.add([Problem("--dialect", None, "ERROR", text, f"known: {', '.join(DIALECTS)}")])
        dialect = None
    version = dialect or (site.heartbeat if site else "3.0.6")
    nodes = _nodes(sources, version, parts)
    for node in nodes:
        _configure(node, sources, site, version, parts)
    if not nodes:  # the node table is unknown; what can be judged without it is
        _authkeys("", sources, site, parts)
        if "haresources" not in sources.common:
            parts.add(_missing(haresources_missing, sources, "haresources"))
    if parts.fatal:
        return parts
    if site is None:
        first = next(iter(parts.haresources.values()), None)
        parts.site, parts.assumed = derive_site(parts.configs, first, version)
    else:
        parts.site = replace(site, heartbeat=version)
        assert sources.site is not None
        parts.add(_compare(parts, sources.site))
    return parts


def _site(sources: Sources, parts: Parts) -> Site | None:
    if sources.site is None:
        return None
    try:
        return parse_site(sources.site.data, sources.site.file)
    except ConfigError as x:
        parts.add(x.problems)
        return None


def _missing(
    told: Callable[[str], tuple[Problem, ...]], sources: Sources, file: str
) -> list[Problem]:
    """Return what the daemon says of a file it cannot open; the remedy fits the reason."""
    name = _name(sources, file)
    if str(PurePath(sources.path) / file) not in sources.unreadable:
        return list(told(name))
    return [
        replace(p, remedy="it is there, but of no use: see below") if p.remedy else p
        for p in told(name)
    ]


def _name(sources: Sources, file: str) -> str:
    return f"{sources.path.rstrip('/')}/{file}"


def _nodes(sources: Sources, dialect: str, parts: Parts) -> tuple[str, ...]:
    """Return the cluster's nodes: those of the common ha.cf, else those with files of their own."""
    common = sources.common.get("ha.cf")
    owners = tuple(node for node, files in sources.own.items() if "ha.cf" in files)
    if common is None and not owners:
        parts.add(_missing(ha_cf_missing, sources, "ha.cf"))
    if common is None:
        return owners
    config, problems = parse_ha_cf(common.data, common.file, dialect=dialect)
    parts.add(problems)
    if config is None:
        return ()
    for node in sources.own:
        if node not in config.nodes:
            text = f"{shown(node)} is no node of {common.file}{nearest(node, config.nodes)}"
            remedy = f"nodes: {', '.join(config.nodes)}"
            parts.add([Problem(_name(sources, f"config/{node}"), None, "ERROR", text, remedy)])
    return config.nodes


def _configure(node: str, sources: Sources, site: Site | None, dialect: str, parts: Parts) -> None:
    """Read the three files that count for one node."""
    found = sources.of(node, "ha.cf")
    if found is None:
        parts.add(_missing(ha_cf_missing, sources, "ha.cf"))
        return
    config, problems = parse_ha_cf(found.data, found.file, local=node, dialect=dialect)
    parts.add(problems)
    keys = _authkeys(node, sources, site, parts)
    if config is None:
        return
    parts.configs[node] = replace(config, authkeys=keys)
    resources = sources.of(node, "haresources")
    if resources is None:
        parts.add(_missing(haresources_missing, sources, "haresources"))
        return
    groups, problems = parse_haresources(resources.data, resources.file, nodes=config.nodes)
    parts.add(problems)
    if groups is not None:
        parts.haresources[node] = groups


def _authkeys(node: str, sources: Sources, site: Site | None, parts: Parts) -> AuthKeys | None:
    found = sources.of(node, "authkeys")
    if found is None:
        parts.add(_missing(authkeys_missing, sources, "authkeys"))
        return None
    mode = found.mode
    if site is not None and site.authkeys_mode is not None:
        mode = site.authkeys_mode
    keys, problems = parse_authkeys(found.data, found.file, mode=mode)
    parts.add(problems)
    return keys


def _compare(parts: Parts, file: FileText) -> list[Problem]:
    """Hold a site against the configurations: nodes, NICs, ping nodes, disks."""
    document = read_toml(file.data, file.file)
    site, configs = parts.site, parts.configs
    out: list[Problem] = []

    def complain(path: Path, text: str, remedy: str, *, fatal: bool = True) -> None:
        level = "ERROR" if fatal else "WARN"
        out.append(Problem(file.file, document.line(path), level, text, remedy, fatal))

    for node in site.nodes:
        if node not in configs:
            text = f"{shown(node)} is no node of ha.cf{nearest(node, configs)}"
            complain(("node", node), text, f"nodes of ha.cf: {', '.join(configs)}")
    for node, config in configs.items():
        own = site.nodes.get(node)
        if own is None:
            text = f"no [node.{node}] in this site, but ha.cf has it"
            complain(("node",), text + nearest(node, site.nodes), f"add [node.{node}]")
            continue
        media = dict.fromkeys(m.device for m in config.media if not m.kind.startswith("ping"))
        for device in media:
            if device not in own.nics:
                text = f"{node} has no NIC {shown(device)}, which ha.cf uses"
                remedy = f'add nic.{device} = {{ on = "SWITCH" }}'
                complain(("node", node), text + nearest(device, own.nics), remedy)
        for host in _pinged(config):
            if host not in site.hosts:
                text = f"the ping node {shown(host)} is no host of this site: it never answers"
                remedy = f'add [host."{host}"]'
                complain(("host",), text + nearest(host, site.hosts), remedy, fatal=False)
        if config.stonith is not None and device_of(site, config) is None:
            kind = config.stonith.type
            text = f"no [stonith] device of this site has the kind {shown(kind)}, which ha.cf uses"
            remedy = f'add [stonith.NAME] with kind = "{kind}" and its plugs'
            known = [device.kind for device in site.stonith.values()]
            complain(("stonith",), text + nearest(kind, known), remedy)
    for node, device in _disks(parts.haresources):
        if device not in [d.seen_as.get(node) for d in site.disks.values()]:
            text = f"no [disk] of this site is seen by {node} as {shown(device)}"
            complain(("disk",), text, "haresources mounts it", fatal=False)
    return list(dict.fromkeys(out))


def _pinged(config: HaConfig) -> list[str]:
    return [host for m in config.media if m.kind.startswith("ping") for host in m.hosts]


def _disks(haresources: Mapping[str, Haresources]) -> list[tuple[str, str]]:
    return [
        (node, resource.args[0])
        for node, groups in haresources.items()
        for group in groups.groups
        for resource in group.resources
        if resource.script == "Filesystem" and resource.args
    ]
