from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hasim.errors import ConfigError
from hasim.site import (
    Clock,
    Daemon,
    Disk,
    Latency,
    Nic,
    ScriptTimes,
    Site,
    Watchdog,
    parse_site,
    render_site,
)
from hasim.site.parts import DEFAULT_SCRIPTS
from hasim.units import MS, SECOND
from tests.site.example import EXAMPLE


def complaints(text: str | bytes) -> list[tuple[int | None, str]]:
    with pytest.raises(ConfigError) as caught:
        parse_site(text, "site.toml")
    assert {p.file for p in caught.value.problems} == {"site.toml"}
    return [(p.line, p.text) for p in caught.value.problems]


def test_every_key_of_the_founding_cluster_is_read() -> None:
    site = parse_site(EXAMPLE)
    node1, node2 = site.nodes["node1"], site.nodes["node2"]
    assert (site.heartbeat, site.epoch) == ("2.0.8", "2007-11-26T07:52:21")
    assert site.authkeys_mode == 0o600
    assert site.switches["lan"].latency == Latency(100, 300)
    assert site.switches["lan"].power == "utility"
    assert site.switches["cross"].latency == Latency(50, 50)
    assert site.switches["cross"].power is None
    assert node1.power == "outlet1"
    assert node1.boot == Latency(40 * SECOND, 60 * SECOND)
    assert node1.first_pid == 3688
    assert node1.nics["eth1"] == Nic("eth1", "cross", "10.0.0.1/24")
    assert node2.heartbeat == "on-boot"
    assert node2.clock == Clock(-71_500_000, 0)
    assert site.hosts["192.168.60.1"].on == "lan"
    assert site.hosts["client"].probes == "192.168.60.200"
    assert site.feeds == {"outlet1": "utility", "outlet2": "utility"}
    assert site.disks["web"] == Disk("web", {"node1": "/dev/sdb5", "node2": "/dev/sdb5"}, "direct")
    assert site.scripts["IPaddr"].stop == Latency(300 * MS, SECOND)
    assert site.scripts["harc"] == ScriptTimes(run=Latency(20 * MS, 100 * MS))
    assert site.stonith["pdu"].plugs == {"node1": "outlet1"}
    assert site.stonith["pdu"].reboot == Latency.constant(8 * SECOND)
    assert site.daemon == Daemon()


def test_a_watchdog_is_read_and_without_one_the_node_has_a_softdog() -> None:
    text = """
[node.a]
watchdog = { kind = "hardware", nowayout = true, reset = "1s..2s" }
[node.b]
watchdog = { wording = "2.4" }
[node.c]
"""
    a, b, c = parse_site(text).nodes.values()
    assert a.watchdog == a.dog == Watchdog("hardware", True, reset=Latency(SECOND, 2 * SECOND))
    assert b.watchdog == Watchdog("softdog", wording="2.4")
    assert (c.watchdog, c.dog) == (None, Watchdog())


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ('{ kind = "softdg" }', "did you mean 'softdog'?"),
        ('{ nowayout = "yes" }', "true or false is needed"),
        ('{ wording = "2.2" }', "2.4"),
        ("{ timeout = 3 }", "timeout"),
        ('"softdog"', "watchdog"),
    ],
)
def test_a_watchdog_that_cannot_be_is_refused_with_its_line(value: str, says: str) -> None:
    ((line, text),) = complaints(f"[node.a]\nwatchdog = {value}\n")
    assert line == 2
    assert says in text


def test_an_empty_file_is_a_site_of_defaults() -> None:
    assert parse_site("") == Site()


def test_latency_is_a_constant_a_range_or_two_percentiles() -> None:
    site = parse_site(
        '[switch.a]\nlatency = "50us"\n[switch.b]\nlatency = "1ms..2ms"\n'
        '[switch.c]\nlatency = { p50 = "1ms", p99 = "4ms" }\n[switch.d]\nlatency = 2\n'
    )
    found = [s.latency for s in site.switches.values()]
    assert found[:2] == [Latency(50, 50), Latency(1000, 2000)]
    assert found[2] == Latency(250, 8000, 1000, 4000)
    assert found[3] == Latency(2 * SECOND, 2 * SECOND)


def test_a_script_table_of_a_node_overrides_the_common_one() -> None:
    site = parse_site(
        '[node.node1]\n[node.node2]\n[script]\nIPaddr = { start = "1s" }\n'
        '[script.node2]\nIPaddr = { start = "2s" }\nharc = "5ms"\n'
    )
    assert site.script_time("node1", "IPaddr", "start") == Latency.constant(SECOND)
    assert site.script_time("node2", "IPaddr", "start") == Latency.constant(2 * SECOND)
    assert site.script_time("node2", "harc", "up") == Latency.constant(5 * MS)
    assert site.script_time("node1", "harc", "up") == Latency(8 * MS, 63 * MS)


