"""Violations that are no defect of a configuration: the real daemon does the same, as recorded.

Each is a behaviour with the recordings that show it, and a rule that tells it in a run. A search
reports such a violation as what it is; nothing is left out of the verdict for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hasim import events as ev
from hasim.monitors import SERVED_ONCE, Violation, called
from hasim.run import Run
from hasim.units import Micros

__all__ = ["KNOWN", "Known", "known_behaviour"]


@dataclass(frozen=True, slots=True)
class Known:
    """A behaviour of the real daemon that violates a property.

    Parameters
    ----------
    name : str
        Its name.
    sentence : str
        What happens.
    recordings : tuple of str
        The recordings that show it.
    tells : callable
        Whether a violation of a run is of that kind.
    """

    name: str
    sentence: str
    recordings: tuple[str, ...]
    tells: Callable[[Run, Violation], bool]

    def __str__(self) -> str:
        return f"{self.sentence} ({', '.join(self.recordings)})"


_TWO = (
    "at-most-one-mounter",
    "at-most-one-vip-holder",
    "fenced-before-takeover",
    "resources-in-order",
    SERVED_ONCE,
)


def _said_before(run: Run, kind: type[ev.Event], at: Micros) -> bool:
    """Tell whether a node has said something, and has not lost its power or restarted since.

    Of what is said about a peer neither may the peer have done so.
    """
    said: set[tuple[str | None, str | None]] = set()
    for record in run.records:
        if record.at > at:
            break
        event = record.event
        if isinstance(event, kind):
            said.add((record.source.node, getattr(event, "peer", None)))
        elif isinstance(event, ev.NodePoweredOff | ev.DaemonStarted):
            said = {parties for parties in said if event.node not in parties}
    return bool(said)


def _exempt(run: Run, violation: Violation) -> bool:
    if not run.trace.header.fencible or violation.property not in _TWO:
        return False  # where nobody can be fenced, being exempt from it explains nothing
    return _said_before(run, ev.DeadGaveUp, violation.at)


def _overtaken(run: Run, violation: Violation) -> bool:
    """Tell whether a node has gone on starting what it had been told to release meanwhile."""
    if violation.property not in _TWO:
        return False
    calls = [call for group in run.trace.header.groups for call in group.calls]
    last: dict[str | None, type[ev.Event]] = {}
    for record in run.records:
        event = record.event
        if record.at > violation.at:
            break
        if isinstance(event, ev.GroupAcquire | ev.GroupRelease):
            last[record.source.node] = type(event)
        elif isinstance(event, ev.NodePoweredOff):
            last.pop(event.node, None)
        elif isinstance(event, ev.ScriptBegan) and event.op == "start":
            released = last.get(event.node) is ev.GroupRelease
            if released and called(event.script, event.args) in calls:
                return True
    return False


def _not_taken_over(run: Run, violation: Violation) -> bool:
    """Nobody serves, and the last that was tried with a resource of the group failed."""
    if violation.property != SERVED_ONCE or not violation.sentence.startswith("Nobody serves"):
        return False
    calls = [call for group in run.trace.header.groups for call in group.calls]
    failed = False
    for record in run.records:
        event = record.event
        if record.at > violation.at:
            break
        if isinstance(event, ev.ScriptEnded) and event.op == "start":
            failed = event.code != 0 if called(event.script, event.args) in calls else failed
    return failed


def _asked_too_early(run: Run, violation: Violation) -> bool:
    """Nobody serves, and a node has asked itself for its groups before it could hear that."""
    if violation.property != SERVED_ONCE or not violation.sentence.startswith("Nobody serves"):
        return False
    active: set[str | None] = set()
    lost: set[str | None] = set()
    for record in run.records:
        event, node = record.event, record.source.node
        if record.at > violation.at:
            break
        if isinstance(event, ev.DaemonStarted):
            active.discard(event.node)
            lost.discard(event.node)
        elif isinstance(event, ev.CommUp):
            active.add(node)
        elif isinstance(event, ev.AcquireOwnDone) and node not in active:
            lost.add(node)
        elif isinstance(event, ev.GroupAcquire):
            lost.discard(node)
    return bool(lost)


KNOWN: tuple[Known, ...] = (
    Known(
        "held-nothing-so-not-fenced",
        "A node that falls silent before it has told what it holds is taken for one that holds "
        "nothing, and is not fenced (semantics 5.7).",
        ("08k-isolate-at-start-stonith",),
        _exempt,
    ),
    Known(
        "released-while-being-started",
        "A node releases a group for the other while it still starts it, because the other is "
        "back or an operator asks for it; what it starts afterwards runs on both (semantics 5.5, "
        "7).",
        ("16k-standby-during-acquisition", "18k-slow-start-takeover-return"),
        _overtaken,
    ),
    Known(
        "failed-start-not-taken-over",
        "A group with a resource that does not start is given up, and nobody else takes it "
        "(semantics 8.4).",
        ("18a-start-fails-primary", "18b-start-fails-takeover", "18h-start-fails-single"),
        _not_taken_over,
    ),
    Known(
        "asked-itself-too-early",
        "A node whose peer dies before it is active claims its own groups and does not start them: "
        "that it is to do so is lost before communication is up, and the return of the peer does "
        "not mend it (semantics 3.5, 5.6).",
        ("06k-power-off-before-active", "06l-power-off-before-active-return"),
        _asked_too_early,
    ),
)


def known_behaviour(run: Run, violation: Violation) -> Known | None:
    """Return the recorded behaviour that a violation is, None where it is none."""
    return next((known for known in KNOWN if known.tells(run, violation)), None)
