from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hasim.config import HaConfig, Haresources, parse_ha_cf, parse_haresources
from hasim.site import Nic, Site, Watchdog, derive, derive_site, parse_site, render_derived

HEAD = "logfacility local0\nauto_failback on\n"


def config(text: str) -> HaConfig:
    found, problems = parse_ha_cf(HEAD + text)
    assert found is not None, problems
    return found


def groups(text: str, nodes: tuple[str, ...] = ("a", "b")) -> Haresources:
    found, problems = parse_haresources(text, nodes=nodes)
    assert found is not None, problems
    return found


def site_of(text: str, haresources: str = "") -> tuple[Site, tuple[str, ...]]:
    ha_cf = config(text)
    return derive_site(dict.fromkeys(ha_cf.nodes, ha_cf), groups(haresources, ha_cf.nodes))


def wires(site: Site) -> dict[str, tuple[str, ...]]:
    ends: dict[str, list[str]] = {name: [] for name in site.switches}
    for node in site.nodes.values():
        for nic in node.nics.values():
            ends[nic.on].append(f"{node.name}:{nic.name}")
    return {name: tuple(found) for name, found in ends.items()}


def test_two_nodes_on_a_device_are_joined_by_a_crossover_cable() -> None:
    site, assumed = site_of("bcast eth1\nnode a b\n")
    assert wires(site) == {"cross-eth1": ("a:eth1", "b:eth1")}
    assert site.switches["cross-eth1"].power is None
    assert "a:eth1 and b:eth1 are joined by one crossover cable, which needs no power." in assumed


def test_three_nodes_on_a_device_need_a_switch_with_power() -> None:
    site, _ = site_of("bcast eth1\nnode a b c\n")
    assert wires(site) == {"lan": ("a:eth1", "b:eth1", "c:eth1")}
    assert site.switches["lan"].power == "utility"


def test_a_serial_line_is_a_cable_without_addresses() -> None:
    site, _ = site_of("serial /dev/ttyS0\nnode a b\n")
    assert wires(site) == {"serial-ttyS0": ("a:/dev/ttyS0", "b:/dev/ttyS0")}
    assert site.nodes["a"].nics["/dev/ttyS0"].address is None


def test_every_service_address_is_watched_by_a_client_on_its_wire() -> None:
    site, assumed = site_of("bcast eth1\nnode a b\n", "a 10.9.0.5/24/eth0 x\nb 10.8.0.6/24/eth2\n")
    found = {h.probes: (h.name, site.switches[h.on].name) for h in site.hosts.values()}
    assert found == {"10.9.0.5": ("client1", "lan"), "10.8.0.6": ("client2", "lan-eth2")}
    assert "An outside client on lan watches the service address 10.9.0.5." in assumed
    alone, _ = site_of("bcast eth1\nnode a client\n", "a 10.9.0.5/24/eth0\n")
    assert [h.name for h in alone.hosts.values()] == ["client-x"]
    assert site_of("bcast eth1\nnode a b\n")[0].hosts == {}


def test_a_ping_node_stands_behind_the_last_bcast_device() -> None:
    site, assumed = site_of("bcast eth1\nbcast eth0\nnode a b\nping 192.168.60.1\n")
    assert site.hosts["192.168.60.1"].on == "lan"
    assert site.nodes["a"].nics["eth0"].on == "lan"
    assert site.nodes["a"].nics["eth1"].on == "cross-eth1"
    assert "The ping node 192.168.60.1 is behind eth0, on lan." in assumed


def test_the_network_of_a_service_address_says_where_a_ping_node_is() -> None:
    site, _ = site_of(
        "bcast eth1\nbcast eth0\nnode a b\nping 192.168.60.1\n", "a 192.168.60.200/24/eth1\n"
    )
    assert site.nodes["a"].nics["eth1"].on == site.hosts["192.168.60.1"].on == "lan"
    assert site.nodes["a"].nics["eth0"].on == "cross-eth0"


def test_the_network_of_a_ucast_line_says_where_a_ping_node_is() -> None:
    site, _ = site_of(
        "ucast eth1 10.1.0.1\nucast eth1 10.1.0.2\nbcast eth0\nnode a b\nping 10.1.0.254\n"
    )
    assert site.nodes["a"].nics["eth1"] == Nic("eth1", "lan", "10.1.0.1/24")
    assert site.nodes["b"].nics["eth1"] == Nic("eth1", "lan", "10.1.0.2/24")
    assert site.hosts["10.1.0.254"].on == "lan"


