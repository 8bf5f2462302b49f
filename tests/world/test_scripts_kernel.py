"""What scripts change in the kernel: addresses, announcements, mounts, shared disks."""

from __future__ import annotations

from itertools import pairwise

import pytest

from hasim.events import (
    AddressAnnounced,
    AddressDown,
    AddressUp,
    DiskCorrupted,
    DiskMounted,
    DiskUnmounted,
    NodePoweredOff,
    ScriptBegan,
    ScriptEnded,
)
from hasim.protocol import RunHelper
from hasim.site import Nic, NodeSite
from hasim.world.scripts.address import service_address
from tests.world.fakes import GROUP, helper, idle, lines, run, take_over, with_disk
from tests.world.support import SITE, site_of, told

NODE = NodeSite(
    "node1",
    {
        "eth0": Nic("eth0", "lan", "10.0.0.1/24"),
        "eth1": Nic("eth1", "lan", "10.1.0.1/16"),
        "ttyS0": Nic("ttyS0", "cable"),
    },
)
GIVE_UP = RunHelper("go_standby", "give up", "all", "all")


@pytest.mark.parametrize(
    ("word", "masked", "nic", "netmask", "broadcast"),
    [
        ("10.0.0.200", "10.0.0.200/24", "eth0", "255.255.255.0", "10.0.0.255"),
        ("10.1.9.9", "10.1.9.9/16", "eth1", "255.255.0.0", "10.1.255.255"),
        ("10.0.0.200/25", "10.0.0.200/25", "eth0", "255.255.255.128", "10.0.0.255"),
        ("10.0.0.20/25/eth1", "10.0.0.20/25", "eth1", "255.255.255.128", "10.0.0.127"),
        ("10.0.0.20/25/eth1/10.0.0.99", "10.0.0.20/25", "eth1", "255.255.255.128", "10.0.0.99"),
    ],
)
def test_an_address_word_tells_mask_interface_and_broadcast(
    word: str, masked: str, nic: str, netmask: str, broadcast: str
) -> None:
    found = service_address(word, NODE)
    assert found is not None
    assert (found.masked, found.nic) == (masked, nic)
    assert (found.netmask, found.broadcast) == (netmask, broadcast)


@pytest.mark.parametrize("word", ["", "web", "10.0.0.256", "10.0.0.1/99", "192.0.2.1"])
def test_what_is_no_address_of_the_node_is_none(word: str) -> None:
    assert service_address(word, NODE) is None


def test_an_address_is_up_within_its_start_and_gone_within_its_stop() -> None:
    world = idle()
    take_over(world, "node1")
    helper(world, "node1", GIVE_UP)
    run(world)
    for kind, op in ((AddressUp, "start"), (AddressDown, "stop")):
        (at, event), *others = told(world, kind)
        begun = next(t for t, e in told(world, ScriptBegan) if (e.script, e.op) == ("IPaddr", op))
        ended = next(t for t, e in told(world, ScriptEnded) if (e.script, e.op) == ("IPaddr", op))
        assert not others
        assert event.address == "10.0.0.200/24"
        assert 0.7 < (at - begun) / (ended - begun) < 0.9


def test_the_interface_is_found_where_the_word_does_not_name_it() -> None:
    world = idle(haresources="node1 10.0.0.200\n")
    take_over(world, "node1")
    assert "Using calculated nic for 10.0.0.200: eth0" in lines(world)
    assert world.hub.state.nodes["node1"].addresses == {"10.0.0.200/24": "eth0:0"}


def test_a_second_address_takes_the_next_free_alias() -> None:
    world = idle(haresources="node1 10.0.0.200 10.0.0.201\n")
    take_over(world, "node1")
    held = {"10.0.0.200/24": "eth0:0", "10.0.0.201/24": "eth0:1"}
    assert world.hub.state.nodes["node1"].addresses == held


def test_an_address_that_no_interface_reaches_cannot_be_started() -> None:
    world = idle(haresources="node1 192.0.2.1\n")
    take_over(world, "node1")
    assert "Return code 1 from /etc/ha.d/resource.d/IPaddr" in lines(world)


@pytest.mark.parametrize(("script", "number", "period"), [("IPaddr", 10, 0.5), ("IPaddr2", 5, 0.2)])
def test_an_address_is_announced_for_a_while(script: str, number: int, period: float) -> None:
    world = idle(haresources=f"node1 {script}::10.0.0.200/24/eth0\n")
    take_over(world, "node1", 20)
    times = [at for at, _ in told(world, AddressAnnounced)]
    assert len(times) == number
    gaps = [b - a for a, b in pairwise(times)]
    assert gaps == pytest.approx([period] * (number - 1))
    assert not world.hub.state.jobs


