"""Child processes of a daemon: runs of harc, and respawn clients."""

from __future__ import annotations

from hasim.events import ClientExec, RcScriptRun
from hasim.trace import Source
from hasim.units import MS, Micros
from hasim.world.boot import take_pids
from hasim.world.daemon import HACLUSTER
from hasim.world.hub import Hub
from hasim.world.records import JobState, NodeState

__all__ = [
    "CLIENT_EXEC",
    "CLIENT_SIGN_ON",
    "HARC_EXIT",
    "HARC_LINE",
    "HARC_PIDS",
    "JobThing",
    "Processes",
]

#: From the fork of harc to its line, and on to its exit, 5 % / 50 % / 95 % (semantics 19.2).
HARC_LINE = (8 * MS, 14 * MS, 63 * MS)
HARC_EXIT = (7 * MS, 18 * MS, 65 * MS)
#: a client's fork to its exec line, and to its sign-on with the API.
CLIENT_EXEC: Micros = 1 * MS
CLIENT_SIGN_ON = (5 * MS, 11 * MS, 40 * MS)
#: process numbers that the commands inside one run of harc use up.
HARC_PIDS = 15


class JobThing:
    """One child process as a thing of the kernel: it takes its steps one by one."""

    __slots__ = ("hub", "owner", "state")

    def __init__(self, owner: Processes, state: JobState) -> None:
        self.owner = owner
        self.hub = owner.hub
        self.state = state

    @property
    def deadline(self) -> Micros | None:
        """The next step; a hung node's processes stand still."""
        if not self.state.steps or self.hub.state.nodes[self.state.node].hung:
            return None
        return self.state.steps[0][0]

    def fire(self, now: Micros) -> None:
        """Take the next step."""
        _, what = self.state.steps.pop(0)
        state, hub = self.state, self.hub
        node = hub.state.nodes[state.node]
        alive = node.daemon is not None and node.daemon.boot == state.boot
        match what:
            case "line":
                source = Source(state.node, "harc", state.pid)
                state.cause = hub.record(now, source, RcScriptRun(state.name), state.cause)
            case "exit":
                self.owner.end(self)
                if alive:
                    hub.hosts[state.node].helper_exited(now)
            case "exec":
                uid, gid = HACLUSTER[hub.dialect]
                source = Source(state.node, "heartbeat", state.pid)
                event = ClientExec(state.name, uid, gid, state.pid)
                state.cause = hub.record(now, source, event, state.cause)
            case "sign-on":
                if alive:
                    hub.hosts[state.node].client_signed_on(
                        now, state.name.split()[0].rpartition("/")[2]
                    )
            case _:
                raise AssertionError(what)


class Processes:
    """All child processes of a world."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.things: list[JobThing] = []
        for state in hub.state.jobs:
            self._live(state)

    def _live(self, state: JobState) -> None:
        thing = JobThing(self, state)
        self.things.append(thing)
        self.hub.add(thing, "client" if state.kind == "client" else "job", state.number)

    def _fork(self, node: NodeState, kind: str, name: str, cause: int | None) -> JobState:
        assert node.daemon is not None
        world = self.hub.state
        world.jobs_made += 1
        pid = take_pids(node, HARC_PIDS if kind == "script" else 1)
        return JobState(node.name, node.daemon.boot, world.jobs_made, kind, name, pid, [], cause)

    def run_script(self, node: NodeState, now: Micros, script: str, cause: int | None) -> None:
        """Fork a child that runs harc with an rc.d script (semantics 5.3)."""
        state = self._fork(node, "script", script, cause)
        node.scripts += 1
        name = f"{node.name}/harc{node.scripts}"
        line = now + self.hub.draws.spread(f"{name}/line", *HARC_LINE)
        state.steps = [
            (line, "line"),
            (line + self.hub.draws.spread(f"{name}/exit", *HARC_EXIT), "exit"),
        ]
        self.hub.state.jobs.append(state)
        self._live(state)

    def start_client(self, node: NodeState, now: Micros, command: str, cause: int | None) -> None:
        """Fork a respawn client (semantics 5.2)."""
        state = self._fork(node, "client", command, cause)
        name = f"{node.name}/boot{state.boot}/client {command}/sign-on"
        signed = now + self.hub.draws.spread(name, *CLIENT_SIGN_ON)
        state.steps = [(now + CLIENT_EXEC, "exec"), (max(signed, now + CLIENT_EXEC), "sign-on")]
        self.hub.state.jobs.append(state)
        self._live(state)

    def touch(self, node: str) -> None:
        """A node has been hung or thawed: its processes look at their deadlines again."""
        for thing in self.things:
            if thing.state.node == node:
                self.hub.touch(thing)

    def end(self, thing: JobThing) -> None:
        """A process has ended."""
        self.hub.state.jobs.remove(thing.state)
        self.things.remove(thing)
        self.hub.remove(thing)

    def end_all(self, node: str) -> None:
        """A node has lost its power: every process on it is gone."""
        for thing in [t for t in self.things if t.state.node == node]:
            self.end(thing)