def test_ucast_peers_of_separate_files_are_the_other_nodes_address() -> None:
    one = config("ucast eth1 10.1.0.2\nnode a b\n")
    two = config("ucast eth1 10.1.0.1\nnode a b\n")
    site, _ = derive_site({"a": one, "b": two}, None)
    assert site.nodes["a"].nics["eth1"].address == "10.1.0.1/24"
    assert site.nodes["b"].nics["eth1"].address == "10.1.0.2/24"


def test_devices_of_different_names_are_joined_in_the_order_of_ha_cf() -> None:
    one = config("bcast eth0 eth1\nnode a b\n")
    two = config("bcast eth0 eth2\nnode a b\n")
    site, _ = derive_site({"a": one, "b": two}, None)
    assert wires(site) == {"cross-eth0": ("a:eth0", "b:eth0"), "cross-eth1": ("a:eth1", "b:eth2")}


def test_a_service_address_on_a_nic_without_heartbeats_gets_a_lan() -> None:
    site, assumed = site_of("bcast eth1\nnode a b\n", "a 192.168.60.200/24/eth0\n")
    assert wires(site) == {"cross-eth1": ("a:eth1", "b:eth1"), "lan": ("a:eth0", "b:eth0")}
    assert "a has a NIC eth0: haresources puts 192.168.60.200/24 there." in assumed


def test_a_ping_node_of_a_serial_cluster_gets_a_nic() -> None:
    site, _ = site_of("serial /dev/ttyS0\nnode a b\nping 10.0.0.1\n")
    assert site.hosts["10.0.0.1"].on == "lan"
    assert site.nodes["b"].nics["eth0"].on == "lan"


def test_every_member_of_a_ping_group_is_a_host() -> None:
    site, _ = site_of("bcast eth0\nnode a b\nping_group g 10.0.0.1 10.0.0.2\n")
    assert list(site.hosts) == ["10.0.0.1", "10.0.0.2"]


def test_each_node_has_a_power_feed_of_its_own() -> None:
    site, assumed = site_of("bcast eth0\nnode a b\n")
    assert [n.power for n in site.nodes.values()] == ["outlet1", "outlet2"]
    assert site.feeds == {"outlet1": "utility", "outlet2": "utility"}
    assert "b has a power feed of its own, outlet2." in assumed


def test_each_filesystem_device_is_a_disk_that_all_nodes_see() -> None:
    site, _ = site_of(
        "bcast eth0\nnode a b\n",
        "a 10.0.0.9 Filesystem::/dev/sdb5::/webdata::ext3 Filesystem::/dev/sdc::/srv/db\n"
        "b Filesystem::/dev/sdb5::/webdata::ext3\n",
    )
    assert {d.name: d.seen_as for d in site.disks.values()} == {
        "webdata": {"a": "/dev/sdb5", "b": "/dev/sdb5"},
        "srv-db": {"a": "/dev/sdc", "b": "/dev/sdc"},
    }


def test_a_mirrored_disk_is_told_to_be_taken_for_a_shared_one() -> None:
    _, assumed = site_of("bcast eth0\nnode a b\n", "a Filesystem::/dev/drbd0::/data::ext3\n")
    assert "/dev/drbd0 is taken for one shared disk: replication is not modelled." in assumed


def test_no_address_is_given_twice_and_none_that_is_in_use() -> None:
    site, _ = site_of("bcast eth0\nnode a b\nping 10.0.0.11 10.0.0.12\n", "a 10.0.0.13/24/eth0\n")
    found = [n.nics["eth0"].address for n in site.nodes.values()]
    assert found == ["10.0.0.14/24", "10.0.0.15/24"]


def test_the_rendered_default_has_every_guess_as_a_comment() -> None:
    ha_cf = config("bcast eth1\nbcast eth0\nnode a b\nping 192.168.60.1\n")
    configs = dict.fromkeys(ha_cf.nodes, ha_cf)
    haresources = groups("a 192.168.60.200/24/eth0\n")
    text = render_derived(configs, haresources, "2.0.8")
    site, guesses = derive(configs, haresources, "2.0.8")
    assert parse_site(text) == site
    for guess in guesses:
        assert f"# {guess.sentence}" in text.splitlines()


def test_a_guess_stands_above_its_key() -> None:
    ha_cf = config("bcast eth1\nnode a b\n")
    lines = render_derived(dict.fromkeys(ha_cf.nodes, ha_cf), None).splitlines()
    at = lines.index("# b has a power feed of its own, outlet2.")
    assert lines[at + 1] == 'power = "outlet2"'


