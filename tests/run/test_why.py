"""Why: from what is seen back to what was done."""

from __future__ import annotations

import pytest

import hasim
from hasim.run import Run


def test_the_death_of_a_node_leads_back_to_the_power_that_was_cut(lost: Run) -> None:
    why = lost.why("node2 node node1: is dead")
    assert why.record.source.node == "node2"
    assert "power-off node1" in why.root.event.sentence()
    lines = str(why).splitlines()
    assert lines[0].startswith("5m ")
    assert lines[-1].endswith("-> node2 heartbeat: node node1: is dead")
    assert [r.seq for r in why.chain] == sorted(r.seq for r in why.chain)
    assert all(b.cause == a.seq for a, b in zip(why.chain, why.chain[1:], strict=False))
    assert why.root.cause is None


def test_later_matches_are_counted(lost: Run) -> None:
    assert lost.why("Link node1:eth1 dead").others == 0
    assert "later records match" not in str(lost.why("Link node1:eth1 dead"))
    assert lost.why("Local status now set to").others == 3
    assert "3 later records match as well" in str(lost.why("Local status now set to"))


def test_what_nobody_said_is_an_error_that_names_the_nearest(lost: Run) -> None:
    with pytest.raises(hasim.HasimError, match="node node1: is dead"):
        lost.why("node2 heartbeat: node node9: is dead")
    with pytest.raises(hasim.HasimError, match="nothing in this run says"):
        lost.why("")


def test_a_chain_shown_in_a_notebook_is_escaped(lost: Run) -> None:
    shown = lost.why("Local status now set to")._repr_html_()
    assert shown.startswith("<table>")
    assert "&#x27;up&#x27;" in shown


def test_what_the_tool_itself_says_can_be_asked_for(lost: Run) -> None:
    line = str(lost.why("node node1: is dead")).splitlines()[-1]
    told = line.partition("-> ")[2]
    assert told == "node2 heartbeat: node node1: is dead"
    assert lost.why(told) == lost.why("node node1: is dead")


@pytest.mark.parametrize("form", ["syslog", "ha-log", "journal"])
def test_a_whole_log_line_picks_one_of_several_matches(lost: Run, form: str) -> None:
    lines = [line for line in lost.log(format=form) if "Local status now set to" in line]  # type: ignore[arg-type]
    picked = [lost.why(line).record.seq for line in lines]
    assert len(picked) == len({*picked}) == 4


def test_something_that_is_no_text_is_told(lost: Run) -> None:
    with pytest.raises(hasim.HasimError, match="not None"):
        lost.why(None)  # type: ignore[arg-type]
