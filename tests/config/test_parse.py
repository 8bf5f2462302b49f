"""The lines of ha.cf: lexical rules and the value of each directive."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hasim.config import ApiAuth, HaConfig, Medium, guess_ha_cf, parse_ha_cf
from hasim.config.parse import ha_cf_missing
from hasim.errors import Problem
from tests.config.strategies import ha_cf_texts, mutated

BASE = "bcast eth0\nnode node1 node2\nauto_failback on\nlogfacility local0\n"


def accepted(text: str, *, dialect: str = "3.0.6", local: str | None = "node1") -> HaConfig:
    """Return the configuration of a file that must be good, BASE being added to it."""
    config, problems = parse_ha_cf(text + "\n" + BASE, local=local, dialect=dialect)
    assert config is not None, "\n".join(map(str, problems))
    return config


def refused(text: str, *, dialect: str = "3.0.6") -> Problem:
    """Return the first problem of a line that must be bad; BASE follows it."""
    config, problems = parse_ha_cf(text + "\n" + BASE, local="node1", dialect=dialect)
    assert config is None
    assert "Heartbeat not started: configuration error." in [p.text for p in problems]
    first = next(p for p in problems if p.fatal)
    assert first.line == 1
    return first


def test_comments_and_blank_lines_are_skipped() -> None:
    text = "# first\n\n \t\r\n  \t keepalive 2 # seconds\n#keepalive 3\nwarntime 5#x\n"
    config = accepted(text)
    assert config.keepalive == 2_000_000
    assert config.warntime == 5_000_000


def test_dos_line_ends_are_blanks() -> None:
    assert accepted("keepalive 2\r\nudpport 695\r\n").keepalive == 2_000_000


def test_an_option_directive_applies_each_of_its_values_in_turn() -> None:
    config = accepted("keepalive 1, 3\nping h1,h2\nbcast eth5 eth6")
    assert config.keepalive == 3_000_000
    assert config.ping_nodes == ("h1", "h2")
    assert [m.device for m in config.media] == ["h1", "h2", "eth5", "eth6", "eth0"]


def test_a_blank_between_number_and_unit_makes_two_values() -> None:
    problem = refused("keepalive 500 ms")
    assert problem.text == "keepalive [ms] is not a time"
    assert "no blank" in problem.remedy


def test_an_option_directive_without_value_has_no_effect() -> None:
    config = accepted("keepalive\ndeadping , ,")
    assert config.keepalive == 1_000_000
    assert not config.is_given("deadping")


def test_directives_are_case_sensitive() -> None:
    problem = refused("Keepalive 2")
    assert problem.text == "Illegal directive [Keepalive] in ha.cf"
    assert "did you mean 'keepalive'?" in problem.remedy


def test_udp_is_bcast_with_a_warning() -> None:
    config, problems = parse_ha_cf("udp eth3\nnode a\n", local="a")
    assert config is not None
    assert [(m.kind, m.device) for m in config.media] == [("bcast", "eth3")]
    assert str(problems[0]).startswith(
        "ha.cf:1: WARN: WARNING: directive 'udp' replaced by 'bcast'"
    )


def test_parsing_goes_on_after_an_illegal_directive() -> None:
    _, problems = parse_ha_cf("foo 1\nbar 2\ndeadtime 2s\n" + BASE, local="node1")
    assert [p.line for p in problems if p.fatal] == [1, 2, 3, None]
    assert [p.text for p in problems if p.fatal][-1] == (
        "Heartbeat not started: configuration error."
    )


def test_udpport_after_media_does_not_move_the_media() -> None:
    config = accepted("bcast eth4\nudpport 700\nbcast eth5\nudpport 701\nucast eth6 10.0.0.9")
    assert [m.port for m in config.media] == [694, 700, 701, 701]
    assert config.udpport == 701


def test_baud_counts_for_the_serial_media_after_it() -> None:
    config = accepted("serial /dev/ttyS0\nbaud 9600\nserial /dev/ttyS1")
    assert [m.baud for m in config.media if m.kind == "serial"] == [19200, 9600]


def test_node_and_ping_order_is_the_table_order_whatever_the_media_order() -> None:
    config, _ = parse_ha_cf("ping g1\nnode b\nping_group g2 h i\nbcast eth0\nnode a\n", local="a")
    assert config is not None
    assert [(e.name, e.kind) for e in config.table] == [
        ("g1", "ping"),
        ("b", "normal"),
        ("g2", "ping"),
        ("a", "normal"),
    ]
    assert config.nodes == ("b", "a")
    assert [m.kind for m in config.media] == ["ping", "ping_group", "bcast"]


def test_node_names_and_the_local_name_are_lower_cased() -> None:
    config, _ = parse_ha_cf("bcast eth0\nnode Web-A\n", local="WEB-a")
    assert config is not None
    assert config.nodes == ("web-a",)
    assert config.local == "web-a"


def test_a_node_declared_twice_is_refused() -> None:
    config, problems = parse_ha_cf("bcast eth0\nnode a A\n")
    assert config is None
    assert problems[0].text == "a is declared twice"


def test_the_hundred_and_first_node_is_one_too_many() -> None:
    many = " ".join(f"n{i}" for i in range(98))
    assert len(accepted(f"node {many}").table) == 100
    assert refused(f"node {many} n98 n99 n100").text == "n100 is one node too many"


def test_the_sixty_fifth_medium_is_one_too_many() -> None:
    assert len(accepted("bcast " + " ".join(f"e{i}" for i in range(63))).media) == 64
    problem = refused("bcast " + " ".join(f"e{i}" for i in range(65)))
    assert problem.text == "bcast e64 is one medium too many"


def test_whole_line_media_carry_their_values() -> None:
    config = accepted(
        "mcast eth0 225.0.0.1 695 1 0\nucast eth1 10.0.0.2\nping_group R 10.0.0.1  10.0.0.3"
    )
    assert config.media[:3] == (
        Medium("mcast", "eth0", port=695, group="225.0.0.1", ttl=1, loop=0),
        Medium("ucast", "eth1", port=694, peer="10.0.0.2"),
        Medium("ping_group", "r", hosts=("10.0.0.1", "10.0.0.3")),
    )
    assert [m.line for m in config.media] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "text",
    [
        "mcast eth0 225.0.0.1 694 1",
        "mcast eth0 10.0.0.1 694 1 0",
        "mcast eth0 ff02::1 694 1 0",
        "mcast eth0 225.0.0.1 0 1 0",
        "mcast eth0 225.0.0.1 694 5 0",
        "mcast eth0 225.0.0.1 694 1 2",
        "mcast",
        "ucast eth0",
        "ping_group routers",
        "keepalive 0",
        "warntime 0",
        "warntime 499us",
        "deadtime 30s",
        "initdead -1",
        "conn_logd_time soon",
        "hopfudge 256",
        "udpport 0",
        "udpport 65536",
        "debug 256",
        "rtprio 0",
        "rtprio 100",
        "baud 4800",
        "baud 9601",
        "baud 9600 9600",
        "watchdog /dev/a\nwatchdog /dev/b",
        "auto_failback maybe",
        "nice_failback maybe",
        "realtime perhaps",
        "logfacility local8",
        "hbgenmethod clock",
        "msgfmt xml",
        "uuidfrom hostname",
        "autojoin all",
        "crm maybe",
        "stonith apc",
        "stonith",
        "stonith_host *",
        "respawn",
        "respawn hacluster",
        "respawn hacluster ipfail",
        "failfast root x",
        "apiauth",
        "apiauth ipfail user=root",
        "apiauth a\napiauth a",
        "max_rexmit_delay 0",
        "memreserve many",
    ],
)
def test_a_bad_value_is_refused_with_a_remedy(text: str) -> None:
    config, problems = parse_ha_cf(text + "\n" + BASE, local="node1")
    assert config is None
    first = next(p for p in problems if p.fatal)
    assert first.line in (1, 2)
    assert first.remedy
    assert [p.text for p in problems].count("Heartbeat not started: configuration error.") == 1


def test_a_refused_time_names_its_line_and_what_to_write() -> None:
    problem = refused("deadtime 2s")
    assert str(problem) == (
        "ha.cf:1: ERROR: deadtime [2s] is not a time\n"
        "    write 2 instead of 2s: ha.cf takes no unit but ms and us"
    )


@pytest.mark.parametrize(
    ("word", "value"), [("on", "on"), ("YES", "on"), ("0", "off"), ("Legacy", "legacy")]
)
def test_auto_failback_takes_any_boolean_word_or_legacy(word: str, value: str) -> None:
    assert accepted("").auto_failback == "on"
    config, _ = parse_ha_cf(f"bcast eth0\nnode a\nauto_failback {word}\n")
    assert config is not None
    assert config.auto_failback == value
    assert config.nice_failback == (value != "legacy")


@pytest.mark.parametrize(("word", "value"), [("on", "off"), ("off", "legacy")])
def test_nice_failback_is_obsolete_but_still_read(word: str, value: str) -> None:
    config, problems = parse_ha_cf(f"bcast eth0\nnode a\nnice_failback {word}\n")
    assert config is not None
    assert config.auto_failback == value
    assert problems[0].level == "ERROR"
    assert not problems[0].fatal


def test_respawn_keeps_the_command_line_as_written() -> None:
    config = accepted("respawn hacluster \t /usr/lib/x -a  'b c'\nfailfast root /bin/y")
    assert [(r.user, r.command, r.failfast, r.line) for r in config.respawn] == [
        ("hacluster", "/usr/lib/x -a  'b c'", False, 1),
        ("root", "/bin/y", True, 2),
    ]


def test_apiauth_replaces_the_default_of_its_client_only() -> None:
    config = accepted("apiauth ipfail uid=a,b gid=c")
    assert config.apiauth[0] == ApiAuth("ipfail", ("a", "b"), ("c",))
    assert ApiAuth("ccm", ("hacluster",)) in config.apiauth
    assert [a.client for a in config.apiauth].count("ipfail") == 1


@pytest.mark.parametrize(("dialect", "uids"), [("2.0.8", ()), ("3.0.6", ("root",))])
def test_root_may_connect_anonymously_since_the_last_version(
    dialect: str, uids: tuple[str, ...]
) -> None:
    anon = next(a for a in accepted("", dialect=dialect).apiauth if a.client == "anon")
    assert anon == ApiAuth("anon", uids, ("haclient",))


def test_the_last_stonith_directive_that_applies_wins() -> None:
    config = accepted(
        "stonith apc /etc/ha.d/apc\nstonith_host * ssh node1 node2\nstonith_host NODE2 null x"
    )
    assert config.stonith is not None
    assert (config.stonith.type, config.stonith.params) == ("ssh", "node1 node2")
    other = parse_ha_cf("stonith_host node2 null x\n" + BASE, local="Node2")[0]
    assert other is not None
    assert other.stonith is not None
    assert other.stonith.type == "null"


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("2.0.8", "pacemaker on"),
        ("2.0.8", "failfast root /bin/x"),
        ("2.0.8", "syslogmsgfmt off"),
        ("2.0.8", "mcast6 eth0 ff02::1 694 1 0"),
        ("2.0.8", "ucast6 eth0 fe80::1"),
    ],
)
def test_a_directive_of_another_version_is_illegal_and_says_whose_it_is(
    dialect: str, text: str
) -> None:
    problem = refused(text, dialect=dialect)
    assert problem.text == f"Illegal directive [{text.split()[0]}] in ha.cf"
    assert problem.remedy == "Heartbeat 2.0.8 does not know it, only 3.0.6 does"


def test_crm_and_pacemaker_are_one_thing_in_the_last_version() -> None:
    assert accepted("pacemaker respawn").crm == "respawn"
    assert accepted("crm true").crm == "on"
    assert accepted("crm no").crm == "off"
    assert accepted("crm manual", dialect="2.0.8").crm == "manual"
    assert refused("crm respawn", dialect="2.0.8").remedy == "write on, off or manual"


def test_ipv6_media_are_read_in_the_last_version() -> None:
    config = accepted("mcast6 eth0 ff02::1:1 694 1 0\nucast6 eth0 fe80::2")
    assert [(m.kind, m.group, m.peer) for m in config.media[:2]] == [
        ("mcast6", "ff02::1:1", None),
        ("ucast6", None, "fe80::2"),
    ]


def test_defaults_are_those_of_the_daemon() -> None:
    config = accepted("")
    assert (config.keepalive, config.deadtime, config.warntime) == (
        1_000_000,
        30_000_000,
        15_000_000,
    )
    assert (config.initdead, config.deadping) == (30_000_000, 30_000_000)
    assert (config.hopfudge, config.baud, config.udpport, config.debug) == (1, 19200, 694, 0)
    assert (config.hbgenmethod, config.msgfmt, config.autojoin) == ("file", "classic", "none")
    assert (config.uuidfrom, config.crm, config.realtime, config.rtprio) == (
        "file",
        "off",
        True,
        None,
    )
    assert (config.conn_logd_time, config.syslogmsgfmt) == (60_000_000, True)
    assert (config.max_rexmit_delay, config.memreserve) == (250_000, 6500)
    assert config.watchdog is None
    assert config.stonith is None


def test_every_plain_directive_reaches_its_field() -> None:
    config = accepted(
        "hopfudge 3\ndebug 2\ndebugfile /d\nlogfile /l\nuse_logd on\nconn_logd_time 5\n"
        "syslogmsgfmt off\nrealtime off\nrtprio 5\nhbgenmethod time\nmsgfmt netstring\n"
        "uuidfrom nodename\ncluster c\nquorum_server q\ncompression bz2\n"
        "compression_threshold 2\ntraditional_compression yes\nmax_rexmit_delay 500\n"
        "memreserve 1\ncoredumps true\ncoreroot /c\nenv A=1 B=2\nlog_badpack off\n"
        "use_apphbd no\nrecord_config_changes on\nrecord_pengine_inputs off\n"
        "enable_config_writes off\nnormalpoll 9\nwatchdog /dev/watchdog"
    )
    got = {name: getattr(config, name) for name in sorted({g.directive for g in config.given})
           if name not in ("bcast", "node", "auto_failback", "logfacility")}  # fmt: skip
    assert got == {
        "hopfudge": 3, "debug": 2, "debugfile": "/d", "logfile": "/l", "use_logd": True,
        "conn_logd_time": 5_000_000, "syslogmsgfmt": False, "realtime": False, "rtprio": 5,
        "hbgenmethod": "time", "msgfmt": "netstring", "uuidfrom": "nodename", "cluster": "c",
        "quorum_server": "q", "compression": "bz2", "compression_threshold": 2,
        "traditional_compression": True, "max_rexmit_delay": 500_000, "memreserve": 1,
        "coredumps": True, "coreroot": "/c", "env": ("A=1", "B=2"), "log_badpack": False,
        "use_apphbd": False, "record_config_changes": True, "record_pengine_inputs": False,
        "enable_config_writes": False, "normalpoll": 9, "watchdog": "/dev/watchdog",
    }  # fmt: skip


def test_a_missing_file_is_reported_in_the_daemons_words() -> None:
    (problem,) = ha_cf_missing("/etc/ha.d/ha.cf")
    assert problem.text == "Cannot open config file [/etc/ha.d/ha.cf]"
    assert problem.fatal


def test_a_utf16_file_is_told_to_be_no_plain_text() -> None:
    _, problems = parse_ha_cf(BASE.encode("utf-16"), local="node1")
    assert problems[0].text.startswith("Illegal directive [")
    assert "plain text" in problems[0].remedy


def test_latin_1_comments_do_no_harm() -> None:
    config, _ = parse_ha_cf("# für zwei Knoten\n".encode("latin-1") + BASE.encode(), local="node1")
    assert config is not None


def test_megabytes_of_junk_are_read_in_linear_time() -> None:
    samples = [
        b"x y z\n" * 300_000,
        b"x" * 2_000_000,
        b"keepalive " + b"1 " * 500_000,
        b"node " + b"a,b," * 300_000,
        b"deadtime " + b"9" * 2_000_000,
        b" " * 2_000_000 + b"#",
        b"respawn a " + b"\t" * 1_000_000,
    ]
    start = time.process_time()
    for sample in samples:
        _, problems = parse_ha_cf(sample, local="a")
        assert all(len(str(p)) < 1000 for p in problems)
        assert len(problems) < 150
    assert time.process_time() - start < 20


@given(st.binary() | st.text() | mutated(ha_cf_texts()), st.sampled_from(["2.0.8", "3.0.6"]))
def test_no_input_makes_the_parser_raise(data: str | bytes, dialect: str) -> None:
    config, problems = parse_ha_cf(data, local="node1", dialect=dialect)
    assert (config is None) == any(p.fatal for p in problems)
    assert all(str(p).isprintable() for q in problems for p in str(q).split("\n"))


@given(st.text(max_size=60), st.sampled_from(["stonith", "apiauth", "mcast", "respawn", "node"]))
def test_no_value_makes_a_directive_raise(value: str, directive: str) -> None:
    parse_ha_cf(f"{directive} {value}", local="node1")


def logged_before_the_start(file: Path) -> list[tuple[str, str]]:
    """Return what the recorded daemon said of its configuration, level and text."""
    lines: list[tuple[str, str]] = []
    with gzip.open(file, "rt", errors="replace") as log:
        for line in log:
            level, _, text = line.rstrip("\n").partition("]: ")[2].partition(": ")
            if text.startswith("*****"):
                break
            lines = [] if text == "Pacemaker support: false" else [*lines, (level, text)]
    return lines


@pytest.mark.conformance
def test_every_recorded_configuration_draws_the_lines_that_the_daemon_logged(shared: Path) -> None:
    runs = sorted((shared / "traces").glob("*/01"))
    if not runs:
        pytest.skip("no recordings")
    compared = 0
    for run in runs:
        scenario = json.loads((run / "scenario.json").read_text())["scenario"]
        for node in ("node1", "node2"):
            own = scenario.get("per_node", {}).get(node, {})
            config, problems = parse_ha_cf(own.get("ha_cf", scenario["ha_cf"]), local=node)
            assert config is not None, (run, problems)
            log = run / f"ha-debug.{node}.gz"
            recorded = logged_before_the_start(log) if log.exists() else []
            if recorded:
                assert [(p.level, p.text) for p in problems] == recorded, run
                compared += 1
    assert compared > len(runs)


def test_every_corpus_file_is_accepted_or_refused_with_a_reason(shared: Path) -> None:
    files = sorted((shared / "corpus").rglob("*ha.cf*")) if (shared / "corpus").is_dir() else []
    if not files:
        pytest.skip("no corpus")
    for file in files:
        config, problems = parse_ha_cf(file.read_bytes(), file.name)
        assert config is not None or any(p.fatal and p.text for p in problems)


def test_what_a_refused_file_says_is_guessed_without_its_mistakes() -> None:
    text = "keepalive 2s\ndeadtime 20\nwarntme 3\nbcast eth0 eth1\nnode a b\nfoo bar\n"
    config, doubtful = guess_ha_cf(text, local="a")
    assert (config.deadtime, config.nodes) == (20_000_000, ("a", "b"))
    assert [m.device for m in config.media] == ["eth0", "eth1"]
    assert doubtful == {"keepalive", "warntime"}
    assert parse_ha_cf(text, local="a")[0] is None


@given(ha_cf_texts())
def test_a_good_file_needs_no_guess(text: str) -> None:
    read, _ = parse_ha_cf(text)
    if read is not None:
        assert guess_ha_cf(text) == (read, frozenset())
