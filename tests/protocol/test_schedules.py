"""Laws of two masters under any schedule of cuts, stops, starts and standby requests."""

from __future__ import annotations

import copy
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hasim.events import NodeDead, PartitionReturn
from hasim.protocol import Letter, Master
from hasim.protocol.claims import FOREIGN, LOCAL
from hasim.units import Micros
from tests.protocol.harness import HA_CF, Cluster, seconds

MODES = {mode: HA_CF.replace("auto_failback on", f"auto_failback {mode}") for mode in ("on", "off")}
HEALED, QUIET = 60.0, 120.0


class Step(NamedTuple):
    at: float
    what: str
    node: str
    share: str = "all"


VERBS = ("standby", "takeover", "stop", "start", "crash", "reload", "mute", "deaf", "cut")
steps = st.builds(
    Step,
    st.integers(0, 590).map(lambda tenth: tenth / 10),
    st.sampled_from(VERBS),
    st.sampled_from("ab"),
    st.sampled_from(("all", "local", "foreign")),
)
schedules = st.lists(steps, max_size=7).map(sorted)
modes = st.sampled_from(sorted(MODES))
versions = st.sampled_from(("2.0.8", "3.0.6"))
phases = st.integers(0, 99).map(lambda hundredth: hundredth / 100)
bounded = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Storm:
    """A cluster and its troubles; cables heal at last, and every node runs again."""

    def __init__(self, mode: str, version: str, phase: float, schedule: list[Step]) -> None:
        self.cluster = Cluster(MODES[mode], version, starts=[("a", 0.0), ("b", phase)])
        self.cluster.passes = self._passes
        self.lost: set[tuple[str, str]] = set()
        self.schedule = schedule

    def _passes(self, at: Micros, sender: str, reader: str, *rest: object) -> bool:
        return (sender, reader) not in self.lost

    def run(self, until: float) -> None:
        for step in self.schedule:
            if self.cluster.now <= seconds(step.at) and step.at < until:
                self.cluster.run(step.at)
                self._do(step)
        self.cluster.run(until)

    def _do(self, step: Step) -> None:
        cluster, node = self.cluster, step.node
        other = "b" if node == "a" else "a"
        runs = node in cluster.masters
        match step.what:
            case "standby" if runs:
                cluster.standby(node, step.share)
            case "takeover" if runs:
                cluster.write(node, Letter("hb_takeover", body=(("rsc_hold", step.share),)))
            case "stop" if runs:
                cluster.signal(node, "TERM")
            case "reload" if runs:
                cluster.signal(node, "HUP config")
            case "crash" if runs:
                cluster.stop(node)
            case "start" if not runs and all(name != node for _, name in cluster.starts):
                cluster.starts.insert(0, (cluster.now, node))
            case "mute":
                self.lost ^= {(node, other)}
            case "deaf":
                self.lost ^= {(other, node)}
            case "cut":
                self.lost ^= {(node, other), (other, node)}

    def calm(self) -> None:
        """Heal everything, start who does not run, and wait."""
        self.run(HEALED)
        self.lost.clear()
        self.cluster.run(HEALED + QUIET)
        for again in (2, 3):  # the start of one may be what the stop of the other has waited for
            for name in "ab":
                self._do(Step(0, "start", name))
            self.cluster.run(HEALED + again * QUIET)


def unshared(cluster: Cluster) -> list[str]:
    """Name each set that is not claimed by exactly one of the two nodes."""
    mine = {name: master.state.resources.mine for name, master in cluster.masters.items()}
    assert sorted(mine) == ["a", "b"]
    wrong = []
    for owner, other in ("ab", "ba"):
        claims = bool(mine[owner] & LOCAL) + bool(mine[other] & FOREIGN)
        if claims != 1:
            wrong.append(f"groups of {owner} claimed {claims} times")
    return wrong


def standing(cluster: Cluster) -> set[str]:
    """Return what keeps the nodes from settling: an open standby, a stop or restart that waits."""
    reasons = set()
    for master in cluster.masters.values():
        if master.state.resources.standby != "NOT":
            reasons.add("standby")
        if master.state.shutdown.waits:
            reasons.add("wait")
    return reasons


@bounded
@given(modes, versions, phases, schedules)
def test_no_schedule_makes_a_master_fail(
    mode: str, version: str, phase: float, schedule: list[Step]
) -> None:
    Storm(mode, version, phase, schedule).calm()


@bounded
@given(modes, versions, phases, schedules)
def test_equal_schedules_have_equal_logs_packets_and_states(
    mode: str, version: str, phase: float, schedule: list[Step]
) -> None:
    one, two = (Storm(mode, version, phase, schedule) for _ in range(2))
    one.run(HEALED)
    two.run(HEALED)
    assert one.cluster.log == two.cluster.log
    assert one.cluster.air == two.cluster.air
    assert {n: m.state for n, m in one.cluster.masters.items()} == {
        n: m.state for n, m in two.cluster.masters.items()
    }


@bounded
@given(modes, versions, phases, schedules, st.integers(1, 599).map(lambda tenth: tenth / 10))
def test_a_copied_state_in_a_new_machine_goes_on_as_the_old_one(
    mode: str, version: str, phase: float, schedule: list[Step], at: float
) -> None:
    """Whatever a machine keeps beside its state follows from it (or makes no difference)."""
    straight, moved = (Storm(mode, version, phase, schedule) for _ in range(2))
    straight.run(HEALED)
    moved.run(at)
    masters = moved.cluster.masters
    for name, master in list(masters.items()):
        masters[name] = Master(master.setting, copy.deepcopy(master.state))
    moved.run(HEALED)
    assert moved.cluster.log == straight.cluster.log
    assert {n: m.state for n, m in masters.items()} == {
        n: m.state for n, m in straight.cluster.masters.items()
    }


