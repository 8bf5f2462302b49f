"""Cables, switches and media: what is sent, what arrives, and whose fate hangs on what."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest

from hasim.events import (
    LinkDead,
    LinkUp,
    LostPackets,
    NodeDead,
    NothingMissing,
    PacketReceived,
    WireCut,
    WireRestored,
)
from hasim.protocol import Message
from hasim.units import MS, SECOND, Micros
from hasim.world import Action, World
from tests.world.support import HA_CF, SITE, site_of, told, world_of


def ran(*faults: str, until: float = 60, **options: object) -> World:
    world = world_of(*faults, **options)  # type: ignore[arg-type]
    world.run(round(until * SECOND))
    return world


class Tap:
    """Listens at every socket of a world: (when, node, medium, message)."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.heard: list[tuple[Micros, str, int, Message]] = []
        for name, host in list(world.hub.hosts.items()):
            world.hub.hosts[name] = _Ear(self, name, host)  # type: ignore[assignment]

    def of(self, node: str, medium: int, origin: str) -> list[tuple[Micros, Message]]:
        return [(t, m) for t, n, i, m in self.heard if (n, i, m.origin) == (node, medium, origin)]


class _Ear:
    def __init__(self, tap: Tap, name: str, host: object) -> None:
        self._tap, self._name, self._host = tap, name, host

    def __getattr__(self, name: str) -> object:
        return getattr(self._host, name)

    def arrive(self, medium: int, message: Message) -> None:
        self._tap.heard.append((self._tap.world.now, self._name, medium, message))
        self._host.arrive(medium, message)  # type: ignore[attr-defined]


def tapped(
    *faults: str, until: float = 40, actions: Sequence[Action] = (), **options: object
) -> Tap:
    world = world_of(*faults, actions=actions, **options)  # type: ignore[arg-type]
    tap = Tap(world)
    world.run(round(until * SECOND))
    return tap


def dead(world: World, node: str) -> list[str]:
    return [e.peer for _, e in told(world, NodeDead, node)]


def dead_links(world: World, node: str) -> list[tuple[str, str]]:
    return [(e.peer, e.medium) for _, e in told(world, LinkDead, node)]


# ---- cuts ---------------------------------------------------------------------------------------


def test_a_cut_of_one_cable_kills_its_links_and_no_peer() -> None:
    world = ran("20s cut node1:eth1")
    assert dead(world, "node1") == dead(world, "node2") == []
    assert dead_links(world, "node1") == [("node2", "eth1")]
    assert dead_links(world, "node2") == [("node1", "eth1")]


def test_the_cable_to_the_switch_takes_the_ping_node_with_it() -> None:
    world = ran("20s cut node1:eth0")
    assert dead(world, "node1") == ["10.0.0.254"]
    assert sorted(dead_links(world, "node1")) == [("10.0.0.254", "10.0.0.254"), ("node2", "eth0")]
    assert dead(world, "node2") == []


def test_a_restored_cable_brings_its_link_back() -> None:
    world = ran("20s cut node1:eth1", "40s restore node1:eth1")
    ((at, _),) = [(t, e) for t, e in told(world, LinkUp, "node2", after=30)]
    assert 40 < at < 41.6


@pytest.mark.parametrize(("way", "deaf"), [("out", "node2"), ("in", "node1")], ids=["mute", "deaf"])
def test_a_one_way_cut_makes_one_side_deaf(way: str, deaf: str) -> None:
    world = ran(f"20s cut node1:eth1 {way}", until=30)
    other = "node1" if deaf == "node2" else "node2"
    assert dead_links(world, deaf) == [(other, "eth1")]
    assert dead_links(world, other) == []


def test_a_node_mute_on_all_media_is_dead_for_the_other_alone_and_loses_the_ping_node() -> None:
    world = ran("20s cut node1:eth0 out", "20s cut node1:eth1 out", until=40)
    assert dead(world, "node2") == ["node1"]
    assert dead(world, "node1") == ["10.0.0.254"]


