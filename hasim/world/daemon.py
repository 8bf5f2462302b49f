"""One node's daemon in the world: its start, its I/O children, and the master that wakes."""

from __future__ import annotations

from collections.abc import Sequence

from hasim.events import (
    DaemonContinued,
    DaemonExited,
    DaemonStopped,
    EmergencyEnd,
    EmergencyKilling,
    EmergencyMasterDied,
    RebootAsked,
)
from hasim.protocol import (
    Answer,
    Letter,
    Master,
    Message,
    Output,
    Request,
    RunHelper,
    RunScript,
    RunStonith,
    StartClient,
)
from hasim.units import MS, SECOND, Micros
from hasim.world import boot, children, ending
from hasim.world.acting import Acting
from hasim.world.client_records import ClientState
from hasim.world.hub import Hub
from hasim.world.records import ChildState, DaemonState, NodeState

__all__ = [
    "HASTY",
    "LINGER",
    "LOOP_LAG",
    "MASTER_CHECK",
    "OPEN_AFTER",
    "OPEN_ALONE",
    "QUEUE_READ",
    "SCAN_FIRST",
    "SIGCONT",
    "SIGSTOP",
    "TWIN",
    "DaemonThing",
]

#: The loop's first pass comes so long after status up.
LOOP_LAG: Micros = 500
#: In so many of a million starts it is over before the first answers are there (recorded: 5 %).
HASTY = 50_000
#: In so many of a million starts the status timer and the others fall on neighbouring ticks.
TWIN = 100_000
#: After a stall the queues are read for so long before the scan runs.
QUEUE_READ: Micros = 3 * MS
#: A wake still serves a request that comes within this time of it, in so many of a million cases:
#: after it has forked, after it has answered a client, and else (semantics 2.2, recorded).
LINGER: Micros = 8 * MS
OPEN_AFTER = {"fork": 350_000, "answer": 100_000, "": 10_000}
#: The same with one processor: a fork gives it to the client, whose request is there afterwards.
OPEN_ALONE = {"fork": 1_000_000, "answer": 0, "": 0}
#: In so many of a million cases a master that is continued scans before it reads (recorded: 5 of
#: 13); a node that thaws as a whole never does (recorded: 15 of 15).
SCAN_FIRST = 385_000
SIGCONT, SIGSTOP = 18, 19
#: The FIFO child looks for its master so often (semantics 6.6).
MASTER_CHECK: Micros = SECOND


