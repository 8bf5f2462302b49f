"""Rows of a timeline: which there are, and from when to when they are what."""

from __future__ import annotations

from hasim import events as ev
from hasim.render.around import other_bands
from hasim.render.rows import Row, band_of_node, node_bands
from hasim.render.window import Known
from hasim.trace import Record, Source, Trace
from hasim.units import SECOND
from tests.run.handmade import FS, IP, VIP, Told, acquired, power_lost, released, trace

Shown = list[tuple[str, float, float]]


def rows(node: str, *told: Told, until: float = 100) -> dict[str, Row]:
    band = band_of_node(Known(trace(*told, until=until)), node, 0)
    return {row.label: row for row in band.rows}


def around(*told: Told, until: float = 100) -> dict[str, dict[str, Row]]:
    bands = other_bands(Known(trace(*told, until=until)))
    return {band.name: {row.label: row for row in band.rows} for band in bands}


def shown(row: Row) -> Shown:
    return [(b.value, b.begin / SECOND, b.end / SECOND) for b in row.bars]


def test_a_node_of_which_nothing_is_known_has_no_daemon_and_nothing_else() -> None:
    assert {label: shown(row) for label, row in rows("node1").items()} == {
        "daemon": [("stopped", 0, 100)]
    }


def test_a_node_that_loses_power_was_on_before_and_boots_after() -> None:
    found = rows(
        "node1",
        *power_lost("node1", 10),
        (20, None, ev.NodePoweredOn("node1")),
        (50, None, ev.NodeBooted("node1")),
    )
    assert shown(found["power"]) == [
        ("on", 0, 10),
        ("off", 10, 20),
        ("booting", 20, 50),
        ("on", 50, 100),
    ]
    assert "power" not in rows("node2", *power_lost("node1", 10))


def test_a_node_that_gets_power_was_off_before() -> None:
    found = rows("node1", (20, None, ev.NodePoweredOn("node1")))
    assert shown(found["power"]) == [("off", 0, 20), ("booting", 20, 100)]


def test_a_daemon_is_init_until_it_says_its_status_and_stopped_when_it_is_not_there() -> None:
    found = rows(
        "node1",
        (10, None, ev.DaemonStarted("node1", 1, 1)),
        (11, "node1", ev.LocalStatus("up")),
        (13, "node1", ev.LocalStatus("active")),
        (50, None, ev.DaemonExited("node1", 1, "killed")),
        *power_lost("node1", 70),
    )
    assert shown(found["daemon"]) == [
        ("stopped", 0, 10),
        ("init", 10, 11),
        ("up", 11, 13),
        ("active", 13, 50),
        ("stopped", 50, 70),
    ]


def test_a_hang_and_a_stopped_daemon_lie_over_its_status() -> None:
    found = rows(
        "node1",
        (10, None, ev.DaemonStarted("node1", 1, 1)),
        (10, "node1", ev.LocalStatus("active")),
        (20, None, ev.NodeHung("node1")),
        (30, None, ev.NodeThawed("node1")),
        (40, None, ev.DaemonStopped("node1")),
        (60, None, ev.DaemonContinued("node1")),
        (80, None, ev.DaemonStopped("node1")),
    )
    assert shown(found["daemon"]) == [
        ("stopped", 0, 10),
        ("active", 10, 20),
        ("hung", 20, 30),
        ("active", 30, 40),
        ("paused", 40, 60),
        ("active", 60, 80),
        ("paused", 80, 100),
    ]


def test_bars_of_a_daemon_do_not_overlap_where_a_hung_daemon_ends() -> None:
    found = rows(
        "node1",
        (10, None, ev.DaemonStarted("node1", 1, 1)),
        (10, "node1", ev.LocalStatus("active")),
        (20, None, ev.NodeHung("node1")),
        (25, None, ev.DaemonExited("node1", 1, "killed")),
        (30, None, ev.NodeThawed("node1")),
    )
    bars = shown(found["daemon"])
    assert bars == [("stopped", 0, 10), ("active", 10, 20), ("hung", 20, 30), ("stopped", 30, 100)]


