"""Hypothesis strategies for every kind of fault."""

from __future__ import annotations

import string
from typing import cast

from hypothesis import strategies as st

from hasim.faults import (
    Cable,
    ClockDrift,
    ClockStep,
    Cut,
    Delay,
    DiskPath,
    Duplicate,
    Fail,
    Fault,
    Forge,
    Hang,
    Heal,
    Isolate,
    Kill,
    Lose,
    PowerOff,
    PowerOn,
    Reload,
    Replay,
    Restore,
    Slow,
    Standby,
    Start,
    StonithMode,
    StonithPort,
    Stop,
    Takeover,
    Thaw,
    WholeGroup,
)
from hasim.faults.grammar import RELOADABLE
from hasim.units import MICROS_MAX

LETTERS = string.ascii_letters + string.digits + "-_./é"
KEYWORDS = {"for", "in", "out", "disk", "stonith", "group", "on", "from"}
names = st.text(LETTERS, min_size=1, max_size=12).filter(lambda w: w not in KEYWORDS)
times = st.integers(0, MICROS_MAX) | st.integers(0, 10_000_000)
spans = st.integers(1, MICROS_MAX)
lasting = st.none() | spans
ways = st.sampled_from(["both", "in", "out"])
parts = st.integers(0, 1000)
cables = st.builds(Cable, names, names | st.just("/dev/ttyS0"))
ends = cables | st.builds(DiskPath, names) | st.builds(StonithPort, names)
powered = names | st.builds(StonithPort, names)
scripts = names | st.builds(WholeGroup, names)
shares = st.sampled_from(["all", "local", "foreign", "failback"])
signals = st.integers(1, 64)
fields = st.lists(st.tuples(names, names | st.just("a=b")), max_size=3).map(tuple)

one_role = st.builds(
    Kill, times, names, st.sampled_from(["master", "fifo", "ipfail", "all"]), st.none(), signals
)
io_role = st.builds(
    Kill, times, names, st.sampled_from(["read", "write", "client"]), names, signals
)

faults = cast(
    st.SearchStrategy[Fault],
    st.one_of(
        st.builds(Cut, times, ends, ways, lasting),
        st.builds(Restore, times, ends, ways),
        st.builds(Lose, times, parts, cables, ways, lasting),
        st.builds(Delay, times, times, cables, ways, lasting),
        st.builds(Duplicate, times, parts, cables, ways, lasting),
        st.builds(Isolate, times, names, lasting),
        st.builds(Heal, times, names),
        st.builds(PowerOff, times, powered, lasting),
        st.builds(PowerOn, times, powered),
        one_role,
        io_role,
        st.builds(Hang, times, names, st.sampled_from(["all", "master"]), lasting),
        *(st.builds(kind, times, names) for kind in (Thaw, Start, Stop)),
        st.builds(
            Reload,
            times,
            names,
            st.lists(
                st.tuples(st.sampled_from(RELOADABLE), st.sampled_from(["5", "500ms", "off"])),
                max_size=2,
            ).map(tuple),
        ),
        *(st.builds(kind, times, names, shares) for kind in (Standby, Takeover)),
        st.builds(
            Fail,
            times,
            scripts,
            st.sampled_from(["start", "stop", "status"]),
            names,
            st.none() | st.integers(1, 99),
            lasting,
        ),
        st.builds(Slow, times, scripts, spans, names, lasting),
        st.builds(
            StonithMode, times, names, st.sampled_from(["ok", "fail", "hang", "lie"]), lasting
        ),
        st.builds(ClockStep, times, names, st.integers(-MICROS_MAX, MICROS_MAX), lasting),
        st.builds(ClockDrift, times, names, st.integers(-999_999, 999_999), lasting),
        st.builds(Forge, times, names, names, cables, fields),
        st.builds(Replay, times, spans, names, cables),
    ),
)
