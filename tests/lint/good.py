"""A cluster that no rule has anything to say about, and edits of it."""

from __future__ import annotations

from dataclasses import dataclass

from hasim.folder import FileText, Sources
from hasim.lint import Finding, Linted, lint_sources

HA_CF = """\
logfacility local0
use_logd on
keepalive 2
warntime 10
deadtime 30
initdead 120
udpport 694
bcast eth1
bcast eth0
auto_failback on
node node1 node2
ping 192.168.60.1
ping 192.168.61.1
respawn hacluster /usr/lib/heartbeat/ipfail
stonith_host * apcmaster pdu
"""
HARESOURCES = """\
node1 192.168.60.200/24/eth0 Filesystem::/dev/sdb5::/web::ext3 apache
node2 192.168.60.201/24/eth0
"""
AUTHKEYS = """\
auth 1
1 sha1 SomethingRandom
"""
SITE = """\
schema = 1
config = { authkeys_mode = "0600" }
[switch.lan]
power = "b"
[switch.lan2]
power = "ups"
[switch.cross]
latency = "50us"
[node.node1]
power = "outlet1"
boot = "40s..60s"
nic.eth0 = { on = "lan", address = "192.168.60.11/24" }
nic.eth1 = { on = "cross", address = "10.0.0.1/24" }
nic.eth2 = { on = "lan2", address = "192.168.61.11/24" }
[node.node2]
power = "outlet2"
boot = "40s..60s"
nic.eth0 = { on = "lan", address = "192.168.60.12/24" }
nic.eth1 = { on = "cross", address = "10.0.0.2/24" }
nic.eth2 = { on = "lan2", address = "192.168.61.12/24" }
[host."192.168.60.1"]
on = "lan"
power = "b"
[host."192.168.61.1"]
on = "lan2"
power = "ups"
[feed]
outlet1 = "a"
outlet2 = "b"
ups = "c"
[disk.web]
seen_as = { node1 = "/dev/sdb5", node2 = "/dev/sdb5" }
[stonith.pdu]
kind = "apcmaster"
on = "lan2"
power = "ups"
plugs = { node1 = "outlet1", node2 = "outlet2" }
"""
FILES = {
    "ha.cf": HA_CF,
    "haresources": HARESOURCES,
    "authkeys": AUTHKEYS,
    "site.toml": SITE,
}

#: A piece of a file and what stands in its place: an empty piece is the end of the file. None in
#: place of the edits removes the file.
Edits = list[tuple[str, str]] | None


def edited(changes: dict[str, Edits]) -> dict[str, str]:
    """Return the files of the good cluster with edits; ``node2/ha.cf`` begins as its ha.cf."""
    files = dict(FILES)
    for name, edits in changes.items():
        text = files.pop(name, FILES[name.rpartition("/")[2]])
        for old, new in edits or ():
            assert old in text, f"{name} has no {old!r}"
            text = text.replace(old, new) if old else text + new
        if edits is not None:
            files[name] = text
    return files


def sources_of(files: dict[str, str]) -> Sources:
    """Return files as if they had been read; those of a node are named ``NODE/FILE``."""
    common = {n: FileText(n, t.encode()) for n, t in files.items() if "/" not in n}
    own: dict[str, dict[str, FileText]] = {}
    for name, text in files.items():
        node, slash, file = name.partition("/")
        if slash:
            own.setdefault(node, {})[file] = FileText(f"config/{name}", text.encode())
    return Sources(path=".", site=common.pop("site.toml", None), common=common, own=own)


def lint(changes: dict[str, Edits] | None = None) -> Linted:
    """Judge the good cluster with edits."""
    return lint_sources(sources_of(edited(changes or {})))


@dataclass(frozen=True)
class Case:
    """A cluster that a rule has something to say about, and one that it has not.

    Parameters
    ----------
    rule : str
        The rule.
    hit, near : dict
        Edits that make it find something, and edits nearly alike that do not.
    at : str
        File and text of the line that is found, as ``ha.cf: bcast eth1``; the file alone where the
        whole file is meant.
    text : str
        Part of what is said.
    node : str or None
        The node that is named.
    """

    rule: str
    hit: dict[str, Edits]
    near: dict[str, Edits]
    at: str
    text: str
    node: str | None = None


def place_of(finding: Finding, files: dict[str, str]) -> str:
    """Return where a finding is, in the form of :attr:`Case.at`."""
    name = finding.file.removeprefix("./")
    if finding.line is None:
        return name
    name = name.removeprefix("config/")
    return f"{name}: {files[name].splitlines()[finding.line - 1]}"