def test_there_is_a_row_for_each_link_and_each_peer() -> None:
    found = rows(
        "node1",
        (1, "node1", ev.LinkUp("node2", "eth1")),
        (1, "node1", ev.LinkUp("node2", "eth0")),
        (1, "node1", ev.NodeStatus("node2", "active")),
        (9, "node1", ev.LinkDead("node2", "eth0")),
        (9, "node2", ev.LinkDead("node1", "eth0")),
    )
    assert list(found) == ["daemon", "link node2:eth0", "link node2:eth1", "sees node2"]
    assert shown(found["link node2:eth0"]) == [("up", 1, 9), ("dead", 9, 100)]
    assert [b.style for b in found["link node2:eth0"].bars] == ["good", "dead"]
    assert [b.style for b in found["sees node2"].bars] == ["good"]


def test_a_link_to_itself_is_shown_only_where_it_dies() -> None:
    up: Told = (1, "node1", ev.LinkUp("node1", "eth0"))
    assert list(rows("node1", up)) == ["daemon"]
    assert "link node1:eth0" in rows("node1", up, (9, "node1", ev.LinkDead("node1", "eth0")))


def test_the_link_of_a_ping_node_is_shown_only_where_its_status_does_not_tell_the_same() -> None:
    told: list[Told] = [
        (1, "node1", ev.LinkUp("10.0.0.1", "10.0.0.1")),
        (1, "node1", ev.NodeStatus("10.0.0.1", "ping")),
        (9, "node1", ev.LinkDead("10.0.0.1", "10.0.0.1")),
    ]
    died: Told = (9, "node1", ev.NodeDead("10.0.0.1"))
    assert list(rows("node1", *told, died)) == ["daemon", "sees 10.0.0.1"]
    assert "link 10.0.0.1:10.0.0.1" in rows("node1", *told)


def test_a_script_whose_address_or_mount_is_shown_has_no_row_but_counts_as_shown() -> None:
    other = ("apache", ("www",))
    found = rows(
        "node1", *acquired("node1", 10), (13, None, ev.ScriptEnded("node1", *other, "start", 0))
    )
    assert list(found) == ["daemon", f"{VIP}/24", "/web", "script apache www"]
    assert ("script", "node1", f"IPaddr {IP[1][0]}") in found[f"{VIP}/24"].keys
    assert ("script", "node1", " ".join(("Filesystem", *FS[1]))) in found["/web"].keys
    assert shown(found[f"{VIP}/24"]) == [("up", 11, 100)]


def test_a_started_script_without_its_address_has_a_row() -> None:
    found = rows("node1", (5, None, ev.ScriptEnded("node1", *IP, "start", 0)))
    assert list(found) == ["daemon", f"script IPaddr {IP[1][0]}"]


def test_a_tooltip_tells_who_what_which_state_from_when_to_when() -> None:
    told = [*acquired("node1", 10), *released("node1", 50), *acquired("node1", 70)]
    first, second = rows("node1", *told)[f"{VIP}/24"].bars
    assert first.title == "node1: address 10.0.0.9/24 up, from 11s to 52s"
    assert second.title == "node1: address 10.0.0.9/24 up, from 1m11s to the end"


def test_bands_have_the_colours_of_their_nodes() -> None:
    bands = node_bands(Known(trace(*acquired("node2", 10))))
    assert [(band.name, band.colour) for band in bands] == [("node1", 0), ("node2", 1)]
    assert {b.style for row in bands[1].rows for b in row.bars} == {"gone", "node1"}


# ---- below the nodes ----------------------------------------------------------------------------


def test_nothing_is_below_the_nodes_where_all_hardware_works_and_nobody_asks() -> None:
    assert around(*acquired("node1", 10)[:3]) == {}


