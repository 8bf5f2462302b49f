"""Checks after ha.cf has been read: wording, level and order of the daemon."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hasim.config import AuthKey, AuthKeys, HaConfig, parse_ha_cf
from hasim.config.validate import default_initdead
from hasim.errors import Problem
from hasim.units import SECOND

BASE = "bcast eth0\nnode node1 node2\nauto_failback on\nlogfacility local0\nuse_logd on\n"


def check(text: str, local: str | None = "node1") -> tuple[HaConfig | None, list[tuple[str, str]]]:
    config, problems = parse_ha_cf(text, local=local)
    return config, [(p.level, p.text) for p in problems]


def only(text: str) -> list[tuple[str, str]]:
    return check(text + "\n" + BASE)[1]


def line_of(text: str, wanted: str) -> Problem:
    return next(p for p in parse_ha_cf(text, local="node1")[1] if wanted in p.text)


def test_a_good_file_draws_no_complaint() -> None:
    config, lines = check(BASE)
    assert config is not None
    assert lines == []


def test_a_file_without_media_is_refused() -> None:
    config, lines = check("node node1\nauto_failback on\nuse_logd on\n")
    assert config is None
    assert lines == [("ERROR", "No heartbeat media defined")]


def test_a_file_without_nodes_is_refused() -> None:
    config, lines = check("bcast eth0\nauto_failback on\nuse_logd on\nping g\n", local=None)
    assert config is None
    assert lines == [("ERROR", "no nodes defined")]


def test_the_local_node_must_be_configured() -> None:
    config, lines = check(BASE, local="Other")
    assert config is None
    assert lines[:2] == [
        ("ERROR", "Current node [other] not in configuration!"),
        (
            "info",
            "By default, cluster nodes are named by `uname -n` and must be declared with "
            "a 'node' directive in the ha.cf file.",
        ),
    ]
    assert lines[2][1].startswith("See also: http://linux-ha.org/wiki/")


def test_a_ping_node_of_that_name_is_not_the_local_node() -> None:
    config, lines = check("ping other\n" + BASE, local="other")
    assert config is None
    assert lines[0] == ("ERROR", "Current node [other] not in configuration!")


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("keepalive 2\ndeadtime 4\ninitdead 10", True),
        ("keepalive 2\ndeadtime 4001ms\ninitdead 10", False),
        ("keepalive 15", True),
        ("deadtime 0\ninitdead 10", True),
    ],
)
def test_deadtime_must_exceed_two_keepalives(text: str, refused: bool) -> None:
    wanted = "too small compared to keeplive"
    assert any(wanted in line for _, line in only(text)) == refused


def test_a_small_deadtime_is_refused_in_the_daemons_words() -> None:
    problem = line_of("keepalive 2\ndeadtime 3\ninitdead 10\n" + BASE, "Dead time")
    assert problem.text == "Dead time [3000] is too small compared to keeplive [2000]"
    assert (problem.level, problem.line, problem.fatal) == ("ERROR", 2, True)
    assert problem.remedy == "deadtime must be more than two keepalives, 4000 ms here"


def test_initdead_must_not_be_smaller_than_deadtime() -> None:
    assert only("deadtime 20\ninitdead 19999ms") == [
        ("ERROR", "Initial dead time [19999] is smaller than deadtime [20000]")
    ]
    assert only("deadtime 20\ninitdead 20") == []
    assert only("initdead 0")[0][1] == "Initial dead time [0] is smaller than deadtime [30000]"


def test_an_initdead_below_ten_seconds_is_only_warned_about() -> None:
    config, lines = check("deadtime 5\ninitdead 9999ms\n" + BASE)
    assert config is not None
    assert lines == [
        ("WARN", "Initial dead time [9999 ms] may be too small!"),
        ("info", "Initial dead time accounts for slow network startup time"),
        ("info", "It should be >= deadtime and >= 10 seconds"),
    ]
    assert only("deadtime 5\ninitdead 10") == []


@pytest.mark.parametrize(
    ("deadtime", "initdead"),
    [(0, 12), (5, 12), (5.999, 12), (6, 12), (7, 14), (10, 20), (10.001, 10.001), (30, 30)],
)
def test_initdead_follows_deadtime_where_it_is_not_given(deadtime: float, initdead: float) -> None:
    assert default_initdead(round(deadtime * SECOND)) == round(initdead * SECOND)


@given(st.integers(3, 100_000))
def test_a_default_initdead_never_draws_a_complaint(deadtime_ms: int) -> None:
    assert only(f"keepalive 1ms\ndeadtime {deadtime_ms}ms") == []


def test_deadping_must_exceed_two_keepalives_where_it_is_given() -> None:
    assert only("keepalive 2\ndeadping 4") == [
        ("ERROR", "Ping dead time [4000] is too small compared to keeplive [2000]")
    ]
    assert only("keepalive 2\ndeadping 5") == []
    assert [line for _, line in only("keepalive 2\ndeadtime 4\ninitdead 10")] == [
        "Dead time [4000] is too small compared to keeplive [2000]"
    ]


def test_warntime_defaults_to_half_the_deadtime_and_is_never_compared() -> None:
    config, lines = check("deadtime 9\nwarntime 60\n" + BASE)
    assert config is not None
    assert config.warntime == 60 * SECOND
    assert lines == []
    odd, _ = check("deadtime 5001ms\n" + BASE)
    assert odd is not None
    assert odd.warntime == 2_500_000


LEGACY = [
    ("WARN", "Deprecated 'legacy' auto_failback option selected."),
    ("WARN", "Please convert to 'auto_failback on'."),
    ("WARN", "See documentation for conversion details."),
]


def test_legacy_failback_is_the_default_and_deprecated() -> None:
    config, lines = check("bcast eth0\nnode node1\nuse_logd on\n")
    assert config is not None
    assert config.auto_failback == "legacy"
    assert lines == LEGACY


def test_under_the_crm_legacy_failback_and_autojoin_draw_no_complaint() -> None:
    config, lines = check("crm on\nautojoin any\nbcast eth0\nnode node1\nuse_logd on\n")
    assert config is not None
    assert lines == []


def test_without_any_logging_the_daemon_turns_to_logd() -> None:
    text = "bcast eth0\nnode node1\nauto_failback on\n"
    config, lines = check(text)
    assert config is not None
    assert config.use_logd
    assert lines == [("info", "No log entry found in ha.cf -- use logd")]
    assert check(text + "use_logd on\n")[1] == []
    assert check(text + "logfacility none\n")[1] == lines


def test_without_any_logging_and_with_logd_off_the_daemon_refuses() -> None:
    config, lines = check("bcast eth0\nnode node1\nauto_failback on\nuse_logd off\n")
    assert config is None
    assert lines == [("ERROR", "No log entry found in ha.cf -- use logd")]


@pytest.mark.parametrize("log", ["logfacility local0", "logfile /l", "debugfile /d"])
def test_logging_without_logd_is_warned_about(log: str) -> None:
    config, lines = check(f"bcast eth0\nnode node1\nauto_failback on\n{log}\n")
    assert config is not None
    assert not config.use_logd
    assert lines == [
        ("WARN", "Logging daemon is disabled --enabling logging daemon is recommended")
    ]


@pytest.mark.parametrize("value", ["other", "any"])
def test_autojoin_is_refused_without_the_crm(value: str) -> None:
    assert only(f"autojoin {value}") == [
        ("ERROR", "R1 style resource management conflicts with  autojoin set"),
        ("ERROR", "You need either unset autojoin or enable crm"),
    ]


def test_all_complaints_come_at_once_and_in_the_daemons_order() -> None:
    text = "typo\nkeepalive 2\ndeadtime 4\ninitdead 3\ndeadping 1\nautojoin any\nnode b\n"
    _, lines = check(text, local="a")
    assert [line for _, line in lines] == [
        "Illegal directive [typo] in ha.cf",
        "Heartbeat not started: configuration error.",
        "No heartbeat media defined",
        "Current node [a] not in configuration!",
        lines[4][1],
        lines[5][1],
        "Dead time [4000] is too small compared to keeplive [2000]",
        "Initial dead time [3000] is smaller than deadtime [4000]",
        "Ping dead time [1000] is too small compared to keeplive [2000]",
        *[line for _, line in LEGACY],
        "No log entry found in ha.cf -- use logd",
        "R1 style resource management conflicts with  autojoin set",
        "You need either unset autojoin or enable crm",
    ]


def test_a_refused_value_draws_no_second_complaint_about_its_default() -> None:
    assert [line for _, line in only("keepalive 20\ndeadtime 60s\ninitdead 5")] == [
        "deadtime [60s] is not a time",
        "Heartbeat not started: configuration error.",
    ]
    _, lines = check("ucast eth0\nnode a b a\nauto_failback maybe\nuse_logd x\n", local="z")
    assert [line for _, line in lines] == [
        "ucast has 1 of its 2 values",
        "a is declared twice",
        "auto_failback cannot be [maybe]",
        "use_logd cannot be [x]",
        "Heartbeat not started: configuration error.",
    ]


def test_keys_are_attached_to_the_configuration() -> None:
    keys = AuthKeys(1, (AuthKey(1, "crc", None),))
    config, _ = parse_ha_cf(BASE, authkeys=keys)
    assert config is not None
    assert config.authkeys == keys
