"""Carrying out what a master wants done: sending, forking, telling, and saying what happened."""

from __future__ import annotations

from collections.abc import Sequence

from hasim.config import HACLUSTER
from hasim.events import (
    ClientKilling,
    ClientNotRunning,
    ClientStarting,
    EmergencyTimeout,
    LinkDead,
    LocalStatus,
    NodeDead,
    PacketReceived,
    PartitionReturn,
    ShutdownDelayed,
    ShutdownInProgress,
    WatchdogOpened,
    WatchdogUnopened,
)
from hasim.protocol import (
    Answer,
    CloseWatchdog,
    Exit,
    Happened,
    KillChildren,
    Master,
    Message,
    OpenWatchdog,
    Output,
    Reboot,
    RefuseClient,
    RunHelper,
    RunScript,
    RunStonith,
    Send,
    Silence,
    StartClient,
    StopClient,
    TellClients,
    Tickle,
)
from hasim.trace import Source
from hasim.units import Micros
from hasim.world import ending, respawning
from hasim.world.hub import Hub
from hasim.world.records import DaemonState, NodeState

__all__ = ["HACLUSTER", "Acting"]

#: Messages whose origin in the trace is the sender's last change of status.
_CARRY_NO_CAUSE = frozenset({"status", "NS_st", "NS_rexmit", "NS_nak_rexmit", "NS_ackmsg"})
#: What turns the course of a daemon: whatever it does of itself later follows from it.
_TURNS = (LocalStatus, PartitionReturn, ShutdownDelayed, ShutdownInProgress, EmergencyTimeout)
_SIGTERM = 15
#: What follows from the message that asked for it where the daemon has said nothing yet.
_ASKED = RunScript | RunHelper | RunStonith | CloseWatchdog