def test_hardware_is_shown_while_it_does_not_work() -> None:
    found = around(
        (10, None, ev.WireCut("node1:eth0", "both")),
        (20, None, ev.WireRestored("node1:eth0", "both")),
        (10, None, ev.WireCut("node1:eth1", "in")),
        (30, None, ev.SwitchDown("lan")),
        (31, None, ev.SwitchUp("lan")),
        (40, None, ev.DiskCorrupted("web")),
        (50, None, ev.FeedDown("outlet1")),
        (55, None, ev.HostDown("10.0.0.1")),
        (60, None, ev.HostUp("10.0.0.1")),
    )["hardware"]
    assert {label: shown(row) for label, row in found.items()} == {
        "cable node1:eth0": [("cut", 10, 20)],
        "cable node1:eth1 in": [("cut", 10, 100)],
        "disk web": [("corrupt", 40, 100)],
        "switch lan": [("off", 30, 31)],
        "feed outlet1": [("off", 50, 100)],
        "host 10.0.0.1": [("off", 55, 60)],
    }
    assert found["disk web"].bars[0].title == "disk web is corrupt, from 40s to the end"


def test_a_cable_that_loses_delays_or_doubles_is_shown_with_its_amount() -> None:
    known = Known(
        trace(
            (10, None, ev.LossSet("node1:eth0", "in", 305)),
            (20, None, ev.LossSet("node1:eth0", "in", 100)),
            (30, None, ev.LossSet("node1:eth0", "in", 0)),
            (40, None, ev.DelaySet("node1:eth1", "both", 200_000)),
            (50, None, ev.DuplicateSet("node1:eth1", "both", 10)),
        )
    )
    assert [(row.label, shown(row)) for row in other_bands(known)[0].rows] == [
        ("cable node1:eth0 in", [("loses 30.5 %", 10, 20), ("loses 10 %", 20, 30)]),
        ("cable node1:eth1", [("delays by 200ms", 40, 100)]),
        ("cable node1:eth1", [("doubles 1 %", 50, 100)]),
    ]


def test_a_stonith_request_lasts_until_its_answer_and_says_how_it_went() -> None:
    found = around(
        (10, "node2", ev.FenceAsk("node1", "pdu")),
        (10, None, ev.StonithRequested("pdu", "node1", "reset")),
        (14, None, ev.StonithAnswered("pdu", "node1", "reset", 1)),
        (14, "node2", ev.FenceFailed("node1")),
        (20, "node2", ev.FenceAsk("node1", "pdu")),
        (21, None, ev.StonithUnreachable("pdu", "node2")),
        (30, None, ev.StonithRequested("pdu", "node1", "reset")),
        (34, None, ev.StonithAnswered("pdu", "node1", "reset", 0)),
        (34, "node2", ev.FenceOk("node1")),
    )["STONITH"]
    assert {label: shown(row) for label, row in found.items()} == {
        "device pdu": [
            ("reset node1: failed with 1", 10, 14),
            ("unreachable", 21, 21),
            ("reset node1: done", 30, 34),
        ],
        "node2 fences node1": [("reset node1: failed", 10, 14), ("reset node1: done", 20, 34)],
    }
    assert [b.style for b in found["device pdu"].bars] == ["dead", "dead", "work"]


def test_a_node_that_loses_power_fences_nobody_any_more() -> None:
    found = around(
        (10, "node1", ev.FenceAsk("node2", "pdu")),
        *power_lost("node1", 12),
        *power_lost("node2", 20),
    )["STONITH"]
    assert shown(found["node1 fences node2"]) == [("reset node2: node1 lost power", 10, 12)]


def test_a_client_hears_a_node_or_nobody_from_the_first_answer_on() -> None:
    found = around(*acquired("node1", 10), *power_lost("node1", 30), *acquired("node2", 40))
    assert shown(found["who answers"][VIP]) == [
        ("node1", 11, 30),
        ("nobody", 30, 41),
        ("node2", 41, 100),
    ]
    assert [b.style for b in found["who answers"][VIP].bars] == ["node0", "dead", "node1"]


def test_a_client_that_the_site_has_named_is_named() -> None:
    told = Record(5 * SECOND, 0, Source(None, "mail", None), ev.ServiceAnswered(VIP, "node1"), None)
    bands = other_bands(Known(Trace(trace().header, [told])))
    assert [row.label for band in bands for row in band.rows] == [f"mail: {VIP}"]
