"""Hypothesis strategies for sites that obey every check."""

from __future__ import annotations

import string

from hypothesis import strategies as st

from hasim.config import DIALECTS
from hasim.site import (
    Clock,
    Daemon,
    Disk,
    Host,
    Latency,
    Nic,
    NodeSite,
    ScriptTimes,
    Service,
    Site,
    Stonith,
    Switch,
    Watchdog,
)
from hasim.site.parts import WORDINGS

times = st.integers(0, 10**12)
ranges = st.tuples(times, times).map(sorted)
latencies = (
    times.map(Latency.constant)
    | ranges.map(lambda t: Latency(t[0], t[1]))
    | ranges.map(lambda t: Latency.percentiles(t[0], t[1]))
)
maybe = st.none() | latencies
texts = st.text(string.ascii_letters + string.digits + "-_./\\\"'é\U0001f600", min_size=1)
operations = st.lists(st.sampled_from(["start", "stop", "status"]), unique=True).map(
    lambda found: tuple(op for op in ("start", "stop", "status") if op in found)
)
script_times = st.builds(
    ScriptTimes,
    maybe,
    maybe,
    maybe,
    maybe,
    fails=operations,
    hangs=operations,
    lies=st.sampled_from([None, "running", "stopped"]),
    stopped_code=st.none() | st.integers(0, 255),
    missing=st.booleans(),
    exits=st.integers(0, 255),
    signs_on=st.booleans(),
    keeps_channel=st.booleans(),
)
watchdogs = (
    st.none()
    | st.just(Watchdog("none"))
    | st.builds(
        Watchdog, st.just("softdog"), nowayout=st.booleans(), wording=st.sampled_from(WORDINGS)
    )
    | st.builds(Watchdog, st.just("hardware"), nowayout=st.booleans(), reset=latencies)
)
OPERATIONS = {"start", "stop", "status", "run", "p50", "p99"}


@st.composite
def sites(draw: st.DrawFn) -> Site:
    names = draw(st.lists(texts, min_size=1, max_size=14, unique=True))
    nodes = names[0::4]
    switches = names[1::4]
    feeds = names[2::4]
    hosts = names[3::4] if switches else []
    parents = {feed: draw(st.sampled_from(["utility", *feeds[:i]])) for i, feed in enumerate(feeds)}
    feed = st.sampled_from(["utility", *feeds])
    switch = st.sampled_from(switches) if switches else st.nothing()

    def node(name: str, number: int) -> NodeSite:
        nics = {
            nic: Nic(nic, draw(switch), draw(st.sampled_from([None, f"10.{number}.0.{i}/24"])))
            for i, nic in enumerate(draw(st.lists(texts, max_size=3, unique=True)))
            if switches
        }
        mode = draw(st.sampled_from(["on-boot", "manual"]))
        offset = draw(st.integers(-(10**12), 10**12))
        clock = Clock(offset, draw(st.integers(-999_999, 999_999)))
        pid = draw(st.integers(2, 4_000_000))
        last = draw(st.none() | st.integers(1, 4_000_000_000))
        dog = draw(watchdogs)
        return NodeSite(name, nics, draw(feed), draw(latencies), mode, clock, pid, last, dog)

    seen = st.dictionaries(st.sampled_from(nodes), texts)
    return Site(
        heartbeat=draw(st.sampled_from(DIALECTS)),
        epoch=draw(st.datetimes()).isoformat(),
        authkeys_mode=draw(st.none() | st.integers(0, 0o777)),
        switches={n: Switch(n, draw(latencies), draw(st.none() | feed)) for n in switches},
        nodes={n: node(n, i) for i, n in enumerate(nodes)},
        hosts={
            n: Host(n, draw(switch), draw(feed), draw(st.sampled_from([None, "192.168.60.200"])))
            for n in hosts
        },
        feeds=parents,
        disks={
            n: Disk(n, draw(seen), draw(st.sampled_from(["direct", *switches])))
            for n in draw(st.lists(texts, max_size=2, unique=True))
        },
        scripts=draw(
            st.dictionaries(texts.filter(lambda s: s not in nodes), script_times, max_size=3)
        ),
        node_scripts=draw(
            st.dictionaries(
                st.sampled_from(nodes),
                st.dictionaries(texts, script_times, max_size=3),
            )
        ),
        stonith={
            n: Stonith(
                n,
                draw(texts),
                draw(st.none() | switch),
                draw(feed),
                draw(st.dictionaries(st.sampled_from(nodes), feed)),
                draw(latencies),
                draw(latencies),
            )
            for n in draw(st.lists(texts, max_size=2, unique=True))
        },
        daemon=Daemon(
            draw(latencies),
            draw(latencies),
            draw(st.integers(0, 1000)),
            draw(st.integers(1, 64)),
            draw(latencies),
        ),
        services={
            str(address): Service(str(address), draw(times))
            for address in draw(st.lists(st.ip_addresses(), max_size=2, unique=True))
        },
    )
