"""The phases of a cluster and their instants: between decisions, wherever there are any."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

import hasim
from hasim.run import liveness_bound, simulate
from hasim.search import PHASES, Base
from hasim.search.bases import bases_of, long_of, short_of
from hasim.search.phases import mended
from hasim.units import MS, SECOND


@pytest.fixture(scope="module")
def model(webdata: Path) -> hasim.Model:
    return hasim.load(webdata)


@pytest.fixture(scope="module")
def bases(model: hasim.Model) -> dict[str, Base]:
    return {base.phase: base for base in bases_of(model, [*PHASES], 3, 3)}


def run_of(model: hasim.Model, base: Base) -> hasim.Run:
    return simulate(model, mended(model, base.schedule), base.seed)


def test_a_cluster_of_two_nodes_has_every_phase(bases: dict[str, Base]) -> None:
    assert list(bases) == list(PHASES)
    assert all(base.instants == tuple(sorted(set(base.instants))) for base in bases.values())
    assert {len(base.instants) for base in bases.values()} == {3}
    assert {base.active for base in bases.values()} == {"node1"}


def test_instants_lie_between_decisions(model: hasim.Model, bases: dict[str, Base]) -> None:
    for base in bases.values():
        decided = [record.at for record in run_of(model, base).trace.decisions()]
        for at in base.instants:
            near = min(abs(at - one) for one in decided)
            assert near >= 9 * MS, base.phase


def test_instants_are_parted_by_decisions_or_by_the_phase_of_a_heartbeat(
    model: hasim.Model, bases: dict[str, Base]
) -> None:
    for base in bases.values():
        decided = [record.at for record in run_of(model, base).trace.decisions()]
        for one, other in pairwise(base.instants):
            between = [at for at in decided if one < at < other]
            assert (between == []) == (base.phase == "settled"), base.phase
    period = model.configs["node1"].keepalive
    first = bases["settled"].instants[0]
    parts = [3 * (at - first) / period for at in bases["settled"].instants]
    assert parts == pytest.approx([0, 1, 2], abs=0.01)


def test_a_phase_is_what_its_name_says(model: hasim.Model, bases: dict[str, Base]) -> None:
    def shown(phase: str) -> tuple[hasim.Run, tuple[int, ...]]:
        return run_of(model, bases[phase]), bases[phase].instants

    run, instants = shown("start-up")
    began = min(span.begin for span in run.held("192.168.60.200"))
    assert max(instants) < began
    run, instants = shown("takeover")
    assert all(run.at(at / SECOND).node1.power == "off" for at in instants)
    run, instants = shown("return")
    lost, back = run.outage
    assert (lost.after, back.after) == ("node2", "node1")
    assert lost.end < min(instants)
    assert back.begin < max(instants) < back.end + 15 * SECOND
    run, instants = shown("standby")
    assert [str(fault) for fault in bases["standby"].schedule] == ["1m standby node1"]
    assert any(outage.begin < at < outage.end for outage in run.outage for at in instants)


def test_the_row_without_a_fault_tells_what_the_phase_itself_costs(bases: dict[str, Base]) -> None:
    kinds = {phase: base.outcome.kind for phase, base in bases.items()}
    still = dict.fromkeys(("start-up", "acquisition", "settled"), "continues")
    assert kinds == still | dict.fromkeys(("takeover", "return", "standby"), "takes over")
    time = bases["takeover"].outcome.time
    assert time is not None
    assert 28 * SECOND < time < 35 * SECOND


def test_a_long_fault_lasts_until_all_is_decided_and_a_short_one_until_nothing_is(
    model: hasim.Model,
) -> None:
    assert long_of(model) >= liveness_bound(model.configs, model.site)
    assert short_of(model) == 15 * SECOND
    assert short_of(model.with_(deadtime="12", warntime="5")) == 6 * SECOND


def test_a_node_alone_serves_nothing_and_has_no_peer_to_take_over(
    tmp_path: Path, webdata: Path
) -> None:
    for name in ("authkeys", "ha.cf", "haresources"):
        (tmp_path / name).write_text((webdata / name).read_text())
    text = (tmp_path / "ha.cf").read_text()
    (tmp_path / "ha.cf").write_text(text.replace("node node2\n", ""))
    (tmp_path / "authkeys").chmod(0o600)
    alone = hasim.load(tmp_path)
    found = bases_of(alone, [*PHASES], 0, 1)
    assert [(base.phase, base.outcome.kind) for base in found] == [
        ("start-up", "stuck"),
        ("settled", "stuck"),
    ]
    with pytest.raises(hasim.HasimError, match="no such phase: takeover, return"):
        alone.matrix(phases=["takeover", "return"])
