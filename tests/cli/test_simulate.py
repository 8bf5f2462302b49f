"""``hasim run`` and ``hasim why``: results on standard output, remarks on standard error."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import hasim
from hasim.faults import USAGE
from tests.cli.conftest import Cli, Done

WEB = "models/webdata"


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch, webdata: Path) -> None:
    monkeypatch.chdir(webdata.parent.parent)


def test_a_scenario_gives_its_log_and_a_summary(cli: Cli, webdata: Path) -> None:
    done = cli("run", WEB, "--scenario", "power-loss")
    run = hasim.load(webdata).run(scenario="power-loss")
    assert done.code == 0
    assert done.out.splitlines() == list(run.log())
    assert run.digest in done.err
    assert "taken over from node1" in done.err


def test_every_fault_and_flag_reaches_the_run(cli: Cli, webdata: Path) -> None:
    faults = ["4m cut node1:eth1", "4m cut node1:eth0 for 10s"]
    done = cli(
        *("run", WEB, "--fault", faults[0], "--fault", faults[1], "--until", "5m"),
        *("--set", "deadtime=8", "--set", "warntime=4", "--seed", "5", "--dialect", "3.0.6"),
        *("--format", "ha-log", "--node", "node2"),
    )
    model = hasim.load(webdata, dialect="3.0.6")
    run = model.run(faults, until="5m", seed=5, change={"deadtime": "8", "warntime": "4"})
    assert run.violations  # with a dead time of 8 s the ten seconds are enough for a split brain
    assert done.code == 1
    assert done.out.splitlines() == list(run.log("node2", "ha-log"))
    assert run.digest in done.err


def test_packets_are_in_the_json_and_change_no_line_of_the_log(cli: Cli, webdata: Path) -> None:
    asked = ("run", WEB, "--scenario", "power-loss")
    run = hasim.load(webdata).run(scenario="power-loss", packets=True)
    full = cli(*asked, "--packets")
    assert full.out == cli(*asked).out
    assert f"digest {run.trace.digest('packets')}" in full.err
    lines = cli(*asked, "--packets", "--json").out.splitlines()
    sent = [line for line in lines if '"PacketSent"' in line]
    assert len(sent) > 1000
    assert f"packets: {len(sent)} sent, " in full.err
    assert not any('"PacketSent"' in line for line in cli(*asked, "--json").out.splitlines())


def test_json_is_the_trace_and_nothing_else(cli: Cli, webdata: Path, tmp_path: Path) -> None:
    done = cli("run", WEB, "--scenario", "start-alone", "--json")
    assert all(json.loads(line) for line in done.out.splitlines())
    file = tmp_path / "run.jsonl"
    file.write_text(done.out)
    assert hasim.load_run(file).trace == hasim.load(webdata).run(scenario="start-alone").trace


def test_quiet_says_nothing_where_nothing_needs_attention(cli: Cli) -> None:
    assert cli("run", WEB, "--scenario", "start-alone", "--quiet").err == ""


def test_a_violated_property_is_exit_code_1_and_said_even_when_quiet(cli: Cli) -> None:
    done = cli("run", WEB, "--fault", "5m isolate node1", "--until", "7m", "--quiet")
    assert done.code == 1
    said = done.err.splitlines()
    assert [line.split(": ")[1] for line in said] == [
        "at-most-one-vip-holder",
        "at-most-one-mounter",
    ]
    assert all(line.startswith("property violated: ") for line in said)


def test_a_violation_that_the_scenario_expects_is_exit_code_0(cli: Cli) -> None:
    assert cli("run", WEB, "--scenario", "heartbeat-cables-cut", "--quiet").code == 0


def test_an_expected_violation_that_does_not_come_is_exit_code_1(
    cli: Cli, webdata: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "m"
    shutil.copytree(webdata, folder)
    text = 'until = "5s"\n[expect]\nviolated = ["at-most-one-mounter"]\n'
    (folder / "scenarios" / "none.toml").write_text(text)
    done = cli("run", str(folder), "--scenario", "none", "-q")
    assert done.code == 1
    assert done.err.startswith("expectation missed: at-most-one-mounter is expected to be violated")


def test_the_summary_tells_outages_on_standard_error_and_json_is_unaffected(cli: Cli) -> None:
    asked = ("run", WEB, "--scenario", "power-loss")
    plain, json_ = cli(*asked), cli(*asked, "--json")
    assert "outage of" in plain.err
    assert "outage of" in json_.err
    assert all(json.loads(line) for line in json_.out.splitlines())


def test_a_missed_expectation_is_exit_code_1(cli: Cli, webdata: Path, tmp_path: Path) -> None:
    folder = tmp_path / "m"
    shutil.copytree(webdata, folder)
    text = 'until = "5s"\n[expect]\nlog.node1 = ["pigs fly"]\n'
    (folder / "scenarios" / "pigs.toml").write_text(text)
    done = cli("run", str(folder), "--scenario", "pigs", "-q")
    assert (done.code, done.err) == (1, "expectation missed: node1 does not log 'pigs fly'\n")


def test_a_bare_folder_is_enough_and_every_guess_is_told(
    cli: Cli, webdata: Path, tmp_path: Path
) -> None:
    for name in ("ha.cf", "haresources", "authkeys"):
        shutil.copy(webdata / name, tmp_path)
    (tmp_path / "authkeys").chmod(0o600)
    done = cli("run", str(tmp_path), "--fault", "3m power-off node1", "--until", "4m")
    assert done.code == 0
    assert "node node1: is dead" in done.out
    assumed = hasim.load(tmp_path).assumed
    assert [line for line in done.err.splitlines() if line.startswith("assumed: ")] == [
        f"assumed: {sentence}" for sentence in assumed
    ]


def test_all_bad_input_is_told_at_once_without_a_traceback(cli: Cli) -> None:
    done = cli(
        *("run", WEB, "--scenario", "heall", "--fault", "5m cut node3:eth0", "--fault", "x"),
        *("--set", "deadtme=3", "--set", "foo", "--until", "5q"),
    )
    assert (done.code, done.out) == (2, "")
    for part in ("'heal'", "node3", "'x'", "'deadtime'", "'foo'", "'5q'"):
        assert part in done.err
    assert "Traceback" not in done.err
    assert "end of the run" not in done.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nowhere",), "no such folder"),
        ((WEB, "--dialect", "2.0.9"), "did you mean '2.0.8'"),
        ((WEB, "--fault", "5m restore disk web"), "not simulated"),
        ((WEB, "--fault", "5m heal node1"), "nothing to heal"),
        ((WEB, "--node", "node9", "--until", "1s"), "did you mean 'node"),
        ((WEB, "--fault", "5m stopp node1"), "did you mean 'stop'"),
        ((WEB, "--fault", "5m stop node3"), "no node 'node3' in this model"),
        ((WEB, "--fault", "5m standby node1 lokal"), "did you mean 'local'"),
        ((WEB, "--fault", "5m takeover node1:eth0"), "is a cable"),
        ((WEB, "--fault", "5m fail Filesytem start on node1"), "did you mean 'Filesystem'"),
        ((WEB, "--fault", "5m fail Filesystem stat on node1"), "did you mean 'start'"),
        ((WEB, "--fault", "5m slow group 192.168.60.20 1s on node1"), "no group '192.168.60.20'"),
        ((WEB, "--fault", "5m slow Filesystem 10s node1"), "where 'on' belongs"),
        ((WEB, "--fault", "5m kill node1 ipfial"), "did you mean 'ipfail'"),
        ((WEB, "--fault", "5m kill node1 master -2"), "'kill master -2' is read but not"),
        ((WEB, "--fault", "5m cut disk web"), "'cut disk web' is read but not simulated"),
        ((WEB, "--fault", "5m forge status from x on node1:eth0 seqno=y"), "is no number"),
        ((WEB, "--fault", "5m stop node1", "--until", "1m"), "does not happen before the end"),
        ((WEB, "--seed", "x"), "--seed"),
        ((WEB, "--set", "deadtime", "--until", "1s"), "deadtime"),
        ((WEB, "--sead", "1"), "--se"),
        ((), "PATH"),
    ],
)
def test_bad_input_is_exit_code_2(cli: Cli, arguments: tuple[str, ...], says: str) -> None:
    done = cli("run", *arguments)
    assert done.code == 2
    assert says in done.err
    assert "Traceback" not in done.err


def test_an_error_in_a_file_is_told_with_its_line(cli: Cli, webdata: Path, tmp_path: Path) -> None:
    folder = tmp_path / "m"
    shutil.copytree(webdata, folder)
    (folder / "scenarios" / "bad.toml").write_text('schema = 1\nuntil = "5q"\n')
    done = cli("run", str(folder), "--scenario", "bad")
    assert done.code == 2
    assert f"{folder}/scenarios/bad.toml:2: ERROR" in done.err


def test_everything_wrong_with_a_scenario_is_told_at_once(
    cli: Cli, webdata: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "m"
    shutil.copytree(webdata, folder)
    text = """schema = 1
