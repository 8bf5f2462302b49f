"""Whose lines those are that name no node: told, said by lines, or by the path of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from hasim import events as ev
from hasim.errors import ConfigError, Problem
from hasim.reading.gathered import Gathered
from hasim.reading.lines import Told
from hasim.reading.paths import Named, named_by_path
from hasim.reading.years import named_together

__all__ = ["whose"]

_SELF = "what its lines say of themselves"
_BESIDE = "the host in the logs beside it"
_FILE, _FOLDER = "the name of the file", "the name of its folder"
_BY_PATH = (_FILE, _FOLDER, "")


class _Group(NamedTuple):
    """Files of one node without a host on any line: parts of one log, or logs of one folder."""

    path: Named
    files: list[Gathered]
    hosts: dict[str, None]

    @property
    def names(self) -> str:
        return named_together([file.name for file in self.files])


def whose(files: Sequence[Gathered]) -> Iterator[str]:
    """Give each line its node, and yield what was assumed, a sentence each.

    Raises
    ------
    ConfigError
        Where logs of different folders would be taken for those of one node.
    """
    for file in files:
        if file.node is not None:
            yield from _as_told(file, file.node)
        elif file.hosts and not file.hosted:
            # The first lines are nobody's, and too many to have been looked at.
            _rename(file, {file.host: next(iter(file.hosts))})
    groups = list(_groups(files))
    named = [(group, *_name(group)) for group in groups]
    _refuse([(group, name) for group, name, why in named if why in (_FOLDER, "")])
    for group, name, _ in named:
        for file in group.files:
            _rename(file, {file.host: name})
    left = _left(files, [(group, name) for group, name, why in named if why in _BY_PATH])
    for group, name, why in named:
        if left is not None and group is left[0]:
            yield f"{group.names}: the node is {left[1]}, of whom the others speak"
            for file in group.files:
                _rename(file, {name: left[1]})
            continue
        hint = "" if why not in _BY_PATH else ": give NODE=FILE to tell it"
        yield f"{group.names}: the node is {name}, from {why or _FILE}{hint}"


def _rename(file: Gathered, names: Mapping[str, str]) -> None:
    told = file.told
    for i, one in enumerate(told):
        name = names.get(one.node)
        if name is not None and name != one.node:
            told[i] = one._replace(node=name)
    file.life.rename(names)


def _as_told(file: Gathered, node: str) -> Iterator[str]:
    """Give the lines of ``NODE=FILE`` that node, unless they are of several hosts."""
    others = [host for host in file.hosts if host.partition(".")[0] != node.partition(".")[0]]
    if len(others) == 1 and len(file.hosts) == 1:
        _rename(file, {others[0]: node})
    elif others:
        listed = named_together(others)
        yield f"{file.name}: {node}= names only the lines without a host; others are of {listed}"
    else:
        _rename(file, dict.fromkeys(file.hosts, node))


def _groups(files: Iterable[Gathered]) -> Iterator[_Group]:
    found: dict[tuple[str, str], _Group] = {}
    for file in files:
        if not file.told or file.node is not None:
            continue
        path = named_by_path(file.path)
        group = found.setdefault((path.place, path.own), _Group(path, [], {}))
        if file.hosts or file.hosted:
            group.hosts.update(dict.fromkeys(file.hosts or (file.host,)))
        else:
            group.files.append(file)
    return (group for group in found.values() if group.files)


def _name(group: _Group) -> tuple[str, str]:
    """Return the node of a group, and what says so; nothing where only a name is left."""
    said = {node: None for file in group.files for node in _says(file.told)}
    if len(said) == 1:
        return next(iter(said)), _SELF
    if len(group.hosts) == 1:
        (host,) = group.hosts
        if not any(host in _not(file.told) for file in group.files):
            return host, _BESIDE
    if group.path.own:
        return group.path.own, _FILE
    return (group.path.folder, _FOLDER) if group.path.folder else (group.path.plain, "")


def _says(told: Iterable[Told]) -> Iterator[str]:
    """Yield who the writer of lines says it is."""
    for one in told:
        match one.event:
            case ev.IpfailWeAre(node=node) | ev.ShutdownComplete(node=node) if node:
                yield node


def _not(told: Iterable[Told]) -> set[str]:
    """Return who the writer of lines cannot be."""
    return {one.event.peer for one in told if isinstance(one.event, ev.NodeDead | ev.AcquiringFrom)}


def _refuse(named: Iterable[tuple[_Group, str]]) -> None:
    known: dict[str, _Group] = {}
    for group, name in named:
        other = known.setdefault(name, group)
        if other is not group:
            raise ConfigError([
                Problem(
                    group.files[0].name, None, "ERROR",
                    f"no line names its node; it would be {name}, as {other.files[0].name} is",
                    "give NODE=FILE to tell whose these logs are",
                )
            ])  # fmt: skip


# ---- the one that is left -----------------------------------------------------------------------


def _left(
    files: Sequence[Gathered], made_up: Sequence[tuple[_Group, str]]
) -> tuple[_Group, str] | None:
    """Return the one group whose name nobody speaks, and the one node that has no log."""
    if not made_up:
        return None
    spoken = {name for file in files for name in (*file.hosts, *_named_in(file.told))}
    unknown = [(group, name) for group, name in made_up if name not in spoken]
    if len(unknown) != 1:
        return None
    group, _ = unknown[0]
    others = [file for file in files if not any(file is one for one in group.files)]
    logs = {one.node.partition(".")[0] for file in others for one in file.told}
    members: dict[str, None] = {}
    for file in others:
        members.update(dict.fromkeys(_members(file.told)))
    missing = [node for node in members if node.partition(".")[0] not in logs]
    if len(missing) != 1 or any(missing[0] in _not(file.told) for file in group.files):
        return None
    return group, missing[0]


def _named_in(told: Iterable[Told]) -> Iterator[str]:
    for one in told:
        for field in ("peer", "by", "node"):
            value = getattr(one.event, field, None)
            if isinstance(value, str):
                yield value


def _members(told: Sequence[Told]) -> Iterator[str]:
    """Yield the nodes of which lines speak, but for ping nodes."""
    pings: set[str] = set()
    found: dict[str, None] = {}
    for one in told:
        match one.event:
            case ev.NodeStatus(peer=peer, status="ping"):
                pings.add(peer)
            case ev.LinkUp(peer=peer, medium=medium) if peer == medium:
                pings.add(peer)
            case (
                ev.NodeStatus(peer=node)
                | ev.LinkUp(peer=node)
                | ev.NodeDead(peer=node)
                | ev.AcquiringFrom(peer=node)
                | ev.ShutdownNotice(peer=node)
                | ev.StandbyAsk(by=node)
            ):
                found[node] = None
    for node in found:
        if node not in pings and not node.replace(".", "").replace(":", "").isdigit():
            yield node
