"""A record of a run, where it comes from, and what a run was made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from hasim.events import Event
from hasim.units import Micros

__all__ = ["Clock", "GroupParts", "Header", "Record", "Source"]


class Source(NamedTuple):
    """Who says it: a program of a node with its process id, or the world itself.

    `node` is None for what belongs to no node, `pid` where no process is meant.
    """

    node: str | None
    program: str
    pid: int | None


class Record(NamedTuple):
    """One event of a run.

    Parameters
    ----------
    at : int
        Time of the run in microseconds.
    seq : int
        Place in the total order, from 0.
    source : Source
        Who says it.
    event : Event
        What happened.
    cause : int or None
        `seq` of the record that provoked it.
    """

    at: Micros
    seq: int
    source: Source
    event: Event
    cause: int | None


class Clock(NamedTuple):
    """Wall clock of a node at the start of a run: its offset and how fast it drifts."""

    node: str
    offset_us: Micros
    drift_ppm: int


class GroupParts(NamedTuple):
    """A resource group: its key, how the script of each resource is called, its disks."""

    key: str
    calls: tuple[str, ...]
    disks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Header:
    """Provenance of a trace.

    Parameters
    ----------
    version : str
        Version of hasim.
    dialect : str
        Version of Heartbeat whose behaviour and wording is simulated.
    seed : int
        Seed of the run.
    scenario : str
        Name of the scenario; may be empty.
    faults : tuple of str
        Lines of the fault schedule.
    configs : tuple of (str, str)
        Digest of each configuration file, by name.
    epoch : str
        Wall clock of a node without offset at time 0, ISO 8601 without zone.
    clocks : tuple of Clock
        Clocks of the nodes.
    until_us : int or None
        Horizon of the run.
    groups : tuple of GroupParts
        The resource groups, in the order of haresources: what monitors must know of them.
    fencible : tuple of str
        Nodes that can be stopped from outside: a STONITH device that another node's ha.cf names
        has a plug for them, or they have a watchdog.
    settled_us : int or None
        The instant from which on the cluster is to have settled, where one was named.
    audits_us : tuple of int
        Instants at which every group is to be served.
    """

    version: str
    dialect: str
    seed: int = 0
    scenario: str = ""
    faults: tuple[str, ...] = ()
    configs: tuple[tuple[str, str], ...] = ()
    epoch: str = "2007-11-26T07:52:21"
    clocks: tuple[Clock, ...] = ()
    until_us: Micros | None = None
    groups: tuple[GroupParts, ...] = ()
    fencible: tuple[str, ...] = ()
    settled_us: Micros | None = None
    audits_us: tuple[Micros, ...] = ()