class Acting:
    """The daemon of a node as far as it does what its master wants."""

    __slots__ = ("hub", "machine", "state")

    def __init__(self, hub: Hub, state: NodeState) -> None:
        self.hub = hub
        self.state = state
        self.machine: Master | None = None

    def _carry_out(self, now: Micros, outputs: Sequence[Output]) -> None:
        """Do what the master wants done, in order, and record what happened with its cause."""
        if not outputs:
            return
        daemon = self.state.daemon
        assert daemon is not None
        if daemon.stage == "rebooting":
            return
        read: dict[int, int] = {}
        latest = daemon.cause
        for output in outputs:
            if isinstance(output, Send):
                message = output.message
                # What a script or a client wrote has its own cause; else it is what came last.
                own = daemon.master is None or message.tag == daemon.master.tag
                if own and latest is not None and message.type not in _CARRY_NO_CAUSE:
                    message = message._replace(tag=latest)
                self._transmit(daemon, message, now)
            elif isinstance(output, Happened):
                source = Source(self.state.name, "heartbeat", daemon.pid)
                cause = self._cause(daemon, now, source, output, read)
                # A silence that nothing physical explains has no cause; what follows has.
                if cause is None and not isinstance(output.event, (LinkDead, NodeDead)):
                    cause = latest
                if isinstance(output.event, ShutdownInProgress):
                    cause = self._delayed(daemon, cause)
                latest = seq = self.hub.record(now, source, output.event, cause)
                if isinstance(output.event, _TURNS) and daemon.master is not None:
                    daemon.cause = seq
                    if isinstance(output.event, LocalStatus):
                        daemon.master.tag = seq
            elif isinstance(output, TellClients):
                told, cause = output.message, latest
                if told.seqno and told.origin != self.state.name:
                    source = Source(self.state.name, "heartbeat", daemon.pid)
                    cause = self._read(now, source, output.medium, told, read)
                self.hub.clients.tell(self.state.name, now, told, cause)
            elif isinstance(output, Reboot):
                # Whatever else this wake had brought is never done.
                daemon.stage, daemon.wake_at = "rebooting", None
                daemon.stage_due, daemon.cause = now + output.wait_us, latest
                return
            else:
                cause = latest
                if isinstance(output, _ASKED) and latest == daemon.cause:
                    cause = self._asked_by(daemon, now, output, read)
                self._do(daemon, now, output, cause)

    def _asked_by(
        self,
        daemon: DaemonState,
        now: Micros,
        job: RunScript | RunHelper | RunStonith | CloseWatchdog,
        read: dict[int, int],
    ) -> int | None:
        """Return the record that a job follows from where the daemon has said nothing yet."""
        why = job.why
        if why is None or isinstance(why, int):
            return daemon.cause if why is None else why
        if why.origin == self.state.name:
            return daemon.cause if why.tag is None else why.tag
        source = Source(self.state.name, "heartbeat", daemon.pid)
        return self._read(now, source, job.medium, why, read)

    def _delayed(self, daemon: DaemonState, cause: int | None) -> int | None:
        """Return what a shutdown follows from: one that had to wait, from what it was asked for."""
        before = daemon.cause
        if before is None:
            return cause
        waited = isinstance(self.hub.recorder.records[before].event, ShutdownDelayed)
        return before if waited else cause

    def _do(self, daemon: DaemonState, now: Micros, output: Output, cause: int | None) -> None:
        """Fork, tell, stop: what the master wants of its node."""
        hub, state = self.hub, self.state
        match output:
            case RunScript():
                hub.jobs.run_script(state, now, output, cause)
            case RunHelper():
                hub.jobs.run_helper(state, now, output, cause)
            case RunStonith():
                hub.jobs.run_stonith(state, now, output, cause)
            case Answer():
                hub.clients.answer(state.name, now, output, cause)
            case StartClient():
                self._start_client(daemon, now, output, cause)
            case RefuseClient():
                hub.clients.refused(state.name, now, output.pid, cause)
            case StopClient():
                self._stop_client(daemon, now, output.command, cause)
            case Tickle():
                hub.watchdogs[state.name].feed(now)
            case OpenWatchdog():
                self._open_watchdog(daemon, now, output, cause)
            case CloseWatchdog():
                hub.watchdogs[state.name].close(now, True, cause)
            case KillChildren():
                ending.kill_children(hub, state, daemon, now)
            case Exit():
                daemon.then, daemon.keep = output.restart, None
                if output.restart == "quick":
                    daemon.keep = output.keep
            case _:
                raise AssertionError(output)

    def _open_watchdog(
        self, daemon: DaemonState, now: Micros, output: OpenWatchdog, cause: int | None
    ) -> None:
        """Arm the node's watchdog and say so, or say that there is none (semantics 10)."""
        source, armed = Source(self.state.name, "heartbeat", daemon.pid), WatchdogOpened
        dog = self.hub.watchdogs[self.state.name]
        event = armed if dog.open(now, output.limit_us, cause) else WatchdogUnopened
        self.hub.record(now, source, event(output.device), cause)

    def _start_client(
        self, daemon: DaemonState, now: Micros, start: StartClient, cause: int | None
    ) -> None:
        hub, state = self.hub, self.state
        birth = respawning.birth_of(hub.configs[state.name], start.command)
        assert birth.uid is not None
        assert birth.gid is not None
        source = Source(state.name, "heartbeat", daemon.pid)
        starting = ClientStarting(start.command, birth.uid, birth.gid)
        seq = hub.record(now, source, starting, cause)
        hub.clients.start(state, now, start.command, start.late, seq, birth)
        if start.slow:
            respawning.fork_long(hub, state, daemon, now, start.command)
            daemon.forked = seq

    def _back(self, daemon: DaemonState, now: Micros) -> None:
        """The master is done with what has held it; a fork that took long is complained about."""
        daemon.held = None
        if daemon.forking is not None:
            respawning.complain(self.hub, self.state, daemon, now)

    def _stop_client(
        self, daemon: DaemonState, now: Micros, command: str, cause: int | None
    ) -> None:
        source, name = Source(self.state.name, "heartbeat", daemon.pid), self.state.name
        clients = (c for c in self.hub.state.clients if c.node == name and c.command == command)
        pid = next((c.pid for c in clients), None)
        if pid is None:
            self.hub.record(now, source, ClientNotRunning(command), cause)
            return
        seq = self.hub.record(now, source, ClientKilling(command, pid, _SIGTERM), cause)
        self.hub.clients.stop(self.state, now, command, seq)

    def _transmit(self, daemon: DaemonState, message: Message, now: Micros) -> None:
        """Hand a message to every write child."""
        for medium, writer in enumerate(daemon.writers):
            if writer.ready:
                self.hub.carrier.emit(self.state.name, medium, message, now)
            else:
                daemon.unsent[medium].append(message)

    def _cause(
        self,
        daemon: DaemonState,
        now: Micros,
        source: Source,
        happened: Happened,
        read: dict[int, int],
    ) -> int | None:
        """Return the record that provoked an event, making one for a packet that has none yet.

        None for what the daemon did of itself: that follows from what it did just before.
        """
        why = happened.why
        if why is None or isinstance(why, int):
            return why
        if isinstance(why, Message) and why.origin == self.state.name:
            return None if daemon.master is None or why.tag == daemon.master.tag else why.tag
        if isinstance(why, Silence):
            return self.hub.why_silent(self.state.name, why)
        return self._read(now, source, happened.medium, why, read)

    def _read(
        self, now: Micros, source: Source, medium: str, why: Message, read: dict[int, int]
    ) -> int | None:
        """Return the record of a packet's arrival, made when it first is of consequence."""
        seq = read.get(id(why))
        if seq is None:
            received = PacketReceived(
                why.origin,
                why.type,
                why.generation,
                why.seqno or None,
                medium,
                why.sent_at,
            )
            seq = read[id(why)] = self.hub.record(now, source, received, why.tag)
        return seq
