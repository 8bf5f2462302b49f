"""The sample of mutants: what it is, and that what it names is still there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from hasim.statistics import wilson
from tests.mutation.measure import LONG, OTHERS, ROOT, UNIT
from tests.mutation.sample import batches, chosen, module_of, status

NAMES = [f"p.{m}.x_f__mutmut_{i}" for m, n in (("a", 600), ("b", 300), ("c", 7)) for i in range(n)]


def test_the_same_mutants_have_the_same_sample_in_whatever_order_they_come() -> None:
    assert chosen(reversed(NAMES), 90) == chosen(NAMES, 90)
    assert chosen(NAMES, 90) != NAMES[:90]


def test_each_module_has_its_share_of_the_sample() -> None:
    shares = Counter(map(module_of, chosen(NAMES, 90)))
    assert shares == {"p.a": 59, "p.b": 30, "p.c": 1}


@pytest.mark.parametrize("count", [0, 1, 2, 89, 90, 91, 906, 907])
def test_a_sample_is_as_large_as_asked_and_names_nothing_twice(count: int) -> None:
    found = chosen(NAMES, count)
    assert len(set(found)) == len(found) == count
    assert set(found) <= set(NAMES)


def test_a_sample_larger_than_all_is_all() -> None:
    assert chosen(NAMES, 5000) == sorted(NAMES)


def test_a_change_in_one_module_leaves_the_sample_of_the_others() -> None:
    changed = [n.replace("x_f", "x_g") if module_of(n) == "p.b" else n for n in NAMES]
    before, after = set(chosen(NAMES, 90)), set(chosen(changed, 90))
    assert {n for n in before if module_of(n) != "p.b"} == {n for n in after if "x_f" in n}


def test_a_limit_that_is_hit_is_neither_a_kill_nor_a_survival() -> None:
    assert [status(c) for c in (None, 0, 1, 3, 5, 33)] == (
        "not tried,survived,killed,killed,no tests,no tests".split(",")
    )
    assert status(-24) == status(152) == "timeout"


def test_the_wilson_interval_is_that_of_the_tables() -> None:
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_batch_holds_one_mutant_of_a_function_at_most() -> None:
    names = [f"p.a.x_{f}__mutmut_{i}" for f, n in (("f", 5), ("g", 2), ("h", 1)) for i in range(n)]
    found = batches(names, 3)
    assert sorted(m for batch in found for m in batch) == sorted(names)
    assert max(map(len, found)) <= 3
    assert len(found) == 5
    for batch in found:
        assert len({name.rpartition("__mutmut_")[0] for name in batch}) == len(batch)


@pytest.mark.parametrize("test", LONG)
def test_a_test_that_is_left_out_is_there(test: str) -> None:
    file, _, name = test.partition("::")
    assert f"def {name}(" in (ROOT / file).read_text()


@pytest.mark.parametrize("test", [*UNIT, *OTHERS])
def test_what_the_rounds_run_is_there(test: str) -> None:
    assert Path(ROOT, test).exists()
