"""The SimPy kernel: integer microseconds, one total order, thin processes over data.

A *thing* is data with a ``deadline`` and a ``fire``; its SimPy process is only the loop that sleeps
until the deadline and fires.  Nothing lives in a generator's locals, so a world can be taken apart
into plain data and put together again at any instant.  Equal times are ordered by an explicit key
(class, entity), through SimPy's integer priority: never by insertion.
"""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappush
from typing import Protocol

import simpy
from simpy.events import Event as SimEvent

from hasim.units import Micros

__all__ = ["ORDER", "Kernel", "Slot", "Thing"]

#: Classes of equal-time order: the world changes first, then packets arrive, then processes end,
#: and only then does a daemon look: a deadline loses every tie.
ORDER = {"fault": 1, "fence": 2, "node": 3, "medium": 4, "job": 5, "client": 6, "daemon": 7}
_ENTITIES = 1 << 32


class Thing(Protocol):
    """Data that acts at instants of its own."""

    @property
    def deadline(self) -> Micros | None:
        """The next instant at which to fire; None: not before somebody else changes it."""

    def fire(self, now: Micros) -> None:
        """Act at the deadline."""


class Slot:
    """Binds a thing to its SimPy process and keeps the one event the process sleeps on."""

    __slots__ = ("_event", "_kernel", "_rank", "alive", "due", "firing", "thing")

    def __init__(self, kernel: Kernel, thing: Thing, rank: int) -> None:
        self._kernel = kernel
        self._rank = rank
        self._event = _ready(kernel.env)
        self.thing = thing
        self.due: Micros | None = None
        self.alive = True
        self.firing = True  # until the process has started: it arms itself then
        kernel.env.process(self._live())

    def _live(self) -> Generator[SimEvent, object, None]:
        """Sleep until the thing's deadline, fire, again: the whole life of every process."""
        thing, kernel, env = self.thing, self._kernel, self._kernel.env
        while self.alive:
            self._arm(thing.deadline)
            self.firing = False
            yield self._event
            self.firing = True
            self._event.callbacks = []  # the event has been taken off the schedule: use it again
            if self.alive:
                kernel.fired += 1
                thing.fire(env._now)  # type: ignore[arg-type]

    def touch(self) -> None:
        """The thing's deadline may have changed: sleep until the new one."""
        if self.firing:
            return
        due = self.thing.deadline
        if due != self.due:
            if self.due is not None:
                # The old event stays on the schedule and wakes nobody.
                sleeping, self._event = self._event, _ready(self._kernel.env)
                self._event.callbacks, sleeping.callbacks = sleeping.callbacks, []
            self._arm(due)

    def end(self) -> None:
        """The thing is gone; its process never fires again."""
        self.alive = False
        if not self.firing:
            self._event.callbacks = []

    def _arm(self, due: Micros | None) -> None:
        """Put the event on the schedule; one without a deadline waits to be touched."""
        self.due = due
        if due is not None:
            env = self._kernel.env
            # What ``env.schedule`` does, without its detour over a delay.
            at = due if due > env._now else env._now
            heappush(env._queue, (at, self._rank, next(env._eid), self._event))  # type: ignore[misc]


def _ready(env: simpy.Environment) -> SimEvent:
    """Return an event that can be put on the schedule at any time."""
    event = SimEvent(env)
    event._ok, event._value = True, None
    return event


class Kernel:
    """A SimPy environment whose clock is an ``int`` of microseconds."""

    def __init__(self, now: Micros = 0) -> None:
        self.env = simpy.Environment(initial_time=now)
        #: how many times a thing has fired; the unit in which cost is bounded
        self.fired = 0

    @property
    def now(self) -> Micros:
        """The present instant."""
        return self.env.now  # type: ignore[return-value]

    def add(self, thing: Thing, order: str, entity: int) -> Slot:
        """Give a thing its process; `entity` orders things of one class at equal times."""
        assert 0 <= entity < _ENTITIES
        return Slot(self, thing, ORDER[order] * _ENTITIES + entity)

    def run(self, until: Micros) -> None:
        """Run up to, and not including, the instant `until`; nothing happens if it has passed."""
        if until > self.now:
            self.env.run(until=until)
