"""The matrix: its rows and cells, what it says of them, and that it is the same on any machine."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

import hasim
from hasim.faults import parse_fault
from hasim.search import Cell, Known, Matrix, Outcome, Seen, Space
from hasim.search.bases import bases_of
from hasim.search.sweep import jobs_of
from hasim.search.table import single_rows, unchanged
from hasim.units import SECOND

#: The module; `hasim.search.matrix` is the function.
MODULE = import_module("hasim.search.matrix")

#: The five tests of the founding document as rows, and what its cluster does.
FOUNDING = {
    "stop node1": "takes over",
    "cut node1:eth0": "takes over",
    "power-off node1": "takes over",
    "isolate node1": "dual mount",
    "kill node1 all": "dual mount",
}


@pytest.fixture(scope="module")
def model(webdata: Path) -> hasim.Model:
    return hasim.load(webdata)


@pytest.fixture(scope="module")
def founding(model: hasim.Model) -> Matrix:
    kinds = ["stop", "cut", "power-off node", "isolate", "kill all"]
    return model.matrix(kinds=kinds, phases=["settled"], instants=1, pairs=False, jobs=1)


@pytest.fixture(scope="module")
def small(model: hasim.Model) -> Matrix:
    phases = ["settled", "takeover"]
    return model.matrix(kinds=["cut", "kill all"], phases=phases, instants=1, jobs=1)


@pytest.mark.parametrize(("event", "worst"), FOUNDING.items())
def test_the_tests_of_the_founding_document_are_rows(
    founding: Matrix, event: str, worst: str
) -> None:
    cell = founding.cell(event)
    assert (cell.worst, cell.bad) == (worst, worst == "dual mount")


def test_only_what_nobody_prevents_is_bad_and_it_is_the_verdict(founding: Matrix) -> None:
    bad = [cell.event for cell in founding.cells if cell.bad]
    assert bad == ["isolate node1", "isolate node2", "kill node1 all"]
    assert not founding.ok
    assert "3 of 21 cells" in repr(founding)


def test_the_same_faults_of_the_other_node_cost_nobody_anything(founding: Matrix) -> None:
    for event in ("stop node2", "cut node2:eth0", "power-off node2", "kill node2 all"):
        assert str(founding.cell(event)) == "continues"


def test_every_choice_is_a_row_and_those_that_last_are_two(founding: Matrix) -> None:
    space = Space(founding.model)
    wanted = [choice for kind in founding.kinds for choice in space.kinds[kind]]
    rows = {cell.event for cell in founding.singles}
    assert len(rows) == sum(1 if c.fault.duration is None else 2 for c in wanted)
    assert {"cut node1:eth1", "cut node1:eth1 for 15s", "stop node1"} < rows
    assert [cell.family for cell in founding.singles] == sorted(
        (cell.family for cell in founding.singles),
        key=["network", "power", "process", "operator"].index,
    )


def test_a_cell_that_is_not_there_is_an_error_with_the_nearest(founding: Matrix) -> None:
    with pytest.raises(hasim.HasimError, match="did you mean 'kill node1 all'"):
        founding.cell("kill node1 al")
    with pytest.raises(hasim.HasimError, match="no phase 'takeover'; it has settled"):
        founding.cell("kill node1 all", "takeover")


def test_a_pair_can_be_worse_than_both_of_its_faults(small: Matrix) -> None:
    cell = small.cell("cut + cut")
    assert (cell.worst, small.alone(cell), small.worse_together(cell)) == (
        "dual mount",
        "takes over",
        True,
    )
    killed = small.cell("cut + kill all")
    assert (killed.worst, small.alone(killed)) == ("dual mount", "dual mount")
    assert not small.worse_together(killed)


def test_the_example_of_a_bad_pair_can_be_pasted(small: Matrix, model: hasim.Model) -> None:
    told = small.together()
    assert told[0] == "cut + cut: dual mount, seed 0"
    assert told[-1] == "2 other pairs violate a property as one of the two faults does alone"
    lines = [line.strip() for line in told if line.startswith("  1m")]
    assert len(lines) == 2
    violated = {violation.property for violation in model.run(lines, seed=0).violations}
    assert "at-most-one-mounter" in violated


def test_the_second_fault_of_a_pair_begins_while_the_first_lasts(small: Matrix) -> None:
    for cell in small.pairs:
        for seen in cell.runs:
            first, second = seen.faults
            assert first.at < second.at
            if first.duration is not None:
                assert second.at < first.at + first.duration
                if second.duration is not None:
                    assert second.at + second.duration == first.at + first.duration


def node_of(line: str) -> str:
    return line.split()[2].partition(":")[0]


def test_pairs_happen_on_one_node_and_on_two_and_in_both_orders(small: Matrix) -> None:
    seen = [[str(fault) for fault in one.faults] for one in small.cell("cut + kill all").runs]
    verbs = [[line.split()[1] for line in lines] for lines in seen]
    nodes = [[node_of(line) for line in lines] for lines in seen]
    assert verbs == [["cut", "kill"], ["cut", "kill"], ["kill", "cut"]]
    assert nodes == [["node1", "node1"], ["node1", "node2"], ["node1", "node2"]]


def test_the_triangle_has_every_pair_once(small: Matrix) -> None:
    rows = small.triangle()
    assert [(row.kind, row.cells) for row in rows] == [
        ("cut", ("dual mount",)),
        ("kill all", ("dual mount", "dual mount")),
    ]
    assert [row.marks for row in rows] == [(True,), (False, False)]
    lines = small.triangle_lines()
    assert lines[1:3] == [" 1  cut      M!", " 2  kill all M  M"]


def test_the_statement_counts_what_was_run(small: Matrix) -> None:
    single, pairs, *rest = small.coverage()
    runs = sum(len(cell.runs) for cell in small.singles)
    rows = len({cell.event for cell in small.singles})
    assert single.startswith("single faults: 6 of 2 kinds, those that last for 4m24s and for 15s:")
    assert single.endswith(f"{rows} rows in 2 phases, {runs} runs, seed 0")
    assert (rows, runs) == (10, 20)
    double = sum(len(cell.runs) for cell in small.pairs)
    assert f"3 of 3, {double} runs" in pairs
    assert small.runs == small.wanted == runs + double
    assert any(x.startswith("not tried: phases start-up, acquisition, return") for x in rest)
    assert any("reload" in line for line in rest)
    assert not any("left out" in line or "cut," in line for line in rest)


def test_the_text_says_all_of_it(small: Matrix) -> None:
    lines = str(small).split("\n")
    head = next(i for i, line in enumerate(lines) if line.split() == ["settled", "takeover"])
    column = lines[head].index("settled")
    row = next(line for line in lines if line.startswith("kill node1 all"))
    assert row[column:].startswith("dual mount")
    assert "no fault" in lines[head + 1]
    (quiet,) = [line for line in lines if line.startswith("  network: ")]
    assert "cut node1:eth1 [for 15s]" in quiet
    assert "cut node1:eth0" not in quiet
    assert [*small.coverage()] == lines[-len(small.coverage()) :]


def test_the_number_of_processes_changes_nothing(small: Matrix, model: hasim.Model) -> None:
    phases = ["settled", "takeover"]
    again = model.matrix(kinds=["cut", "kill all"], phases=phases, instants=1, jobs=2)
    assert again.cells == small.cells
    assert str(again) == str(small)


def test_a_cell_has_a_run_for_each_instant_and_seed(model: hasim.Model) -> None:
    found = model.matrix(
        kinds=["kill ipfail"], phases=["settled"], instants=2, seeds=2, seed=4, pairs=False, jobs=1
    )
    (cell, _) = found.singles
    assert [seen.seed for seen in cell.runs] == [4, 4, 5, 5]
    assert len({(seen.seed, seen.faults) for seen in cell.runs}) == 4
    assert found.coverage()[0].endswith("8 runs, seeds 4 to 5")  # of two nodes
    assert "not tried: pairs," in found.coverage()[-1]


def test_without_the_settled_state_there_are_no_pairs(model: hasim.Model) -> None:
    found = model.matrix(kinds=["kill ipfail"], phases=["standby"], instants=1, jobs=1)
    assert [cell.phase for cell in found.cells] == ["standby"] * 3
    assert "not tried: pairs," in found.coverage()[-1]


class Spent:
    """A budget that is spent after so many questions."""

    left = 0

    def __init__(self, limit: int | None) -> None:
        assert limit == SECOND

    def spent(self) -> bool:
        Spent.left -= 1
        return Spent.left < 0


def test_a_budget_cuts_the_end_off_and_the_statement_says_how_much(
    small: Matrix, model: hasim.Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MODULE, "Budget", Spent)
    Spent.left = 1
    kinds, phases = ["cut", "kill all"], ["settled", "takeover"]
    part = model.matrix(kinds=kinds, phases=phases, instants=1, jobs=1, budget="1s")
    assert part.runs == 4
    assert part.wanted == small.runs
    left = small.runs - 4
    assert f"the budget was spent: {left} of {small.runs} runs were left out" in part.coverage()
    # What was done is the begin of the whole: the settled state comes first.
    assert list(part.singles) == [c for c in small.singles if c.phase == "settled"][:4]
    assert part.pairs == ()
    assert part.triangle_lines() == []


def test_the_work_begins_with_the_settled_state_and_ends_with_the_last_seed(
    model: hasim.Model,
) -> None:
    phases = ["acquisition", "settled", "standby"]
    bases = [base for seed in (0, 1) for base in bases_of(model, phases, seed, 2)]
    kinds = {"kill all": Space(model).kinds["kill all"]}
    work = jobs_of(model, kinds, bases, 264 * SECOND, 15 * SECOND, True)
    order = [(bases[job.base].seed, len(job.row.kinds), bases[job.base].phase) for job in work]
    rounds = [(1, "settled"), (1, "acquisition"), (1, "standby"), (2, "settled")]
    again = rounds[:3]  # the second instant of each, after the pairs
    assert [*dict.fromkeys(one[1:] for one in order if one[0] == 0)] == rounds
    assert [one[1:] for one in order[-6:]] == [one for one in again for _ in "12"]
    assert [seed for seed, *_ in order] == sorted(seed for seed, *_ in order)
    first = {(job.base, job.at) for job in work[:2]}
    assert first == {(1, bases[1].instants[0])}


def test_a_known_behaviour_is_marked_and_explained(
    model: hasim.Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Known("orphans", "Nobody stops them.", ("r-1",), lambda run, v: "mount" in v.sentence)
    monkeypatch.setattr("hasim.search.known.KNOWN", (known,))
    monkeypatch.setattr(MODULE, "KNOWN", (known,))
    asked = {"kinds": ["kill all"], "phases": ["settled"], "instants": 1, "pairs": False}
    found = model.matrix(**asked, jobs=1)  # type: ignore[arg-type]
    assert str(found.cell("kill node1 all")) == "dual mount, known"
    assert str(found.cell("kill node2 all")) == "continues"
    assert "known: Nobody stops them. (r-1)" in found.remarks()
    assert not found.ok


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ({"kinds": ["kill al"]}, "did you mean 'kill all'"),
        ({"kinds": ["cut"], "families": ["power"]}, "no kind of fault 'cut'"),
        ({"kinds": []}, "no kind of fault is asked for"),
        ({"families": ["pover"]}, "did you mean 'power'"),
        ({"phases": ["setled"]}, "did you mean 'settled'"),
        ({"instants": 0}, "instants must be a whole number from 1 on, not 0"),
        ({"seeds": True}, "seeds must be"),
        ({"jobs": -1}, "jobs must be"),
        ({"budget": "0s"}, "budget must be longer than nothing"),
        ({"budget": "soon"}, "'soon' is not a duration"),
    ],
)
def test_what_does_not_exist_is_refused(
    model: hasim.Model, asked: dict[str, object], complaint: str
) -> None:
    with pytest.raises(hasim.HasimError, match=complaint):
        model.matrix(**asked)  # type: ignore[arg-type]


# ---- cells and rows made by hand ----------------------------------------------------------------


def cell(event: str, *outcomes: Outcome, kind: str = "cut", phase: str = "settled") -> Cell:
    faults = (parse_fault("1m cut node1:eth0"),)
    runs = tuple(Seen(one, faults, i) for i, one in enumerate(outcomes))
    return Cell(phase, event, (kind,), "network", None, runs)


def took(seconds: float) -> Outcome:
    return Outcome("takes over", int(seconds * SECOND))


def test_a_cell_tells_its_worst_first_and_counts_the_others() -> None:
    mixed = cell("e", took(31), took(33), Outcome("dual mount"), Outcome("continues"))
    assert str(mixed) == "dual mount (1/4), takes over in 31..33 s (2/4), continues (1/4)"
    assert (mixed.worst, mixed.bad) == ("dual mount", True)
    assert mixed.tallies[1].example.seed == 1  # the longest
    assert str(cell("e", took(3), took(3.04))) == "takes over in 3.0 s"


def test_an_outcome_is_told_with_what_matters_of_it() -> None:
    told = {
        "outage +12 s": Outcome("outage", 12 * SECOND),
        "outage": Outcome("outage", 1000),
        "outage to the end": Outcome("outage"),
        "late by 4.0 s": Outcome("late", 4 * SECOND),
        "restarts in 2.0 s*": Outcome("restarts", 2 * SECOND, later=True),
        "stuck": Outcome("stuck", violated=("nodes-agree",)),
        "dual mount, known": Outcome("dual mount", known="orphans"),
    }
    assert [str(cell("e", outcome)) for outcome in told.values()] == [*told]


def test_of_one_outcome_the_unknown_runs_come_first() -> None:
    mixed = cell("e", Outcome("dual mount", known="a"), Outcome("dual mount"))
    assert mixed.told() == ("dual mount (1/2)", "dual mount, known (1/2)")


def test_rows_of_a_kind_that_say_the_same_are_one_and_quiet_ones_are_listed() -> None:
    calm = Outcome("continues")
    cells = [
        cell("a", took(5)),
        cell("b", took(5)),
        cell("c", took(5), kind="lose"),
        cell("d", calm),
        cell("e", calm, kind="delay"),
        cell("f", calm, kind="delay"),
        cell("g", calm, phase="settled"),
        cell("g", took(1), calm, phase="takeover"),
    ]
    rows = single_rows(cells, ["settled", "takeover"])
    assert [row.events for row in rows] == [("a", "b"), ("c",), ("g",)]
    assert rows[0].cells == (("takes over in 5.0 s",), ())
    assert rows[2].cells == (("continues",), ("takes over in 1.0 s (1/2)",))
    assert rows[2].worst == ("continues", "takes over")
    assert unchanged(cells) == ["network: d, delay (all 2)"]
