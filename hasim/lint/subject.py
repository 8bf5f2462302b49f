"""What the rules look at: each node's files, and what they say as far as that can be told.

A file that the daemon would refuse is read without its mistakes, so that one slip hides no advice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePath
from typing import NamedTuple

from hasim.config import (
    AuthKeys,
    Group,
    HaConfig,
    Medium,
    Resource,
    Respawn,
    guess_authkeys,
    guess_ha_cf,
    guess_haresources,
    parse_ha_cf,
    parse_haresources,
)
from hasim.config.directives import MEDIA_DIRECTIVES
from hasim.errors import ConfigError, Problem
from hasim.folder import FileText, Sources, build
from hasim.lint.points import Loss, Ways
from hasim.site import Site, parse_site
from hasim.site.positions import Path
from hasim.site.tables import Document, read_toml

__all__ = ["Place", "Subject", "View", "program_of", "subject_of"]


class Place(NamedTuple):
    """A line of a file; the line is None where the whole file is meant."""

    file: str
    line: int | None = None


def program_of(respawn: Respawn) -> str:
    """Return the name of a client's program, without its folder."""
    return respawn.command.split()[0].rpartition("/")[2]


@dataclass(frozen=True)
class View:
    """What counts for one node.

    Parameters
    ----------
    node : str or None
        None where the configuration names no node.
    ha_cf, haresources, authkeys : FileText or None
        Its files; None where one is missing.
    config : HaConfig or None
        What ha.cf says apart from its mistakes; None without an ha.cf.
    doubtful : frozenset of str
        Directives of ha.cf with a mistake: nothing should be concluded from them.
    groups : tuple of Group
        Resource groups as the scripts read them.
    keys : AuthKeys or None
        What authkeys says apart from its mistakes.
    """

    node: str | None
    ha_cf: FileText | None = None
    haresources: FileText | None = None
    authkeys: FileText | None = None
    config: HaConfig | None = None
    doubtful: frozenset[str] = frozenset()
    groups: tuple[Group, ...] = ()
    keys: AuthKeys | None = None

    def sure(self, *directives: str) -> HaConfig | None:
        """Return the configuration if nothing is wrong with these directives, else None.

        ``media`` stands for all directives that open media, ``stonith`` for both of that kind.
        """
        names = set(directives)
        if "media" in names:
            names |= MEDIA_DIRECTIVES
        if "stonith" in names:
            names.add("stonith_host")
        return None if self.doubtful & names else self.config

    @property
    def manages(self) -> bool:
        """True where the daemon manages resources itself, as far as can be told."""
        return self.config is None or self.config.manages

    @cached_property
    def heartbeats(self) -> tuple[Medium, ...]:
        """The media that carry heartbeats: all but those of ping nodes."""
        media = self.config.media if self.config else ()
        return tuple(m for m in media if not m.kind.startswith("ping"))

    @cached_property
    def pings(self) -> tuple[Medium, ...]:
        """The media of ping nodes and ping groups."""
        media = self.config.media if self.config else ()
        return tuple(m for m in media if m.kind.startswith("ping"))

    @cached_property
    def devices(self) -> tuple[str, ...]:
        """The devices that carry heartbeats, each once."""
        return tuple(dict.fromkeys(m.device for m in self.heartbeats))

    @cached_property
    def ipfail(self) -> Respawn | None:
        """The respawn directive of ipfail."""
        clients = self.config.respawn if self.config else ()
        return next((r for r in clients if program_of(r) == "ipfail"), None)

    def at(self, *directives: str) -> Place:
        """Return where ha.cf gives the first of these directives that it has, the last time."""
        assert self.config is not None, "asked only of what ha.cf says"
        last = {given.directive: given.line for given in self.config.given}
        return self.on_line(next((last[name] for name in directives if name in last), None))

    def on_line(self, line: int | None) -> Place:
        """Return a line of ha.cf."""
        assert self.ha_cf is not None, "asked only of what ha.cf says"
        return Place(self.ha_cf.file, line or None)

    def group_at(self, group: Group) -> Place:
        """Return where a group stands."""
        assert self.haresources is not None, "groups come from a file"
        return Place(self.haresources.file, group.line)

    def resources(self) -> Iterator[tuple[Group, Resource]]:
        """Yield every resource with its group."""
        for group in self.groups:
            for resource in group.resources:
                yield group, resource


