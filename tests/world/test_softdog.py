"""The watchdog device: what arms it, what feeds it, when it acts (semantics 10, 6.7)."""

from __future__ import annotations

import pickle

import pytest

from hasim.draws import Draws
from hasim.events import (
    DaemonExited,
    NodeHung,
    NodePoweredOff,
    NodePoweredOn,
    PacketSent,
    RebootAsked,
    RebootForced,
    WatchdogArmed,
    WatchdogClosed,
    WatchdogFired,
    WatchdogOpened,
    WatchdogUnopened,
)
from hasim.units import MINUTE, MS, SECOND, Micros
from hasim.world import World
from hasim.world.shift import shift
from tests.world.support import (
    GROUPS,
    HA_CF,
    SHARED,
    SITE,
    at_rest,
    counts_between,
    groups_of,
    jsonl,
    punctual,
    site_of,
    text,
    told,
    world_of,
)

DOG = HA_CF + "watchdog /dev/watchdog\n"
BOTH = pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
END: Micros = 60 * SECOND
FAILFAST = HA_CF.replace("respawn hacluster", "failfast hacluster")


def sited(node1: str, version: str = "3.0.6", more: str = "") -> str:
    """The small site with a watchdog of node1 as given."""
    return SITE.replace("[node.node2]", f"watchdog = {node1}\n[node.node2]") + more


def dog_world(
    *faults: str,
    version: str = "3.0.6",
    ha_cf: str = DOG,
    watchdog: str = "{{ }}",
    until: Micros = END,
    seed: int = 0,
    more: str = "",
) -> World:
    """Run a world whose nodes have a watchdog and hold a group each."""
    site = site_of(version, sited(watchdog, more=SHARED + more))
    world = world_of(
        *faults, version=version, ha_cf=ha_cf, site=site, seed=seed, groups=groups_of(GROUPS)
    )
    world.run(until)
    return world


def fired(world: World) -> list[tuple[float, str]]:
    return [(at, event.node) for at, event in told(world, WatchdogFired)]


# ---- when it fires ------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("role", ["master", "all"])
def test_a_killed_master_costs_its_node_a_reboot_a_whole_limit_after_the_kill(
    role: str, version: str
) -> None:
    world = dog_world(f"20s137ms kill node1 {role}", version=version)
    assert fired(world) == [(26.137, "node1")]
    assert told(world, NodePoweredOff) == [(26.137, NodePoweredOff("node1", "reboot"))]
    assert [at for at, _ in told(world, NodePoweredOn)] == [26.137]
    assert told(world, WatchdogClosed) == [(20.137, WatchdogClosed("node1", False))]
    assert [e.limit_us for _, e in told(world, WatchdogArmed)] == [6 * SECOND] * 3


def test_a_fractional_deadtime_is_rounded_up() -> None:
    dog = DOG.replace("deadtime 5", "deadtime 4990ms")
    assert fired(dog_world("20s kill node1 all", ha_cf=dog)) == [(25.0, "node1")]
    dog = DOG.replace("deadtime 5", "deadtime 4995ms")
    assert fired(dog_world("20s kill node1 all", ha_cf=dog)) == [(26.0, "node1")]


@BOTH
def test_a_hung_node_is_rebooted_a_limit_after_its_last_tickle(version: str) -> None:
    world = World.resume(
        dog_world("20s400ms hang node1", version=version, until=20 * SECOND).snapshot()
    )
    world.run(20_400 * MS)
    last = world.hub.state.nodes["node1"].watchdog.fed_at
    assert last is not None
    assert 19_400 * MS <= last < 20_400 * MS
    world.run(END)
    assert fired(world) == [((last + 6 * SECOND) / SECOND, "node1")]


def test_the_tickle_is_the_heartbeat() -> None:
    site = site_of(text=sited("{{ }}"))
    agenda_world = world_of("20s400ms hang node1", ha_cf=DOG, site=site)
    world = World(
        agenda_world.hub.configs, agenda_world.hub.haresources, site, agenda_world.draws,
        agenda_world.hub.state, agenda_world.recorder, packets=True,
    )  # fmt: skip
    world.run(END)
    sent = [at for at, _ in told(world, PacketSent, "node1") if at < 20.4]
    assert fired(world)[0][0] == pytest.approx(max(sent) + 6, abs=0.001)


def test_a_hang_that_ends_in_time_does_no_harm() -> None:
    world = dog_world("20s hang node1 for 4900ms")
    assert told(world, NodeHung)
    assert fired(world) == []
    assert told(world, NodePoweredOff) == []


@BOTH
def test_a_clean_stop_ends_without_a_reboot(version: str) -> None:
    world = dog_world("20s stop node1", version=version)
    assert fired(world) == []
    assert [e.how for _, e in told(world, DaemonExited)] == ["stopped"]
    assert [e for _, e in told(world, WatchdogClosed)] == [WatchdogClosed("node1", True)]


