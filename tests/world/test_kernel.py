"""The kernel: whole microseconds, one total order, deadlines that may move."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hasim.units import Micros
from hasim.world.kernel import ORDER, Kernel


class Bell:
    """Rings at each of its instants and writes that down."""

    def __init__(self, name: str, book: list[tuple[Micros, str]], *due: Micros) -> None:
        self.name, self.book, self.due = name, book, list(due)

    @property
    def deadline(self) -> Micros | None:
        return min(self.due, default=None)

    def fire(self, now: Micros) -> None:
        self.due = [d for d in self.due if d > now]
        self.book.append((now, self.name))


def test_things_fire_at_their_deadlines_and_the_clock_is_whole() -> None:
    kernel, book = Kernel(), list[tuple[Micros, str]]()
    kernel.add(Bell("a", book, 5, 7), "job", 0)
    kernel.run(100)
    assert book == [(5, "a"), (7, "a")]
    assert (kernel.now, kernel.fired) == (100, 2)
    assert type(kernel.now) is int


def test_a_run_stops_before_what_is_due_at_its_end() -> None:
    kernel, book = Kernel(), list[tuple[Micros, str]]()
    kernel.add(Bell("a", book, 5), "job", 0)
    kernel.run(5)
    assert book == []
    kernel.run(6)
    assert book == [(5, "a")]


def test_a_run_into_the_past_does_nothing() -> None:
    kernel = Kernel(50)
    kernel.run(20)
    assert kernel.now == 50


@given(st.permutations(sorted(ORDER)))
def test_equal_times_are_ordered_by_class_not_by_who_came_first(order: list[str]) -> None:
    kernel, book = Kernel(), list[tuple[Micros, str]]()
    for name in order:
        kernel.add(Bell(name, book, 5), name, 0)
    kernel.run(10)
    assert [name for _, name in book] == sorted(ORDER, key=lambda n: ORDER[n])


@given(st.permutations(range(6)))
def test_equal_classes_are_ordered_by_entity(order: list[int]) -> None:
    kernel, book = Kernel(), list[tuple[Micros, str]]()
    for entity in order:
        kernel.add(Bell(str(entity), book, 5), "node", entity)
    kernel.run(10)
    assert [name for _, name in book] == ["0", "1", "2", "3", "4", "5"]


@given(st.integers(0, 40), st.integers(1, 60))
def test_a_deadline_that_moves_is_kept_and_the_old_one_is_forgotten(at: int, to: int) -> None:
    kernel, book = Kernel(), list[tuple[Micros, str]]()
    bell = Bell("a", book, 50)
    slot = kernel.add(bell, "job", 0)
    kernel.run(at)
    bell.due = [max(at, to)]
    slot.touch()
    kernel.run(200)
    assert book == [(max(at, to), "a")]


def test_a_deadline_in_the_past_fires_at_once() -> None:
    kernel, book = Kernel(), list[tuple[Micros, str]]()
    bell = Bell("a", book)
    slot = kernel.add(bell, "job", 0)
    kernel.run(30)
    bell.due = [10]
    slot.touch()
    kernel.run(31)
    assert book == [(30, "a")]


def test_a_deadline_taken_away_never_fires() -> None:
    kernel, book = Kernel(), list[tuple[Micros, str]]()
    bell = Bell("a", book, 50)
    slot = kernel.add(bell, "job", 0)
    kernel.run(10)
    bell.due = []
    slot.touch()
    kernel.run(100)
    assert book == []


def test_a_thing_that_has_ended_never_fires_again() -> None:
    kernel, book = Kernel(), list[tuple[Micros, str]]()
    slot = kernel.add(Bell("a", book, 5, 50), "job", 0)
    kernel.run(10)
    slot.end()
    kernel.run(100)
    assert book == [(5, "a")]
