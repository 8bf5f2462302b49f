"""One name for each node: syslog may write another than the cluster uses.

Heartbeat calls a node what ``uname -n`` says; syslog writes its host name with or without the
domain. Where lines speak of a node by the one and come from the other, it is the same node.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hasim.reading.lines import Told

__all__ = ["renamed", "unified"]


def renamed(hosts: Iterable[str], spoken: Iterable[str]) -> dict[str, str]:
    """Return the node of every host that the cluster calls by another name.

    Parameters
    ----------
    hosts : iterable of str
        Names under which lines were written.
    spoken : iterable of str
        Names of nodes of which lines speak.
    """
    known = sorted(set(spoken))
    out: dict[str, str] = {}
    for host in sorted(set(hosts)):
        if host in known:
            continue
        short = host.partition(".")[0]
        longer = [name for name in known if name.startswith(f"{host}.")]
        if short != host and short in known:
            out[host] = short
        elif len(longer) == 1:
            out[host] = longer[0]
    return out


def unified(files: Sequence[list[Told]]) -> tuple[list[list[Told]], dict[str, str]]:
    """Return the lines of files with each node by its name in the cluster, and what was renamed."""
    spoken: set[str] = set()
    hosts: set[str] = set()
    for told in files:
        for one in told:
            hosts.add(one.node)
            for name in ("peer", "by", "node"):
                value = getattr(one.event, name, None)
                if isinstance(value, str):
                    spoken.add(value)
    names = renamed(hosts, spoken)
    if not names:
        return [*files], names
    return [
        [one._replace(node=names.get(one.node, one.node)) for one in told] for told in files
    ], names