def test_a_stop_ends_the_announcements() -> None:
    world = idle(haresources="node1 10.0.0.200\n")
    take_over(world, "node1", 2)
    helper(world, "node1", GIVE_UP)
    run(world)
    gone = told(world, AddressDown)[0][0]
    assert 0 < len(told(world, AddressAnnounced)) < 10
    assert all(at < gone for at, _ in told(world, AddressAnnounced))


def test_a_stop_of_what_does_not_run_succeeds_and_changes_nothing() -> None:
    world = idle()
    helper(world, "node1", GIVE_UP)
    run(world)
    assert all(e.code == 0 for _, e in told(world, ScriptEnded))
    assert not told(world, AddressDown)
    assert not told(world, DiskUnmounted)
    assert "Trying to unmount /data" not in lines(world)


def test_two_mounts_of_one_disk_make_it_corrupt_from_the_second_on() -> None:
    world = idle()
    take_over(world, "node1")
    assert not told(world, DiskCorrupted)
    take_over(world, "node2")
    first, second = (at for at, _ in told(world, DiskMounted))
    assert [at for at, _ in told(world, DiskCorrupted)] == [second]
    assert first < second
    assert [e.disk for _, e in told(world, DiskMounted)] == ["web", "web"]
    helper(world, "node1", GIVE_UP)
    run(world)
    assert world.hub.state.disks["web"].corrupt
    assert world.hub.state.disks["web"].mounted_by == ["node2"]


def test_one_node_after_the_other_leaves_the_disk_sound() -> None:
    world = idle()
    take_over(world, "node1")
    helper(world, "node1", GIVE_UP)
    run(world)
    take_over(world, "node2")
    assert not told(world, DiskCorrupted)
    assert world.hub.state.disks["web"].mounted_by == ["node2"]


def test_a_disk_of_its_own_is_no_shared_disk() -> None:
    world = idle(site=site_of(text=SITE))
    take_over(world, "node1")
    take_over(world, "node2")
    assert [e.disk for _, e in told(world, DiskMounted)] == ["node1:/dev/sdb1", "node2:/dev/sdb1"]
    assert not told(world, DiskCorrupted)


def test_a_dead_node_can_no_longer_write() -> None:
    world = idle("6s power-off node1")
    take_over(world, "node1", 7)
    take_over(world, "node2")
    assert not told(world, DiskCorrupted)


def test_power_takes_everything_that_the_kernel_held() -> None:
    world = idle("6s power-off node1", haresources=GROUP.strip() + " httpd\n")
    take_over(world, "node1", 5)
    node = world.hub.state.nodes["node1"]
    assert node.addresses
    assert node.mounts
    assert node.services
    run(world, 2)
    assert (node.addresses, node.mounts, node.services) == ({}, {}, [])
    order = [
        type(r.event)
        for r in world.recorder.records
        if isinstance(r.event, (AddressDown, DiskUnmounted, NodePoweredOff))
    ]
    assert order == [DiskUnmounted, NodePoweredOff, AddressDown]
    assert world.hub.state.disks["web"].mounted_by == []


def test_delay_sleeps_for_its_arguments() -> None:
    world = idle(haresources="node1 Delay::3::1\n", site=with_disk())
    take_over(world, "node1", 10)
    helper(world, "node1", GIVE_UP)
    run(world)
    took = {}
    for at, e in told(world, ScriptEnded):
        begun = [t for t, b in told(world, ScriptBegan) if b.op == e.op and t <= at][-1]
        took[e.op] = at - begun
    assert 3 < took["start"] < 3.5
    assert 1 < took["stop"] < 1.5


def test_on_old_machines_the_kernel_and_avahi_write_of_it_as_well() -> None:
    world = idle("6s power-off node1", version="2.0.8")
    take_over(world, "node1", 7)
    said = lines(world)
    first = said.index("kjournald starting.  Commit interval 5 seconds")
    assert said[first + 1 : first + 3] == [
        "EXT3 FS on sdb1, internal journal",
        "EXT3-fs: mounted filesystem with ordered data mode.",
    ]
    assert "Registering new address record for 10.0.0.200 on eth0." in said
    take_over(world, "node2")
    assert "EXT3-fs: recovery complete." in lines(world, "node2")
    helper(world, "node2", GIVE_UP)
    run(world)
    assert "Withdrawing address record for 10.0.0.200 on eth0." in lines(world, "node2")


def test_a_clean_unmount_needs_no_recovery_and_new_machines_say_nothing() -> None:
    for version, said in (("2.0.8", True), ("3.0.6", False)):
        world = idle(version=version)
        take_over(world, "node1")
        helper(world, "node1", GIVE_UP)
        run(world)
        take_over(world, "node2")
        assert ("EXT3 FS on sdb1, internal journal" in lines(world, "node2")) == said
        assert "EXT3-fs: recovery complete." not in lines(world, "node2")
