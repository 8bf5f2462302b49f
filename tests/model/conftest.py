from __future__ import annotations

from pathlib import Path

import pytest

from tests.site.example import EXAMPLE

HA_CF = """\
logfacility local0
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
respawn hacluster /usr/lib/heartbeat/ipfail
"""
HARESOURCES = "node1 192.168.60.200/24/eth0 Filesystem::/dev/sdb5::/webdata::ext3\n"
AUTHKEYS = "auth 1\n1 sha1 not-a-secret\n"


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder as /etc/ha.d has it: three files, no site."""
    folder = tmp_path / "ha.d"
    folder.mkdir()
    (folder / "ha.cf").write_text(HA_CF)
    (folder / "haresources").write_text(HARESOURCES)
    (folder / "authkeys").write_text(AUTHKEYS)
    (folder / "authkeys").chmod(0o600)
    return folder


@pytest.fixture
def founding(bare: Path) -> Path:
    """The founding cluster: a bare folder and its site."""
    (bare / "site.toml").write_text(EXAMPLE)
    return bare
