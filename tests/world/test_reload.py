"""A reload with a changed ha.cf: a quick restart that keeps the resources (semantics 6.5)."""

from __future__ import annotations

import pytest

import hasim
from hasim.errors import ConfigError
from hasim.events import ConfigUnchanged, NodeDead, RestartResources, RestartSeen
from hasim.model import Model
from hasim.run import Run
from hasim.units import SECOND
from hasim.world import World
from tests.world.support import WEBDATA, jsonl, world_of

RELOAD = "3m reload node1 deadtime=10 warntime=4"


@pytest.fixture(scope="module", params=["2.0.8", "3.0.6"])
def model(request: pytest.FixtureRequest) -> Model:
    return hasim.load(WEBDATA, dialect=request.param)


def seen(run: Run, kind: type) -> list[tuple[int, str | None]]:
    return [(r.at, r.source.node) for r in run.records if isinstance(r.event, kind)]


def test_the_resources_stay_where_they_are(model: Model) -> None:
    run = model.run([RELOAD], until="5m")
    (address,) = [s for s in run.held("192.168.60.200") if s.end > 180 * SECOND]
    assert (address.who, address.open) == ("node1", True)
    assert [node for _, node in seen(run, RestartResources)] == ["node1"]
    assert [node for _, node in seen(run, RestartSeen)] == ["node2"]
    assert seen(run, NodeDead) == []
    assert run.violations == ()


def test_the_peer_is_told_the_new_deadtime(model: Model) -> None:
    run = model.run([RELOAD, "5m power-off node1"], until="7m")
    ((at, node),) = seen(run, NodeDead)
    assert node == "node2"
    assert 308 * SECOND <= at <= 312 * SECOND


def test_a_reload_that_changes_nothing_only_looks(model: Model) -> None:
    run = model.run(["3m reload node1"], until="4m")
    assert [node for _, node in seen(run, ConfigUnchanged)] == ["node1"]
    assert seen(run, RestartSeen) == []


def test_a_daemon_that_does_not_run_reads_the_change_at_its_next_start(model: Model) -> None:
    faults = ["3m stop node1", "4m reload node1 deadtime=10 warntime=4", "5m start node1"]
    run = model.run([*faults, "7m power-off node1"], until="9m")
    at = [at for at, _ in seen(run, NodeDead) if at > 420 * SECOND]
    assert 428 * SECOND <= at[0] <= 432 * SECOND


@pytest.mark.parametrize("change", ["deadtime=1", "keepalive=soon"])
def test_a_change_with_which_the_daemon_would_not_start_is_refused(
    model: Model, change: str
) -> None:
    with pytest.raises(ConfigError, match="would not start again"):
        model.run([f"3m reload node1 {change}"])


def test_a_world_continues_in_the_midst_of_a_reload() -> None:
    """Cut after the signal, while the children end, and in the first steps of the next life."""
    whole = world_of("20s reload node1 deadtime=4")
    whole.run(40 * SECOND)
    for at in (20_000_001, 20_700_000, 21_600_000, 22_050_000, 22_400_000):
        world = world_of("20s reload node1 deadtime=4")
        world.run(at)
        again = World.resume(world.snapshot())
        again.run(40 * SECOND)
        assert jsonl(again.recorder.records) == jsonl(whole.recorder.records)
        assert again.snapshot() == whole.snapshot()
