"""The resources of a group start in their order and stop in the reverse one (semantics 8.3)."""

from __future__ import annotations

from hasim import events as ev
from hasim.monitors.groups import Standing, called, member
from hasim.monitors.violation import Violation
from hasim.trace import GroupParts, Header, Record

__all__ = ["resources_in_order"]


class _InOrder:
    """Nothing starts on what does not stand, and nothing is stopped under what does.

    That a resource is not started after one before it has failed on that node follows: what has
    failed does not stand.
    """

    def __init__(self, header: Header | None) -> None:
        self.groups = () if header is None else header.groups
        self.standing = Standing()
        self.past: list[Violation] = []

    def see(self, record: Record) -> None:
        """Take the next record."""
        event = record.event
        if isinstance(event, ev.ScriptBegan) and event.op in ("start", "stop"):
            self._judge(record, event, called(event.script, event.args))
        self.standing.see(event)

    def _judge(self, record: Record, event: ev.ScriptBegan, call: str) -> None:
        wanted = event.op == "start"
        found = [
            [c for c in self._others(group, call, wanted) if self._has(event, c) != wanted]
            for group in self.groups
            if call in group.calls
        ]
        # What several groups have is in order where it is so in one of them.
        if found and all(found):
            without = "before" if wanted else "under"
            text = f"{event.node} {event.op}s {call} {without} {', '.join(found[0])}."
            wrong = Violation(record.at, "resources-in-order", text, (record.seq,), record.at)
            self.past.append(wrong)

    @staticmethod
    def _others(group: GroupParts, call: str, before: bool) -> tuple[str, ...]:
        place = group.calls.index(call)
        return group.calls[:place] if before else group.calls[place + 1 :]

    def _has(self, event: ev.ScriptBegan, call: str) -> bool:
        return self.standing.has(event.node, member(call))

    def violations(self) -> list[Violation]:
        """Return what was seen so far."""
        return list(self.past)


def resources_in_order(header: Header | None) -> _InOrder:
    """Watch the scripts of every group that the header names."""
    return _InOrder(header)
