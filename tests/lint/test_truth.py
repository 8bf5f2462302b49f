"""What the rules warn of happens in the simulation, and does not in the cluster they praise."""

from __future__ import annotations

from pathlib import Path

import pytest

import hasim
from hasim.lint import lint_folder
from tests.lint.good import Edits, edited


def cluster(folder: Path, changes: dict[str, Edits]) -> hasim.Model:
    for name, text in edited(changes).items():
        (folder / name).write_text(text)
    return hasim.load(folder)


def mounted_twice(run: hasim.Run) -> bool:
    return any(v.property == "at-most-one-mounter" for v in run.violations)


def taken_over(run: hasim.Run) -> bool:
    """Tell whether node2 has the address of node1 at the end."""
    return any(s.who == "node2" and s.open for s in run.held("192.168.60.200"))


ISOLATED = "6m isolate node1 for 5m"
KILLED = "6m kill node1 all"
DARK = "6m power-off outlet1"

#: Rule, file, edits of it, faults: the disk ends up on both nodes.
UNPROTECTED: list[tuple[str, str, Edits, list[str]]] = [
    (
        "shared-disk-without-stonith",
        "ha.cf",
        [("stonith_host * apcmaster pdu\n", "")],
        [ISOLATED],
    ),
    ("stonith-wrong-plug", "site.toml", [('node1 = "outlet1",', 'node1 = "ups",')], [ISOLATED]),
    ("stonith-for-tests", "ha.cf", [("apcmaster pdu", "null node1 node2")], [ISOLATED]),
    (
        "resource-in-two-groups",
        "haresources",
        [("", "node2 db Filesystem::/dev/sdb5::/db::ext3\n")],
        [],
    ),
]
#: Rule, file, edits of it, fault: nobody takes over.
STUCK: list[tuple[str, str, Edits, str]] = [
    ("stonith-plug-missing", "site.toml", [('node1 = "outlet1", ', "")], KILLED),
    ("stonith-suicide", "ha.cf", [("apcmaster pdu", "suicide -")], KILLED),
    ("meatware-only", "ha.cf", [("apcmaster pdu", "meatware node1 node2")], KILLED),
    (
        "stonith-on-victims-feed",
        "site.toml",
        [('power = "ups"\nplugs', 'power = "outlet1"\nplugs')],
        DARK,
    ),
    (
        "stonith-hits-survivor",
        "site.toml",
        [('outlet2 = "b"', 'outlet2 = "a"\nx = "b"'), ('node1 = "outlet1",', 'node1 = "a",')],
        KILLED,
    ),
]


@pytest.mark.parametrize(("rule", "file", "edits", "faults"), UNPROTECTED)
def test_a_disk_that_the_rules_call_unprotected_is_mounted_twice(
    rule: str, file: str, edits: Edits, faults: list[str], tmp_path: Path
) -> None:
    run = cluster(tmp_path, {file: edits}).run(faults, until="12m")
    assert rule in {f.rule for f in lint_folder(tmp_path).findings}
    assert mounted_twice(run)


@pytest.mark.parametrize(("rule", "file", "edits", "fault"), STUCK)
def test_a_node_that_the_rules_say_cannot_be_fenced_is_never_taken_over(
    rule: str, file: str, edits: Edits, fault: str, tmp_path: Path
) -> None:
    run = cluster(tmp_path, {file: edits}).run([fault], until="7m30s")
    assert rule in {f.rule for f in lint_folder(tmp_path).findings}
    assert not taken_over(run)


@pytest.mark.parametrize("fault", [ISOLATED, KILLED, DARK])
def test_the_good_cluster_takes_over_and_mounts_once(fault: str, tmp_path: Path) -> None:
    run = cluster(tmp_path, {}).run([fault], until="7m30s")
    assert lint_folder(tmp_path).findings == ()
    assert taken_over(run)
    assert not mounted_twice(run)


def test_one_medium_is_all_it_takes_to_part_the_nodes(tmp_path: Path) -> None:
    changes: dict[str, Edits] = {"ha.cf": [("bcast eth1\n", "")]}
    model = cluster(tmp_path, changes)
    assert "one-medium" in {f.rule for f in model.lint()}
    at = model.run(["6m cut node1:eth0"], until="8m").at("7m30s")
    assert at.node2.peers.node1.status != "active"
    whole = hasim.load(Path(hasim.__file__).parent.parent / "models" / "webdata")
    assert "one-medium" not in {f.rule for f in whole.lint()}
    at = whole.run(["6m cut node1:eth0"], until="8m").at("7m30s")
    assert at.node2.peers.node1.status == "active"