class DaemonThing(Acting):
    """The daemon of a node (or nothing, while none runs) as a thing of the kernel."""

    __slots__ = ()

    def __init__(self, hub: Hub, state: NodeState) -> None:
        super().__init__(hub, state)
        daemon = state.daemon
        if daemon is not None and daemon.master is not None:
            self.machine = Master(boot.setting(hub, state.name, daemon), daemon.master)

    # ---- the thing ------------------------------------------------------------------------------

    @property
    def deadline(self) -> Micros | None:
        """The next step of the start, the next timer of the master, or a wake asked for."""
        daemon = self.state.daemon
        if daemon is None or self.state.hung or daemon.stopped:
            return None
        if daemon.held is not None:
            return daemon.held
        due, asked, machine = daemon.stage_due, daemon.wake_at, self.machine
        if due is None and asked is None and machine is not None:
            return machine.deadline
        if daemon.stage == "running" and machine is not None:
            timer = machine.deadline
            if timer is not None and (due is None or timer < due):
                due = timer
            if asked is not None and (due is None or asked < due):
                due = asked
        return due

    def fire(self, now: Micros) -> None:
        """Take the next step of the start, or wake the master."""
        daemon = self.state.daemon
        assert daemon is not None
        self._back(daemon, now)
        if daemon.stage == "running" and self.machine is not None:
            if daemon.echoes:
                self._hear_echoes(daemon)
            if daemon.stage_due is not None and daemon.stage_due <= now:
                self._start_children(daemon, now)
                timer, asked = self.machine.deadline, daemon.wake_at
                due = (timer is not None and timer <= now) or (asked is not None and asked <= now)
                if not due:
                    return
            daemon.wake_at = None
            if daemon.open_until is not None and daemon.open_until < now:
                daemon.open_until, daemon.open_ppm = None, 0
            outputs = self.machine.wake(now)
            if outputs:
                self._carry_out(now, outputs)
                self._linger(now, outputs)
            # The master is still awake when what it has sent comes back on a bcast medium.
            while daemon.echoes and self.machine is not None:
                self._hear_echoes(daemon)
                self._carry_out(now, self.machine.read_on(now))
            return
        match daemon.stage:
            case "parent":
                boot.validated(self.hub, self.state, daemon, now)
            case "forked":
                boot.begun(self.hub, self.state, daemon, now)
            case "master":
                boot.counted(self.hub, self.state, daemon, now)
            case "counted":
                boot.open_media(self.hub, self.state, daemon, now)
            case "opened":
                self._announce(daemon, now)
            case "announced":
                self._up(daemon, now)
            case "orphaned":
                self._emergency(daemon, now)
            case "ending":
                self._ended(daemon, now)
            case "resting":
                self._anew(daemon, now)
            case "rebooting":
                asked = self.hub.truth(
                    now, RebootAsked(self.state.name), daemon.cause, self.state.name
                )
                self.hub.jobs.reboot(self.state.name, now, asked)
            case _:
                raise AssertionError(daemon.stage)

    # ---- start ----------------------------------------------------------------------------------

    def begin(self, now: Micros, cause: int | None) -> None:
        """Run the init script's start; a running daemon is left alone."""
        if self.state.daemon is None:
            boot.begin(self.hub, self.state, now, cause)
            self.hub.touch(self)

    def _announce(self, daemon: DaemonState, now: Micros) -> None:
        """Send the first packet of this life, status init."""
        name = self.state.name
        table, draws = self.hub.configs[name].table, self.hub.draws
        base = f"{name}/boot{daemon.boot}/ack"
        digits = {
            e.name: draws.below(pin, 10) if (fixed := draws.pinned(pin)) is None else fixed
            for e in table
            if (pin := f"{base} {e.name}")
        }
        assert self.state.storage.generation is not None
        setting = boot.setting(self.hub, name, daemon)
        self.machine = Master.boot(setting, self.state.storage.generation, digits, daemon.keep)
        daemon.master = self.machine.state
        daemon.master.tag = daemon.cause
        daemon.stage, daemon.stage_due = "announced", daemon.up_at
        for medium in range(len(daemon.writers)):
            self._start_children_of(daemon, medium, now)
        self._carry_out(now, self.machine.announce_init(now))

    def _up(self, daemon: DaemonState, now: Micros) -> None:
        assert self.machine is not None
        name = f"{self.state.name}/boot{daemon.boot}"
        hasty = self.hub.draws.chance(f"{name}/hasty", HASTY)
        daemon.stage, daemon.wake_at = "running", now + (0 if hasty else LOOP_LAG)
        self._start_children(daemon, now)
        lag = self.hub.draws.between(f"{name}/grid-phase", 0, boot.TICK - 1)
        twin = boot.TICK if self.hub.draws.chance(f"{name}/twin", TWIN) else 0
        creep = self.machine.setting.creep
        done = self.hub.draws.below(f"{name}/crept", creep) if creep else 0
        self._carry_out(now, self.machine.start(now, lag, twin, done))
        # What peers have sent meanwhile is there already; echoes and answers take a moment.
        self._carry_out(now, self.machine.read_on(now))
        for name, why in daemon.early:
            self._signal(now, name, why)

    # ---- children and sockets -------------------------------------------------------------------

    def _start_children(self, daemon: DaemonState, now: Micros) -> None:
        """Let the I/O children whose time has come begin to work."""
        for medium in range(len(daemon.writers)):
            self._start_children_of(daemon, medium, now)
        everybody: list[ChildState] = [*daemon.writers, *daemon.readers]
        due = (c.ready_at for c in everybody if not c.ready and c.ready_at < children.NEVER)
        daemon.stage_due = min(due, default=None)

    def _start_children_of(self, daemon: DaemonState, medium: int, now: Micros) -> None:
        writer, reader = daemon.writers[medium], daemon.readers[medium]
        if not writer.ready and writer.ready_at <= now:
            writer.ready = True
            unsent, daemon.unsent[medium] = daemon.unsent[medium], []
            for message in unsent:
                self.hub.carrier.emit(self.state.name, medium, message, now)
        if not reader.ready and reader.ready_at <= now:
            reader.ready = True
            self._empty_socket(daemon, medium)

    def _empty_socket(self, daemon: DaemonState, medium: int) -> None:
        """Hand over to the master what waited in the kernel."""
        waiting, daemon.sockets[medium] = daemon.sockets[medium], []
        if self.machine is not None:
            for message in waiting:
                self.machine.deliver(medium, message)

    def arrive(self, medium: int, message: Message) -> None:
        """A packet reaches this node's socket; a running read child hands it on at once."""
        daemon = self.state.daemon
        if daemon is None or not daemon.readers:
            return
        still = self.state.hung or daemon.stopped
        if still or self.machine is None or not daemon.readers[medium].ready:
            daemon.sockets[medium].append(message)
        else:
            self.machine.state.inboxes[medium].append(message)

    def echo(self, medium: int, message: Message) -> None:
        """A medium that loops back has heard this node itself; the read child brings it in."""
        daemon = self.state.daemon
        if daemon is not None and daemon.readers:
            daemon.echoes.append((medium, message))

    def _hear_echoes(self, daemon: DaemonState) -> None:
        """Hand over what the node has heard of itself."""
        echoes, daemon.echoes = daemon.echoes, []
        for medium, message in echoes:
            DaemonThing.arrive(self, medium, message)

    # ---- wakes ----------------------------------------------------------------------------------

    def fifo(self, now: Micros, letter: Letter) -> None:
        """A script writes to the FIFO; where no daemon runs, nobody ever reads it."""
        daemon = self.state.daemon
        if self.machine is not None and daemon is not None and daemon.stage == "running":
            self.machine.fifo(letter)

    def helper_exited(self, now: Micros, kind: str, origin: str) -> None:
        """A helper process has exited; its signal wakes the master."""
        if self.machine is not None:
            self.machine.child_exited(kind, origin, self.hub.ended_by)
            self._wake(now)

    def stonith_exited(self, now: Micros, peer: str, pid: int, code: int) -> None:
        """A child that worked the STONITH device has exited; its signal wakes the master."""
        if self.machine is not None:
            self.machine.stonith_ended(peer, pid, code, self.hub.ended_by)
            self._wake(now)

    def signed_on(self, now: Micros, client: ClientState, name: str, kept: bool) -> None:
        """A client signs on, which wakes the master."""
        if self.machine is not None:
            self.machine.client_signed_on(name, client.pid, client.birth.user, kept, client.line)
            self._wake(now)

    def request(self, now: Micros, request: Request) -> None:
        """A client asks for something; only a wake that is still open serves it at once."""
        daemon = self.state.daemon
        if self.machine is None or daemon is None:
            return
        self.machine.request(request)
        name = f"{self.state.name}/boot{daemon.boot}/served at once"
        open_ = daemon.open_until is not None and now <= daemon.open_until
        if open_ and self.hub.draws.chance(name, daemon.open_ppm, now - daemon.up_at):
            self._wake(now)

    def client_exited(
        self, now: Micros, command: str, pid: int, code: int | None, signal: int | None
    ) -> None:
        """A respawn client has ended; its signal wakes the master."""
        if self.machine is not None:
            self.machine.client_ended(command, pid, code, signal)
            self._wake(now)

    def stop(self, now: Micros, cause: int | None) -> None:
        """The init script's stop: SIGTERM to the master (semantics 6.1)."""
        self._signal(now, "TERM", cause)

    def reload(self, now: Micros, cause: int | None, changed: bool = False) -> None:
        """The init script's reload: SIGHUP to the master, with a changed ha.cf or without (6.5)."""
        self._signal(now, "HUP config" if changed else "HUP", cause)

    def _signal(self, now: Micros, name: str, why: int | None) -> None:
        """Hand a signal to the master; one that still starts takes it when it can."""
        daemon = self.state.daemon
        if daemon is None:
            return
        if daemon.stage == "running" and self.machine is not None:
            self.machine.signal(name, why)
            self._wake(now)
        elif daemon.stage not in ("orphaned", "ending", "resting"):
            daemon.early.append((name, why))

    def _linger(self, now: Micros, outputs: Sequence[Output]) -> None:
        """A wake that had much to do is still open when the next request comes (semantics 2.2)."""
        daemon = self.state.daemon
        if daemon is None or self.machine is None or not self.machine.state.signed_on:
            return
        why = ""
        for output in outputs:
            if isinstance(output, (RunScript, RunHelper, RunStonith, StartClient)):
                why = "fork"
                break
            if isinstance(output, Answer):
                why = "answer"
        table = OPEN_ALONE if self.hub.site.daemon.processors == 1 else OPEN_AFTER
        daemon.open_until, daemon.open_ppm = now + LINGER, table[why]

    def clock_set_back(self) -> None:
        """The node's wall clock was set back."""
        if self.machine is not None:
            self.machine.clock_set_back()

    def _wake(self, now: Micros) -> None:
        daemon = self.state.daemon
        if daemon is not None and daemon.stage == "running":
            daemon.wake_at = now
            self.hub.touch(self)

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
                daemon.held = daemon.wake_at = now + (QUEUE_READ if stalled else 0)
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
            assert self.machine is not None
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

    # ---- ends -----------------------------------------------------------------------------------

    def killed(self, now: Micros, role: str, cause: int) -> None:
        """SIGKILL for the master (its FIFO child notices) or for every process (semantics 6.6)."""
        daemon = self.state.daemon
        if daemon is None:
            return
        if daemon.stage == "orphaned":  # the master is dead already
            if role == "all":
                self.gone()
            return
        exited = DaemonExited(self.state.name, daemon.pid, "killed")
        daemon.cause = self.state.last_truth = self.hub.truth(now, exited, cause, self.state.name)
        self.hub.watchdogs[self.state.name].close(now, False, daemon.cause)
        self.hub.clients.daemon_gone(self.state.name)
        if role == "master" and daemon.stage in ("announced", "running"):
            name = f"{self.state.name}/boot{daemon.boot}/master-missed"
            daemon.stage, daemon.wake_at = "orphaned", None
            daemon.stage_due = now + self.hub.draws.between(name, 0, MASTER_CHECK)
            daemon.master = self.machine = None
            self.hub.touch(self)
        else:
            self.gone()

    def _emergency(self, daemon: DaemonState, now: Micros) -> None:
        """The FIFO child misses its master, kills its siblings and itself (semantics 6.6)."""
        pairs = zip(daemon.writers, daemon.readers, strict=True)
        left = [c.pid for pair in pairs for c in pair if not c.gone]
        said = [
            EmergencyMasterDied(),
            *(EmergencyKilling(p) for p in (daemon.pid, *left)),
            EmergencyEnd(),
        ]
        boot.say(self.hub, self.state, now, daemon.fifo_pid, list(said))
        self.gone()

    def _ended(self, daemon: DaemonState, now: Micros) -> None:
        """The children have gone: the master exits, or rests before its next life.

        Clients that an emergency has left behind linger (semantics 6.1, 6.6).
        """
        self.machine = daemon.master = None
        self.hub.clients.daemon_gone(self.state.name)
        ending.exited(self.hub, self.state, daemon, now)
        self.hub.watchdogs[self.state.name].close(now, False, daemon.cause)
        if daemon.then:
            ending.say_restart(self.hub, self.state, daemon, now)
            daemon.stage = "resting"
            daemon.stage_due = now + ending.rest_of(self.hub, self.state, daemon)
        else:
            self.gone()

    def _anew(self, daemon: DaemonState, now: Micros) -> None:
        """The same process begins its next life (semantics 6.4)."""
        boot.begin(self.hub, self.state, now, daemon.cause, daemon)
        self.hub.touch(self)

    def gone(self) -> None:
        """The daemon's processes are no more."""
        self.machine = None
        self.state.daemon = None
        self.hub.touch(self)