def test_the_daemon_table_gives_ranges_of_its_start() -> None:
    site = parse_site(
        '[daemon]\nstart = "1ms"\nup = "2ms..3ms"\nio_late = "0.5%"\nprocessors = 1\n'
    )
    assert site.daemon == Daemon(Latency(1000, 1000), Latency(2000, 3000), 5, 1)


def test_a_service_has_a_time_of_recovery() -> None:
    site = parse_site('[service."10.0.0.9"]\nrecovery = "1m30s"\n[service."10.0.0.8"]\n')
    assert [site.recovery_us(a) for a in ("10.0.0.9", "10.0.0.8", "10.0.0.7")] == [
        90 * SECOND,
        0,
        0,
    ]
    assert complaints('[service."10.0.0.9"]\nrecovers = "2s"\n') == [
        (2, "unknown key 'recovers' in [service.10.0.0.9]; did you mean 'recovery'?")
    ]
    assert complaints('[service."10.0.0.9"]\nrecovery = "soon"\n')[0][0] == 2


def test_an_unknown_key_is_told_the_nearest_known_key() -> None:
    assert complaints('[switch.lan]\n\nlatncy = "1s"\n') == [
        (3, "unknown key 'latncy' in [switch.lan]; did you mean 'latency'?")
    ]


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    text = """\
schema = 2
heartbeat = "2.0.9"
epoch = "yesterday"
config = { authkeys_mode = "rw" }
[switch.lan]
latency = "3s..1s"
power = "utilty"
[node.node1]
boot = "soon"
first_pid = "x"
nic.eth0 = { on = "lann" }
[daemon]
io_late = 17
"""
    assert complaints(text) == [
        (1, "schema = 2: a whole number 1..1 is needed"),
        (2, "heartbeat = '2.0.9': one of 2.0.8, 3.0.6; did you mean '2.0.8'?"),
        (3, "epoch = 'yesterday': a date and time without zone"),
        (4, "authkeys_mode = 'rw': an octal mode"),
        (6, "latency: '3s..1s': the first time is the smaller"),
        (7, "no feed 'utilty' in this site; did you mean 'utility'?"),
        (9, "boot: 'soon' is not a duration (try 30s, 1500ms, 2m30s)"),
        (10, "first_pid = 'x': a whole number 2..4000000 is needed"),
        (11, "no switch 'lann' in this site; did you mean 'lan'?"),
        (13, 'io_late = 17: a percentage is needed, "0%" to "100%"'),
    ]


def test_a_node_without_a_generation_has_never_run_the_daemon() -> None:
    site = parse_site("[node.a]\n[node.b]\ngeneration = 2\n")
    assert (site.nodes["a"].generation, site.nodes["b"].generation) == (None, 2)
    assert complaints("[node.a]\ngeneration = 0\n") == [
        (2, "generation = 0: a whole number 1..4000000000 is needed")
    ]


def test_a_nic_without_a_switch_is_told_what_to_write() -> None:
    assert complaints('[node.a]\nnic.eth0 = { address = "10.0.0.1" }\n') == [
        (2, "[node.a.nic.eth0] has no 'on'")
    ]


def test_a_script_table_of_an_unknown_node_is_told_so() -> None:
    assert complaints('[node.node1]\n[script.node7]\nIPaddr = { start = "1s" }\n') == [
        (2, "[script.node7] holds tables, but no node has this name; did you mean 'node1'?")
    ]


def test_a_table_where_a_value_belongs_is_a_complaint() -> None:
    assert complaints("switch = 5\nnode = [1]\n[feed]\na = 3\n") == [
        (1, "switch = 5: a table is needed"),
        (2, "node = [1]: a table is needed"),
        (4, "a = 3: a text is needed"),
    ]


def test_what_is_not_toml_is_told_the_line() -> None:
    ((line, text),) = complaints("schema = 1\n[switch\n")
    assert line == 2
    assert text.startswith("not TOML: ")


def test_what_is_not_utf_8_is_told_the_line() -> None:
    assert complaints(b"schema = 1\nx = '\xff'\n") == [(2, "not a text in UTF-8")]


