"""Random faults, one after the other: what is concluded from the logs is what was so."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import pytest

import hasim
from hasim.model import Model
from hasim.render import log_lines
from tests.reading.made import ROOT
from tests.reading.support import quiet_before, written

#: Stamps are of a second, the skew is found to a second.
SLACK = 3_500_000


@cache
def model(dialect: str) -> Model:
    found = hasim.load(ROOT / "models" / "webdata", dialect=dialect)
    return found.with_(keepalive="1", deadtime="6", warntime="3", initdead="20")


def faults_of(seed: int) -> tuple[list[str], int]:
    """Return one to three faults, each of them mended before the next, and an end in seconds."""
    draw = random.Random(seed)
    out: list[str] = []
    at = 60
    for _ in range(draw.randint(1, 3)):
        node = draw.choice(["node1", "node2"])
        at += draw.randint(5, 60)
        back = at + draw.randint(20, 90)
        kind = draw.choice(["stop", "kill", "power", "eth0", "eth1", "both"])
        last = f"for {back - at}s"
        match kind:
            case "stop":
                out += [f"{at}s stop {node}", f"{back}s start {node}"]
            case "kill":
                out += [f"{at}s kill {node} master", f"{back}s start {node}"]
            case "power":
                out += [f"{at}s power-off {node} {last}"]
            case "both":
                out += [f"{at}s cut {node}:{eth} {last}" for eth in ("eth0", "eth1")]
            case eth:
                out += [f"{at}s cut {node}:{eth} {last}"]
        at = back
    return out, at + 120


@pytest.mark.parametrize("dialect", ["2.0.8", "3.0.6"])
@pytest.mark.parametrize("seed", range(20))
def test_who_held_what_is_concluded_for_random_faults(
    tmp_path: Path, seed: int, dialect: str
) -> None:
    faults, end = faults_of(seed)
    run = model(dialect).run(faults, seed=seed, until=end)
    names = [
        written(
            tmp_path,
            "\n".join(log_lines(run.trace, node, "ha-log", debug=True)) + "\n",
            f"ha-log.{node}",
        )
        for node in run.nodes
    ]
    read = hasim.read_logs(*names, deadtime="6")
    first = next(run.trace.log()).at
    for kind in ("address", "mount"):
        true = sorted((s.who, s.begin - first, s.end - first) for s in run.trace.spans(kind))  # type: ignore[arg-type]
        seen = sorted((s.who, s.begin, s.end) for s in read.spans(kind))  # type: ignore[arg-type]
        late = quiet_before(read.end, (begin for _, begin, _ in true))
        true, seen = ([one for one in found if one[1] < late] for found in (true, seen))
        assert [who for who, _, _ in true] == [who for who, _, _ in seen], faults
        for one, other in zip(true, seen, strict=True):
            assert abs(one[1] - other[1]) < SLACK, faults
            assert abs(one[2] - other[2]) < SLACK or min(one[2], other[2]) > late, faults
