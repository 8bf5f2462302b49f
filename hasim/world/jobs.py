"""Processes of a node apart from its daemon and clients: scripts, helpers, what they call.

One interpreter takes the steps of all of them.  A step is a plain tuple:

=====================================  ===========================================================
``("line", gap, program, event, ...)``  a line of the log, after a gap: a point of the process
``("call", gap, script, ...)``          a resource script is called: a point; what it does follows
``("at", thousandths, what, ...)``      within a call: at this part of its duration
``("pause", gap, act, ...)``            after a gap, without a point
``("wait", us, act, ...)``              after exactly so long
``("do", act, ...)``                    at once
``("exit", gap, act, ...)``             the end, which the daemon hears of
``("never",)``                          nothing any more: a script that hangs
=====================================  ===========================================================

Gaps are draws named by process, number of the point and what it is (``node1/harc3/0 line``); they
count from the point before.  What follows a child or a call that is no point comes after its end.
"""

from __future__ import annotations

from typing import Any, Protocol

from hasim import events as ev
from hasim.protocol import RunHelper, RunScript, RunStonith
from hasim.trace import Source
from hasim.units import SECOND, Micros
from hasim.world.boot import follow, take_pids
from hasim.world.hub import Hub
from hasim.world.records import JobState, NodeState, Step
from hasim.world.scripts import agents, programs, stonith
from hasim.world.scripts.shell import Shell, Steps
from hasim.world.scripts.times import call_time, gap_time

__all__ = ["JobThing", "Processes", "Rebooter"]

#: Process numbers that a process and the commands inside it use up.
_PIDS = {"harc": 15, "mach_down": 25, "ResourceManager": 27, "hb_standby": 14, "init": 0}
#: The init script's processes have numbers so far below the daemon's first.
_BEFORE = 76
#: Of the time of a process that is known as a whole and of no call in it, so many thousandths
#: lie before its calls (recorded): req_our_resources, and the init script with one group.
_OWN_HEAD, _INIT_HEAD, _INIT_NEXT = 930, 604, 75
#: Now and then the init script sleeps a second after its calls.
_ASLEEP: Micros = SECOND


class Rebooter(Protocol):
    """A machine, as what can reboot."""

    def reboot(self, now: Micros, cause: int | None) -> None:
        """Go down at once and boot again."""


class JobThing:
    """One process as a thing of the kernel."""

    __slots__ = ("hub", "owner", "state")

    def __init__(self, owner: Processes, state: JobState) -> None:
        self.owner = owner
        self.hub = owner.hub
        self.state = state

    @property
    def deadline(self) -> Micros | None:
        """The next step; a hung node's processes stand still."""
        return None if self.hub.state.nodes[self.state.node].hung else self.state.due

    def fire(self, now: Micros) -> None:
        """Take the next step."""
        self.owner.step(self.state, now)


