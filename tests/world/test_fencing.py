"""STONITH devices: what comes between a request and a reset (semantics 9)."""

from __future__ import annotations

import pytest

from hasim.events import (
    AcquiringFrom,
    FeedDown,
    FeedUp,
    FenceAsk,
    FenceDeviceBroken,
    FenceFailed,
    FenceOk,
    FenceRetry,
    FenceSshFailed,
    FenceUnable,
    NodePoweredOff,
    NodePoweredOn,
    StonithAnswered,
    StonithOrphaned,
    StonithRequested,
    StonithUnreachable,
)
from hasim.units import SECOND
from hasim.world import World
from tests.world.support import HA_CF, SITE, groups_of, jsonl, site_of, told, world_of

PDU = """\
[stonith.pdu]
kind = "apcmaster"
on = "lan"
power = "rack"
plugs = {{ node1 = "outlet1", node2 = "outlet2" }}
off = "1s"
reboot = "3s"
"""
LOST = "30s power-off node1"
TYPES = ("apcmaster", "null", "ssh", "meatware", "suicide", "external/pdu")


def fencing(
    *faults: str, device: str = PDU, kind: str = "apcmaster", version: str = "3.0.6", seed: int = 0
) -> World:
    """Return a world whose nodes have a STONITH device, after a minute and a half."""
    ha_cf = HA_CF + f"stonith_host * {kind} 10.0.0.9 x y\n"
    site = site_of(version, SITE + device)
    world = world_of(
        *faults, version=version, ha_cf=ha_cf, site=site, seed=seed, groups=groups_of()
    )
    world.run(90 * SECOND)
    return world


def names(world: World, *kinds: type) -> list[str]:
    events = (record.event for record in world.recorder.records)
    return [type(event).__name__ for event in events if isinstance(event, kinds)]


def test_takeover_waits_until_the_device_has_answered() -> None:
    world = fencing(LOST)
    asked = told(world, StonithRequested)[0][0]
    assert told(world, FeedDown)[0][0] - asked == pytest.approx(1)
    assert told(world, FeedUp)[0][0] - asked == pytest.approx(3)
    order = names(world, FenceAsk, StonithRequested, StonithAnswered, FenceOk, AcquiringFrom)
    assert order == [
        "FenceAsk", "StonithRequested", "StonithAnswered", "FenceOk", "AcquiringFrom",
    ]  # fmt: skip


def test_a_node_without_a_power_cord_stays_off_whatever_its_plug_does() -> None:
    assert told(fencing(LOST), NodePoweredOn) == []


def test_a_hung_node_is_switched_off_and_boots() -> None:
    world = fencing("30s hang node1")
    assert [e.how for _, e in told(world, NodePoweredOff)] == ["power lost"]
    assert [e.node for _, e in told(world, NodePoweredOn)] == ["node1"]


def test_a_device_with_action_off_leaves_the_node_off_until_it_is_switched_on() -> None:
    device = PDU + 'action = "off"\n'
    world = fencing("30s hang node1", device=device)
    assert told(world, NodePoweredOn) == []
    assert told(world, FenceOk)
    again = fencing("30s hang node1", "60s power-on node1", device=device)
    assert [(round(t), e.node) for t, e in told(again, NodePoweredOn)] == [(60, "node1")]


def test_a_device_that_fails_is_asked_again_five_seconds_after_its_answer_for_ever() -> None:
    world = fencing(LOST, "20s stonith pdu fail")
    failed, asked = told(world, FenceRetry), told(world, FenceAsk)
    assert len(failed) >= 5
    waits = [later[0] - earlier[0] for earlier, later in zip(failed, asked[1:], strict=False)]
    assert all(5.0 <= wait <= 5.1 for wait in waits)
    assert told(world, AcquiringFrom) == []


def test_a_device_that_works_again_ends_the_retries() -> None:
    world = fencing(LOST, "20s stonith pdu fail for 25s")
    assert told(world, FenceRetry)
    assert len(told(world, FenceOk)) == 1
    assert told(world, FenceOk)[0][0] > 45


