"""Names and limits of the founding cluster are inputs: change them, and the transcript follows."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import hasim
from hasim.render import log_lines
from hasim.run import Run, agenda_of
from hasim.trace import Clock, Header, Trace
from hasim.units import SECOND
from hasim.world import World
from tests.conftest import ROOT

RENAMED = {
    "node1": "alpha",
    "node2": "omega",
    "eth0": "bond7",
    "eth1": "ib3",
    "192.168.60.1": "172.16.9.254",
    "192.168.60.11": "172.16.9.3",
    "192.168.60.12": "172.16.9.4",
    "192.168.60.200": "172.16.9.77",
    "192.168.60.255": "172.16.9.255",
    "sdb5": "hdq9",
    "webdata": "pages",
    "10.0.0.1": "10.44.0.1",
    "10.0.0.2": "10.44.0.2",
}
WORDS = re.compile(
    "|".join(
        rf"(?:\b|(?<=_)){re.escape(w)}\b(?!\.\d)" for w in sorted(RENAMED, key=len, reverse=True)
    )
)
#: Process numbers: names change the draws, and with them what was forked first.
PIDS = re.compile(
    r"\[\d+\]|(?<=pid )\d+|(?<=[Pp]rocess )\d+|(?<=process group )\d+|(?<=progress\. \()\d+",
    re.ASCII,
)
SCENARIOS = sorted(p.stem for p in (ROOT / "models/webdata/scenarios").glob("*.toml"))


def renamed(text: str) -> str:
    return WORDS.sub(lambda found: RENAMED[found[0]], text)


def copied(webdata: Path, folder: Path, change: Callable[[str], str]) -> Path:
    """Copy the model, with every file changed."""
    shutil.copytree(webdata, folder, ignore=shutil.ignore_patterns("expected"))
    for path in folder.rglob("*"):
        if path.is_file():
            path.write_text(change(path.read_text()))
    return folder


@pytest.fixture(scope="module")
def other(webdata: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same model under other names."""
    return copied(webdata, tmp_path_factory.mktemp("renamed") / "other", renamed)


def texts(model: hasim.Model, name: str) -> dict[str, list[str]]:
    """Return the lines of each node without process ids.

    Draws are addressed by names, so other names are other draws: here each takes its typical
    value, whatever its name.
    """
    scenario, site = model.scenarios[name], model.site
    agenda = agenda_of(scenario.faults, site)
    world = World.build(
        model.configs,
        site,
        haresources=model.haresources,
        agenda=agenda,
        start=scenario.start,
        typical=True,
    )
    assert scenario.until is not None
    world.run(scenario.until)
    clocks = tuple(Clock(n, site.nodes[n].clock.offset_us, 0) for n in model.nodes)
    trace = Trace(Header("0", model.dialect, clocks=clocks), world.recorder.records)
    return {node: [PIDS.sub("", line) for line in log_lines(trace, node)] for node in model.nodes}


def test_the_renaming_leaves_no_old_name(other: Path) -> None:
    shown = "".join(p.read_text() for p in other.rglob("*") if p.is_file())
    assert not WORDS.search(shown)


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("dialect", ["2.0.8", "3.0.6"])
def test_other_names_give_the_same_transcript_with_other_names(
    webdata: Path, other: Path, scenario: str, dialect: str
) -> None:
    model, twin = hasim.load(webdata, dialect), hasim.load(other, dialect)
    mine = texts(model, scenario)
    expected = {renamed(node): [renamed(line) for line in lines] for node, lines in mine.items()}
    assert texts(twin, scenario) == expected
    assert sum(map(len, expected.values())) > 20


@pytest.mark.parametrize("scenario", ["start-alone", "test2-public-cable", "test3-power-cord"])
@pytest.mark.parametrize("word", ["192.168.60.200", "192.168.60.200/24"])
def test_an_address_word_without_an_interface_finds_the_same_one_and_says_so(
    webdata: Path, tmp_path: Path, scenario: str, word: str
) -> None:
    full = "192.168.60.200/24/eth0"
    bare = copied(webdata, tmp_path / "bare", lambda text: text.replace(full, word))
    said = "INFO: Using calculated nic for 192.168.60.200: eth0"
    mine = texts(hasim.load(webdata), scenario)
    other = texts(hasim.load(bare), scenario)
    for node, lines in mine.items():
        assert [line for line in other[node] if said not in line] == [
            x.replace(full, word) for x in lines
        ]
        starts = sum(f"IPaddr {full} start" in line for line in lines)
        assert sum(said in line for line in other[node]) == starts
    assert any(said in line for lines in other.values() for line in lines)


def test_another_interface_and_mask_in_the_address_word_are_those_configured(
    webdata: Path, tmp_path: Path
) -> None:
    full, word = "192.168.60.200/24/eth0", "192.168.60.200/16/eth1"
    twin = copied(webdata, tmp_path / "twin", lambda text: text.replace(full, word))
    wanted = {
        "eth0:0 192.168.60.200 netmask 255.255.255.0 broadcast 192.168.60.255":
            "eth1:0 192.168.60.200 netmask 255.255.0.0 broadcast 192.168.255.255",
        "192.168.60.200: 255.255.255.0": "192.168.60.200: 255.255.0.0",
        "192.168.60.200 on eth0.": "192.168.60.200 on eth1.",
        "ifconfig eth0:0 192.168.60.200 down": "ifconfig eth1:0 192.168.60.200 down",
        full: word,
    }  # fmt: skip
    mine = texts(hasim.load(webdata), "test3-power-cord")
    for old, new in wanted.items():
        assert any(old in line for lines in mine.values() for line in lines), old
        mine = {n: [line.replace(old, new) for line in lines] for n, lines in mine.items()}
    assert texts(hasim.load(twin), "test3-power-cord") == mine


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("dialect", ["2.0.8", "3.0.6"])
def test_nodes_that_change_places_change_their_transcripts(
    webdata: Path, tmp_path: Path, scenario: str, dialect: str
) -> None:
    swap = {"node1": "node2", "node2": "node1"}

    def swapped(text: str) -> str:
        return re.sub(r"\bnode[12]\b", lambda found: swap[found[0]], text)

    twin = copied(webdata, tmp_path / "swapped", swapped)
    mine = texts(hasim.load(webdata, dialect), scenario)
    expected = {swap[n]: [swapped(line) for line in lines] for n, lines in mine.items()}
    assert texts(hasim.load(twin, dialect), scenario) == expected


def deaths(run: Run, peer: str) -> list[int]:
    return [r.at for r in run.trace.log() if r.event.sentence() == f"{peer} is declared dead."]


@pytest.mark.parametrize("deadtime", [5, 12, 31, 60])
def test_a_death_falls_a_dead_time_after_the_last_heartbeat(webdata: Path, deadtime: int) -> None:
    model = hasim.load(webdata).changed({"deadtime": str(deadtime), "warntime": "3"})
    for seed in range(5):
        (at,) = deaths(model.run(["5m power-off node1"], until="7m", seed=seed), "node1")
        silent = at - 300 * SECOND
        assert (deadtime - 2) * SECOND <= silent <= (deadtime + 1) * SECOND


@pytest.mark.parametrize("initdead", [60, 90, 200])
def test_a_peer_that_never_came_is_dead_an_initial_dead_time_after_the_start(
    webdata: Path, initdead: int
) -> None:
    model = hasim.load(webdata).changed({"initdead": str(initdead)})
    for seed in range(5):
        run = model.run(start={"node1": "0s"}, until="4m", seed=seed)
        (at,) = deaths(run, "node2")
        assert initdead * SECOND <= at <= (initdead + 2) * SECOND