class Processes:
    """All processes of a world that run scripts."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.machines: dict[str, Rebooter] = {}
        self.things: dict[int, JobThing] = {}
        for state in hub.state.jobs:
            self._live(state)

    # ---- what the daemon and others start --------------------------------------------------------

    def run_script(
        self, node: NodeState, now: Micros, output: RunScript, cause: int | None
    ) -> None:
        """Fork a child that runs harc with an rc.d script (semantics 5.3)."""
        job = self.fork(node, now, "harc", programs.harc(output), cause)
        job.boot, job.origin, job.what = _life(node), output.origin, output.script
        source = Source(node.name, "heartbeat", job.pid)
        self.hub.record(now, source, ev.NotifyWorldDebug(), cause)
        self.wake(job, now)

    def run_helper(
        self, node: NodeState, now: Micros, output: RunHelper, cause: int | None
    ) -> None:
        """Fork a copy of the master that works on resources."""
        job = self.fork(node, now, output.kind, [], cause)
        job.boot, job.what = _life(node), output.kind
        job.todo = programs.helper(Shell(self, job, now), output)
        self.wake(job, now)

    def run_stonith(
        self, node: NodeState, now: Micros, output: RunStonith, cause: int | None
    ) -> None:
        """Fork a copy of the master that works the STONITH device (semantics 9)."""
        reset, check = stonith.KINDS
        job = self.fork(node, now, reset if output.peer else check, [], cause)
        job.boot, job.origin = _life(node), output.peer
        shell = Shell(self, job, now)
        job.todo = stonith.reset(shell, output.peer) if output.peer else stonith.check(shell)
        self.wake(job, now)

    def waiting(self, number: int, awaited: int) -> JobState | None:
        """Return the process of that number if it still waits for this."""
        thing = self.things.get(number)
        return thing.state if thing is not None and thing.state.awaited == awaited else None

    def fenced(self, job: JobState, now: Micros, victim: str, code: int, cause: int | None) -> None:
        """A STONITH device has answered, or does not: the process that waits goes on."""
        job.awaited, job.result, job.cause, job.beyond_at = 0, code, cause, now
        stonith.answered(Shell(self, job, now), victim, code)
        self.wake(job, now)

    def operator(
        self, node: NodeState, now: Micros, command: str, share: str, cause: int | None
    ) -> None:
        """Run hb_standby or hb_takeover by hand: `command` is ``standby`` or ``takeover``."""
        self.wake(self.fork(node, now, "operator", programs.operator(command, share), cause), now)

    def init_script(self, node: NodeState, now: Micros, cause: int | None) -> None:
        """Let the init script look at the resources before the daemon that it has begun to start.

        The daemon needs its time to read its configuration after that; a pinned instant of its
        validation is kept, and the calls lie before it.
        """
        daemon = node.daemon
        assert daemon is not None
        assert daemon.stage_due is not None
        wait = daemon.stage_due - now
        pinned = self.hub.draws.pinned(f"{node.name}/boot{daemon.boot}/validated") is not None
        job = self.fork(node, now, "init", [], cause)
        job.origin, job.pid = str(daemon.boot), max(2, daemon.parent_pid - _BEFORE)
        job.todo = programs.init_script(Shell(self, job, now), None if pinned else wait)
        if pinned:
            job.until = daemon.stage_due
        elif job.todo:
            daemon.stage_due = None
            self.daemon_forked(node.name)
        self.wake(job, now)

    # ---- life of a process -----------------------------------------------------------------------

    def fork(
        self, node: NodeState, now: Micros, kind: str, todo: Steps, cause: int | None
    ) -> JobState:
        """Bring a process to life; :meth:`wake` lets it begin."""
        world = self.hub.state
        world.jobs_made += 1
        node.counts[kind] = number = node.counts.get(kind, 0) + 1
        state = JobState(
            node.name, 0, world.jobs_made, kind, f"{node.name}/{kind}{number}",
            take_pids(node, _PIDS.get(kind, 1)), todo, None, now, now, now, now, cause=cause,
        )  # fmt: skip
        world.jobs.append(state)
        self._live(state)
        return state

    def _live(self, state: JobState) -> None:
        thing = self.things[state.number] = JobThing(self, state)
        self.hub.add(thing, "job", state.number)

    def wake(self, job: JobState, now: Micros) -> None:
        """Take what is to be taken at once, and wait for the next step, or end."""
        while job.number in self.things and not job.awaited:
            if not job.todo:
                self._end(job, now)
                return
            step = job.todo[0]
            if step[0] != "do":
                self._arm(job, step, now)
                break
            job.todo.pop(0)
            self._act(job, now, step[1:])
        self._look_again(job)

    def step(self, job: JobState, now: Micros) -> None:
        """Take the step that is due."""
        step = job.todo.pop(0)
        job.due = None
        match step[0]:
            case "line":
                self._point(job)
                kind: type[ev.Event] = getattr(ev, str(step[3]))
                shown: tuple[Any, ...] = step[4:]
                Shell(self, job, now).say(str(step[2]), kind(*shown))
            case "call":
                self._call(job, now, step)
            case "at":
                self._within(job, now, step)
            case "wait":
                job.point_at = now
                self._act(job, now, step[2:])
            case "pause":
                job.beyond_at = job.planned_at
                self._act(job, now, step[2:])
            case "exit":
                if len(step) > 2:
                    self._act(job, now, step[2:])
            case what:
                raise AssertionError(what)
        self.wake(job, now)

    def _act(self, job: JobState, now: Micros, what: tuple[Step, ...]) -> None:
        programs.ACTS[str(what[0])](Shell(self, job, now), *what[1:])

    def _point(self, job: JobState) -> None:
        job.point_at = job.planned_at
        job.mark_at = max(job.mark_at, job.planned_at)
        job.beyond_at = None
        job.points += 1

    # ---- when the next step is due ---------------------------------------------------------------

    def _arm(self, job: JobState, step: tuple[Step, ...], now: Micros) -> None:
        base = max(job.point_at, job.beyond_at or job.point_at)
        match step[0]:
            case "line":
                at = self._gap(job, str(step[1]), "line", base)
            case "call" if step[6] == "shown":
                at = self._gap(job, str(step[1]), f"{step[2]} {step[5]}", base)
            case "call":
                fitted = self._fitted(job, base)
                at = base + self._free(job, str(step[1])) if fitted is None else fitted
            case "at":
                call, part = job.call, step[1]
                assert call is not None
                assert isinstance(part, int)
                at = call.begun_at + call.duration_us * part // 1000
            case "pause":
                at = base + self._free(job, str(step[1]))
            case "wait":
                assert isinstance(step[1], int)
                at = job.point_at + step[1]
            case "exit":
                pinned = self.hub.draws.pinned(f"{job.name}/exit")
                at = base + self._free(job, str(step[1]))
                if pinned is not None:
                    at = max(base, job.forked_at + pinned)
            case _:
                job.due = None
                return
        job.planned_at, job.due = at, max(at, now)

    def _gap(self, job: JobState, key: str, label: str, base: Micros) -> Micros:
        """Return when the next point is due: a pinned gap counts from the point before."""
        name = f"{job.name}/{job.points} {label}"
        pinned = self.hub.draws.pinned(name)
        if pinned is None:
            return base + gap_time(self.hub, job.node, key, name)
        at = job.point_at + pinned
        return at if job.beyond_at is None else max(at, job.beyond_at)

    def _free(self, job: JobState, key: str) -> Micros:
        """Return a gap that no recording tells."""
        return gap_time(self.hub, job.node, key, f"{job.name}/{job.points} {key}")

    def _fitted(self, job: JobState, base: Micros) -> Micros | None:
        """Return when a call begins of which only the whole time around it is known."""
        if job.kind == "init":
            end, tail = job.until, 1000 - _INIT_HEAD
        else:
            pinned = self.hub.draws.pinned(f"{job.name}/{job.points} line")
            end, tail = None if pinned is None else job.point_at + pinned, 1000 - _OWN_HEAD
        if end is None:
            return None
        calls = [s for s in job.todo if s[0] == "call"]
        free = end - base - sum(self._foreseen(job, s) for s in calls)
        if free < 0:
            return None  # counted from something else than the fork
        if job.kind == "init":
            free = free - _ASLEEP if free > _ASLEEP else free
            if job.beyond_at is not None:  # what remains: this gap, those of later calls, the tail
                return base + free * _INIT_NEXT // (_INIT_NEXT * len(calls) + tail)
            later = _INIT_NEXT * (len(calls) - 1)
            return base + free * _INIT_HEAD // (_INIT_HEAD + later + tail)
        return base + free * _OWN_HEAD // (_OWN_HEAD * len(calls) + tail)

    def _foreseen(self, job: JobState, step: tuple[Step, ...]) -> Micros:
        """Return how long a call that has not begun yet will take."""
        script, args, op = str(step[2]), step[3], str(step[5])
        assert isinstance(args, tuple)
        counts = self.hub.state.nodes[job.node].counts
        number = counts.get(" ".join((script, *args, op)), 0) + 1
        name = f"{agents.call_name(job.node, script, args, op)}{number}/duration"
        return call_time(self.hub, job.node, script, op, args, name)

    # ---- calls of resource scripts ---------------------------------------------------------------

    def _call(self, job: JobState, now: Micros, step: tuple[Step, ...]) -> None:
        _, _, script, args, word, op, mode = step
        assert isinstance(args, tuple)
        if mode == "shown":
            self._point(job)
        shell = Shell(self, job, now)
        job.call = agents.begin(shell, str(script), args, str(word), str(op), str(mode))
        job.call.begun_at = job.planned_at

    def _within(self, job: JobState, now: Micros, step: tuple[Step, ...]) -> None:
        shell, what = Shell(self, job, now), str(step[2])
        if what != "end":
            agents.act(shell, what, step[3] if len(step) > 3 else True)
            return
        call = job.call
        assert call is not None
        node = job.node
        shell.truth(ev.ScriptEnded(node, call.script, call.args, call.op, call.code), call.pid)
        end = call.begun_at + call.duration_us
        if step[3] == "shown":
            job.point_at, job.mark_at, job.beyond_at = end, max(job.mark_at, end), None
        else:
            job.beyond_at = end

    # ---- ends ------------------------------------------------------------------------------------

    def _end(self, job: JobState, now: Micros) -> None:
        """A process has ended: its parent goes on, or the daemon gets its signal."""
        self._forget(job)
        if job.kind == "init" and job.cause is not None:
            follow(self.hub.state.nodes[job.node], int(job.origin), job.cause)
        parent = self.things.get(job.parent)
        if parent is not None and parent.state.awaited == job.number:
            waiting = parent.state
            waiting.awaited, waiting.result, waiting.cause = 0, job.result, job.cause
            waiting.mark_at = max(waiting.mark_at, job.mark_at)
            ends = max(job.mark_at, job.planned_at, job.beyond_at or 0)
            waiting.beyond_at = max(waiting.beyond_at or 0, ends)
            self.wake(waiting, now)
        elif job.boot and job.boot == _life(self.hub.state.nodes[job.node]):
            self.hub.ended_by = job.cause
            host = self.hub.hosts[job.node]
            if job.kind in stonith.KINDS:
                host.stonith_exited(now, job.origin, job.pid, job.result)
            else:
                host.helper_exited(now, job.what, job.origin)

    def _forget(self, job: JobState) -> None:
        thing = self.things.pop(job.number)
        self.hub.state.jobs.remove(job)
        self.hub.remove(thing)

    def _look_again(self, job: JobState) -> None:
        thing = self.things.get(job.number)
        if thing is not None:
            self.hub.touch(thing)

    def _of(self, node: str) -> list[JobState]:
        return [job for job in self.hub.state.jobs if job.node == node]

    def touch(self, node: str) -> None:
        """A node has been hung or thawed: its processes look at their deadlines again."""
        for job in self._of(node):
            self._look_again(job)

    def thawed(self, node: str, now: Micros, since: Micros) -> None:
        """A node's processes run again: they still need what they had to do when they were stopped.

        Timers have gone on, and what a recording tells contains the pause.
        """
        for job in self._of(node):
            if job.due is not None and job.todo[0][0] != "wait" and not self._told(job):
                stood = now - max(since, job.forked_at)
                job.due += stood
                job.planned_at += stood
                if job.todo[0][0] == "at" and job.call is not None:
                    job.call.begun_at += stood
            self._look_again(job)

    def _told(self, job: JobState) -> bool:
        """Whether a recording tells when the next step of a process comes."""
        pinned, step = self.hub.draws.pinned, job.todo[0]
        match step[0]:
            case "at":
                return job.call is not None and pinned(f"{job.call.name}/duration") is not None
            case "exit":
                return pinned(f"{job.name}/exit") is not None
            case "line":
                return pinned(f"{job.name}/{job.points} line") is not None
            case "call":
                return pinned(f"{job.name}/{job.points} {step[2]} {step[5]}") is not None
            case _:
                return False

    def end_all(self, node: str) -> None:
        """A node has lost its power: every process on it is gone."""
        for job in self._of(node):
            self._forget(job)

    def end_kind(self, node: str, kind: str, origin: str) -> None:
        """End the processes of a kind and origin, as a stop does with the sender of ARP packets."""
        for job in self._of(node):
            if job.kind == kind and job.origin == origin:
                self._forget(job)

    def helpers_killed(self, node: str) -> None:
        """Everything called heartbeat is killed: forked helpers end, what they run goes on."""
        for job in self._of(node):
            if job.kind in programs.HELPERS:
                self._forget(job)

    # ---- what scripts do to their node -----------------------------------------------------------

    def daemon_forked(self, node: str) -> None:
        """The init script has started the daemon, or has yet to: its next instant has changed."""
        self.hub.touch(self.hub.hosts[node])

    def reboot(self, node: str, now: Micros, cause: int | None) -> None:
        """A node reboots at once, without stopping anything."""
        self.machines[node].reboot(now, cause)


def _life(node: NodeState) -> int:
    """Return the number of the daemon's present life, 0 without a daemon."""
    return 0 if node.daemon is None else node.daemon.boot