# ---- who claims what when all is quiet ----------------------------------------------------------

late = st.integers(250, 590).map(lambda tenth: tenth / 10)
nodes = st.sampled_from("ab")
shares = st.sampled_from(("all", "local", "foreign"))
talk = st.builds(Step, late, st.sampled_from(("standby", "takeover")), nodes, shares)
orders = st.builds(Step, late, st.sampled_from(("stop", "start")), nodes)


@bounded
@given(modes, versions, phases, st.lists(talk | orders, max_size=8).map(sorted))
def test_stops_starts_and_standbys_leave_every_group_claimed_once(
    mode: str, version: str, phase: float, schedule: list[Step]
) -> None:
    """A request of a node on its way down may leave a ghost, for which a stop waits (7.3)."""
    storm = Storm(mode, version, phase, schedule)
    storm.calm()
    if standing(storm.cluster) != {"standby", "wait"}:
        assert unshared(storm.cluster) == []
        assert "wait" not in standing(storm.cluster)


@bounded
@given(
    modes, versions, phases, nodes,
    late, st.integers(1, 300).map(lambda tenth: tenth / 10), st.lists(talk, max_size=3),
)  # fmt: skip
def test_a_cut_and_its_heal_leave_every_group_claimed_once_unless_a_standby_was_open(
    mode: str,
    version: str,
    phase: float,
    node: str,
    begin: float,
    length: float,
    words: list[Step],
) -> None:
    cuts = [Step(begin, "cut", node), Step(min(begin + length, 59.9), "cut", node)]
    storm = Storm(mode, version, phase, sorted([*words, *cuts]))
    storm.calm()
    dead, seen = (
        {n for _, n, _ in storm.cluster.told(kind)} for kind in (NodeDead, PartitionReturn)
    )
    # Who was declared dead by its own late packet has seen no partition, nor has the other (4.6).
    if dead == seen and not standing(storm.cluster):
        assert unshared(storm.cluster) == []


@bounded
@given(modes, versions, phases, nodes, late, st.integers(90, 300), st.lists(talk, max_size=3))
def test_a_crash_longer_than_deadtime_leaves_every_group_claimed_once(
    mode: str, version: str, phase: float, node: str, at: float, rest: int, words: list[Step]
) -> None:
    back = at + rest / 10
    steps = [Step(at, "crash", node), *words, *([Step(back, "start", node)] if back < 60 else [])]
    storm = Storm(mode, version, phase, sorted(steps))
    storm.calm()
    assert unshared(storm.cluster) == []


# ---- what may last, each by the shortest way into it --------------------------------------------


def test_a_crash_and_start_within_deadtime_can_leave_groups_to_nobody() -> None:
    """Semantics 5.10 E: one that held all comes back for its own only; nobody is told more."""
    storm = Storm("off", "3.0.6", 0.12, [Step(30, "standby", "b"), Step(40, "crash", "a")])
    storm.schedule += [Step(41, "start", "a")]
    storm.calm()
    assert unshared(storm.cluster) == ["groups of b claimed 0 times"]
    assert "No one owns our local resources!" in storm.cluster.lines("b", 40)


def test_a_packet_later_than_deadtime_that_comes_before_the_scan_leaves_all_claimed_twice() -> None:
    """Dead and alive in one instant, seen from both sides; no partition (semantics 4.6)."""
    steps = [Step(25, "standby", "a"), Step(26.1, "cut", "a"), Step(30.1, "cut", "a")]
    storm = Storm("off", "3.0.6", 0.0, steps)
    storm.calm()
    assert storm.cluster.told(PartitionReturn) == storm.cluster.ends == []
    assert unshared(storm.cluster) == ["groups of a claimed 2 times", "groups of b claimed 2 times"]
    storm = Storm("off", "2.0.8", 0.0, steps)
    storm.calm()
    assert unshared(storm.cluster) == []


def test_a_restart_inside_a_partition_can_leave_everything_claimed_twice() -> None:
    """Both are new to each other at the heal: no partition is seen, and nobody gives up (12.3)."""
    steps = [Step(at, "cut", "a") for at in (26.0, 36.0, 41.0, 59.9)]
    storm = Storm("off", "3.0.6", 0.12, steps)
    storm.calm()
    assert unshared(storm.cluster) == ["groups of a claimed 2 times", "groups of b claimed 2 times"]
    storm = Storm("on", "3.0.6", 0.12, steps)
    storm.calm()
    assert unshared(storm.cluster) == []


def test_a_reload_before_the_first_acquisition_leaves_the_groups_to_nobody() -> None:
    """The new life is stable from the first message on, and so acquires nothing (semantics 6.5)."""
    storm = Storm("on", "3.0.6", 0.12, [Step(5, "reload", "b")])
    storm.calm()
    assert unshared(storm.cluster) == ["groups of b claimed 0 times"]


def test_a_one_way_loss_between_request_and_release_leaves_a_standby_open() -> None:
    """The asked waits an hour for one that has cancelled it, and that one for the next request.

    The first refuses its own request, the second takes it for real (as in semantics 7.3).
    """
    steps = [Step(27.4, "standby", "b"), Step(27.8, "deaf", "b"), Step(45.7, "deaf", "b")]
    steps.append(Step(47.4, "standby", "a", "foreign"))
    storm = Storm("off", "3.0.6", 0.51, steps)
    storm.calm()
    assert standing(storm.cluster) == {"standby", "wait"}
