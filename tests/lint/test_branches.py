"""Second cases of rules that find more than one thing, and more near misses of the same."""

from __future__ import annotations

import pytest
from hypothesis import given

from hasim.config import guess_haresources
from hasim.lint import Finding, lint_sources
from tests.config.strategies import haresources_texts
from tests.lint.good import Edits, lint, sources_of

BARE = ("stonith_host * apcmaster pdu\n", "")


def found(rule: str, changes: dict[str, Edits]) -> list[Finding]:
    return [f for f in lint(changes).findings if f.rule == rule]


def texts(rule: str, changes: dict[str, Edits]) -> list[str]:
    return [f.text for f in found(rule, changes)]


def test_initdead_by_default_is_pointed_at_where_deadtime_stands() -> None:
    (told,) = found("initdead-below-twice-deadtime", {"ha.cf": [("initdead 120\n", "")]})
    assert (told.line, told.text) == (
        5,
        "initdead 30s by default is less than twice deadtime 30s",
    )
    assert told.remedy == "write 'initdead 60' or more"
    short: Edits = [("initdead 120\n", ""), ("deadtime 30", "deadtime 10"), ("warntime 10\n", "")]
    assert found("initdead-below-twice-deadtime", {"ha.cf": short}) == []


def test_a_warntime_by_default_is_never_out_of_range() -> None:
    done = lint({"ha.cf": [("warntime 10\n", ""), ("deadtime 30", "deadtime 4001ms")]})
    assert done.findings == ()


@pytest.mark.parametrize(
    ("deadtime", "says"),
    [
        ("30", ["write 'deadtime 29990ms': the watchdog then waits 30s"]),
        ("300ms", ["write 'deadtime 990ms': the watchdog then waits 1s"]),
        ("29600ms", []),
    ],
)
def test_a_watchdog_is_told_a_deadtime_just_below_whole_seconds(
    deadtime: str, says: list[str]
) -> None:
    edits: Edits = [
        BARE,
        ("", "watchdog /dev/watchdog\n"),
        ("deadtime 30", f"deadtime {deadtime}"),
        ("keepalive 2", "keepalive 100ms"),
        ("warntime 10\n", ""),
    ]
    assert [f.remedy for f in found("watchdog-whole-seconds", {"ha.cf": edits})] == says


def test_stonith_that_only_one_node_has_is_missed_on_the_other() -> None:
    for rule, group in (
        ("shared-disk-without-stonith", []),
        ("drbd-without-fencing", [("Filesystem::/dev/sdb5", "drbddisk::r0")]),
    ):
        changes: dict[str, Edits] = {
            "ha.cf": [("stonith_host *", "stonith_host node1")],
            "haresources": group,
        }
        (told,) = found(rule, changes)
        assert told.node == "node2"
        assert told.text.endswith("on node2")
        assert found(rule, {**changes, "ha.cf": [BARE]})[0].node is None


@pytest.mark.parametrize(
    "filesystem",
    [
        "Filesystem::server:/export::/web::nfs",
        "Filesystem:://server/share::/web::cifs",
        "Filesystem::none::/web::tmpfs",
        "drbddisk::r0 Filesystem::/dev/drbd0::/web::ext3",
    ],
)
def test_a_file_system_that_is_on_no_shared_disk_needs_no_stonith(filesystem: str) -> None:
    group = ("Filesystem::/dev/sdb5::/web::ext3", filesystem)
    changes: dict[str, Edits] = {"ha.cf": [BARE], "haresources": [group]}
    assert found("shared-disk-without-stonith", changes) == []
    lvm: dict[str, Edits] = {"ha.cf": [BARE], "haresources": [(group[0], "LVM::shared")]}
    assert texts("shared-disk-without-stonith", lvm) == [
        "shared is not protected: no STONITH device is configured"
    ]


def test_with_a_site_the_pinged_network_is_known() -> None:
    rule = "ipfail-over-pinged-network-only"
    both = lint({"ha.cf": [("bcast eth1", "bcast eth2")]}).findings
    assert [f.text for f in both if f.rule == rule] == [
        "all heartbeats take eth2 and eth0, as do the pings that ipfail judges by"
    ]
    assert found(rule, {"ha.cf": [("bcast eth0\n", "")]}) == []
    assert found(rule, {"ha.cf": [("bcast eth0\n", "")], "site.toml": None}) == []
    serial: Edits = [("bcast eth1\nbcast eth0\n", "serial /dev/ttyS0\n")]
    assert found(rule, {"ha.cf": serial, "site.toml": None}) == []
    unknown: dict[str, Edits] = {"ha.cf": [("bcast eth0\n", "")], "haresources": [("/24/eth0", "")]}
    assert texts(rule, {**unknown, "site.toml": None}) != []