def test_a_ping_needs_both_ways() -> None:
    for way in ("in", "out"):
        world = ran(f"20s cut node1:eth0 {way}", until=30)
        assert "10.0.0.254" in dead(world, "node1")


def test_a_cable_cut_twice_is_whole_only_when_both_causes_are_gone() -> None:
    world = ran("20s cut node1:eth1 for 20s", "25s cut node1:eth1 for 5s", until=60)
    up = [t for t, _ in told(world, LinkUp, "node2", after=21)]
    assert up
    assert min(up) > 40
    assert len(told(world, WireCut)) == len(told(world, WireRestored)) == 2


def test_isolation_cuts_every_cable_of_a_node() -> None:
    world = ran("20s isolate node1", until=40)
    assert sorted(dead(world, "node1")) == ["10.0.0.254", "node2"]
    assert dead(world, "node2") == ["node1"]


def test_a_switch_without_power_carries_nothing() -> None:
    world = ran("20s power-off lan", until=40)
    assert dead(world, "node1") == dead(world, "node2") == ["10.0.0.254"]
    assert ("node2", "eth0") in dead_links(world, "node1")


def test_a_host_without_power_answers_nobody() -> None:
    world = ran("20s power-off 10.0.0.254", until=40)
    assert dead(world, "node1") == dead(world, "node2") == ["10.0.0.254"]
    assert dead_links(world, "node1") == [("10.0.0.254", "10.0.0.254")]


def test_a_filter_parts_two_ends_and_nobody_else() -> None:
    actions = [Action(20 * SECOND, "filter", ("node1:eth0", "node2:eth0"), 0, "filter")]
    world = ran(actions=actions, until=40)
    assert dead_links(world, "node1") == [("node2", "eth0")]
    assert dead(world, "node1") == []
    actions.append(Action(30 * SECOND, "unfilter", ("node2:eth0", "node1:eth0"), 1, "unfilter"))
    world = ran(actions=actions, until=40)
    assert told(world, LinkUp, "node1", after=30)


# ---- loss, delay, duplication -------------------------------------------------------------------


def test_a_cable_that_loses_everything_is_as_good_as_cut() -> None:
    world = ran("20s lose 100% node1:eth1", until=40)
    assert dead_links(world, "node1") == [("node2", "eth1")]
    assert dead_links(world, "node2") == [("node1", "eth1")]


def test_loss_is_noticed_and_mended() -> None:
    world = ran("20s lose 70% node1:eth0", "20s lose 70% node1:eth1", until=120, seed=5)
    assert told(world, LostPackets)
    assert told(world, NothingMissing)


def test_lost_packets_are_as_many_as_the_share_says() -> None:
    whole = len(tapped(until=600).of("node2", 1, "node1"))
    half = len(tapped("0s lose 50% node1:eth1 out", until=600).of("node2", 1, "node1"))
    assert 0.42 < half / whole < 0.58


def test_the_fate_of_a_packet_hangs_on_its_number_alone() -> None:
    """The n-th packet on a cable is lost or not, whatever happens on the other cable."""
    calm = tapped("10s lose 40% node1:eth1 out", until=30)
    wild = tapped("10s lose 40% node1:eth1 out", "12s delay 3ms node2:eth0", until=30)

    def fates(tap: Tap) -> list[int]:
        return [m.seqno for t, m in tap.of("node2", 1, "node1") if m.seqno and t > 10 * SECOND]

    assert fates(calm) == fates(wild)
    assert fates(calm) != [m.seqno for _, m in tapped(until=30).of("node2", 1, "node1")]


def test_more_loss_loses_what_less_loss_loses_and_more() -> None:
    """Of daemons that send the same: ipfail, where it runs, speaks when a link dies."""
    mute = HA_CF.replace("respawn hacluster /usr/lib/heartbeat/ipfail\n", "")
    assert mute != HA_CF

    def arrived(share: int) -> set[Micros]:
        tap = tapped(f"10s lose {share}% node1:eth1 out", until=40, ha_cf=mute)
        return {m.seqno for t, m in tap.of("node2", 1, "node1") if t > 10 * SECOND}

    found = [arrived(share) for share in (1, 30, 60, 100)]
    assert all(more <= less for less, more in itertools.pairwise(found))
    assert len(found[0]) > 25
    assert found[-1] == set()


