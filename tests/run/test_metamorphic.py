"""Names and limits of the founding cluster are inputs: change them, and the transcript follows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import hasim
from hasim.render import log_lines
from hasim.run import Run, agenda_of
from hasim.trace import Clock, Header, Trace
from hasim.units import SECOND
from hasim.world import World

RENAMED = {
    "node1": "alpha",
    "node2": "omega",
    "eth0": "bond7",
    "eth1": "ib3",
    "192.168.60.1": "172.16.9.254",
    "192.168.60.11": "172.16.9.3",
    "192.168.60.12": "172.16.9.4",
    "192.168.60.200": "172.16.9.77",
    "10.0.0.1": "10.44.0.1",
    "10.0.0.2": "10.44.0.2",
}
WORDS = re.compile(
    "|".join(rf"\b{re.escape(w)}\b(?!\.\d)" for w in sorted(RENAMED, key=len, reverse=True))
)
SCENARIOS = ("start-alone", "backup-joins", "power-loss", "heartbeat-cables-cut", "heal")


def renamed(text: str) -> str:
    return WORDS.sub(lambda found: RENAMED[found[0]], text)


@pytest.fixture(scope="module")
def other(webdata: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same model under other names."""
    folder = tmp_path_factory.mktemp("renamed") / "other"
    shutil.copytree(webdata, folder, ignore=shutil.ignore_patterns("expected"))
    for path in folder.rglob("*"):
        if path.is_file():
            path.write_text(renamed(path.read_text()))
    return folder


def texts(model: hasim.Model, name: str) -> dict[str, list[str]]:
    """Return the lines of each node without process ids.

    Draws are addressed by names, so other names are other draws: here each takes its typical
    value, whatever its name.
    """
    scenario, site = model.scenarios[name], model.site
    agenda = agenda_of(scenario.faults, site)
    world = World.build(model.configs, site, agenda=agenda, start=scenario.start, typical=True)
    assert scenario.until is not None
    world.run(scenario.until)
    clocks = tuple(Clock(n, site.nodes[n].clock.offset_us, 0) for n in model.nodes)
    trace = Trace(Header("0", model.dialect, clocks=clocks), world.recorder.records)
    return {
        node: [re.sub(r"\[\d+\]|pid \d+", "[]", line) for line in log_lines(trace, node)]
        for node in model.nodes
    }


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
