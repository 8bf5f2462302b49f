"""Signs that a machine is up: what other programs write, and whether a boot would be seen."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from hasim.units import MINUTE, Micros

__all__ = ["Life", "Signs"]


_SYSLOGS = ("rsyslogd", "syslog-ng", "systemd-journald")


class Life:
    """The minutes in which programs of a host wrote anything, as its clock shows them."""

    __slots__ = ("_last", "kernels", "minutes", "restarts")

    def __init__(self) -> None:
        self.minutes: dict[str, list[int]] = {}
        #: Hosts of which lines of the kernel are there: a boot would be among them.
        self.kernels: dict[str, None] = {}
        #: When the daemon of syslog has started: after a boot, or by hand.
        self.restarts: dict[str, list[Micros]] = {}
        self._last: tuple[str, int] = "", -1

    def see(self, host: str, tag: str, at: Micros, text: str = "") -> None:
        """A program that is not Heartbeat's has written a line."""
        sign = host, at // MINUTE
        if sign != self._last:
            self._last = sign
            self.minutes.setdefault(host, []).append(sign[1])
        if tag == "kernel":
            self.kernels.setdefault(host)
        elif tag in _SYSLOGS and "start" in text:
            self.restarts.setdefault(host, []).append(at)

    def each(self, time: Callable[[Micros], Micros]) -> None:
        """Give each minute another time."""
        for host, minutes in self.minutes.items():
            self.minutes[host] = [time(minute * MINUTE) // MINUTE for minute in minutes]
        for host, times in self.restarts.items():
            self.restarts[host] = [time(at) for at in times]

    def rename(self, names: Mapping[str, str]) -> None:
        """Give hosts other names."""
        for host in [host for host in self.minutes if names.get(host, host) != host]:
            self.minutes.setdefault(names[host], []).extend(self.minutes.pop(host))
            self.restarts.setdefault(names[host], []).extend(self.restarts.pop(host, []))
        self.kernels = {names.get(host, host): None for host in self.kernels}


class Signs(NamedTuple):
    """Of each node the times at which other programs wrote, and those whose boots would be seen."""

    times: Mapping[str, list[Micros]]
    boots: frozenset[str]
    syslogs: Mapping[str, list[Micros]] = {}

    @classmethod
    def of(
        cls,
        lives: Iterable[Life],
        nodes: Mapping[str, str],
        time: Callable[[str, Micros], Micros | None],
    ) -> Signs:
        """Gather those of all files.

        Parameters
        ----------
        lives : iterable of Life
            Of each file.
        nodes : mapping
            The node of every host that the cluster calls by another name.
        time : callable
            From what the clock of a node shows to the time of the reference; None for a host that
            is no node.
        """
        times: dict[str, set[Micros]] = {}
        boots: set[str] = set()
        syslogs: dict[str, set[Micros]] = {}
        for life in lives:
            for host, starts in life.restarts.items():
                node = nodes.get(host, host)
                read = (time(node, at) for at in starts)
                syslogs.setdefault(node, set()).update(at for at in read if at is not None)
            boots |= {nodes.get(host, host) for host in life.kernels}
            for host, minutes in life.minutes.items():
                node = nodes.get(host, host)
                found = (time(node, minute * MINUTE) for minute in minutes)
                times.setdefault(node, set()).update(at for at in found if at is not None)
        return cls(
            {node: sorted(found) for node, found in times.items()},
            frozenset(boots),
            {node: sorted(found) for node, found in syslogs.items()},
        )

    def restarts(self, node: str, begin: Micros, end: Micros) -> bool:
        """Tell whether the daemon of syslog has started on a node between two times."""
        return any(begin < at <= end for at in self.syslogs.get(node, ()))

    @property
    def end(self) -> Micros | None:
        """The last minute in which anybody wrote anything."""
        return max((found[-1] for found in self.times.values() if found), default=None)

    def last(self, node: str, begin: Micros, end: Micros) -> Micros | None:
        """Return the end of the last minute between two times in which a node wrote anything."""
        times = self.times.get(node, [])
        i = bisect_left(times, end - MINUTE) - 1
        return times[i] + MINUTE if i >= 0 and times[i] > begin else None
