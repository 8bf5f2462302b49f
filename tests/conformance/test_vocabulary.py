"""The vocabulary: decisions and progress as the reference has them."""

from __future__ import annotations

import re
from pathlib import Path

from hasim.conform.vocabulary import is_decision, name_of
from tests.conformance.made import event

_ROW = re.compile(r"\| (\w+) \| ([\w-]+) \| ([DPX]) \|", re.ASCII)


def test_decisions_are_those_of_the_reference(shared: Path) -> None:
    text = (shared / "conform" / "README.md").read_text(encoding="utf-8")
    rows = _ROW.findall(text)
    assert len(rows) > 120
    for role, kind, cls in rows:
        told = event(0.0, "node1", role, kind)
        assert is_decision(told) == (cls == "D"), (role, kind)


def test_arguments_name_an_event_but_counts_do_not() -> None:
    one = name_of(event(0.0, "node1", "mcp", "standby-busy", by="node2", n="9"))
    assert one == name_of(event(5.0, "node1", "mcp", "standby-busy", by="node2", n="3"))
    assert one != name_of(event(0.0, "node1", "mcp", "standby-busy", by="node1", n="9"))
