"""The haresources file in its two readings."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hasim.config import (
    Haresources,
    Resource,
    guess_haresources,
    haresources_missing,
    parse_haresources,
    parse_resource,
    render_haresources,
)
from tests.config.strategies import haresources_texts, mutated

NODES = ("node1", "node2")


def read(text: str) -> Haresources:
    resources, problems = parse_haresources(text, nodes=NODES)
    assert resources is not None, problems
    assert problems == ()
    return resources


def texts(text: str) -> list[str]:
    return [group.text for group in read(text).groups]


def test_a_line_is_a_group_with_a_preferred_owner_and_a_key() -> None:
    (group,) = read(
        "node1 192.168.60.200/24/eth0 Filesystem::/dev/sdb5::/webdata::ext3 apache\n"
    ).groups
    assert (group.node, group.key, group.line) == ("node1", "192.168.60.200/24/eth0", 1)
    assert group.resources == (
        Resource("IPaddr", ("192.168.60.200/24/eth0",), "192.168.60.200/24/eth0"),
        Resource(
            "Filesystem",
            ("/dev/sdb5", "/webdata", "ext3"),
            "Filesystem::/dev/sdb5::/webdata::ext3",
        ),
        Resource("apache", (), "apache"),
    )


@pytest.mark.parametrize(
    ("word", "script", "args"),
    [
        ("10.0.0.1", "IPaddr", ("10.0.0.1",)),
        ("10.0.0.1/24", "IPaddr", ("10.0.0.1/24",)),
        ("10.0.0.1/24/eth0/10.0.0.255", "IPaddr", ("10.0.0.1/24/eth0/10.0.0.255",)),
        ("IPaddr2::10.0.0.1", "IPaddr2", ("10.0.0.1",)),
        ("10.0.0", "10.0.0", ()),
        ("10.0.0.1x", "10.0.0.1x", ()),
        ("a::::b", "a", ("", "b")),
        ("::", "", ("",)),
    ],
)
def test_a_bare_address_means_ipaddr_and_colons_separate_arguments(
    word: str, script: str, args: tuple[str, ...]
) -> None:
    assert parse_resource(word) == Resource(script, args, word)


def test_the_first_word_of_a_line_must_be_a_configured_node() -> None:
    resources, problems = parse_haresources("\nnode1 a\nnod2 b\n", "hares", nodes=NODES)
    assert resources is None
    assert [(p.line, p.text) for p in problems] == [
        (3, "Bad nodename in hares [nod2]"),
        (None, "Configuration error, heartbeat not started."),
    ]
    assert "did you mean 'node2'?" in problems[0].remedy


def test_node_names_are_compared_and_kept_in_lower_case() -> None:
    assert [g.node for g in read("NODE1 A\n").groups] == ["node1"]
    resources, _ = parse_haresources("node1 a", nodes=("Node1",))
    assert resources is not None


def test_nothing_else_is_checked_by_the_daemon() -> None:
    assert texts("node1 a\nnode2 a\nnode1\nnode1 999.1.1.1 no::such::script\n") == [
        "node1 a",
        "node2 a",
        "node1",
        "node1 999.1.1.1 no::such::script",
    ]


def test_an_empty_file_has_no_groups() -> None:
    assert read("").groups == ()
    assert read("\n  \n# nothing\n").groups == ()


def test_comments_are_stripped_from_the_first_physical_line() -> None:
    assert texts("# all\nnode1 a # b\n  # c\nnode2 d#e\n") == ["node1 a", "node2 d"]


def test_continued_lines_are_joined_and_blanks_squeezed() -> None:
    assert texts("node1   a\t\\\n    b \\\n  c\n node2 d \n") == ["node1 a b c", "node2 d"]


def test_a_comment_on_a_continuation_line_becomes_resource_words() -> None:
    (group,) = read("node1 a \\\n b # the second\n").groups
    assert [r.text for r in group.resources] == ["a", "b", "#", "the", "second"]


def test_a_comment_on_the_first_line_takes_its_backslash_with_it() -> None:
    groups = read("node1 a # x \\\nnode2 b\n").groups
    assert [(g.text, g.line) for g in groups] == [("node1 a", 1), ("node2 b", 2)]


def test_a_line_behind_a_continued_comment_escapes_the_daemon_but_not_the_scripts() -> None:
    (group,) = read("# a comment \\\nstranger a\n").groups
    assert (group.node, group.configured) == ("stranger", False)


def test_dos_line_ends_are_blanks() -> None:
    assert texts("node1 a \\\r\n b\r\n") == ["node1 a b"]


QUERY = "node1 10.0.0.1 apache\nnode2 10.0.0.2 mysql\nnode1 ftp\nnode2\n"


def test_keys_are_listed_by_a_pattern_of_the_node() -> None:
    resources = read(QUERY)
    assert resources.listkeys("node1") == ("10.0.0.1", "ftp")
    assert resources.listkeys("node.") == ("10.0.0.1", "10.0.0.2", "ftp")
    assert resources.listkeys("node3") == ()
    assert resources.allkeys() == ("10.0.0.1", "10.0.0.2", "ftp")


def test_our_and_other_keys_come_with_the_whole_remainder_of_the_line() -> None:
    resources = read(QUERY)
    assert resources.ourkeys("Node1") == ("10.0.0.1 apache", "ftp")
    assert resources.otherkeys("node1") == ("10.0.0.2 mysql",)


def test_a_key_is_looked_up_as_a_regular_expression_anywhere_in_a_line() -> None:
    resources = read("node1 10.0x0.1 apache\nnode2 10.0.0.1\n")
    first = resources.find("10.0.0.1")
    assert first is not None
    assert first.key == "10.0x0.1"
    assert len(resources.matching("10.0.0.1")) == 2
    by_member = resources.find("apache")
    assert by_member is not None
    assert by_member.key == "10.0x0.1"
    assert resources.find("10.0.0") is None


def test_a_missing_file_is_reported_in_the_daemons_words() -> None:
    assert [p.text for p in haresources_missing("hares")] == [
        "Cannot open resources file [hares]",
        "Configuration error, heartbeat not started.",
    ]


@given(haresources_texts())
def test_a_rendered_file_reads_back_as_the_same_groups(text: str) -> None:
    resources, _ = parse_haresources(text, nodes=NODES)
    if resources is not None:
        again, problems = parse_haresources(render_haresources(resources), nodes=NODES)
        assert again == resources, problems


@given(st.binary() | st.text() | mutated(haresources_texts()))
def test_no_input_makes_the_parser_raise(data: str | bytes) -> None:
    resources, problems = parse_haresources(data, nodes=NODES)
    assert (resources is None) == bool(problems)
    if resources is not None:
        assert parse_haresources(render_haresources(resources), nodes=NODES)[0] == resources
        for key in resources.allkeys():
            resources.listkeys(key)
            resources.find(key)


def test_every_key_that_is_plain_finds_its_own_group() -> None:
    resources = read(QUERY)
    for group in resources.groups:
        if group.key:
            assert resources.find(group.key) == group


def test_megabytes_of_junk_are_read_in_linear_time() -> None:
    start = time.process_time()
    for sample in (
        b"node1 a\n" * 200_000,
        b"junk\n" * 300_000,
        b"node1 \\\n" * 300_000,
        b"node1 " + b"x" * 2_000_000,
        b"\\" * 2_000_000,
    ):
        _, problems = parse_haresources(sample, nodes=NODES)
        assert len(problems) < 150
    assert time.process_time() - start < 20


def test_groups_are_guessed_where_the_daemon_refuses_the_file() -> None:
    text = "node1 10.0.0.1\nother apache\n"
    assert parse_haresources(text, nodes=["node1"])[0] is None
    groups = guess_haresources(text, nodes=["Node1"]).groups
    assert [(g.node, g.key, g.configured) for g in groups] == [
        ("node1", "10.0.0.1", True),
        ("other", "apache", False),
    ]


@given(haresources_texts())
def test_the_groups_of_a_good_file_need_no_guess(text: str) -> None:
    nodes = ["node1", "node2", "#", "\\"]
    read, _ = parse_haresources(text, nodes=nodes)
    assert read in (None, guess_haresources(text, nodes=nodes))