def test_a_device_may_fail_its_first_requests_only() -> None:
    world = fencing(LOST, device=PDU + "fails = 2\n")
    assert len(told(world, FenceFailed)) == 2
    assert len(told(world, FenceOk)) == 1


def test_a_device_that_hangs_is_waited_for_for_ever() -> None:
    world = fencing(LOST, "20s stonith pdu hang")
    assert names(world, StonithRequested, StonithAnswered, FenceFailed, FenceOk) == [
        "StonithRequested"
    ]
    assert told(world, AcquiringFrom) == []


def test_a_device_that_lies_says_that_it_has_done_what_it_has_not() -> None:
    world = fencing("30s hang node1", "20s stonith pdu lie")
    assert told(world, FenceOk)
    assert told(world, AcquiringFrom)
    assert told(world, NodePoweredOff) == []


def test_a_wrong_plug_resets_the_wrong_node() -> None:
    device = PDU.replace('node1 = "outlet1"', 'node1 = "outlet2"')
    world = fencing("30s isolate node1", device=device)
    assert [e.node for _, e in told(world, NodePoweredOff)][:1] == ["node2"]


def test_a_node_without_a_plug_cannot_be_reset_and_is_tried_for_ever() -> None:
    device = PDU.replace('node1 = "outlet1", ', "")
    world = fencing(LOST, device=device)
    assert len(told(world, FenceUnable)) == len(told(world, FenceRetry)) > 5
    assert told(world, StonithRequested) == []


@pytest.mark.parametrize(
    "fault", ["20s cut stonith pdu", "20s power-off stonith pdu", "20s cut node2:eth0"]
)
def test_a_device_that_cannot_be_reached_is_given_up_after_its_timeout(fault: str) -> None:
    world = fencing("30s hang node1", fault)
    lost = [t for t, e in told(world, StonithUnreachable) if e.node == "node2"]
    failed = [t for t, e in told(world, FenceFailed) if e.peer == "node1"]
    assert failed
    assert failed[0] - lost[0] == pytest.approx(10, abs=0.1)


def test_a_device_on_the_feed_of_its_victim_dies_with_it() -> None:
    world = fencing(
        "30s power-off outlet1", device=PDU.replace('power = "rack"', 'power = "outlet1"')
    )
    assert told(world, StonithUnreachable)
    assert told(world, AcquiringFrom) == []


def test_a_management_board_switches_its_machine_and_no_feed() -> None:
    device = PDU.replace("outlet1", "node1").replace("outlet2", "node2")
    world = fencing("30s hang node1", device=device)
    assert told(world, FeedDown) == []
    assert [e.node for _, e in told(world, NodePoweredOn)] == ["node1"]


def test_a_board_without_power_is_as_dead_as_its_machine() -> None:
    device = PDU.replace("outlet1", "node1").replace('power = "rack"', 'power = "outlet1"')
    world = fencing("30s power-off outlet1", device=device)
    assert told(world, FenceOk) == []


def test_two_nodes_that_shoot_at_the_same_time_both_fall() -> None:
    """The first request is carried out although its sender dies meanwhile (recorded)."""
    device = PDU.replace('on = "lan"\n', "")
    worlds = [fencing("30s isolate node1", device=device, seed=seed) for seed in range(6)]
    fallen = [{e.node for at, e in told(w, NodePoweredOff) if at < 40} for w in worlds]
    assert {"node1", "node2"} in fallen


def test_an_answer_to_a_dead_node_is_heard_by_nobody() -> None:
    device = PDU.replace('on = "lan"\n', "").replace('reboot = "3s"', 'reboot = "6s"')
    worlds = [fencing("30s isolate node1", device=device, seed=s) for s in range(6)]
    assert any(told(world, StonithOrphaned) for world in worlds)


def test_nodes_that_stay_apart_shoot_each_other_again_and_again() -> None:
    """Each boots, hears nobody for initdead, and fences the other."""
    device = PDU.replace('on = "lan"\n', "")
    world = fencing("30s isolate node1", device=device)
    assert len(told(world, NodePoweredOff)) >= 3


