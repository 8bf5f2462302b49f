"""Writing ha.cf back, and editing it in place."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hasim.config import Given, HaConfig, edit_ha_cf, parse_ha_cf, parse_time, render_ha_cf
from tests.config.strategies import DEADTIMES, ha_cf_texts, mutated


@given(ha_cf_texts(), st.sampled_from(["2.0.8", "3.0.6"]), st.sampled_from([None, "node2"]))
def test_a_rendered_configuration_reads_back_as_the_same(
    text: str, dialect: str, local: str | None
) -> None:
    config, _ = parse_ha_cf(text, local=local, dialect=dialect)
    assume(config is not None)
    assert config is not None
    rendered = render_ha_cf(config)
    again, problems = parse_ha_cf(rendered, local=local, dialect=dialect)
    assert again == config, problems
    assert render_ha_cf(again) == rendered


@given(mutated(ha_cf_texts()))
def test_whatever_is_accepted_reads_back_as_the_same(data: bytes) -> None:
    config, _ = parse_ha_cf(data)
    if config is not None:
        assert parse_ha_cf(render_ha_cf(config))[0] == config


def test_a_rendered_file_has_one_directive_a_line_and_no_comments() -> None:
    config, _ = parse_ha_cf("  bcast eth0,eth1 # two\n\nnode  a\nrespawn x /y  -z\n")
    assert config is not None
    assert render_ha_cf(config) == "bcast eth0 eth1\nnode a\nrespawn x /y  -z\n"


def test_an_edit_changes_one_value_and_keeps_all_else() -> None:
    text = "# mine\n  deadtime\t30  # long\nnode a\n"
    assert edit_ha_cf(text, {"deadtime": "10"}) == "# mine\n  deadtime\t10  # long\nnode a\n"


def test_an_edit_replaces_all_lines_of_a_directive_and_of_its_aliases() -> None:
    text = "bcast eth0\nudp eth1\nnode a\nbcast eth2\n"
    assert edit_ha_cf(text, {"bcast": "eth9"}) == "bcast eth9\nnode a\n"
    assert edit_ha_cf("nice_failback on\n", {"auto_failback": "off"}) == "auto_failback off\n"


def test_a_missing_directive_is_appended() -> None:
    assert edit_ha_cf("node a\n", {"deadtime": "10"}) == "node a\ndeadtime 10\n"
    assert edit_ha_cf("node a", {"deadtime": "10"}) == "node a\ndeadtime 10\n"
    assert edit_ha_cf("", {"deadtime": "10"}) == "deadtime 10\n"


def test_udpport_is_inserted_before_the_media() -> None:
    text = "node a\nbcast eth0\n"
    assert edit_ha_cf(text, {"udpport": "700"}) == "node a\nudpport 700\nbcast eth0\n"
    late = "bcast eth0\nudpport 1\nnode a\n"
    assert edit_ha_cf(late, {"udpport": "700"}) == "udpport 700\nbcast eth0\nnode a\n"
    early = "udpport 1 # x\nbcast eth0\nudpport 2\n"
    assert edit_ha_cf(early, {"udpport": "700"}) == "udpport 700 # x\nbcast eth0\n"
    assert edit_ha_cf("serial /dev/x\n", {"baud": "9600"}) == "baud 9600\nserial /dev/x\n"


def test_an_edited_udpport_moves_every_medium() -> None:
    config, _ = parse_ha_cf(edit_ha_cf("bcast a\nudpport 1\nbcast b\nnode n\n", {"udpport": "7"}))
    assert config is not None
    assert [m.port for m in config.media] == [7, 7]


def test_an_empty_value_removes_the_directive() -> None:
    assert edit_ha_cf("a 1\ndeadping 3\nnode x\ndeadping 4\n", {"deadping": ""}) == "a 1\nnode x\n"
    assert edit_ha_cf("node x\n", {"deadping": ""}) == "node x\n"


def test_dos_line_ends_survive_an_edit() -> None:
    text = "deadtime 30\r\nnode a\r\n"
    assert edit_ha_cf(text, {"deadtime": "9"}) == "deadtime 9\r\nnode a\r\n"
    assert edit_ha_cf(text, {"keepalive": "1"}) == "deadtime 30\r\nnode a\r\nkeepalive 1\r\n"


def test_an_unknown_directive_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ValueError, match="no directive 'deadtme'; did you mean 'deadtime'"):
        edit_ha_cf("", {"deadtme": "10"})
    with pytest.raises(ValueError, match="no directive 'failfast'"):
        edit_ha_cf("", {"failfast": "root /x"}, dialect="2.0.8")


@pytest.mark.parametrize("value", ["1\nnode x", "1 # x", "1\0", "1\r"])
def test_a_value_cannot_smuggle_in_a_line_or_a_comment(value: str) -> None:
    with pytest.raises(ValueError, match="holds a line end"):
        edit_ha_cf("", {"deadtime": value})


@given(ha_cf_texts() | st.text(), st.sampled_from(DEADTIMES), st.sampled_from(["700", "9"]))
def test_an_edited_value_is_in_force_and_editing_twice_changes_nothing(
    text: str, deadtime: str, port: str
) -> None:
    changes = {"deadtime": deadtime, "udpport": port}
    edited = edit_ha_cf(text, changes)
    assert edit_ha_cf(edited, changes) == edited
    config, _ = parse_ha_cf(edited)
    if config is not None:
        assert config.deadtime == parse_time(deadtime)
        assert {m.port for m in config.media if m.kind in ("bcast", "ucast")} <= {int(port)}


@given(ha_cf_texts())
def test_an_edit_leaves_other_directives_alone(text: str) -> None:
    before = parse_ha_cf(text)[0]
    after = parse_ha_cf(edit_ha_cf(text, {"warntime": "4"}))[0]
    assume(before is not None and after is not None)
    assert before is not None
    assert after is not None

    def others(config: HaConfig) -> list[Given]:
        return [g for g in config.given if g.directive != "warntime"]

    assert others(before) == others(after)
