"""One node's daemon in the world: its start, its wakes, its ends."""

from __future__ import annotations

from collections.abc import Sequence

from hasim.events import (
    DaemonExited,
    EmergencyEnd,
    EmergencyKilling,
    EmergencyMasterDied,
    RebootAsked,
)
from hasim.protocol import (
    Answer,
    Letter,
    Master,
    Output,
    Request,
    RunHelper,
    RunScript,
    RunStonith,
    StartClient,
)
from hasim.units import MS, SECOND, Micros
from hasim.world import boot, ending
from hasim.world.client_records import ClientState
from hasim.world.hub import Hub
from hasim.world.pauses import Pauses
from hasim.world.records import DaemonState, NodeState

__all__ = [
    "HASTY",
    "LINGER",
    "LOOP_LAG",
    "MASTER_CHECK",
    "OPEN_AFTER",
    "OPEN_ALONE",
    "TWIN",
    "DaemonThing",
]

#: The loop's first pass comes so long after status up.
LOOP_LAG: Micros = 500
#: In so many of a million starts it is over before the first answers are there (recorded: 5 %).
HASTY = 50_000
#: In so many of a million starts the status timer and the others fall on neighbouring ticks.
TWIN = 100_000
#: A wake still serves a request that comes within this time of it, in so many of a million cases:
#: after it has forked, after it has answered a client, and else (semantics 2.2, recorded).
LINGER: Micros = 8 * MS
OPEN_AFTER = {"fork": 350_000, "answer": 100_000, "": 10_000}
#: The same with one processor: a fork gives it to the client, whose request is there afterwards.
OPEN_ALONE = {"fork": 1_000_000, "answer": 0, "": 0}
#: The FIFO child looks for its master so often (semantics 6.6).
MASTER_CHECK: Micros = SECOND


class DaemonThing(Pauses):
    """The daemon of a node (or nothing, while none runs) as a thing of the kernel."""

    __slots__ = ()

    def __init__(self, hub: Hub, state: NodeState) -> None:
        super().__init__(hub, state)
        media = enumerate(hub.configs[state.name].media)
        ports = tuple(i for i, medium in media if medium.kind == "serial")
        self.ring = ports if len(ports) > 1 else ()
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
        if daemon.scans_at is not None or daemon.held is not None:
            return daemon.held if daemon.scans_at is None else daemon.scans_at
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
        if daemon.scans_at is not None:
            self._scan(daemon, now)
            return
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