def test_a_long_stop_is_not_guarded() -> None:
    """Closed when the give-up begins, so nothing guards a script that takes its time."""
    world = dog_world("19s slow Filesystem 25s on node1", "20s stop node1")
    assert told(world, WatchdogClosed)[0][0] == pytest.approx(20.0, abs=0.02)
    assert told(world, DaemonExited)[0][0] > 45
    assert fired(world) == []


def test_a_hang_in_a_long_stop_is_not_guarded_either() -> None:
    world = dog_world("19s slow Filesystem 15s on node1", "20s stop node1", "22s hang node1")
    assert fired(world) == []


def test_a_daemon_that_is_started_again_in_time_opens_it_anew() -> None:
    world = dog_world("20s kill node1 all", "24s start node1")
    assert fired(world) == []
    assert len(told(world, WatchdogArmed, "node1")) == 2


def test_a_restart_after_a_partition_closes_it_and_opens_it_again() -> None:
    world = dog_world("20s isolate node1 for 10s", until=2 * MINUTE)
    assert fired(world) == []
    closed = [e for _, e in told(world, WatchdogClosed)]
    assert closed == [WatchdogClosed(e.node, True) for e in closed]
    assert {e.node for e in closed} == {"node1", "node2"}
    assert len(told(world, WatchdogArmed)) == 4


def test_a_reload_with_a_new_deadtime_arms_it_with_a_new_limit() -> None:
    world = dog_world("20s reload node1 deadtime=9")
    assert fired(world) == []
    assert [e.limit_us for _, e in told(world, WatchdogArmed, "node1")] == [6_000_000, 10_000_000]
    assert [e for _, e in told(world, WatchdogClosed)] == [WatchdogClosed("node1", False)]


@BOTH
def test_an_emergency_shutdown_leaves_it_running(version: str) -> None:
    """A shutdown that could never begin has not closed it; its end does not either."""
    snapshot = dog_world(version=version, until=20 * SECOND).snapshot()
    daemon = snapshot.state.nodes["node1"].daemon
    assert daemon is not None
    assert daemon.master is not None
    daemon.master.shutdown.asked, daemon.master.shutdown.emergency_due = "stop", 21 * SECOND
    world = World.resume(snapshot)
    world.run(END)
    ((closed, event),) = told(world, WatchdogClosed, "node1")
    assert not event.magic
    assert 21 <= closed < 22
    assert fired(world) == [(closed + 6, "node1")]


def test_a_node_without_power_has_no_watchdog_that_runs() -> None:
    world = dog_world("20s kill node1 all", "22s power-off node1")
    assert fired(world) == []
    world = dog_world("20s kill node1 all", "22s power-off node1", "23s power-on node1")
    assert fired(world) == []
    assert told(world, WatchdogArmed, "node1", after=23)


def test_each_life_is_guarded_again() -> None:
    world = dog_world("20s kill node1 all", "45s kill node1 all")
    assert fired(world) == [(26.0, "node1"), (51.0, "node1")]


# ---- the device of the site ---------------------------------------------------------------------


def test_with_nowayout_even_a_clean_stop_ends_in_a_reboot() -> None:
    world = dog_world("20s stop node1", watchdog="{{ nowayout = true }}")
    ((closed, event),) = told(world, WatchdogClosed)
    assert event.magic
    assert fired(world) == [(closed + 6, "node1")]
    assert "SoftDog: Unexpected close, not stopping watchdog!" in text(world, "node1", after=20)


def test_with_nowayout_a_start_in_time_saves_the_machine() -> None:
    faults = ("20s stop node1", "24s500ms start node1")
    world = dog_world(*faults, watchdog="{{ nowayout = true }}")
    assert told(world, DaemonExited)[0][0] < 24.5
    assert fired(world) == []


@BOTH
def test_a_node_without_the_device_says_so_and_starts_without_it(version: str) -> None:
    world = dog_world(
        "20s kill node1 all", version=version, watchdog='{{ kind = "none" }}', until=40 * SECOND
    )
    assert told(world, WatchdogUnopened)[0][1] == WatchdogUnopened("/dev/watchdog")
    assert text(world, "node1").index("Cannot open watchdog device: /dev/watchdog") + 1 == text(
        world, "node1"
    ).index("Local status now set to: 'up'")
    assert told(world, WatchdogOpened, "node1") == []
    assert fired(world) == []


@pytest.mark.parametrize(
    ("wording", "closed", "reboots"),
    [
        ("2.6", "SoftDog: Unexpected close, not stopping watchdog!",
         "SoftDog: Initiating system reboot."),
        ("2.4", "SOFTDOG: WDT device closed unexpectedly.  WDT will not stop!",
         "SOFTDOG: Initiating system reboot."),
    ],
)  # fmt: skip
def test_a_softdog_has_the_words_of_its_kernel(wording: str, closed: str, reboots: str) -> None:
    site = f'{{{{ wording = "{wording}" }}}}'
    world = dog_world("20s kill node1 all", watchdog=site)
    assert text(world, "node1", after=20, until=26.1) == [closed, reboots]


