"""File systems that several nodes may mount at a time are no violation; disks are."""

from __future__ import annotations

import pytest

from hasim import events as ev
from hasim.monitors import devices_of, is_shareable, judge
from hasim.trace import GroupParts, Header
from tests.monitors.told import records


@pytest.mark.parametrize(
    ("device", "kind", "shareable"),
    [
        ("nas:/exp", "", True),
        ("//nas/share", "", True),
        ("/dev/sdb1", "ocfs2", True),
        ("/dev/vg/gfs", "gfs2", True),
        ("/dev/sdb1", "ext3", False),
        ("/dev/drbd0", "", False),
        ("/dev/disk/by-path/pci-0000:00:1f.2", "", False),
        ("LABEL=web", "ext3", False),
    ],
)
def test_network_and_cluster_file_systems_may_be_shared(
    device: str, kind: str, shareable: bool
) -> None:
    assert is_shareable(device, kind) == shareable
    header = Header("1", "3.0.6", groups=(GroupParts("g", (f"Filesystem {device} /m {kind}",)),))
    both = [ev.DiskMounted(node, device, "/m") for node in "ab"]
    found = judge(records(*both), ["at-most-one-mounter"], header)
    assert [v.property for v in found] == ([] if shareable else ["at-most-one-mounter"])


def test_the_devices_of_a_group_are_those_that_one_node_may_mount() -> None:
    calls = ("IPaddr 10.0.0.1", "Filesystem /dev/a /a ext3", "Filesystem nas:/b /b nfs")
    assert devices_of(calls) == ("/dev/a",)
    assert devices_of(calls, shareable=True) == ("nas:/b",)
