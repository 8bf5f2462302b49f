"""Outages, and where their time went: phases that always sum to the outage."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hasim import events as ev
from hasim.run.outage import Breakdown, Outage, Outages, outages
from hasim.run.service import Service
from hasim.units import SECOND
from tests.run.handmade import (
    IP,
    KEY,
    SERVICE,
    VIP,
    Told,
    acquired,
    facts,
    power_lost,
    released,
    unprobed,
)


def found(*told: Told, service: Service = SERVICE) -> Outages:
    return outages(facts(*told), [service])


def one(*told: Told, service: Service = SERVICE) -> Outage:
    (outage,) = found(*told, service=service)
    return outage


def seconds(breakdown: Breakdown) -> dict[str, float]:
    return {name: us / SECOND for name, us in breakdown._asdict().items() if us}


CRASH: list[Told] = [
    *acquired("node1", 10),
    *power_lost("node1", 40),
    (45, "node2", ev.NodeDead("node1")),
    (45, "node2", ev.AcquiringFrom("node1")),
    *acquired("node2", 46),
]


def test_a_crash_is_detected_decided_and_started() -> None:
    outage = one(*CRASH)
    assert (outage.begin, outage.end) == (40 * SECOND, 48 * SECOND)
    assert (outage.before, outage.after, outage.open) == ("node1", "node2", False)
    assert outage.reason == "node1 is without power"
    assert seconds(outage.breakdown) == {"detect": 5, "decide": 1, "start": 2}


def test_fencing_has_a_phase_of_its_own() -> None:
    fenced: list[Told] = [(45.5, None, ev.StonithRequested("pdu", "node1", "reset"))]
    assert seconds(one(*CRASH, *fenced).breakdown) == {
        "detect": 5,
        "decide": 0.5,
        "fence": 0.5,
        "start": 2,
    }


def test_an_outage_that_a_reset_brings_about_begins_with_fencing() -> None:
    request = ev.StonithRequested("pdu", "node1", "reset")
    told: list[Told] = [(37.0, None, request), *CRASH]
    told.sort(key=lambda row: row[0])
    assert seconds(one(*told).breakdown) == {"fence": 6, "start": 2}
    answered = (38.0, None, ev.StonithAnswered("pdu", "node1", "reset", 1))
    assert seconds(one(*sorted([*told, answered], key=lambda row: row[0])).breakdown) == {
        "detect": 5, "decide": 1, "start": 2,
    }  # fmt: skip


def test_a_handover_on_request_begins_in_its_release() -> None:
    told: list[Told] = [
        *acquired("node1", 10),
        (39.5, "node1", ev.StandbyAsk("node1", "all")),
        *released("node1", 40),
        (42.2, "node2", ev.StandbyAcquire("all", "node1")),
        *acquired("node2", 43),
    ]
    outage = one(*told)
    assert outage.begin == 41 * SECOND  # the file system goes first
    assert seconds(outage.breakdown) == {"release": 2, "start": 2}
    assert outage.reason == "the group is no longer complete on node1"


def test_a_pulled_cable_is_decided_by_ipfail_and_released_while_nobody_hears() -> None:
    told: list[Told] = [
        *acquired("node1", 10),
        (40, None, ev.WireCut("node1:eth0", "both")),
        (40, None, ev.ServiceSilent(VIP, "node1")),
        (45, "node1", ev.NodeDead("10.0.0.254")),
        (49, "node1", ev.StandbyAsk("node1", "all")),
        *[t for t in released("node1", 50) if not isinstance(t[2], ev.ServiceSilent)],
        *acquired("node2", 53),
    ]
    outage = one(*told)
    assert seconds(outage.breakdown) == {"detect": 5, "decide": 5, "release": 3, "start": 2}
    assert outage.reason == "node1 is no longer heard"


def test_a_stale_entry_of_the_client_is_arp() -> None:
    late = [t for t in acquired("node2", 46) if not isinstance(t[2], ev.ServiceAnswered)]
    told = [t for t in CRASH if t[0] < 46]
    outage = one(*told, *late, (60, None, ev.ServiceAnswered(VIP, "node2")))
    assert seconds(outage.breakdown) == {"detect": 5, "decide": 1, "start": 2, "arp": 12}


def test_an_outage_that_a_repair_ends_was_only_being_detected() -> None:
    told: list[Told] = [
        *acquired("node1", 10),
        (40, None, ev.WireCut("node1:eth0", "both")),
        (40, None, ev.ServiceSilent(VIP, "node1")),
        (43, None, ev.WireRestored("node1:eth0", "both")),
        (43, None, ev.ServiceAnswered(VIP, "node1")),
    ]
    assert seconds(one(*told).breakdown) == {"detect": 3}


def test_recovery_of_the_application_belongs_to_the_start() -> None:
    slow = replace(SERVICE, recovery_us=10 * SECOND)
    outage = one(*CRASH, service=slow)
    assert outage.end == 58 * SECOND
    assert seconds(outage.breakdown) == {"detect": 5, "decide": 1, "start": 12}


def test_an_outage_that_lasts_is_open_and_in_the_phase_that_takes_the_rest() -> None:
    outage = one(*[t for t in CRASH if t[0] < 46])
    assert (outage.open, outage.after, outage.end) == (True, None, 100 * SECOND)
    assert seconds(outage.breakdown) == {"detect": 5, "decide": 55}
    assert str(outage).startswith(f"{KEY}: 40s to the end, 1m: node1 is without power (detect 5s")


def test_only_the_first_attempt_to_start_begins_the_phase() -> None:
    failed: list[Told] = [
        (46.0, None, ev.ScriptBegan("node2", *IP, "start")),
        (47.0, None, ev.ScriptEnded("node2", *IP, "start", 1)),
    ]
    told = [t for t in CRASH if t[0] < 46]
    outage = one(*told, *failed, *acquired("node2", 80))
    assert seconds(outage.breakdown) == {"detect": 5, "decide": 1, "start": 36}


def test_a_switch_to_another_node_without_a_gap_is_no_outage() -> None:
    told = [*acquired("node1", 10), *acquired("node2", 30)]
    both = [t for t in told if not isinstance(t[2], ev.ServiceAnswered)]
    assert len(found(*both, service=unprobed())) == 0


def test_the_time_before_a_service_was_there_is_no_outage() -> None:
    assert len(found(*acquired("node1", 50))) == 0
    assert found(*acquired("node1", 50)).never == ()
    assert found().never == (KEY,)


def test_without_a_client_it_is_told_from_addresses_and_mounts_and_that_is_said() -> None:
    told = [t for t in CRASH if not isinstance(t[2], ev.ServiceAnswered | ev.ServiceSilent)]
    seen = found(*told, service=unprobed())
    assert seen.unwatched == (KEY,)
    assert (seen[0].client, seen[0].begin, seen[0].end) == (None, 40 * SECOND, 48 * SECOND)


def test_the_breakdown_of_all_outages_is_their_sum() -> None:
    told = [*CRASH, *released("node2", 70), *acquired("node1", 80)]
    seen = found(*told)
    assert len(seen) == 2
    assert seen.duration_us == sum(seen.breakdown) == sum(o.duration_us for o in seen)
    assert seen.longest == max(seen, key=lambda o: o.duration_us)
    assert seen.of(KEY) == seen
    assert len(seen.of("other")) == 0
    assert "2, 19s" in repr(seen)


EVENTS: list[tuple[str | None, ev.Event]] = [
    (None, ev.ServiceSilent(VIP, "node1")),
    (None, ev.ServiceAnswered(VIP, "node1")),
    (None, ev.ServiceAnswered(VIP, "node2")),
    (None, ev.NodePoweredOff("node1", "power lost")),
    (None, ev.NodeHung("node2")),
    (None, ev.NodeThawed("node2")),
    (None, ev.SwitchUp("lan")),
    ("node2", ev.NodeDead("node1")),
    (None, ev.StonithRequested("pdu", "node1", "reset")),
    *((who, event) for _, who, event in [*acquired("node1", 0), *acquired("node2", 0)]),
    *((who, event) for _, who, event in [*released("node1", 0), *released("node2", 0)]),
]


@given(st.lists(st.tuples(st.integers(0, 99), st.sampled_from(EVENTS)), max_size=40))
def test_whatever_happens_the_phases_sum_to_the_outage(
    told: list[tuple[int, tuple[str | None, ev.Event]]],
) -> None:
    steps: list[Told] = [*acquired("node1", 0), *((float(at), *event) for at, event in told)]
    for outage in found(*steps):
        assert sum(outage.breakdown) == outage.duration_us > 0
        assert min(outage.breakdown) >= 0