def test_a_hardware_watchdog_resets_in_silence_after_its_own_delay() -> None:
    site = '{{ kind = "hardware", reset = "1500ms" }}'
    world = dog_world("20s kill node1 all", watchdog=site)
    assert fired(world) == [(26.0, "node1")]
    assert told(world, NodePoweredOff) == [(27.5, NodePoweredOff("node1", "reset"))]
    assert text(world, "node1", after=20, until=27.6) == []


def test_a_hardware_watchdog_whose_time_is_over_cannot_be_called_back() -> None:
    site = '{{ kind = "hardware", reset = "2s" }}'
    world = dog_world("20s hang node1 for 7s", watchdog=site)
    ((at, _),) = fired(world)
    assert told(world, NodePoweredOff)[0][0] == at + 2


def test_the_reset_delay_is_a_draw_that_can_be_pinned() -> None:
    text_ = sited('{{ kind = "hardware", reset = "1s..3s" }}')
    pins = {"node1/power1/watchdog-reset": 1_250_000}
    world = world_of("20s kill node1 all", ha_cf=DOG, site=site_of(text=text_), pins=pins)
    world.run(END)
    assert told(world, NodePoweredOff)[0][0] == 27.25


# ---- causes, failfast ---------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["kill node1 all", "kill node1 master", "hang node1"])
def test_a_reboot_follows_from_what_has_happened_to_the_node(fault: str) -> None:
    world = dog_world(f"20s {fault}")
    records = world.recorder.records
    chain = [next(r for r in records if isinstance(r.event, NodePoweredOff))]
    while chain[-1].cause is not None:
        chain.append(records[chain[-1].cause])
    assert any(isinstance(r.event, WatchdogFired) for r in chain)
    assert getattr(chain[-1].event, "line", "") == f"20s {fault}"


def test_a_killed_failfast_client_reboots_its_node_a_keepalive_later() -> None:
    world = dog_world("20s kill node1 ipfail", ha_cf=FAILFAST)
    forced = told(world, RebootForced)
    assert forced == [(20.0, RebootForced("/usr/lib/heartbeat/ipfail"))]
    assert told(world, RebootAsked) == [(21.0, RebootAsked("node1"))]
    assert told(world, NodePoweredOff) == [(21.0, NodePoweredOff("node1", "reboot"))]
    assert told(world, NodePoweredOn)[0][0] == 21.0


def test_a_master_that_is_about_to_reboot_sends_nothing_more_and_its_death_calls_it_off() -> None:
    slow = FAILFAST.replace("keepalive 1", "keepalive 2")
    world = dog_world("20s kill node1 ipfail", "21s kill node1 all", ha_cf=slow)
    assert told(world, RebootForced)
    assert told(world, NodePoweredOff) == []
    sent = [m.sent for m in world.hub.state.media if m.node == "node1"]
    before = dog_world("20s kill node1 ipfail", ha_cf=slow, until=20_001 * MS)
    assert sent == [m.sent for m in before.hub.state.media if m.node == "node1"]


# ---- a thing like all others --------------------------------------------------------------------

TROUBLED = (
    "20s hang node1 for 3s", "25s kill node2 all", "40s stop node1", "44s start node1",
    "50s kill node1 master",
)  # fmt: skip


@BOTH
def test_a_guarded_world_taken_apart_many_times_gives_the_same_records(version: str) -> None:
    site = '{{ kind = "hardware", nowayout = true, reset = "1s..4s" }}'
    whole = dog_world(*TROUBLED, version=version, watchdog=site, until=0)
    world = dog_world(*TROUBLED, version=version, watchdog=site, until=0)
    draws, pending = Draws(1), 0
    for at in sorted(draws.below("guarded", END, i) for i in range(120)):
        world.run(at)
        pending += any(n.watchdog.reset_due for n in world.hub.state.nodes.values())
        world = World.resume(pickle.loads(pickle.dumps(world.snapshot())))
    whole.run(END)
    world.run(END)
    assert pending
    assert len(fired(whole)) >= 2
    assert jsonl(world.recorder.records) == jsonl(whole.recorder.records)
    assert world.snapshot() == whole.snapshot()


def test_a_guarded_quiet_cluster_is_the_same_one_period_later() -> None:
    world = world_of(ha_cf=DOG, site=punctual(site_of()), seed=1)
    at_rest(world, 800 * SECOND + 123_457)
    then = World.resume(world.snapshot())
    then.run(world.now + 90 * SECOND)
    counts = dict(counts_between(world, then))
    assert shift(world.snapshot().state, 90 * SECOND, counts) == then.snapshot().state
    assert then.recorder.records == world.recorder.records


def test_tickles_cost_no_events_and_the_device_looks_once_in_its_limit() -> None:
    fired_ = []
    for ha_cf in (HA_CF, DOG):
        world = world_of(ha_cf=ha_cf)
        world.run(5 * MINUTE)
        fired_.append(world.fired)
    assert 0 < fired_[1] - fired_[0] <= 2 * (5 * 60 // 5 + 2)