def test_a_byte_order_mark_is_no_problem() -> None:
    assert parse_site("\ufeffschema = 1\r\n".encode()) == Site()


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "9" * 5000, "\0", "a" * 100_000])
def test_hostile_texts_are_config_errors(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_site(text)


def survives(text: str | bytes) -> None:
    found: ConfigError | None = None
    try:
        parse_site(text)
    except ConfigError as x:
        found = x
    assert found is None or found.problems


def test_a_file_of_many_problems_is_answered_soon_and_at_most_a_hundred_are_told() -> None:
    found = complaints("".join(f"key{i} = {i}\n" for i in range(20_000)))
    assert len(found) == 101
    assert found[-1] == (None, "the first 100 problems are told, more may follow")


fragments = st.sampled_from(
    ["[switch.lan]", "[node.n]", "[[node]]", "[script.n]", "latency", "power", "nic.eth0", "on",
     " = ", "=", '"', "'", "[", "]", "{", "}", "\n", ",", '"1s"', '"a..b"', "1", "-1", "1e999",
     "nan", "inf", "true", "2007-11-26", "07:52:21", "p50", "clock", "offset", "[feed]", "x",
     '"x"', "epoch", '"""', "#", "heartbeat", "schema", "[stonith.pdu]", "plugs", "[daemon]"]
)  # fmt: skip


@given(st.lists(fragments, max_size=30).map("".join) | st.text())
@settings(max_examples=400)
def test_any_text_is_a_site_or_a_config_error(text: str) -> None:
    survives(text)


@given(st.binary())
def test_any_bytes_are_a_site_or_a_config_error(data: bytes) -> None:
    survives(data)


lines = EXAMPLE.splitlines()
values = st.sampled_from(['""', "5", "-1", "true", "[]", "{}", "nan", "1979-05-27", '"x"', '"1s"'])


@given(st.integers(0, len(lines) - 1), values, st.integers(0, len(lines) - 1))
def test_a_mutated_site_is_a_site_or_a_config_error(at: int, value: str, drop: int) -> None:
    changed = [*lines]
    key = changed[at].partition("=")[0]
    changed[at] = f"{key}= {value}" if "=" in changed[at] else changed[at]
    del changed[drop]
    survives("\n".join(changed))


def test_a_respawn_client_may_end_by_itself_sign_on_and_leave_its_channel_open() -> None:
    site = parse_site(
        """
[script]
watcher = { run = "2s", exits = 3, signs_on = true, keeps_channel = true }
"""
    )
    watcher = site.script_traits("node1", "watcher")
    assert watcher.run == Latency.constant(2_000_000)
    assert (watcher.exits, watcher.signs_on, watcher.keeps_channel) == (3, True, True)
    assert parse_site(render_site(site)) == site
    other = site.script_traits("node1", "other")
    assert (other.exits, other.signs_on, other.keeps_channel) == (0, False, False)


def test_a_script_may_fail_hang_lie_or_be_missing() -> None:
    text = """[script]
Bad = { start = "1s", fails = ["stop", "start"], hangs = ["status"] }
Liar = { lies = "running", stopped_code = 0 }
[script.node1]
Gone = { missing = true }
"""
    site = parse_site("[node.node1]\n" + text)
    bad = site.script_traits("node1", "Bad")
    assert (bad.fails, bad.hangs) == (("start", "stop"), ("status",))
    liar = site.script_traits("node1", "Liar")
    assert (liar.lies, liar.stopped_code, liar.missing) == ("running", 0, False)
    assert site.script_traits("node1", "Gone").missing
    assert not site.script_traits("node2", "Gone").missing
    assert parse_site(render_site(site)) == site


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            'fails = ["strat"]',
            "fails: 'strat' is none of start, stop, status; did you mean 'start'?",
        ),
        ("missing = 1", "missing = 1: true or false is needed"),
        ('lies = "maybe"', "lies = 'maybe': one of running, stopped"),
        ("stopped_code = 256", "stopped_code = 256: a whole number 0..255 is needed"),
    ],
)
def test_wrong_traits_of_a_script_are_told(value: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_site(f"[script]\nBad = {{ {value} }}\n")
    assert said in str(caught.value)


def test_times_that_the_site_only_repeats_are_not_its_own() -> None:
    assert Site().given_time("node1", "IPaddr", "start") is None
    assert Site(scripts=DEFAULT_SCRIPTS).given_time("node1", "IPaddr", "start") is None
    site = parse_site('[script]\nIPaddr = "1s"\n')
    assert site.given_time("node1", "IPaddr", "start") == Latency.constant(SECOND)
    assert site.given_time("node1", "Filesystem", "start") is None
