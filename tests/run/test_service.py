"""When a service is there: its group stands, is heard, does not hang, and has its disk."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hasim import events as ev
from hasim.run.service import Interval, Service, overlap, services_of, without
from hasim.site import Disk, Nic, NodeSite, Site
from hasim.units import SECOND
from tests.run.handmade import (
    KEY,
    SERVICE,
    SITE,
    VIP,
    Told,
    acquired,
    facts,
    power_lost,
    released,
    trace,
    unprobed,
)


def times(service: Service, *told: Told, site: Site = SITE) -> list[tuple[str, float, float]]:
    client = service.clients[0] if service.clients else None
    served = facts(*told, site=site).serving(service, client)
    return [(s.node, s.begin / SECOND, s.end / SECOND) for s in served]


def test_a_service_is_there_from_the_last_part_of_its_group_to_the_first_that_goes() -> None:
    assert times(SERVICE, *acquired("node1", 10), *released("node1", 40)) == [("node1", 12, 41)]


def test_a_service_that_nobody_stops_lasts_to_the_end() -> None:
    (served,) = facts(*acquired("node1", 10)).serving(SERVICE, "client")
    assert (served.end, served.open) == (100 * SECOND, True)


def test_the_loss_of_power_ends_it() -> None:
    assert times(SERVICE, *acquired("node1", 10), *power_lost("node1", 40)) == [("node1", 12, 40)]


def test_what_the_client_does_not_hear_is_not_there() -> None:
    silent = [
        (20.0, None, ev.ServiceSilent(VIP, "node1")),
        (30.0, None, ev.ServiceAnswered(VIP, "node1")),
    ]
    assert times(SERVICE, *acquired("node1", 10), *silent) == [
        ("node1", 12, 20),
        ("node1", 30, 100),
    ]
    assert times(unprobed(), *acquired("node1", 10), *silent) == [("node1", 12, 100)]


def test_a_hung_node_answers_pings_and_serves_nobody() -> None:
    hang = [(20.0, None, ev.NodeHung("node1")), (28.0, None, ev.NodeThawed("node1"))]
    assert times(SERVICE, *acquired("node1", 10), *hang) == [("node1", 12, 20), ("node1", 28, 100)]


def test_the_application_recovers_after_the_last_start() -> None:
    slow = replace(SERVICE, recovery_us=5 * SECOND)
    silent = [
        (30.0, None, ev.ServiceSilent(VIP, "node1")),
        (31.0, None, ev.ServiceAnswered(VIP, "node1")),
    ]
    assert times(slow, *acquired("node1", 10), *silent) == [("node1", 17, 30), ("node1", 31, 100)]
    assert times(slow, *acquired("node1", 10), *released("node1", 13)) == []


def test_a_corrupt_disk_serves_nothing_that_is_right() -> None:
    broken = (20.0, None, ev.DiskCorrupted("web"))
    assert times(SERVICE, *acquired("node1", 10), broken) == [("node1", 12, 20)]
    other = (20.0, None, ev.DiskCorrupted("mail"))
    assert times(SERVICE, *acquired("node1", 10), other) == [("node1", 12, 100)]


def test_a_disk_behind_a_switch_needs_the_switch_and_one_cable() -> None:
    nics = {"eth1": Nic("eth1", "san"), "eth2": Nic("eth2", "san"), "eth0": Nic("eth0", "lan")}
    nodes = {n: NodeSite(n, nics) for n in ("node1", "node2")}
    devices = {"node1": "/dev/sdb1", "node2": "/dev/sdb1"}
    site = Site(nodes=nodes, disks={"web": Disk("web", devices, "san")})
    cuts = [
        (20.0, None, ev.WireCut("node1:eth1", "both")),
        (21.0, None, ev.WireCut("node1:eth2", "in")),
        (24.0, None, ev.WireRestored("node1:eth1", "both")),
        (50.0, None, ev.SwitchDown("san")),
        (51.0, None, ev.SwitchUp("san")),
        (60.0, None, ev.WireCut("node2:eth1", "both")),
    ]
    assert times(SERVICE, *acquired("node1", 10), *cuts, site=site) == [
        ("node1", 12, 21),
        ("node1", 24, 50),
        ("node1", 51, 100),
    ]
    assert times(SERVICE, *acquired("node1", 10), *cuts) == [("node1", 12, 100)]


def test_every_other_script_of_the_group_must_have_started() -> None:
    mail = replace(SERVICE, scripts=("exim -bd",))
    call = ("node1", "exim", ("-bd",))
    started = (15.0, None, ev.ScriptEnded(*call, "start", 0))
    failed = (15.0, None, ev.ScriptEnded(*call, "start", 1))
    assert times(mail, *acquired("node1", 10), started) == [("node1", 15, 100)]
    assert times(mail, *acquired("node1", 10), failed) == []


def test_half_a_group_is_no_group() -> None:
    told = [t for t in acquired("node1", 10) if not isinstance(t[2], ev.DiskMounted)]
    assert times(SERVICE, *told) == []


def test_of_a_trace_without_a_model_every_address_is_a_service() -> None:
    found = services_of(trace(*acquired("node1", 10)), None)
    assert found == (Service(VIP, (VIP,), clients=("client",)),)


def test_the_group_s_key_does_not_depend_on_who_holds_it() -> None:
    assert SERVICE.name == KEY


def intervals() -> st.SearchStrategy[list[Interval]]:
    edges = st.lists(st.integers(0, 30), unique=True, max_size=8).map(sorted)
    return edges.map(lambda e: list(zip(e[::2], e[1::2], strict=False)))


def instants(spans: list[Interval]) -> list[int]:
    return [at for a, b in spans for at in range(a, b)]


@given(intervals(), intervals())
def test_overlap_and_difference_are_those_of_sets(
    one: list[Interval], other: list[Interval]
) -> None:
    a, b = set(instants(one)), set(instants(other))
    assert instants(overlap(one, other)) == sorted(a & b)
    assert instants(without(one, other)) == sorted(a - b)
    assert overlap(one, other) == overlap(other, one)


@pytest.mark.parametrize(
    ("loss", "says"),
    [
        (power_lost("node1", 40), "node1 is without power"),
        (released("node1", 39), "the group is no longer complete on node1"),
        ([(40.0, None, ev.NodeHung("node1"))], "node1 hangs"),
        ([(40.0, None, ev.DiskCorrupted("web"))], "the file system is corrupt"),
        ([(40.0, None, ev.ServiceSilent(VIP, "node1"))], "node1 is no longer heard"),
    ],
)
def test_why_a_service_was_lost_is_said(loss: list[Told], says: str) -> None:
    seen = facts(*acquired("node1", 10), *loss)
    assert seen.lost_by(SERVICE, "node1", "client", 40 * SECOND) == says
