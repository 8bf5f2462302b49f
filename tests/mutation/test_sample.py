"""The sample of mutants: what it is, and that what it names is still there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.mutation.measure import LONG, OTHERS, ROOT, UNIT
from tests.mutation.sample import chosen, module_of, status, wilson

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


@pytest.mark.parametrize("test", LONG)
def test_a_test_that_waits_for_the_second_round_is_there(test: str) -> None:
    file, _, name = test.partition("::")
    assert f"def {name}(" in (ROOT / file).read_text()


def test_what_the_rounds_select_is_there() -> None:
    selected = [test.partition("::")[0] for test in (*UNIT, *OTHERS)]
    assert [test for test in selected if not Path(ROOT, test).exists()] == []


def test_what_the_first_round_leaves_out_the_second_runs() -> None:
    assert set(LONG) <= set(OTHERS)
