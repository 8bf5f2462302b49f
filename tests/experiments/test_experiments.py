"""Every experiment runs in its quick mode, and its claims hold loosely."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hasim.experiment import Experiment, command

FOLDER = Path(__file__).resolve().parents[2] / "experiments"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "publish")


def experiment(name: str) -> Experiment:
    found = importlib.import_module(f"experiments.{name}").EXPERIMENT
    assert isinstance(found, Experiment)
    return found


@pytest.fixture(scope="module")
def ran() -> Callable[[str], pd.DataFrame]:
    """The rows of an experiment's quick mode, made once."""
    known: dict[str, pd.DataFrame] = {}

    def rows(name: str) -> pd.DataFrame:
        if name not in known:
            known[name] = experiment(name).main(quick=True, jobs=1)
        return known[name]

    return rows


@pytest.fixture
def closing() -> Iterator[None]:
    yield
    from matplotlib import pyplot as plt

    plt.close("all")


def parts(text: str) -> list[str]:
    """Complaints about an experiment without its four parts."""
    tree = ast.parse(text)
    doc = ast.get_docstring(tree) or ""
    first = doc.partition("\n")[0]
    there = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    there |= {t.id for n in tree.body if isinstance(n, ast.Assign) for t in n.targets
              if isinstance(t, ast.Name)}  # fmt: skip
    bad = [] if re.search(r"\?$", first) or "?" in doc else ["it asks no question"]
    return bad + [f"no {name}" for name in ("SCENARIOS", "main", "figure") if name not in there]


@pytest.mark.parametrize("name", NAMES)
def test_an_experiment_has_a_question_scenarios_a_main_and_a_figure(name: str) -> None:
    assert parts((FOLDER / f"{name}.py").read_text()) == []
    assert experiment(name).name == name


def test_an_experiment_without_its_parts_is_caught() -> None:
    assert parts('"""Words."""\n') == [
        "it asks no question", "no SCENARIOS", "no main", "no figure",
    ]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_an_experiment_returns_rows_a_summary_and_a_figure(
    name: str, ran: Callable[[str], pd.DataFrame], closing: None
) -> None:
    rows, one = ran(name), experiment(name)
    assert len(rows) > 0
    assert len(one.summary(rows)) > 1
    drawn = one.figure(rows)
    axes = drawn if hasattr(drawn, "__len__") else [drawn]
    assert all(ax.get_title(loc="left") for ax in axes)


def share(rows: pd.DataFrame, column: str, **where: Any) -> float:
    for name, value in where.items():
        rows = rows[rows[name.replace("__", " ")] == value]
    assert len(rows) > 0
    return float(rows[column].astype(float).mean())


def test_a_takeover_takes_about_the_deadtime(ran: Callable[[str], pd.DataFrame]) -> None:
    rows = ran("takeover_vs_deadtime")
    home = rows[rows["cluster"] == "founding document"]
    over = home["outage_s"] - home["deadtime"]
    assert over.between(-2, 6).all()
    assert sorted(set(home["deadtime"])) == [5, 10, 30]


def test_a_lone_node_waits_out_initdead_and_two_do_not(ran: Callable[[str], pd.DataFrame]) -> None:
    rows = ran("takeover_vs_initdead")
    alone = rows[rows["start"] == "node1 alone"]
    assert (alone["service_s"] - alone["initdead"]).between(0, 6).all()
    both = rows[rows["start"] == "both nodes"]["service_s"]
    assert both.between(10, 20).all()


def test_the_five_tests_lose_what_the_document_says(ran: Callable[[str], pd.DataFrame]) -> None:
    rows = ran("five_tests")
    assert share(rows, "outage_s", fault="1 graceful stop", configuration="as it is") < 15
    assert 25 < share(rows, "outage_s", fault="3 loss of power", configuration="as it is") < 40
    assert share(rows, "dual_mount", fault="4 all cables", configuration="as it is") == 1
    assert share(rows, "dual_mount", fault="4 all cables", configuration="with STONITH") == 0


def test_lost_heartbeats_make_mistakes_and_few_of_them_none(
    ran: Callable[[str], pd.DataFrame],
) -> None:
    rows = ran("false_takeovers")
    assert share(rows, "false_takeovers", loss=90.0, keepalive=2.0) >= 1
    assert share(rows, "false_takeovers", loss=50.0, keepalive=1.0) == 0


def test_ipfail_moves_the_service_whatever_the_ping_nodes(
    ran: Callable[[str], pd.DataFrame],
) -> None:
    rows = ran("ipfail_reaction")
    assert set(rows["after"]) == {"node2"}
    assert rows["outage_s"].between(8, 45).all()


def test_a_device_that_always_fails_keeps_the_service_away(
    ran: Callable[[str], pd.DataFrame],
) -> None:
    rows = ran("stonith_latency")
    assert share(rows, "open", device="always fails", fault="loss of power") == 1
    assert share(rows, "open", device="8 s", fault="loss of power") == 0
    assert share(rows, "dual_mount") == 0


def test_only_fencing_saves_the_disk_after_kill_9(ran: Callable[[str], pd.DataFrame]) -> None:
    rows = ran("watchdog_vs_kill9")
    assert share(rows, "dual_mount", configuration="nothing") == 1
    assert share(rows, "dual_mount", configuration="STONITH") == 0


def test_a_second_medium_survives_the_cut_of_one(ran: Callable[[str], pd.DataFrame]) -> None:
    rows = ran("media")
    assert share(rows, "dual_mount", media="eth1", fault="crossover cable") == 1
    assert share(rows, "dual_mount", media="eth0 and eth1", fault="crossover cable") == 0
    assert share(rows, "dual_mount", media="eth0 and eth1", fault="both cables") == 1
    assert share(rows, "dual_mount", media="eth0 and serial", fault="both cables") == 0


def test_a_flapping_owner_costs_more_with_failback(ran: Callable[[str], pd.DataFrame]) -> None:
    rows = ran("failback_flapping")
    assert share(rows, "moves", auto_failback="on") > share(rows, "moves", auto_failback="off")
    assert share(rows, "down_s", auto_failback="on") > share(rows, "down_s", auto_failback="off")


def test_after_a_partition_nobody_serves_for_a_while(ran: Callable[[str], pd.DataFrame]) -> None:
    rows = ran("heal_order")
    assert (rows["away_s"] > 5).all()
    assert not rows["at last"].str.contains("nobody").any()


def test_the_same_schedules_strike_every_configuration(ran: Callable[[str], pd.DataFrame]) -> None:
    rows = ran("risk_by_configuration")
    by = rows.groupby("configuration")["scenario"].agg(list)
    assert by["as it is"] == by["STONITH"]


def test_a_script_prints_its_table_and_writes_rows_and_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], closing: None,
    ran: Callable[[str], pd.DataFrame],
) -> None:  # fmt: skip
    one = experiment("heal_order")
    known = Experiment(
        one.name, one.question, lambda quick=False, jobs=1: ran("heal_order"), one.summary,
        one.figure,
    )  # fmt: skip
    assert command(known, ["--quick", "--out", str(tmp_path / "out")]) == 0
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert files == {"heal_order.csv", "heal_order.png", "heal_order.svg"}
    assert capsys.readouterr().out.splitlines()[2].startswith("| fault | auto_failback |")


def test_a_script_that_cannot_write_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("")
    assert command(experiment("heal_order"), ["--quick", "--out", str(tmp_path / "out")]) == 2
    assert "out" in capsys.readouterr().err