def test_one_bare_medium_says_so_plainly() -> None:
    assert texts("one-medium", {"ha.cf": [("bcast eth0\n", "")]}) == [
        "eth1 is the only way of heartbeats"
    ]
    alone: Edits = [("bcast eth0\n", ""), ("node node1 node2", "node node1")]
    assert found("one-medium", {"ha.cf": alone}) == []


@pytest.mark.parametrize(
    ("word", "wrong"),
    [
        ("IPaddr::", "it has no address"),
        ("IPaddr2::10.0.0.1/33", "'33' is no mask"),
        ("10.0.0.1/255.0.255.0", "'255.0.255.0' is no mask"),
        ("10.0.0.1/24/eth0/10.0.0.300", "'10.0.0.300' is no broadcast address"),
        ("10.0.0.1/24/eth0/10.0.0.255/x", "it has more than four parts"),
        ("IPaddr::10.0.0.1::eth0", "it has more than one argument"),
        ("IPaddr:10.0.0.1", "it is taken for the name of a script"),
        ("10.0.0", "it is taken for the name of a script"),
        ("10.0.0.1/24:eth0", "it is taken for the name of a script"),
        ("10.0.0.1/24/eth0:1", "it is taken for the name of a script"),
        ("IPaddr::10.0.0.1/24/eth0:1", None),
        ("10.0.0.1//eth0", None),
        ("IPaddr2::10.0.0.1/24/10.0.0.255", None),
        ("db2", None),
        ("2.6-kernel", None),
    ],
)
def test_an_address_is_read_as_ipaddr_reads_it(word: str, wrong: str | None) -> None:
    said = texts("malformed-address", {"haresources": [("", f"node2 {word}\n")]})
    assert said == ([] if wrong is None else [f"{word} is malformed: {wrong}"])


@pytest.mark.parametrize(
    ("word", "wrong"),
    [
        ("Filesystem", "it has no device"),
        ("Filesystem::/dev/sdc1", "it has no directory"),
        ("Filesystem::-LWEB::/srv", None),
    ],
)
def test_a_filesystem_needs_device_and_directory(word: str, wrong: str | None) -> None:
    said = texts("malformed-filesystem", {"haresources": [("", f"node2 {word}\n")]})
    assert said == ([] if wrong is None else [f"{word} is malformed: {wrong}"])


def test_the_group_of_hacluster_is_no_user() -> None:
    (told,) = found("respawn-user-misspelt", {"ha.cf": [("hacluster", "haclient")]})
    assert (told.text, told.remedy) == (
        "the user haclient of ipfail is a group",
        "write hacluster",
    )
    other: Edits = [("", "respawn rooot /usr/bin/watcher\n")]
    assert found("respawn-user-misspelt", {"ha.cf": other})[0].remedy == "write root"
    assert found("client-not-authorized", {"ha.cf": [("hacluster", "haclient")]}) == []


def test_a_peer_of_ucast_is_neither_a_ping_node_nor_a_service_address() -> None:
    ucast: Edits = [("bcast eth0", "ucast eth0 192.168.60.1")]
    said = texts("ping-is-node", {"ha.cf": ucast, "site.toml": None})
    assert said == ["the ping node 192.168.60.1 is the peer of ucast eth0"]
    ucast = [("bcast eth0", "ucast eth0 192.168.60.200")]
    said = texts("service-address-on-node", {"ha.cf": ucast, "site.toml": None})
    assert said == ["the service address 192.168.60.200 is the peer of ucast eth0"]


def test_crc_is_told_of_any_network_where_the_site_is_not_known() -> None:
    crc: dict[str, Edits] = {"authkeys": [("sha1 SomethingRandom", "crc")]}
    serial: Edits = [("bcast eth1\nbcast eth0\n", "serial /dev/ttyS0\n")]
    rule = "crc-on-shared-network"
    assert len(found(rule, {**crc, "site.toml": None})) == 1
    assert found(rule, {**crc, "site.toml": None, "ha.cf": serial}) == []
    assert found(rule, {**crc, "ha.cf": [("bcast eth0\n", "")]}) == []


def test_keys_must_be_accepted_in_both_directions() -> None:
    rolled: dict[str, Edits] = {
        "authkeys": [("1 sha1", "2 sha1 New\n1 sha1")],
        "node2/authkeys": [("auth 1\n1 sha1 SomethingRandom", "auth 2\n2 sha1 New")],
    }
    (told,) = found("authkeys-differ", rolled)
    assert told.text == "node2 does not accept key 1, which node1 signs with"


