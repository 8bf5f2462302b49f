"""Comments that silence findings, and comments that silence nothing."""

from __future__ import annotations

import pytest

from hasim.lint import Linted
from tests.lint.good import Edits, lint

ONE = ("bcast eth0\n", "")


def rules(done: Linted) -> list[tuple[str, int | None]]:
    return [(f.rule, f.line) for f in done.findings]


@pytest.mark.parametrize(
    "line",
    [
        "bcast eth1 # hasim: ignore one-medium",
        "bcast eth1 #hasim:ignore one-medium",
        "bcast eth1\t# two cables are too dear. # hasim: ignore one-medium",
        "# hasim: ignore one-medium\nbcast eth1",
        "# hasim: ignore one-medium\n\n# another comment\nbcast eth1",
    ],
)
def test_a_comment_silences_a_finding_of_its_line_or_the_next(line: str) -> None:
    assert rules(lint({"ha.cf": [ONE]})) == [("one-medium", 8)]
    done = lint({"ha.cf": [ONE, ("bcast eth1", line)]})
    assert rules(done) == []
    assert done.silenced == 1


def test_a_comment_names_several_rules_and_each_must_be_of_use() -> None:
    bad = ("warntime 10", "warntime 40 # hasim: ignore warntime-not-before-deadtime, one-medium")
    (found,) = lint({"ha.cf": [bad]}).findings
    assert (found.rule, found.line) == ("unused-suppression", 4)
    assert found.text == "nothing here is a case of one-medium"


def test_a_comment_elsewhere_silences_nothing_and_is_told() -> None:
    done = lint({"ha.cf": [ONE, ("udpport 694", "udpport 694 # hasim: ignore one-medium")]})
    assert rules(done) == [("unused-suppression", 7), ("one-medium", 8)]
    assert done.silenced == 0


def test_a_rule_that_there_is_not_is_told_with_the_nearest() -> None:
    done = lint({"ha.cf": [ONE, ("bcast eth1", "bcast eth1 # hasim: ignore one-medum")]})
    texts = [f.text for f in done.findings]
    assert "there is no rule 'one-medum'; did you mean 'one-medium'?" in texts
    assert ("one-medium", 8) in rules(done)


def test_a_comment_at_the_head_of_a_file_is_for_the_whole_file_too() -> None:
    loose: tuple[str, str] = ('"0600"', '"0644"')
    head = ("auth 1", "# hasim: ignore authkeys-mode\nauth 1")
    changes: dict[str, Edits] = {"site.toml": [loose], "authkeys": [head]}
    assert rules(lint({"site.toml": [loose]})) == [("authkeys-mode", None)]
    assert rules(lint(changes)) == []
    late = ("1 sha1", "# hasim: ignore authkeys-mode\n1 sha1")
    assert rules(lint({"site.toml": [loose], "authkeys": [late]})) == [
        ("authkeys-mode", None),
        ("unused-suppression", 2),
    ]


def test_comments_count_in_haresources_and_in_the_site() -> None:
    bare = ("stonith_host * apcmaster pdu\n", "")
    group = ("apache", "apache # hasim: ignore shared-disk-without-stonith")
    assert rules(lint({"ha.cf": [bare], "haresources": [group]})) == []
    feed = ('outlet1 = "a"', '# hasim: ignore single-point-power\noutlet1 = "b"')
    assert rules(lint({"site.toml": [feed]})) == []


def test_what_follows_a_backslash_in_haresources_is_no_comment() -> None:
    added = ("", "node2 db \\\n mail # hasim: ignore comment-becomes-resource\n")
    assert rules(lint({"haresources": [added]})) == [("comment-becomes-resource", 3)]


def test_a_comment_about_hardware_is_not_called_unused_where_hardware_is_not_judged() -> None:
    comment = ("node node1", "# hasim: ignore stonith-wrong-plug\nnode node1")
    assert rules(lint({"ha.cf": [comment], "site.toml": None, "authkeys": []})) == []
    assert rules(lint({"ha.cf": [comment]})) == [("unused-suppression", 11)]


def test_the_rule_about_comments_cannot_be_silenced_by_one() -> None:
    comment = ("keepalive 2", "keepalive 2 # hasim: ignore unused-suppression")
    assert rules(lint({"ha.cf": [comment]})) == [("unused-suppression", 3)]
