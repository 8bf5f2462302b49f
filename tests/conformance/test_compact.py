"""The compact selection of recordings: replayed, compared event by event, with bars."""

from __future__ import annotations

import dataclasses
import gzip
import json
from pathlib import Path

import pytest

from hasim.config import HaConfig
from hasim.conform import (
    Agreement,
    Recording,
    check,
    compare_events,
    load_recording,
    pool,
    replay_of,
    replayed,
    save_recording,
)
from hasim.conform.runs import simulated_events, trace_of
from hasim.errors import ConfigError
from hasim.units import SECOND

DATA = Path(__file__).parent.parent / "data" / "recordings"


@pytest.fixture(scope="module")
def recordings() -> list[Recording]:
    return [load_recording(p) for p in sorted(DATA.glob("*.json.gz"))]


def with_config(recording: Recording, **changes: object) -> Agreement:
    """Replay a recording by a daemon whose configuration was tampered with."""
    replay = replay_of(recording)
    configs: dict[str, HaConfig] = {
        n: dataclasses.replace(c, **changes) for n, c in replay.configs.items()
    }
    changed = dataclasses.replace(replay, configs=configs)
    world = changed.world()
    world.run(round(recording.duration * SECOND))
    return compare_events(recording, simulated_events(recording, trace_of(changed, world)))


def test_the_selection_is_replayed_within_the_bars() -> None:
    report = check([str(DATA)])
    assert len(report.results) == 50
    assert report.missed == (), report.figures


def test_a_lonely_start_is_replayed_exactly(recordings: list[Recording]) -> None:
    alone = [r for r in recordings if r.name in ("01a-alone-primary", "20-initdead-30")]
    assert len(alone) == 2
    for recording in alone:
        result = compare_events(recording, replayed(recording).events)
        assert result.counts["exact"] == result.events, [str(o) for o in result.odd]


def test_a_lonely_start_asks_for_every_fact_and_misses_none(recordings: list[Recording]) -> None:
    for recording in recordings:
        if recording.name in ("01a-alone-primary", "20-initdead-30"):
            assert replayed(recording).pins == {"left": 0, "missing": 0, "other": []}


def test_a_recording_agrees_with_itself(recordings: list[Recording]) -> None:
    for recording in recordings:
        result = compare_events(recording, recording.events)
        assert (result.counts["exact"], result.same) == (result.events, True)


@pytest.mark.parametrize("extra", [1 * SECOND, 3 * SECOND])
def test_a_daemon_with_a_longer_deadtime_is_caught(recordings: list[Recording], extra: int) -> None:
    deaths = [
        r for r in recordings if r.name in ("06a-power-off", "07b-only-link-cut", "11a-ping-dies")
    ]
    plain = pool([with_config(r) for r in deaths])
    late = pool(
        [with_config(r, deadtime=5 * SECOND + extra, deadping=5 * SECOND + extra) for r in deaths]
    )
    assert late["wrong"] > plain["wrong"] + 0.1
    assert late["exact"] < plain["exact"] - 0.1


def test_a_daemon_that_ignores_initdead_is_caught(recordings: list[Recording]) -> None:
    alone = [r for r in recordings if r.name == "20-initdead-30"]
    assert pool([with_config(r) for r in alone])["wrong"] == 0
    assert pool([with_config(r, initdead=5 * SECOND) for r in alone])["wrong"] > 0.5


def test_an_event_left_out_and_one_too_many_are_wrong(recordings: list[Recording]) -> None:
    recording = recordings[0]
    events = recording.events
    more = [*events, {**events[-1], "kind": "vip-up"}]
    assert compare_events(recording, events[1:]).counts["wrong"] == 1
    assert compare_events(recording, more).counts["wrong"] == 1


def test_saving_a_recording_twice_gives_the_same_bytes(
    recordings: list[Recording], tmp_path: Path
) -> None:
    one, two = tmp_path / "a.json.gz", tmp_path / "b.json.gz"
    save_recording(recordings[0], one)
    save_recording(load_recording(one), two)
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize(
    "content", [b"", b"\x1f\x8b\x00", b"[]", b'{"name": "x"}', b"\xff\xfe\x00"]
)
def test_what_is_no_recording_is_refused_with_its_name(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "broken.json.gz"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"broken\.json\.gz: ERROR: not a recording"):
        load_recording(path)


def test_raw_recordings_ask_for_the_judge(tmp_path: Path) -> None:
    (tmp_path / "01").mkdir()
    (tmp_path / "01" / "trace.jsonl.gz").write_bytes(b"")
    with pytest.raises(ConfigError, match="--judge"):
        check([str(tmp_path)])


_ODD = [(p, v) for p in ("scenario", "pins", "events", "packets") for v in (None, "text", -1, [1])]


@pytest.mark.parametrize(("part", "value"), [*_ODD, ("scenario", {}), ("pins", {})])
def test_a_part_of_another_form_is_refused(part: str, value: object, tmp_path: Path) -> None:
    data = json.loads(gzip.decompress((DATA / "02a-both.01.json.gz").read_bytes()))
    path = tmp_path / "odd.json"
    path.write_text(json.dumps({**data, part: value}))
    with pytest.raises(ConfigError, match="not a recording"):
        check([str(path)])