def test_a_group_that_the_second_node_lacks_is_found_in_the_first_file() -> None:
    (told,) = found(
        "haresources-differs", {"node2/haresources": [("node2 192.168.60.201/24/eth0\n", "")]}
    )
    assert (told.file, told.line, told.node) == ("haresources", 2, "node1")
    assert told.text == "node2 has no such group: node2 192.168.60.201/24/eth0"


def test_times_by_default_that_follow_from_deadtime_are_not_told_again() -> None:
    other: Edits = [("deadtime 30", "deadtime 40"), ("warntime 10\n", "")]
    changes: dict[str, Edits] = {"ha.cf": [("warntime 10\n", "")], "node2/ha.cf": other}
    assert texts("times-differ", changes) == ["deadtime is 40s, but 30s on node1"]


def test_the_way_to_a_stonith_device_can_hang_on_the_feed_of_the_victim() -> None:
    # The switch lan hangs on b, as node2 does.
    (told,) = found(
        "stonith-on-victims-feed",
        {"site.toml": [('kind = "apcmaster"\non = "lan2"', 'kind = "apcmaster"\non = "lan"')]},
    )
    assert told.text.startswith("the way to pdu needs b, as node2 does: without it node1")


def test_a_board_that_its_machine_feeds_dies_with_it() -> None:
    board = ('node2 = "outlet2" }', 'node2 = "node2" }')
    fed = ('on = "lan2"\npower = "ups"\nplugs', 'on = "lan2"\npower = "outlet2"\nplugs')
    assert found("stonith-wrong-plug", {"site.toml": [board]}) == []
    (told,) = found("stonith-on-victims-feed", {"site.toml": [board, fed]})
    assert told.node == "node2"
    other = ('node2 = "outlet2" }', 'node2 = "node1" }')
    assert len(found("stonith-wrong-plug", {"site.toml": [other]})) == 1
    assert len(found("stonith-hits-survivor", {"site.toml": [other]})) == 1


def test_of_feeds_above_each_other_the_lowest_is_told() -> None:
    strip: Edits = [('outlet1 = "a"\noutlet2 = "b"', 'outlet1 = "strip"\noutlet2 = "strip"\n'
                     'strip = "b"')]  # fmt: skip
    assert texts("single-point-power", {"site.toml": strip}) == [
        "Without the feed strip, node1 and node2 lose power together."
    ]


def test_two_nodes_right_on_the_mains_are_told_where_their_power_stands() -> None:
    mains: Edits = [('power = "outlet1"', 'power = "utility"'), ('power = "outlet2"\n', "")]
    (told,) = found("single-point-power", {"site.toml": mains})
    assert told.line == 10


def test_a_manual_start_makes_no_boot_too_late() -> None:
    slow = ('"40s..60s"\nnic.eth0 = { on = "lan", address = "192.168.60.12',
            '"40s..9m"\nnic.eth0 = { on = "lan", address = "192.168.60.12')  # fmt: skip
    by_hand = ('power = "outlet1"\n', 'power = "outlet1"\nheartbeat = "manual"\n')
    assert len(found("initdead-below-boot", {"site.toml": [slow]})) == 1
    assert found("initdead-below-boot", {"site.toml": [slow, by_hand]}) == []


def test_two_stonith_lines_for_all_leave_the_first_unused_on_every_node() -> None:
    twice: Edits = [("", "stonith apcmaster /etc/ha.d/pdu\n")]
    assert texts("stonith-overridden", {"ha.cf": twice}) == [
        "this stonith_host is never used: that of line 16 counts"
    ]


def test_ssh_is_told_apart_from_null() -> None:
    ssh: Edits = [("apcmaster pdu", "ssh node1 node2")]
    assert texts("stonith-for-tests", {"ha.cf": ssh}) == [
        "ssh needs a victim that listens, over a network that works"
    ]


@given(haresources_texts())
def test_keys_are_mixed_up_as_the_scripts_mix_them_up(text: str) -> None:
    table = guess_haresources(text, nodes=["node1", "node2"])
    expected = {}
    for group in table.groups:
        others = [g.line for g in table.matching(group.key) if g is not group]
        if group.key and others:
            expected[group.line] = ", ".join(map(str, others[:5]))
    sources = sources_of({"haresources": text})
    told = [f for f in lint_sources(sources).findings if f.rule == "ambiguous-key"]
    assert {f.line: f.text.rpartition("line ")[2] for f in told} == expected


def test_a_line_that_is_there_twice_is_told_twice() -> None:
    double: Edits = [("node2 192.168.60.201/24/eth0\n", "node2 mail\nnode2 mail\n")]
    assert [(f.line, f.text) for f in found("ambiguous-key", {"haresources": double})] == [
        (2, "the key mail also hits line 3"),
        (3, "the key mail also hits line 2"),
    ]