start = { node7 = "1s" }
faults = ["5m stop node3", "6m cut node1:eth9"]
[expect]
holds = [{ at = "8m", group = "192.168.60.200", node = "nodeX" }]
log.node4 = ["x"]
"""
    (folder / "scenarios" / "bad.toml").write_text(text)
    done = cli("run", str(folder), "--scenario", "bad")
    assert (done.code, done.out) == (2, "")
    for wrong in ("node7", "node3", "node1:eth9", "192.168.60.200", "nodeX", "node4"):
        assert f"'{wrong}'" in done.err
    assert done.err.count(f"{folder}/scenarios/bad.toml:") == 6


def test_a_group_that_is_not_held_as_expected_is_told(
    cli: Cli, webdata: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "m"
    shutil.copytree(webdata, folder)
    held = '{ at = "4m", group = "192.168.60.200/24/eth0", node = "node2" }'
    text = f'until = "5m"\n[expect]\nholds = [{held}]\n'
    (folder / "scenarios" / "other.toml").write_text(text)
    done = cli("run", str(folder), "--scenario", "other", "-q")
    missed = "node2 does not hold 192.168.60.200/24/eth0 at 4m: it stands on node1"
    assert (done.code, done.err) == (1, f"expectation missed: {missed}\n")


def test_an_outage_that_a_corrupt_disk_keeps_up_says_so(cli: Cli) -> None:
    done = cli("run", WEB, "--scenario", "heartbeat-cables-cut")
    (row,) = [line for line in done.err.splitlines() if "nobody yet" in line]
    assert "node1 is no longer heard, then the file system is corrupt" in row
    short = cli("run", WEB, "--scenario", "power-loss")
    assert "corrupt" not in short.err


ACTIVE = """keepalive 1
deadtime 10
initdead 20
bcast eth0
ping_group gw 10.1.0.1 10.1.0.2
auto_failback {failback}
respawn hacluster /usr/lib/heartbeat/ipfail
node alpha beta
"""
GROUPS = """alpha 10.1.0.100/24/eth0 Filesystem::/dev/drbd0::/srv::ext3 apache2
beta IPaddr::10.1.0.101/24/eth0
"""


def bare(folder: Path, failback: str = "on") -> str:
    """Write a configuration of two groups, one preferred on each node."""
    (folder / "ha.cf").write_text(ACTIVE.format(failback=failback))
    (folder / "haresources").write_text(GROUPS)
    (folder / "authkeys").write_text("auth 1\n1 sha1 secret\n")
    (folder / "authkeys").chmod(0o600)
    return str(folder)


def held(done: Done) -> dict[str, list[str]]:
    """Return which nodes held each group in turn, as the summary says."""
    table = done.err.partition("\ngroup ")[2].partition("\n\n")[0]
    out: dict[str, list[str]] = {}
    for line in table.splitlines()[1:]:
        group, node, *_ = line.split()
        out.setdefault(group, []).append(node)
    return out


@pytest.mark.parametrize("failback", ["on", "off", "legacy"])
def test_two_groups_cross_over_and_come_back_as_auto_failback_has_it(
    cli: Cli, tmp_path: Path, failback: str
) -> None:
    done = cli("run", bare(tmp_path, failback), "--fault", "2m power-off alpha for 1m")
    back = [] if failback == "off" else ["alpha"]
    assert done.code == 0
    assert held(done) == {
        "10.1.0.100/24/eth0": ["alpha", "beta", *back],
        "IPaddr::10.1.0.101/24/eth0": ["beta"],
    }
    assert (
        "note: script apache2: taken for installed; only whether it runs is simulated" in done.err
    )


@pytest.mark.parametrize(
    ("faults", "code", "holders"),
    [
        (["2m stop alpha"], 0, ["alpha", "beta"]),
        (["2m standby alpha"], 0, ["alpha", "beta"]),
        (["2m takeover beta"], 0, ["alpha", "beta"]),
        (["2m takeover alpha"], 0, ["alpha"]),
        (["2m reload alpha"], 0, ["alpha"]),
        (["2m start alpha"], 0, ["alpha"]),
        (["2m kill alpha ipfail"], 0, ["alpha"]),
        (["2m kill alpha master"], 1, ["alpha", "beta"]),
        (["2m hang alpha for 3s"], 0, ["alpha"]),
        (["2m hang alpha"], 1, ["alpha", "beta"]),
        (["2m isolate alpha"], 1, ["alpha", "beta"]),
        (["2m power-off 10.1.0.1"], 0, ["alpha"]),
        (["2m slow apache2 1h on alpha", "3m standby alpha"], 0, ["alpha"]),
        (["2m fail Filesystem stop on alpha", "3m stop alpha"], 0, ["alpha", "beta", "alpha"]),
    ],
    ids=lambda value: ", ".join(map(str, value)) if isinstance(value, list) else str(value),
)
def test_every_verb_does_to_a_bare_configuration_what_it_says(
    cli: Cli, tmp_path: Path, faults: list[str], code: int, holders: list[str]
) -> None:
    flags = [word for fault in faults for word in ("--fault", fault)]
    done = cli("run", bare(tmp_path), *flags, "--until", "6m")
    assert done.code == code
    assert held(done)["10.1.0.100/24/eth0"] == holders


def test_the_word_help_lists_the_fault_lines(cli: Cli) -> None:
    done = cli("run", WEB, "--fault", "help")
    assert done.code == 0
    assert all(usage in done.out for usage in USAGE.values())


def test_why_tells_the_chain_of_causes(cli: Cli) -> None:
    done = cli("why", WEB, "--scenario", "power-loss", "node2 node node1: is dead")
    assert done.code == 0
    lines = done.out.splitlines()
    assert "power-off node1" in lines[0]
    assert lines[-1].endswith("node node1: is dead")
    chain = cli("why", WEB, "--scenario", "power-loss", "--json", "node2 node node1: is dead")
    assert len(chain.out.splitlines()) == len(lines)
    assert json.loads(chain.out.splitlines()[0])["cause"] is None


def test_why_of_what_never_happened_is_bad_input(cli: Cli) -> None:
    done = cli("why", WEB, "--scenario", "start-alone", "node node9: is dead")
    assert done.code == 2
    assert "nearest" in done.err
    few = cli("why", WEB, "--scenario", "power-loss", "is dad")
    assert (few.code, few.out) == (2, "")
    assert "node node1: is dead" in few.err


def test_what_is_assumed_is_said_of_the_configuration_that_ran(
    cli: Cli, tmp_path: Path, webdata: Path
) -> None:
    for name in ("ha.cf", "haresources", "authkeys"):
        shutil.copy(webdata / name, tmp_path / name)
    (tmp_path / "authkeys").chmod(0o600)
    plain = cli("run", str(tmp_path), "--until", "5s")
    done = cli("run", str(tmp_path), "--until", "5s", "--set", "bcast=eth7")
    assert "eth7" not in plain.err
    assert "assumed: node1:eth7 and node2:eth7 are joined" in done.err
    assert "eth1" not in done.err


def test_a_plain_run_loads_nothing_that_only_other_commands_need(webdata: Path) -> None:
    program = (
        "import sys; from hasim.cli import main\n"
        f"sys.argv = ['hasim', 'run', {str(webdata)!r}, '--scenario', 'start-alone', '-q']\n"
        "main()\n"
        "heavy = {'hasim.lint', 'hasim.plot', 'hasim.report', 'hasim.search', 'jinja2', 'numpy',"
        " 'matplotlib', 'pandas'}\n"
        "sys.exit(sorted(heavy & {*sys.modules}) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