def test_an_external_plugin_needs_a_second_more_and_says_why_it_fails() -> None:
    device = PDU.replace("apcmaster", "external/pdu")
    world = fencing(LOST, device=device, kind="external/pdu")
    answered, said = told(world, StonithAnswered)[0][0], told(world, FenceOk)[0][0]
    assert 1.0 < said - answered < 1.1
    failing = fencing(LOST, "20s stonith pdu fail", device=device, kind="external/pdu")
    assert names(failing, FenceFailed)


def test_null_says_what_it_does_not_do() -> None:
    world = fencing("30s hang node1", kind="null")
    assert told(world, FenceOk)
    assert told(world, NodePoweredOff) == []


def test_ssh_reboots_a_node_that_listens_and_no_other() -> None:
    world = fencing("30s kill node1 master", kind="ssh")
    assert [e.how for _, e in told(world, NodePoweredOff)] == ["reset"]
    asked, off = told(world, StonithRequested)[0][0], told(world, NodePoweredOff)[0][0]
    assert 2 <= off - asked <= 3
    assert 3 <= told(world, FenceOk)[0][0] - asked <= 5
    assert told(fencing(LOST, kind="ssh"), FenceOk) == []


def test_ssh_cannot_reset_over_a_cut_network() -> None:
    world = fencing("30s isolate node1", kind="ssh")
    assert told(world, FenceSshFailed)
    assert told(world, NodePoweredOff) == []


def test_meatware_waits_for_an_operator_for_ever_or_until_he_comes() -> None:
    assert told(fencing(LOST, kind="meatware"), AcquiringFrom) == []
    device = '[stonith.human]\nkind = "meatware"\noperator = "20s"\nplugs = {{ node1 = "node1" }}\n'
    world = fencing("30s hang node1", device=device, kind="meatware")
    asked, done = told(world, StonithRequested)[0][0], told(world, FenceOk)[0][0]
    assert 20 <= done - asked <= 20.1
    assert [e.node for _, e in told(world, NodePoweredOff)] == ["node1"]


def test_an_operator_may_be_told_to_act() -> None:
    device = '[stonith.human]\nkind = "meatware"\nplugs = {{ node1 = "node1" }}\n'
    world = fencing("30s hang node1", "60s stonith human ok", device=device, kind="meatware")
    assert round(told(world, FenceOk)[0][0]) == 60


def test_suicide_resets_nobody_else() -> None:
    assert told(fencing(LOST, kind="suicide"), FenceUnable)


def test_a_device_that_does_not_work_is_noticed_at_the_start() -> None:
    world = fencing("0s power-off stonith pdu")
    assert {e.device for _, e in told(world, FenceDeviceBroken)} == {"apcmaster STONITH device"}
    assert told(fencing(), FenceDeviceBroken) == []


@pytest.mark.parametrize("mode", ["fail", "hang", "lie"])
def test_a_device_that_will_not_reset_still_tells_its_status(mode: str) -> None:
    assert told(fencing(f"0s stonith pdu {mode}"), FenceDeviceBroken) == []


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("at", [34.2, 36.5, 37.6])
def test_a_world_in_the_midst_of_fencing_goes_on_to_the_same_bytes(kind: str, at: float) -> None:
    device = PDU.replace("apcmaster", kind) if kind in ("apcmaster", "external/pdu") else ""
    whole = fencing("30s isolate node1", device=device, kind=kind)
    ha_cf = HA_CF + f"stonith_host * {kind} 10.0.0.9 x y\n"
    site = site_of("3.0.6", SITE + device)
    part = world_of("30s isolate node1", ha_cf=ha_cf, site=site, groups=groups_of())
    part.run(round(at * SECOND))
    resumed = World.resume(part.snapshot())
    resumed.run(90 * SECOND)
    assert jsonl(resumed.recorder.records) == jsonl(whole.recorder.records)