@dataclass(frozen=True)
class Subject:
    """A folder of configuration as the rules see it.

    Parameters
    ----------
    sources : Sources
        The texts.
    dialect : str
        Version of Heartbeat.
    views : tuple of View
        One for each node; a single one without a name where no node is known.
    problems : tuple of Problem
        What the daemon complains of, and what is wrong with the site.
    site : Site or None
        The hardware as ``site.toml`` gives it; None without one, or where it cannot be used.
    """

    sources: Sources
    dialect: str
    views: tuple[View, ...] = ()
    problems: tuple[Problem, ...] = ()
    site: Site | None = None
    document: Document | None = field(default=None, repr=False)

    @property
    def hardware(self) -> Site:
        """The site of a subject that has one."""
        assert self.site is not None, "asked only by rules about hardware"
        return self.site

    def site_at(self, *path: str | int) -> Place:
        """Return where a key of ``site.toml`` stands, or the nearest table around it."""
        assert self.document is not None, "asked only where there is a site"
        where: Path = path
        return Place(self.document.file, self.document.line(where))

    @cached_property
    def sited(self) -> tuple[View, ...]:
        """The views of nodes that both an ha.cf and the site have."""
        nodes = self.site.nodes if self.site else {}
        return tuple(v for v in self.views if v.node in nodes and v.config is not None)

    @cached_property
    def configs(self) -> Mapping[str, HaConfig]:
        """Configuration of each node of :attr:`sited`."""
        return {v.node: v.config for v in self.sited if v.node and v.config}

    @cached_property
    def ways(self) -> Ways:
        """Who hears whom in the site of these nodes."""
        return Ways(self.configs, self.hardware)

    @cached_property
    def losses(self) -> tuple[Loss, ...]:
        """What the failure of one part takes away."""
        return tuple(self.ways.losses())


def subject_of(sources: Sources, dialect: str | None = None) -> Subject:
    """Read the texts of a folder, whatever is missing or wrong.

    Parameters
    ----------
    dialect : str, optional
        Heartbeat version; None: the site's, else 3.0.6.
    """
    site, document = _site(sources)
    version = dialect or (site.heartbeat if site else "3.0.6")
    parts = build(sources, dialect)
    guesses: _Guesses = {}
    nodes = _nodes(sources, version, guesses)
    views = tuple(_view(node, sources, version, guesses) for node in nodes)
    # Where the common ha.cf is refused, nothing behind it was looked at.
    for view in views:
        own = view.ha_cf is not sources.common.get("ha.cf")
        parts.add(_told(view, version, own))
    problems = tuple(p for p in parts.problems if not _unread(p, views))
    return Subject(sources, version, views, problems, site, document)


def _unread(problem: Problem, views: tuple[View, ...]) -> bool:
    """Tell whether a problem is about haresources that no daemon reads (semantics 13)."""
    about = PurePath(problem.file).name == "haresources"
    return about and not any(view.manages for view in views)


def _site(sources: Sources) -> tuple[Site | None, Document | None]:
    if sources.site is None:
        return None, None
    try:
        document = read_toml(sources.site.data, sources.site.file)
        return parse_site(sources.site.data, sources.site.file), document
    except ConfigError:
        return None, None


#: What has been read of an ha.cf, by the file and the node where that makes a difference.
_Guesses = dict[tuple[str, str | None], tuple[HaConfig, frozenset[str]]]


def _guess(
    file: FileText, node: str | None, dialect: str, guesses: _Guesses
) -> tuple[HaConfig, frozenset[str]]:
    """Read an ha.cf as a node does; only ``stonith_host`` depends on the node."""
    key = (file.file, node if b"stonith_host" in file.data else None)
    if key not in guesses:
        guesses[key] = guess_ha_cf(file.data, local=node, dialect=dialect)
    config, doubtful = guesses[key]
    return replace(config, local=node), doubtful


def _nodes(sources: Sources, dialect: str, guesses: _Guesses) -> tuple[str | None, ...]:
    """Return the nodes of the common ha.cf and those with an ha.cf of their own, or None alone."""
    nodes: dict[str | None, None] = {}
    if (common := sources.common.get("ha.cf")) is not None:
        nodes |= dict.fromkeys(_guess(common, None, dialect, guesses)[0].nodes)
    nodes |= {node: None for node, files in sources.own.items() if "ha.cf" in files}
    return tuple(nodes) or (None,)


def _view(node: str | None, sources: Sources, dialect: str, guesses: _Guesses) -> View:
    ha_cf, haresources, authkeys = (
        sources.of(node or "", name) for name in ("ha.cf", "haresources", "authkeys")
    )
    config, doubtful = None, frozenset[str]()
    if ha_cf is not None:
        config, doubtful = _guess(ha_cf, node, dialect, guesses)
    known = config.nodes if config else ()
    return View(
        node,
        ha_cf,
        haresources,
        authkeys,
        config,
        doubtful,
        guess_haresources(haresources.data, nodes=known).groups if haresources else (),
        guess_authkeys(authkeys.data) if authkeys else None,
    )


def _told(view: View, dialect: str, own: bool) -> list[Problem]:
    """Return what the daemon says of a node's own ha.cf, and of haresources if that can be told."""
    out: list[Problem] = []
    if view.ha_cf is not None and own:
        out += parse_ha_cf(view.ha_cf.data, view.ha_cf.file, local=view.node, dialect=dialect)[1]
    nodes = view.config.nodes if view.config else ()
    if view.haresources is not None and nodes and view.sure("node"):
        out += parse_haresources(view.haresources.data, view.haresources.file, nodes=nodes)[1]
    return out
