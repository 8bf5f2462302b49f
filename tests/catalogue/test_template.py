"""Templates: one text for printing and reading."""

from __future__ import annotations

from hasim import events as ev
from hasim.catalogue.template import Template


def test_a_field_that_occurs_twice_must_be_the_same_twice() -> None:
    template = Template.of(ev.RcScriptRun, "Running {type} {type}")
    assert template.render(ev.RcScriptRun("status")) == "Running status status"
    assert template.pattern().match("Running status status") == {"type": "status"}
    assert template.pattern().match("Running status other") is None


def test_a_template_matches_whole_lines_only() -> None:
    pattern = Template.of(ev.NodeDead, "node {peer}: is dead").pattern()
    assert pattern.match("node node2: is dead") == {"peer": "node2"}
    assert pattern.match("node node2: is dead.") is None
    assert pattern.match(" node node2: is dead") is None


def test_numbers_are_read_as_numbers() -> None:
    pattern = Template.of(ev.ShutdownInProgress, "in progress. ({pid})").pattern()
    assert pattern.match("in progress. (12)") == {"pid": 12}
    assert pattern.match("in progress. (x)") is None


def test_a_signal_is_printed_with_its_name() -> None:
    template = Template.of(ev.ChildKilled, "by signal {signal:signal}.")
    assert template.render(ev.ChildKilled("x", 1, 15)) == "by signal 15 [SIGTERM - Termination]."
    assert template.pattern().match("by signal 15 [SIGTERM - Termination].") == {"signal": 15}


def test_the_last_part_of_a_command_is_its_name() -> None:
    template = Template.of(ev.ClientRespawn, "{command:last}")
    assert template.render(ev.ClientRespawn("/usr/lib/heartbeat/ipfail")) == "ipfail"


def test_the_fields_of_a_template_are_known() -> None:
    assert Template.of(ev.LinkUp, "Link {peer}:{medium} up.").fields == ("peer", "medium")