def test_a_delay_puts_off_every_arrival_by_as_much() -> None:
    def flights(tap: Tap) -> list[Micros]:
        return [t - m.sent_at for t, m in tap.of("node2", 1, "node1") if m.sent_at > 21 * SECOND]

    assert set(flights(tapped(until=30))) == {50}
    assert set(flights(tapped("20s delay 40ms node1:eth1 out", until=30))) == {50 + 40 * MS}
    assert set(flights(tapped("20s delay 40ms node1:eth1 in", until=30))) == {50}


def test_a_delay_that_ends_lets_no_packet_overtake_another() -> None:
    tap = tapped("20s delay 2500ms node1:eth1 out for 5s", until=30)
    sent = [m.sent_at for _, m in tap.of("node2", 1, "node1") if m.type == "status"]
    assert sent == sorted(sent)


def test_a_duplicate_arrives_twice_and_counts_once() -> None:
    tap = tapped("20s duplicate 100% node1:eth1 out", until=30)
    later = [m for t, m in tap.of("node2", 1, "node1") if t > 20 * SECOND]
    assert len(later) == 2 * len({(m.type, m.seqno, m.sent_at) for m in later})
    assert told(tap.world, LostPackets, after=15) == []


def test_latencies_stay_within_the_bounds_of_the_switch() -> None:
    tap = tapped(until=120)
    took = [t - m.sent_at for t, m in tap.of("node2", 0, "node1")]
    late_children = 1_200 * MS
    took = [us for us in took if us < late_children // 4]
    assert min(took) >= 100
    assert max(took) <= 300
    assert len(set(took)) > 20


# ---- media --------------------------------------------------------------------------------------


def media(lines: str) -> str:
    return HA_CF.replace("bcast eth0\nbcast eth1\n", lines).replace("ping 10.0.0.254\n", "")


@pytest.mark.parametrize(
    ("lines", "own"),
    [
        ("bcast eth0\n", True),
        ("mcast eth0 225.0.0.1 694 1 0\n", False),
        ("mcast eth0 225.0.0.1 694 1 1\n", True),
    ],
    ids=["bcast", "mcast", "mcast that loops"],
)
def test_a_medium_carries_heartbeats(lines: str, own: bool) -> None:
    world = ran(ha_cf=media(lines), until=30)
    up = [(e.peer, e.medium) for _, e in told(world, LinkUp, "node1")]
    assert ("node2", "eth0") in up
    assert (("node1", "eth0") in up) == own
    assert told(world, NodeDead) == []


def test_a_serial_cable_carries_heartbeats() -> None:
    text = SITE.replace("nic.eth1 =", 'nic."/dev/ttyS0" =')
    world = ran(ha_cf=media("serial /dev/ttyS0\n"), site=site_of(text=text), until=30)
    assert ("node2", "/dev/ttyS0") in [(e.peer, e.medium) for _, e in told(world, LinkUp, "node1")]
    assert told(world, NodeDead) == []


def test_ucast_reaches_the_address_it_names() -> None:
    both = "ucast eth0 10.0.0.1\nucast eth0 10.0.0.2\n"
    world = ran(ha_cf=media(both), until=30)
    assert told(world, NodeDead) == []
    links = [(e.peer, e.medium) for _, e in told(world, LinkUp, "node1")]
    assert ("node2", "eth0") in links


def test_ucast_to_an_address_nobody_has_reaches_nobody() -> None:
    world = ran(ha_cf=media("ucast eth0 10.0.0.9\n"), until=30)
    assert dead(world, "node1") == ["node2"]
    assert dead(world, "node2") == ["node1"]


def test_no_packet_is_read_before_it_arrives() -> None:
    world = ran("20s cut node1:eth1 for 9s", until=60)
    read = [
        (r.at, r.event.sent_at)
        for r in world.recorder.records
        if isinstance(r.event, PacketReceived)
    ]
    assert read
    assert all(at > sent for at, sent in read)
