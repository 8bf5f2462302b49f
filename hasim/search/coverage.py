"""What a search has exercised: kinds of faults, their pairs, states of every machine, log lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from hasim.catalogue import line_of
from hasim.faults import Fault
from hasim.run import NodeView, Run
from hasim.search.space import Space

__all__ = ["SAMPLE", "STATES", "Coverage"]

#: The states of the machines are looked at in every so many-th schedule: each is run once more.
SAMPLE = 10

#: Every state that a machine can be in, as :class:`hasim.run.NodeView` names them.
STATES: Mapping[str, tuple[str, ...]] = {
    "power": ("on", "off", "booting", "hung"),
    "daemon": (
        "none", "parent", "forked", "master", "counted", "opened", "announced", "running",
        "orphaned", "ending", "resting", "rebooting",
    ),
    "own status": ("init", "up", "active"),
    "communication": ("waiting", "asked", "up"),
    "status of a peer": ("init", "up", "active", "dead"),
    "status of a ping node": ("init", "ping", "dead"),
    "link": ("up", "dead"),
    "resources": ("INIT", "STARTING", "BOTHSTARTING", "RSCRCVD", "STABLE", "SHUTDOWN"),
    "claim": ("none", "local", "foreign", "all"),
    "standby": ("NOT", "ME", "OTHER", "DONE"),
    "ipfail": ("starting", "watching", "counting", "delaying", "sleeping", "ended"),
}  # fmt: skip

_Move = tuple[str, str, str]


@dataclass(slots=True)
class Coverage:
    """Counts over all schedules of a search; two of them add up with :meth:`add`.

    Parameters
    ----------
    schedules : int
        How many were run.
    kinds, pairs : Counter
        Schedules with a kind of fault, and with two kinds.
    sampled : int
        Schedules in which the machines were looked at.
    moves : Counter
        Machine, state before and after: how often seen.
    lines : Counter
        Runs in which a kind of log line appeared, by the name of its event.
    """

    schedules: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    sampled: int = 0
    moves: Counter[_Move] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)

    def see(self, space: Space, schedule: Sequence[Fault], run: Run, sample: bool) -> None:
        """Count one schedule and its run."""
        self.schedules += 1
        kinds = sorted({space.kind_of(fault) for fault in schedule})
        self.kinds.update(kinds)
        self.pairs.update(combinations(kinds, 2))
        dialect = run.trace.header.dialect
        events = {type(r.event): r.event for r in run.records if not r.event.truth}
        self.lines.update(k.__name__ for k, e in events.items() if line_of(e, dialect) is not None)
        if sample:
            self.sampled += 1
            self.moves.update(_moves(run))

    def add(self, other: Coverage) -> None:
        """Take in the counts of another part of the search."""
        self.schedules += other.schedules
        self.sampled += other.sampled
        self.kinds.update(other.kinds)
        self.pairs.update(other.pairs)
        self.moves.update(other.moves)
        self.lines.update(other.lines)

    def reached(self, machine: str) -> tuple[str, ...]:
        """Return the states of a machine that were seen."""
        seen = {state for m, a, b in self.moves if m == machine for state in (a, b)}
        return tuple(state for state in STATES[machine] if state in seen)

    def report(self, space: Space) -> list[str]:
        """Return what was covered, and what was not, a line each."""
        kinds = sorted(space.kinds)
        never = [kind for kind in kinds if not self.kinds[kind]]
        pairs = [*combinations(kinds, 2)]
        tried = sum(1 for pair in pairs if self.pairs[pair])
        out = [
            f"kinds of faults: {len(kinds) - len(never)} of {len(kinds)} tried"
            + (f"; never: {', '.join(never)}" if never else ""),
            f"pairs of kinds: {tried} of {len(pairs)} tried in one schedule",
            f"kinds of log lines: {len(self.lines)} appeared",
        ]
        if not self.sampled:
            return out
        out.append(f"states of the machines, looked at in {self.sampled} schedules:")
        for machine, states in STATES.items():
            reached = self.reached(machine)
            moves = sum(1 for m, a, b in self.moves if m == machine and a != b)
            never = [state for state in states if state not in reached]
            missing = f"; never: {', '.join(never)}" if never else ""
            text = f"{len(reached)} of {len(states)} states, {moves} transitions{missing}"
            out.append(f"  {machine}: {text}")
        return out


def _moves(run: Run) -> Iterator[_Move]:
    """Yield each change of a machine once a run; a machine that appears comes from nowhere."""
    pings = {n for c in (run.model.configs.values() if run.model else ()) for n in c.ping_nodes}
    before: dict[tuple[str, str], str] = {}
    seen: set[_Move] = set()
    for state in run.states():
        for node in state.nodes.values():
            for machine, which, now in _machines(node, pings):
                was = before.get((machine, which), now)
                before[machine, which] = now
                seen.add((machine, was, now))
    yield from sorted(seen)


def _machines(node: NodeView, pings: set[str]) -> Iterator[tuple[str, str, str]]:
    name = node.name
    yield "power", name, "hung" if node.hung else node.power
    yield "daemon", name, node.daemon or "none"
    plain = (
        ("own status", node.status),
        ("communication", node.comm),
        ("resources", node.rstate),
        ("claim", node.holds),
        ("standby", node.standby),
        ("ipfail", node.ipfail.doing if node.ipfail else None),
    )
    for machine, value in plain:
        if value is not None:
            yield machine, name, value
    for peer, view in node.peers.items():
        kind = "ping node" if peer in pings else "peer"
        yield f"status of a {kind}", f"{name} {peer}", view.status
        for device, link in view.links.items():
            yield "link", f"{name} {peer}:{device}", link
