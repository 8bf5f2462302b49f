"""ipfail line by line against recordings of the real one, under what its master told it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hasim.units import MS
from tests.protocol.ipfail_recording import Line, RecordedClient, Replayed, clients_of

#: Whether a message or a timer of the same instant came first is not in a recording.
_SCENARIOS = (
    "05b-pull-public-off",
    "07a-pull-private",
    "12a-backup-then-primary-lose-ping",
    "13a-kill-ipfail",
    "16b-standby-on",
    "21c-oneway-eth1",
)
_MANY = (
    *_SCENARIOS,
    "05a-pull-public",
    "05g-short-outage",
    "11a-ping-dies",
    "12b-primary-then-backup-lose-ping",
    "13c-kill-backup-ipfail-then-pull",
    "26-founding-story",
)


def _told(lines: list[Line]) -> list[Line]:
    """Leave out the walk of the nodes, whose order is that of the master's table."""
    return [line for line in lines if not line.text.startswith(("Cluster node:", "[They are"))]


def _clients(shared: Path, scenario: str) -> list[RecordedClient]:
    folder = shared / "traces" / scenario
    if not folder.is_dir():
        pytest.skip(f"no recordings of {scenario}")
    return [
        client for run in sorted(folder.iterdir()) if run.is_dir() for client in clients_of(run)
    ]


def _same(client: RecordedClient) -> bool:
    said, recorded = _told(Replayed(client).run()), _told(client.lines)
    return [line.text for line in said] == [line.text for line in recorded]


@pytest.mark.parametrize("node", ["node1", "node2"])
def test_a_pulled_cable_is_talked_over_as_recorded(shared: Path, node: str) -> None:
    run = shared / "traces" / "05a-pull-public" / "01"
    if not run.is_dir():
        pytest.skip("no recording of a pulled cable")
    (client,) = (c for c in clients_of(run) if c.node == node)
    said, recorded = _told(Replayed(client).run()), _told(client.lines)
    assert [line.text for line in said] == [line.text for line in recorded]
    assert len(recorded) > 40
    late = [abs(one.at - other.at) for one, other in zip(said, recorded, strict=True)]
    assert max(late) < 600 * MS
    assert sorted(late)[len(late) // 2] < 15 * MS


@pytest.mark.parametrize("scenario", _SCENARIOS)
def test_every_process_of_a_scenario_says_what_was_recorded(shared: Path, scenario: str) -> None:
    clients = _clients(shared, scenario)
    different = [(c.node, c.pid) for c in clients if not _same(c)]
    assert clients
    assert not different


def test_nearly_every_recorded_process_says_what_was_recorded(shared: Path) -> None:
    clients = [client for scenario in _MANY for client in _clients(shared, scenario)]
    same = sum(_same(client) for client in clients)
    assert same >= len(clients) * 9 // 10
