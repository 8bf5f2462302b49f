"""Events as plain data, and their sentences."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hasim import events as ev

VALUES = {
    str: st.text(max_size=20),
    int: st.integers(),
    bool: st.booleans(),
    tuple: st.lists(st.text(max_size=5), max_size=3).map(tuple),
    type(None): st.none(),
}


@st.composite
def any_event(draw: st.DrawFn) -> ev.Event:
    kind = draw(st.sampled_from(list(ev.EVENTS.values())))
    fields = {}
    for name, types in ev.field_types(kind).items():
        fields[name] = draw(st.one_of([VALUES[t] for t in types]))
    return kind(**fields)


@given(any_event())
def test_an_event_survives_the_way_through_json(event: ev.Event) -> None:
    assert ev.decode(json.loads(json.dumps(ev.encode(event)))) == event


@given(any_event())
def test_every_event_has_a_sentence_that_names_its_values(event: ev.Event) -> None:
    sentence = event.sentence()
    assert sentence
    assert "{" not in type(event).says.format_map(dict.fromkeys(ev.field_types(type(event)), "x"))


@pytest.mark.parametrize("kind", ev.EVENTS.values(), ids=list(ev.EVENTS))
def test_a_class_of_events_is_frozen_slotted_and_ends_its_sentence(kind: type[ev.Event]) -> None:
    assert kind.says.endswith((".", "}"))
    assert kind.__doc__
    assert not hasattr(kind, "__dict__") or "__slots__" in vars(kind)
    sample = kind(**{name: types[0]() for name, types in ev.field_types(kind).items()})
    for field in dataclasses.fields(kind)[:1]:
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(sample, field.name, 1)
    with pytest.raises((AttributeError, TypeError)):
        sample.other = 1  # type: ignore[attr-defined]


def test_facts_and_beliefs_are_told_apart() -> None:
    assert ev.WireCut.truth
    assert ev.PacketSent.truth
    assert not ev.LinkDead.truth
    assert not ev.NodeDead("node2").truth
    assert [n for n, kind in ev.EVENTS.items() if issubclass(kind, ev.Truth) != kind.truth] == []


def test_the_registry_knows_a_class_by_its_name() -> None:
    assert ev.EVENTS["LinkUp"] is ev.LinkUp
    assert all(kind.__name__ == name for name, kind in ev.EVENTS.items())
    assert "Event" not in ev.EVENTS
    assert "Truth" not in ev.EVENTS


def test_a_sentence_reads_like_one() -> None:
    assert ev.WireCut("node1:eth0", "both").sentence() == "The wire node1:eth0 is cut (both)."
    assert ev.NodeDead("node2").sentence() == "node2 is declared dead."


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({}, "needs its class name"),
        ({"event": 7}, "needs its class name"),
        ({"event": "LinkU"}, "'LinkU' is no event; did you mean 'LinkUp'?"),
        ({"event": "Event"}, "is no event"),
        ({"event": "LinkUp", "peer": "a"}, "LinkUp lacks its field 'medium'"),
        ({"event": "CommUp", "peer": "a"}, "CommUp has no field 'peer'; it has none"),
        ({"event": "NodeDead", "peer": 3}, "NodeDead.peer must be a text, not 3"),
        ({"event": "ShutdownInProgress", "pid": True}, "must be a whole number, not True"),
        (
            {"event": "ScriptBegan", "node": "a", "script": "b", "args": [1], "op": "c"},
            "list of words",
        ),
        ({"event": "CoreProcessDied", "pid": "x"}, "must be a whole number or null"),
    ],
)
def test_data_that_is_no_event_is_refused_with_a_sentence(
    data: dict[str, object], complaint: str
) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        ev.decode(data)
    assert complaint in str(caught.value)


def test_a_field_with_a_default_may_be_left_out() -> None:
    assert ev.decode({"event": "CoreProcessDied"}) == ev.CoreProcessDied(None, None)


def test_the_step_of_a_clock_is_told_as_a_duration() -> None:
    assert ev.ClockStepped("n", -5_400_000_000).sentence() == (
        "The clock of n is stepped by -1h30m."
    )
    assert ev.ClockStepped("n", 5_000_000).sentence() == "The clock of n is stepped by +5s."
