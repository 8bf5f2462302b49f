from __future__ import annotations

import dataclasses
import pickle

import pytest
from hypothesis import given

import hasim.faults
from hasim.faults import Cable, Cut, Fault, Heal
from tests.faults.strategies import faults


@given(faults)
def test_the_repr_of_a_fault_pastes_back(fault: Fault) -> None:
    assert eval(repr(fault), vars(hasim.faults)) == fault


@given(faults)
def test_a_fault_is_hashable_and_survives_pickling(fault: Fault) -> None:
    assert len({fault, pickle.loads(pickle.dumps(fault))}) == 1


@given(faults)
def test_every_fault_has_an_instant_and_a_duration_or_none(fault: Fault) -> None:
    assert fault.at >= 0
    assert fault.duration is None or fault.duration > 0


def test_a_fault_cannot_be_changed() -> None:
    fault = Heal(0, "node1")
    with pytest.raises(dataclasses.FrozenInstanceError):
        fault.node = "node2"  # type: ignore[misc]


def test_a_cut_both_ways_says_no_direction() -> None:
    assert str(Cut(1_000_000, Cable("node1", "eth0"), "both")) == "1s cut node1:eth0"
