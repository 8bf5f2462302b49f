"""A daemon whose processes stand still, go on again, or die one by one (semantics 4.8, 6.6)."""

from __future__ import annotations

from hasim.events import DaemonContinued, DaemonStopped
from hasim.units import Micros
from hasim.world import children
from hasim.world.records import DaemonState
from hasim.world.sockets import Sockets

__all__ = ["QUEUE_READ", "SCAN_BEGINS", "SCAN_FIRST", "SIGCONT", "SIGSTOP", "Pauses"]

#: After a stall the queues are read for so long before the scan runs, 5 % / 50 % / 95 % (recorded).
QUEUE_READ = (1300, 4200, 9000)
#: In so many of a million cases a master that is continued scans before it reads (recorded: 5 of
#: 13); a node that thaws as a whole never does (recorded: 15 of 15).
SCAN_FIRST = 385_000
#: Its scan comes so long after it goes on (recorded).
SCAN_BEGINS = (4800, 7000)
SIGCONT, SIGSTOP = 18, 19


class Pauses(Sockets):
    """The daemon of a node as far as its processes are stopped, continued and killed singly."""

    __slots__ = ()

    def thawed(self, now: Micros) -> None:
        """The node's processes run again (semantics 4.8).

        The own status goes out first; the read children empty their sockets and bring in answers
        to it before the master gets to its scan.
        """
        daemon = self.state.daemon
        if daemon is not None and daemon.stage == "running" and not daemon.stopped:
            assert self.machine is not None
            struck, daemon.struck = daemon.struck, []
            for role, device, signal, why in struck:
                self.child_killed(now, role, device, signal, why)
            for medium, reader in enumerate(daemon.readers):
                if reader.ready:
                    self._empty_socket(daemon, medium)
            # What it says and finds from now on follows from the pause.
            daemon.cause = self.machine.state.tag = self.state.last_truth
            timer = self.machine.deadline
            if timer is not None and timer <= now:
                self._carry_out(now, self.machine.beat(now))
                # Only what makes the master fork keeps it reading until answers are there.
                stalled = now - timer > self.hub.configs[self.state.name].deadtime
                name = f"{self.state.name}/boot{daemon.boot}/queue read"
                reads = self.hub.draws.spread(name, *QUEUE_READ) if stalled else 0
                daemon.held = daemon.wake_at = now + reads
        self.hub.touch(self)

    def stopped(self, now: Micros, number: int, cause: int) -> None:
        """SIGSTOP for the master and its children; clients and scripts go on."""
        daemon = self.state.daemon
        if daemon is not None and self.machine is not None:
            daemon.stopped.append(number)
            stood = DaemonStopped(self.state.name)
            self.state.last_truth = self.hub.truth(now, stood, cause, self.state.name)
            self.hub.touch(self)

    def continued(self, now: Micros, cause: int, number: int | None = None) -> None:
        """SIGCONT: the processes run again, unless another cause still holds them.

        The master may get to its scan before its read children have brought in what lay in the
        kernel's sockets: then it finds everybody dead, and hears them afterwards (semantics 4.8).
        """
        daemon = self.state.daemon
        if daemon is None or not daemon.stopped or number not in (None, *daemon.stopped):
            return
        daemon.stopped = [n for n in daemon.stopped if number not in (None, n)]
        if daemon.stopped:
            return
        again = DaemonContinued(self.state.name)
        self.state.last_truth = self.hub.truth(now, again, cause, self.state.name)
        name = f"{self.state.name}/boot{daemon.boot}/scan first"
        if self.hub.draws.chance(name, SCAN_FIRST, now - daemon.up_at):
            daemon.scans_at = now + self.hub.draws.between(f"{name}/begins", *SCAN_BEGINS)
            self.hub.touch(self)
        else:
            self.thawed(now)

    def _scan(self, daemon: DaemonState, now: Micros) -> None:
        """Look for silence before the sockets are read, then read them."""
        daemon.scans_at = None
        if self.machine is not None:  # else it was killed before it got that far
            daemon.cause = self.machine.state.tag = self.state.last_truth
            self._carry_out(now, self.machine.scan_first(now))
        self.thawed(now)

    def child_killed(
        self, now: Micros, role: str, device: str, signal: int, cause: int | None
    ) -> None:
        """A signal for one child: the FIFO's, or one of a medium's (semantics 6.6)."""
        daemon = self.state.daemon
        if daemon is None or daemon.stage != "running" or self.machine is None:
            return
        if self.state.hung or daemon.stopped:
            daemon.struck.append((role, device, signal, cause))
            return
        if signal in (SIGSTOP, SIGCONT):
            children.set_going(self.hub, self.state, daemon, role, device, signal == SIGCONT, now)
        else:
            before, daemon.cause = daemon.cause, cause
            if children.killed(self.hub, self.state, daemon, role, device, signal, now):
                self.machine.signal("CORE", daemon.cause)
            else:
                daemon.cause = before
            self._wake(now)
        self._start_children(daemon, now)
        self.hub.touch(self)
