"""Configurations as the field writes them, and files that nobody should write."""

from __future__ import annotations

from hypothesis import strategies as st

#: What real files set, repeated by how often: the likely values come first.
KEEPALIVES = ["2"] * 22 + ["1"] * 4 + ["500ms", "10ms", "5"]
DEADTIMES = ["30"] * 10 + ["10"] * 8 + ["5"] * 5 + ["60", "200ms", "3", "15", "20", "7"]
WARNTIMES = ["10"] * 10 + ["5"] * 5 + ["3", "20", ".5"]
INITDEADS = ["120"] * 7 + ["60"] * 5 + ["30", "10", "9", "20"]
METHODS = ["sha1 secret"] * 11 + ["md5 secret"] * 7 + ["crc"] * 5

NAMES = ["node1", "node2", "Web-A", "db.example.org", "n3"]
DEVICES = ["eth0", "eth1", "bond0"]


def _optional(draw: st.DrawFn, name: str, values: list[str]) -> list[str]:
    return [f"{name} {draw(st.sampled_from(values))}"] if draw(st.booleans()) else []


@st.composite
def media_lines(draw: st.DrawFn) -> list[str]:
    devices = st.sampled_from(DEVICES)
    line = st.one_of(
        devices.map("bcast {}".format),
        st.just("bcast eth0 eth1"),
        devices.map("udp {}".format),
        devices.map("ucast {} 10.0.0.2".format),
        devices.map("mcast {} 225.0.0.1 694 1 0".format),
        st.just("serial /dev/ttyS0"),
        st.integers(1, 65535).map("udpport {}".format),
    )
    return [draw(devices.map("bcast {}".format)), *draw(st.lists(line, max_size=4))]


@st.composite
def ha_cf_texts(draw: st.DrawFn) -> str:
    """Files that the daemon mostly accepts; weights as counted in the field."""
    lines = _optional(draw, "udpport", ["694", "695"]) + _optional(draw, "baud", ["19200"])
    lines += _optional(draw, "keepalive", KEEPALIVES)
    lines += _optional(draw, "deadtime", DEADTIMES)
    lines += _optional(draw, "warntime", WARNTIMES)
    lines += _optional(draw, "initdead", INITDEADS)
    lines += _optional(draw, "deadping", ["10", "30"])
    lines += draw(media_lines())
    nodes = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    pings = draw(st.lists(st.sampled_from(["10.0.0.254", "10.1.0.254"]), max_size=2, unique=True))
    rest = [f"node {' '.join(nodes)}"] if draw(st.booleans()) else [f"node {n}" for n in nodes]
    rest += [f"ping {p}" for p in pings]
    rest += _optional(draw, "ping_group", ["routers 10.2.0.1 10.2.0.2"])
    rest += _optional(draw, "auto_failback", ["on", "off", "legacy", "yes", "0"])
    rest += _optional(draw, "respawn", ["hacluster /usr/lib/heartbeat/ipfail", "root /bin/x -a  b"])
    rest += _optional(draw, "apiauth", ["ipfail uid=hacluster,root gid=haclient", "ping"])
    rest += _optional(draw, "stonith_host", ["* apc 10.0.0.9 a b", "node2 meatware node1"])
    rest += _optional(draw, "watchdog", ["/dev/watchdog"])
    rest += _optional(draw, "logfacility", ["local0", "daemon", "none"])
    rest += _optional(draw, "logfile", ["/var/log/ha-log"])
    rest += _optional(draw, "use_logd", ["on", "off"])
    rest += _optional(draw, "env", ["A=1 B=2"])
    lines += draw(st.permutations(rest))
    noise = st.sampled_from(["", "# comment", "   ", "\t# another"])
    out = []
    for line in lines:
        out += draw(st.lists(noise, max_size=1))
        out.append(draw(st.sampled_from(["", "  ", "\t"])) + line)
        out[-1] += draw(st.sampled_from(["", " ", " # why", "\r"]))
    return "\n".join(out) + draw(st.sampled_from(["", "\n", "\n\n"]))


@st.composite
def haresources_texts(draw: st.DrawFn) -> str:
    """Lines of words, comments and continuations in any order."""
    addresses = ["10.0.0.1", "192.168.60.200/24/eth0", "IPaddr::10.0.0.1", "NODE1", "node2"]
    others = ["apache", "Filesystem::a::b", "#", "#x", "\\", "a\\", "x.y*"]
    word = st.sampled_from([*addresses, *others])
    blank = st.sampled_from([" ", "  ", "\t", "\r", "", " \\\n", "\\\n  "])
    lines = []
    for node in draw(st.lists(st.sampled_from(["node1", "Node2", "#", "\\", " node1"]))):
        lines.append(node + " ")
        for each in draw(st.lists(word, max_size=4)):
            lines[-1] += each + draw(blank)
    return "\n".join(lines)


@st.composite
def authkeys_texts(draw: st.DrawFn) -> str:
    """Files with one to three keys, the signing one among them."""
    numbers = draw(st.lists(st.integers(0, 15), min_size=1, max_size=3, unique=True))
    signing = draw(st.sampled_from(numbers))
    keys = [f"{n} {draw(st.sampled_from(METHODS))}" for n in numbers]
    return "\n".join([f"auth {signing}", *keys]) + "\n"


@st.composite
def mutated(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> bytes:
    """A good file with a few pieces cut out, doubled or overwritten by anything."""
    data = draw(texts).encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        to = draw(st.integers(at, min(len(data), at + 20)))
        piece = draw(st.one_of(st.binary(max_size=6), st.just(data[at:to] * 2)))
        data = data[:at] + piece + data[to:]
    return data
