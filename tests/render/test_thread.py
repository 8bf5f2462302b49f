"""Runs of heartbeats, and the order of everything in a picture of messages."""

from __future__ import annotations

from hasim.monitors import Violation
from hasim.render.exchange import Copy, Exchange
from hasim.render.marks import Mark
from hasim.render.telling import Telling
from hasim.render.thread import Broken, Item, Series, collapsed, thread
from hasim.render.window import Window
from hasim.units import MS, SECOND

WINDOW = Window(0, 100 * SECOND)


def beat(
    at: int, sender: str = "node1", kind: str = "status", lost: bool = False, late: int = 0
) -> Exchange:
    """A message on one medium, every second."""
    other = "node2" if sender == "node1" else "node1"
    reached = () if lost else ((other, at * SECOND + late),)
    copy = Copy("eth0", reached, (other,) if lost else ())
    return Exchange(at * SECOND, at, sender, kind, at, 3, (copy,))


def series(*items: Item) -> list[str]:
    filler = [beat(1000 + i) for i in range(31)]
    made, found = collapsed([*items, Mark(999 * SECOND, 1, "end"), *filler])
    assert found
    cut = next(i for i, item in enumerate(made) if isinstance(item, Mark) and item.line == "end")
    return [item.words if isinstance(item, Series) else type(item).__name__ for item in made[:cut]]


def test_few_heartbeats_stay_single() -> None:
    items = [beat(i) for i in range(16)]
    assert collapsed(items) == (items, False)
    assert len(collapsed([*items, beat(16)])[0]) == 1


def test_many_heartbeats_become_a_run_for_each_sender() -> None:
    items = [beat(i, sender) for i in range(20) for sender in ("node1", "node2")]
    made, found = collapsed(items)
    assert found
    assert [(s.sender, s.words, s.at, s.until) for s in made if isinstance(s, Series)] == [
        ("node1", "20 heartbeats", 0, 19 * SECOND),
        ("node2", "20 heartbeats", 0, 19 * SECOND),
    ]
    assert len(made) == 2


def test_anything_else_ends_a_run_and_two_are_none() -> None:
    message = beat(5, kind="resource")
    assert series(beat(1), beat(2), beat(3), message, beat(6), beat(7)) == [
        "3 heartbeats",
        "Exchange",
        "Exchange",
        "Exchange",
    ]


def test_a_run_counts_acknowledgements_apart() -> None:
    items = [beat(1), beat(2, kind="NS_ackmsg"), beat(3)]
    assert series(*items) == ["2 heartbeats, 1 acknowledgement"]


def test_a_run_says_what_was_lost() -> None:
    assert series(*(beat(i, lost=True) for i in range(4))) == ["all lost: 4 heartbeats"]
    assert series(*(beat(i, lost=i > 1) for i in range(4))) == ["4 heartbeats, 2 lost on eth0"]


def test_a_run_that_one_of_two_hears_says_to_whom_it_was_lost() -> None:
    items = []
    for i in range(3):
        copy = Copy("eth0", (("node2", i * SECOND),), ("node3",))
        items.append(Exchange(i * SECOND, i, "node1", "status", i, 3, (copy,)))
    assert series(*items) == ["all lost to node3: 3 heartbeats"]


def test_a_run_says_how_late_it_came() -> None:
    items = [beat(i, late=late) for i, late in enumerate((0, 900 * MS, 19 * MS))]
    assert series(*items) == ["3 heartbeats, up to 900ms late"]
    assert series(*(beat(i, late=19 * MS) for i in range(3))) == ["3 heartbeats"]


def test_things_stand_in_the_order_of_the_trace_and_violations_after_their_evidence() -> None:
    told = Telling(5 * SECOND, 7, "node2", "/web mounted", "hold", "")
    later = Telling(5 * SECOND, 8, "node2", "disk web is corrupt", "bad", "")
    violation = Violation(5 * SECOND, "p", "It is so.", (3, 7), None)
    fault = Mark(5 * SECOND, 1, "5s cut node1:eth0", False, 1)
    found = thread(WINDOW, [beat(4), beat(6)], [later, told], [fault], [violation])
    assert found == [beat(4), fault, told, Broken(5 * SECOND, 7, violation), later, beat(6)]


def test_a_violation_that_lasts_into_a_window_stands_at_its_begin() -> None:
    before = Violation(0, "p", "It is so.", (), None)
    over = Violation(0, "q", "It was so.", (), 5 * SECOND)
    (found,) = thread(Window(10 * SECOND, 20 * SECOND), [], [], [], [before, over])
    assert isinstance(found, Broken)
    assert (found.at, found.violation) == (10 * SECOND, before)
