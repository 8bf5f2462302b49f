"""What a recorded client saw, from what the recorded nodes did to their addresses."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hasim.units import SECOND
from tests.world.test_lan import Bench

VIP = "192.168.60.200"
CLIENT = f'[host.client]\non = "lan"\nprobes = "{VIP}"\n'
#: Recordings of stops, crashes, cables, standbys, and of two holders at once.
RUNS = [
    "04c-stop-backup/01", "05a-pull-public/01", "06a-power-off/01", "07b-only-link-cut/01",
    "08a-isolate-heal-eth1-first/01", "09a-kill-master/02", "09a-kill-master/03",
    "10c-hang-8s/04", "16a-standby-takeover/03", "17e-aa-pull-public/01", "18c-stop-fails/01",
    "21a-oneway-from-primary/01", "24c-backup-dies-during-takeover/01", "25f-wrong-key/01",
]  # fmt: skip
#: The recorded client sends ten pings a second, and notices a silence of 350 ms.
BLINK = 0.45
CLOSE = 0.25
#: Deaf until an entry runs out whose reachable time nobody recorded.
FAR = 16.0

Seen = list[tuple[float, str, str]]


def told(folder: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(folder / "trace.jsonl.gz", "rt") as stream:
        yield from map(json.loads, stream)


def without_blinks(seen: Seen) -> Seen:
    """Leave out silences too short for the recorded client, and answers that are no change."""
    out: Seen = []
    for i, (at, what, by) in enumerate(seen):
        short = what == "silent" and i + 1 < len(seen) and seen[i + 1][0] - at < BLINK
        if not short and (not out or (what, by) != out[-1][1:]):
            out.append((at, what, by))
    return out


def recorded(folder: Path) -> Seen:
    changes = [e for e in told(folder) if e["src"] == "client" and e["ev"] != "arp"]
    return [(e.get("since", e["t"]), e["ev"], e["by"]) for e in changes]


def _cable(bench: Bench, event: dict[str, Any]) -> None:
    wire = bench.hub.topology.state.wires.get(f"{event['node']}:{event['args'].get('iface')}")
    ways = event["args"].get("direction")
    if wire is not None:
        for way in ("out", "in") if ways is None else (ways,):
            wire.cut[way][:] = [1] if event["do"] in ("pull", "drop") else []


def replayed(folder: Path) -> Seen:
    """Play what happened to nodes and cables, and every announcement that was heard."""
    bench = Bench(CLIENT)
    nodes = bench.hub.state.nodes
    for event in told(folder):
        kind, node = event["src"], event.get("node")
        if kind not in ("vip", "client", "fault", "node") or node not in nodes:
            continue
        now = bench.to(max(event["t"], bench.hub.kernel.now / SECOND))
        if kind == "vip" and event["addr"].startswith(VIP):
            if event["ev"] == "up":
                nodes[node].addresses[event["addr"]] = "eth0:0"
            else:
                nodes[node].addresses.pop(event["addr"], None)
        elif kind == "node":
            nodes[node].on = event["ev"] != "power off"
            nodes[node].addresses.clear()
        elif kind == "fault" and event["do"] in ("pull", "plug", "drop", "undrop"):
            _cable(bench, event)
        elif kind == "client" and event["op"] == 1:
            bench.lan.announce(now, node, VIP, "eth0", None)
        bench.lan.changed(now, None)
    return bench.seen(bench.hub.kernel.now / SECOND + FAR)


@pytest.mark.parametrize("run", RUNS)
def test_the_client_sees_what_the_recorded_one_saw(shared: Path, run: str) -> None:
    folder = shared / "traces" / run
    if not folder.is_dir():
        pytest.skip("this recording is not there")
    real, ours = without_blinks(recorded(folder)), without_blinks(replayed(folder))
    if run.startswith("25f"):  # two announce against each other: each wins in turn
        assert {by for _, _, by in ours} == {by for _, _, by in real}
        return
    assert [step[1:] for step in ours[: len(real)]] == [step[1:] for step in real]
    apart = [abs(a[0] - b[0]) for a, b in zip(real, ours, strict=False)]
    late = [d for d in apart if d > CLOSE]
    assert len(late) <= 1
    assert all(d < FAR for d in late)
