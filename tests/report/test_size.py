"""A report of a year stays small."""

from __future__ import annotations

from hasim import events as ev
from hasim.report import run_page
from hasim.run import Run
from hasim.scenario import Scenario
from hasim.trace import Clock, Header, Record, Source, Trace
from hasim.units import DAY, MINUTE, SECOND
from tests.report.seen import read


def year() -> Run:
    """A year as a trace: 40,000 late heartbeats, 10,000 dead links, a power cut a month."""
    nodes = "node1", "node2"
    header = Header(
        "0", "3.0.6", scenario="year", clocks=tuple(Clock(n, 0, 0) for n in nodes),
        until_us=365 * DAY,
    )  # fmt: skip
    one, two = (Source(n, "heartbeat", 7) for n in nodes)
    world = Source(None, "kernel", None)
    told: list[tuple[int, Source, ev.Event]] = []
    for who, peer in ((one, "node2"), (two, "node1")):
        told += [
            (SECOND, who, ev.LocalStatus("active")),
            (SECOND, who, ev.NodeStatus(peer, "active")),
        ]
        told += [(SECOND, who, ev.LinkUp(peer, m)) for m in ("eth0", "eth1")]
        for i in range(20_000):
            told.append((i * 26 * MINUTE, who, ev.LateHeartbeat(peer, 9000 + i, False)))
        for i in range(1, 2500):
            at = i * 200 * MINUTE
            told.append((at, who, ev.LinkDead(peer, "eth0")))
            told.append((at + 3 * SECOND, who, ev.LinkUp(peer, "eth0")))
    for i in range(12):
        at = (30 * i + 1) * DAY
        told.append((at, world, ev.FaultInjected(i, f"{30 * i + 1}d power-off node1 for 10m")))
        told.append((at, world, ev.NodePoweredOff("node1", "cord")))
        told.append((at + 30 * SECOND, two, ev.NodeDead("node1")))
        told.append((at + 10 * MINUTE, world, ev.FaultHealed(i, f"{30 * i + 1}d power-off node1")))
    told.sort(key=lambda x: x[0])
    records = [Record(at, seq, who, event, None) for seq, (at, who, event) in enumerate(told)]
    return Run(Trace(header, records), None, Scenario("year"), 0, 365 * DAY)


def test_the_report_of_a_year_is_small_and_says_what_it_leaves_out() -> None:
    run = year()
    html = run_page(run)
    assert len(html.encode()) < 2_000_000
    page = read(html)
    lines = sum(1 for _ in run.log())
    assert lines > 45_000
    assert f"{lines} lines, of which" in page.text
    rows = [r for band in page.data()[0]["bands"] for r in band["rows"]]
    links = [r for r in rows if r["label"] == "link node2:eth0"]
    assert max(len(r["bars"]) for r in rows) <= 6 * 1200
    many = [links[0]["bars"][i] for i in range(5, len(links[0]["bars"]), 6)]
    assert sum(many) == len(
        [s for s in run.spans("link") if s.who == "node1" and s.what.endswith("eth0")]
    )
    shown = [e for e in page.one("ol", "log") if e.name == "li"]
    assert 500 < len(shown) < 3000
    for month in range(12):
        assert any(f"fault {month + 1}:" in row.text() for row in shown)
