"""The recorder: one order, no way back."""

from __future__ import annotations

import pytest

from hasim import events as ev
from hasim.trace import Recorder, Source

SOURCE = Source("node1", "heartbeat", 1)


def test_records_are_numbered_in_the_order_they_come() -> None:
    recorder = Recorder()
    assert recorder.emit(5, SOURCE, ev.CommUp()) == 0
    assert recorder.emit(5, SOURCE, ev.MachDownDone(), 0) == 1
    assert [(r.at, r.seq, r.cause) for r in recorder.records] == [(5, 0, None), (5, 1, 0)]


def test_time_never_goes_back() -> None:
    recorder = Recorder()
    recorder.emit(5, SOURCE, ev.CommUp())
    with pytest.raises(AssertionError, match="time goes back"):
        recorder.emit(4, SOURCE, ev.CommUp())


@pytest.mark.parametrize("cause", [1, 7, -1])
def test_a_cause_lies_before_what_it_provokes(cause: int) -> None:
    recorder = Recorder()
    recorder.emit(5, SOURCE, ev.CommUp())
    with pytest.raises(AssertionError, match="is not before it"):
        recorder.emit(6, SOURCE, ev.CommUp(), cause)


def test_a_restored_recorder_goes_on_as_the_first_would_have() -> None:
    one = Recorder()
    one.emit(5, SOURCE, ev.CommUp())
    state = one.state()
    two = Recorder(state)
    for recorder in (one, two):
        assert recorder.emit(9, SOURCE, ev.MachDownDone(), 0) == 1
    assert one.state() == two.state() != state
    with pytest.raises(AssertionError):
        Recorder(state).emit(4, SOURCE, ev.CommUp())
