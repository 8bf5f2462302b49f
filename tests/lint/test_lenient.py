"""Folders with something missing or wrong: the daemon's errors, and the advice that is left."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import hasim
from hasim.lint import Linted, lint_folder
from tests.lint.good import Edits, lint


def rules(done: Linted) -> dict[str, str]:
    return {f.rule: f.severity for f in done.findings}


def test_a_broken_ha_cf_hides_no_advice() -> None:
    broken = [("keepalive 2", "keepalife 2"), ("bcast eth0\n", ""), ("warntime 10", "warntime 29")]
    assert rules(lint({"ha.cf": broken})) == {
        "illegal-directive": "error",
        "one-medium": "warning",
        "warntime-out-of-range": "advice",
    }


def test_nothing_is_concluded_from_a_value_that_is_refused() -> None:
    assert rules(lint({"ha.cf": [("deadtime 30", "deadtime 30s")]})) == {"bad-value": "error"}
    assert rules(lint({"ha.cf": [("deadtime 30", "deadtme 30")]})) == {"illegal-directive": "error"}
    media = [("bcast eth1\nbcast eth0\n", "bcast eth0\nucast eth1\n")]
    assert rules(lint({"ha.cf": media})) == {"bad-value": "error"}


def test_groups_are_held_against_a_broken_ha_cf_too() -> None:
    changes: dict[str, Edits] = {
        "ha.cf": [("keepalive 2", "keepalive 2s")],
        "haresources": [("node2 ", "node3 ")],
    }
    assert rules(lint(changes)) == {"bad-value": "error", "bad-nodename": "error"}
    changes["ha.cf"] = [("node node1 node2", "node node1 node1")]
    assert rules(lint(changes)) == {"bad-value": "error"}


def test_a_lone_haresources_is_judged_without_its_nodes() -> None:
    group = [("192.168.60.201/24", "192.168.60.301/24")]
    done = lint({"ha.cf": None, "authkeys": None, "site.toml": None, "haresources": group})
    assert [(f.rule, f.file, f.line) for f in done.findings] == [
        ("file-missing", "./authkeys", None),
        ("file-missing", "./ha.cf", None),
        ("malformed-address", "haresources", 2),
    ]


def test_a_lone_ha_cf_is_judged_without_its_groups() -> None:
    bare = [("bcast eth0\n", ""), ("stonith_host * apcmaster pdu\n", "")]
    done = lint({"ha.cf": bare, "authkeys": None, "site.toml": None, "haresources": None})
    assert [f.rule for f in done.findings] == [
        "file-missing",
        "file-missing",
        "ipfail-over-pinged-network-only",
        "one-medium",
    ]


def test_a_site_that_cannot_be_used_is_told_and_the_rest_is_judged() -> None:
    changes: dict[str, Edits] = {
        "ha.cf": [("bcast eth0\n", "")],
        "site.toml": [("[feed]", "[feed")],
    }
    done = lint(changes)
    assert rules(done) == {"site-invalid": "error", "one-medium": "warning"}
    assert done.notes == ("site.toml cannot be used: the rules about hardware are not judged",)


def test_without_a_site_one_line_says_what_is_not_judged() -> None:
    done = lint({"site.toml": None})
    assert done.findings == ()
    (note,) = done.notes
    assert note.startswith("no site.toml: 1")
    assert "rules about hardware" in note


def test_a_site_that_knows_nothing_of_these_nodes_gives_no_advice_about_them() -> None:
    changes: dict[str, Edits] = {
        "ha.cf": [("node node1 node2", "node web-a web-b")],
        "haresources": [("node1 ", "web-a "), ("node2 ", "web-b ")],
    }
    assert set(rules(lint(changes))) == {"site-mismatch", "disk-not-in-site"}


def test_files_of_one_node_are_judged_where_the_common_ones_are_missing() -> None:
    own: dict[str, Edits] = {
        "ha.cf": None,
        "node1/ha.cf": [],
        "node2/ha.cf": [("bcast eth0\n", "")],
    }
    found = {(f.rule, f.file, f.node) for f in lint(own).findings}
    assert ("one-medium", "config/node2/ha.cf", "node2") in found
    assert ("media-differ", "config/node1/ha.cf", "node1") not in found
    assert "file-missing" not in {rule for rule, _, _ in found}


def test_haresources_is_not_missed_under_a_cluster_manager() -> None:
    bare = [("stonith_host * apcmaster pdu\n", ""), ("respawn hacluster", "# respawn hacluster")]
    changes: dict[str, Edits] = {"ha.cf": [*bare, ("", "crm on\n")], "haresources": None}
    assert rules(lint(changes)) == {}


def test_unreadable_files_are_told_beside_the_findings(webdata: Path, tmp_path: Path) -> None:
    for name in ("ha.cf", "haresources"):
        (tmp_path / name).write_bytes((webdata / name).read_bytes())
    os.mkfifo(tmp_path / "authkeys")
    done = lint_folder(tmp_path)
    assert [p.text for p in done.unreadable] == ["is not a file"]
    assert "shared-disk-without-stonith" in rules(done)


@pytest.mark.parametrize("files", [[], ["README"]])
def test_a_folder_without_any_of_the_files_is_refused(files: list[str], tmp_path: Path) -> None:
    for name in files:
        (tmp_path / name).write_text("")
    with pytest.raises(hasim.ConfigError, match="nothing to lint: none of"):
        lint_folder(tmp_path)


def test_no_folder_and_no_such_dialect_are_refused(webdata: Path, tmp_path: Path) -> None:
    with pytest.raises(hasim.ConfigError, match="no such folder"):
        lint_folder(tmp_path / "absent")
    with pytest.raises(hasim.ConfigError, match="did you mean"):
        lint_folder(webdata, "3.0.5")


def test_a_model_is_judged_with_its_changes(webdata: Path) -> None:
    model = hasim.load(webdata)
    assert model.lint() == lint_folder(webdata).findings
    changed = model.with_(warntime="30")
    (new,) = (f for f in changed.lint() if f.rule == "warntime-not-before-deadtime")
    assert isinstance(new, hasim.Finding)
    assert (Path(new.file).name, new.line) == ("ha.cf", 7)


@pytest.mark.parametrize(
    ("version", "expected"), [("2.0.8", {"illegal-directive": "error"}), ("3.0.6", {})]
)
def test_the_dialect_decides_which_directives_there_are(
    version: str, expected: dict[str, str]
) -> None:
    site = ("schema = 1\n", f'schema = 1\nheartbeat = "{version}"\n')
    failfast = ("", "failfast hacluster /usr/bin/watcher\n")
    assert rules(lint({"ha.cf": [failfast], "site.toml": [site]})) == expected
