from __future__ import annotations

import pytest

from hasim.errors import ConfigError
from hasim.site import parse_site

BASE = """\
[switch.lan]
[node.node1]
nic.eth0 = { on = "lan", address = "10.0.0.1/24" }
"""


def complaints(text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(ConfigError) as caught:
        parse_site(text)
    assert all(p.remedy for p in caught.value.problems)
    return [(p.line, p.text) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ('[host.gate]\non = "wan"', (5, "no switch 'wan' in this site; did you mean 'lan'?")),
        ('[disk.web]\npath = "san"', (5, "no switch 'san' in this site; did you mean 'lan'?")),
        (
            '[disk.web]\nseen_as = { node2 = "/dev/sdb" }',
            (5, "no node 'node2' in this site; did you mean 'node1'?"),
        ),
        (
            '[stonith.pdu]\nkind = "x"\nplugs = { node1 = "outlet9" }',
            (6, "no feed or node 'outlet9' in this site; did you mean 'utility'?"),
        ),
        (
            '[stonith.pdu]\nkind = "x"\nplugs = { node9 = "utility" }',
            (6, "no node 'node9' in this site; did you mean 'node1'?"),
        ),
        ('[stonith.pdu]\nkind = "x"\non = "lam"',
         (6, "no switch 'lam' in this site; did you mean 'lan'?")),
        ('[host.client]\non = "lan"\nprobes = "vip"', (6, "probes = 'vip' is not an address")),
        ('[service."10.0.0.9/24"]', (4, "[service.'10.0.0.9/24'] is not an address")),
        (
            '[node.node2]\nnic.eth0 = { on = "lan", address = "10.0.0.1/8" }',
            (5, "address 10.0.0.1 is taken by node1:eth0"),
        ),
        (
            '[node.node2]\nnic.eth0 = { on = "lan", address = "10.0.0.300" }',
            (5, "address = '10.0.0.300' is not an address"),
        ),
        ('[host."10.0.0.1"]\non = "lan"', (3, "address 10.0.0.1 is taken by host 10.0.0.1")),
        ("[node.lan]", (1, "'lan' names a node and a switch")),
        ('[node."a b"]', (4, "'a b' is no name")),
        ('[node."a:b"]', (4, "'a:b' is no name")),
        ('[feed]\na = "b"\nb = "c"\nc = "b"', (6, "feed 'b' hangs on itself: b -> c -> b")),
        ('[feed]\na = "a"', (5, "feed 'a' hangs on itself: a -> a")),
    ],
)  # fmt: skip
def test_a_name_that_does_not_fit_is_told_with_its_line(
    more: str, expected: tuple[int, str]
) -> None:
    assert complaints(BASE + more + "\n") == [expected]


def test_feeds_that_hang_in_a_tree_are_fine() -> None:
    site = parse_site('[feed]\nups = "utility"\na = "ups"\nb = "ups"\nc = "generator"\n')
    assert site.feed_line("a") == ("a", "ups", "utility")
    assert site.feed_names == ("a", "b", "c", "generator", "ups", "utility")


def test_a_ring_of_feeds_is_told_once() -> None:
    assert len(complaints('[feed]\na = "b"\nb = "a"\nc = "a"\n')) == 1


def test_a_source_that_is_only_a_parent_feeds_a_node() -> None:
    site = parse_site('[node.a]\npower = "ups1"\n[feed]\noutlet = "ups1"\n')
    assert site.nodes["a"].power == "ups1"
