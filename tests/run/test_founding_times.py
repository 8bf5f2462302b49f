"""Times of the founding document's test 2 over many seeds, nothing pinned (semantics 11.3)."""

from __future__ import annotations

from statistics import median

import pytest

from hasim.model import Model
from hasim.units import SECOND
from tests.run.test_founding import TELLING, lines_of

SEEDS = 200
CUT = 150  # both start at 0: after two and a half minutes nothing of the start is left
#: From the death of the link at node1 to a line: the node that logs it, and the seconds that the
#: Monte-Carlo of the daemon's wakes gives for 2.0.8 and a heartbeat every two seconds.
WANTED = {
    "info: NS: We are dead. :<": ("node1", 0.9),
    TELLING: ("node2", 4.5),
    "info: node1 wants to go standby [all]": ("node1", 11.4),
}


@pytest.fixture(scope="module")
def taken(model: Model) -> dict[str, list[float]]:
    """Seconds to each line, one of each run."""
    assert (model.dialect, model.configs["node1"].keepalive) == ("2.0.8", 2 * SECOND)
    out: dict[str, list[float]] = {text: [] for text in WANTED}
    for seed in range(SEEDS):
        run = model.run([f"{CUT}s cut node1:eth0"], until=f"{CUT + 60}s", seed=seed)
        logs = {n: [x for x in lines_of(run, n) if x.at > CUT * SECOND] for n in run.nodes}
        (dead,) = [x.at for x in logs["node1"] if x.text == "info: Link node2:eth0 dead."]
        for text, (node, _) in WANTED.items():
            at = next(x.at for x in logs[node] if x.text == text)
            out[text].append((at - dead) / SECOND)
    return out


@pytest.mark.parametrize("text", WANTED)
def test_the_median_is_that_of_the_daemon(taken: dict[str, list[float]], text: str) -> None:
    assert len(taken[text]) == SEEDS
    assert abs(median(taken[text]) - WANTED[text][1]) <= 1


def test_nine_of_ten_public_cables_lead_straight_to_a_standby(
    taken: dict[str, list[float]],
) -> None:
    straight = [t for t in taken["info: node1 wants to go standby [all]"] if 10 <= t <= 13]
    assert len(straight) >= SEEDS * 9 // 10