devices = st.sampled_from(["eth0", "eth1", "bond0", "lan"])
addresses = st.builds(
    "{}.{}".format, st.sampled_from(["10.0.0", "192.168.60", "10.1.2"]), st.integers(1, 254)
)
media = st.one_of(
    devices.map(lambda d: f"bcast {d}"),
    st.builds("ucast {} {}".format, devices, addresses),
    devices.map(lambda d: f"mcast {d} 225.0.0.1 694 1 0"),
    st.sampled_from(["serial /dev/ttyS0", "serial /dev/ttyS1"]),
)
nodes = st.lists(
    st.sampled_from(["a", "b", "lan", "outlet1", "cross-eth0", "eth0"]),
    min_size=1,
    max_size=4,
    unique=True,
)
resources = st.one_of(
    addresses,
    st.builds("{}/24/{}".format, addresses, devices),
    st.builds("{}/{}".format, addresses, st.integers(0, 40)),
    st.builds("IPaddr2::{}/24/{}:0".format, addresses, devices),
    st.sampled_from(["Filesystem::/dev/sdb5::/web data", "Filesystem::x:/y::/z", "Filesystem",
                     "Filesystem::/dev/sdc::/", "Filesystem::/dev/sdd::/x::ext3", "IPaddr::x"]),
)  # fmt: skip


@st.composite
def clusters(draw: st.DrawFn) -> tuple[dict[str, HaConfig], Haresources]:
    names = draw(nodes)
    pings = draw(st.lists(addresses, max_size=3, unique=True))
    own = st.lists(media, min_size=1, max_size=4, unique=True)
    shared = draw(own)
    tail = f"node {' '.join(names)}\n" + "".join(f"ping {p}\n" for p in pings)
    texts = {n: shared if draw(st.booleans()) else draw(own) for n in names}
    configs = {n: parse_ha_cf(HEAD + "\n".join(t) + "\n" + tail)[0] for n, t in texts.items()}
    rows = draw(st.lists(st.tuples(st.sampled_from(names), st.lists(resources, max_size=3))))
    text = "".join(f"{n} {' '.join(r)}\n" for n, r in rows)
    return {n: c for n, c in configs.items() if c is not None}, groups(text, tuple(names))


@given(clusters())
@settings(max_examples=300)
def test_every_derived_site_passes_the_checks_of_a_written_one(
    cluster: tuple[dict[str, HaConfig], Haresources],
) -> None:
    configs, haresources = cluster
    site, guesses = derive(configs, haresources)
    assert parse_site(render_derived(configs, haresources)) == site
    assert len(guesses) > 4 * len(configs)
    for node, ha_cf in configs.items():
        media = {m.device for m in ha_cf.media if not m.kind.startswith("ping")}
        assert media <= set(site.nodes[node].nics)
        assert {h for m in ha_cf.media for h in m.hosts} <= set(site.hosts)


def test_what_a_switch_reaches_is_named_once_and_counted() -> None:
    _, assumed = site_of("bcast eth0\nnode a b\n", "a 10.0.0.5\nb 10.0.0.5\n")
    assert any(a.endswith("it reaches 10.0.0.5.") for a in assumed)
    many = "\n".join(f"a 10.0.0.{n}" for n in range(1, 9))
    _, assumed = site_of("bcast eth0\nnode a b\n", many)
    assert any(a.endswith("10.0.0.5 and 3 more.") for a in assumed)


def test_every_guess_of_a_derived_site_stands_above_a_key() -> None:
    ha_cf = config("bcast eth0\nnode a b\nping 10.0.0.1\n")
    text = render_derived(dict.fromkeys(ha_cf.nodes, ha_cf), None)
    lines = text.splitlines()
    assert not lines[-1].startswith("#")
    assert all(lines[i + 1] for i, line in enumerate(lines) if line.startswith("#"))


def test_a_node_whose_ha_cf_asks_for_a_watchdog_gets_a_softdog() -> None:
    site, assumed = site_of("bcast eth1\nnode a b\nwatchdog /dev/watchdog\n")
    assert [n.watchdog for n in site.nodes.values()] == [Watchdog(), Watchdog()]
    sentence = "/dev/watchdog of a is the kernel's softdog, and closing it properly stops it."
    assert sentence in assumed
    ha_cf = config("bcast eth1\nnode a\nwatchdog /dev/watchdog\n")
    text = render_derived({"a": ha_cf}, None)
    assert f'# {sentence}\nwatchdog = {{ kind = "softdog", nowayout = false }}\n' in text
    assert "watchdog" not in render_derived({"a": config("bcast eth1\nnode a\n")}, None)
