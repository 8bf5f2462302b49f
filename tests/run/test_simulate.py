"""From a scenario to a run: horizon, starts, pins, changes, provenance."""

from __future__ import annotations

from dataclasses import replace

import pytest

import hasim
from hasim.model import Model, parse_scenario
from hasim.run import horizon, liveness_bound
from hasim.scenario import Scenario
from hasim.units import MINUTE, SECOND


def test_a_given_horizon_is_kept(model: Model) -> None:
    assert model.run(until="90s").until == 90 * SECOND
    assert model.run(until=1.5).until == 1_500_000


def test_the_derived_horizon_lies_a_bound_and_a_minute_after_the_last_change(model: Model) -> None:
    bound = liveness_bound(model.configs, model.site)
    assert bound > (120 + 2 * 30 + 10) * SECOND

    def of(text: str) -> int:
        return horizon(parse_scenario(text), model.configs, model.site) - bound - MINUTE

    assert of('faults = ["5m cut node1:eth0 for 30s", "2m cut node1:eth1"]') == 330 * SECOND
    assert of("") == 120 * SECOND
    assert of('start = { node1 = "20s" }') == 140 * SECOND
    assert of('start = { node1 = "9m" }\nfaults = ["5m cut node1:eth0"]') == 540 * SECOND
    assert of("start = { }") == 120 * SECOND


def test_a_derived_horizon_is_said(model: Model) -> None:
    assert any("no horizon was given" in n for n in model.run().notes)
    assert not any("no horizon was given" in n for n in model.run(until="1s").notes)


def test_a_node_left_out_of_the_start_table_never_starts(model: Model) -> None:
    run = model.run(start={"node1": "1s"}, until="3m")
    assert {r.source.node for r in run.trace.log()} == {"node1"}
    assert next(r.at for r in run.trace.log()) >= SECOND
    both = model.run(until="10s")
    assert {r.source.node for r in both.trace.log()} == {"node1", "node2"}


def test_a_pinned_draw_moves_what_it_names(model: Model) -> None:
    late = model.run(pin={"node1/boot1/validated": "700ms"}, until="5s")
    first = next(r for r in late.trace.log() if r.source.node == "node1")
    assert first.at == 700_000
    nested = model.run(pin={"node1/boot1": {"validated": "700ms"}}, until="5s")
    assert nested.digest == late.digest
    assert late.warnings == ()


def test_a_pin_that_no_draw_asks_for_is_a_warning(model: Model) -> None:
    run = model.run(pin={"node1/boot9/validated": "1s"}, until="1s")
    assert run.warnings == ("no draw asked for the pin 'node1/boot9/validated'",)
    assert "warning: no draw asked" in run.summary()


def test_a_pin_that_is_no_value_is_an_error_with_its_line(model: Model) -> None:
    scenario = parse_scenario('[pin]\n"node1/boot1/up" = "soon"\n', "s.toml")
    with pytest.raises(hasim.ConfigError) as caught:
        model.run(scenario=scenario)
    assert str(caught.value).startswith("s.toml:2: ERROR: pin 'node1/boot1/up': 'soon' is not")


def test_a_change_of_the_scenario_changes_the_run_and_not_the_model(model: Model) -> None:
    scenario = replace(Scenario(until=SECOND), change={"deadtime": "17"})
    run = model.run(scenario=scenario)
    assert run.model is not None
    assert run.model.configs["node1"].deadtime == 17 * SECOND
    assert model.configs["node1"].deadtime == 30 * SECOND
    assert ("change.deadtime", "17") in run.trace.header.configs


def test_a_scenario_of_another_version_is_refused_with_its_line(model: Model) -> None:
    scenario = parse_scenario('until = "1s"\nheartbeat = "3.0.6"\n', "s.toml")
    with pytest.raises(hasim.ConfigError) as caught:
        model.run(scenario=scenario)
    assert str(caught.value).startswith("s.toml:2: ERROR: this scenario is one of Heartbeat 3.0.6")
    assert model.with_dialect("3.0.6").run(scenario=scenario).end > 0


def test_the_header_tells_what_the_run_was_made_of(model: Model) -> None:
    header = model.run(["5m cut node1:eth1"], until="6m", seed=9).trace.header
    assert header.version == hasim.__version__
    assert (header.dialect, header.seed, header.until_us) == ("2.0.8", 9, 360 * SECOND)
    assert header.faults == ("5m cut node1:eth1",)
    names = [name for name, _ in header.configs]
    assert sorted(names) == ["authkeys", "ha.cf", "haresources", "site.toml"]
    assert [(c.node, c.offset_us) for c in header.clocks] == [("node1", 0), ("node2", -71_500_000)]


@pytest.mark.parametrize("seed", ["7", 1.5, True, None])
def test_a_seed_that_is_no_whole_number_is_refused(model: Model, seed: object) -> None:
    with pytest.raises(hasim.HasimError, match="seed must be a whole number"):
        model.run(until="1s", seed=seed)  # type: ignore[arg-type]


def test_a_fault_that_is_not_simulated_is_refused(model: Model) -> None:
    with pytest.raises(hasim.NotBuiltError, match="cut disk web"):
        model.run(["5m cut disk web"])


def test_a_heal_with_nothing_to_heal_is_refused(model: Model) -> None:
    with pytest.raises(hasim.ConfigError, match="nothing to heal"):
        model.run(["5m restore node1:eth0"])


def test_a_misspelt_pin_is_told_with_the_name_it_may_have_meant(model: Model) -> None:
    run = model.run(pin={"node1/boot1/io-strat": {"read eth0": "1s"}}, until="1s")
    assert run.warnings == (
        "no draw asked for the pin 'node1/boot1/io-strat/read eth0'; "
        "did you mean 'node1/boot1/io-start/read eth0'?",
    )
