"""A case of every rule about hardware and about nodes that must agree."""

from __future__ import annotations

from tests.lint.good import Case

CASES = (
    Case(
        "nodes-differ",
        {"node2/ha.cf": [("node node1 node2", "node node2")]},
        {"node2/ha.cf": [("node node1 node2", "node node2 node1")]},
        "node2/ha.cf: node node2",
        "node1: a node on node1 only",
        "node2",
    ),
    Case(
        "media-differ",
        {"node2/ha.cf": [("bcast eth0\n", "udpport 695\nbcast eth0\n")]},
        {"node2/ha.cf": [("bcast eth0\n", "ucast eth0 192.168.60.11\n")]},
        "node2/ha.cf: bcast eth0",
        "bcast eth0 (port 695): node1 has no such medium",
        "node2",
    ),
    Case(
        "times-differ",
        {"node2/ha.cf": [("initdead 120", "initdead 100")]},
        {"node2/ha.cf": [("initdead 120", "initdead 120000ms")]},
        "node2/ha.cf: initdead 100",
        "initdead is 1m40s, but 2m on node1",
        "node2",
    ),
    Case(
        "auto-failback-differs",
        {"node2/ha.cf": [("auto_failback on", "auto_failback off")]},
        {"node2/ha.cf": [("auto_failback on", "auto_failback yes")]},
        "node2/ha.cf: auto_failback off",
        "auto_failback is off, but on on node1",
        "node2",
    ),
    Case(
        "managers-differ",
        {"node2/ha.cf": [("", "crm on\n")]},
        {"node2/ha.cf": [("", "crm off\n")]},
        "node2/ha.cf: crm on",
        "crm is on, but off on node1",
        "node2",
    ),
    Case(
        "ping-nodes-differ",
        {"node2/ha.cf": [("ping 192.168.61.1\n", "")]},
        {
            "node2/ha.cf": [
                ("ping 192.168.60.1\nping 192.168.61.1", "ping 192.168.61.1 192.168.60.1")
            ]
        },
        "node2/ha.cf: ping 192.168.60.1",
        "node2 pings 192.168.60.1, but node1 192.168.60.1, 192.168.61.1",
        "node2",
    ),
    Case(
        "authkeys-differ",
        {"node2/authkeys": [("SomethingRandom", "SomethingElse")]},
        {"node2/authkeys": [("1 sha1", "2 sha1 New\n1 sha1")]},
        "node2/authkeys: 1 sha1 SomethingElse",
        "node1 does not accept key 1, which node2 signs with",
        "node2",
    ),
    Case(
        "haresources-differs",
        {"node2/haresources": [(" apache", "")]},
        {"node2/haresources": [(" apache", "  apache # as on node1")]},
        "node2/haresources: node1 192.168.60.200/24/eth0 Filesystem::/dev/sdb5::/web::ext3",
        "node1 has no such group",
        "node2",
    ),
    Case(
        "ping-on-crossover",
        {
            "site.toml": [
                ('[host."192.168.61.1"]\non = "lan2"', '[host."192.168.61.1"]\non = "cross"')
            ]
        },
        {
            "site.toml": [
                ('[host."192.168.61.1"]\non = "lan2"', '[host."192.168.61.1"]\non = "lan"')
            ]
        },
        'site.toml: [host."192.168.61.1"]',
        "the ping node 192.168.61.1 is on cross, a cable without power",
    ),
    Case(
        "ping-unreachable",
        {"site.toml": [('nic.eth2 = { on = "lan2", address = "192.168.61.12/24" }\n', "")]},
        {
            "site.toml": [('nic.eth2 = { on = "lan2", address = "192.168.61.12/24" }\n', "")],
            "ha.cf": [("ping 192.168.61.1\n", "")],
        },
        'site.toml: [host."192.168.61.1"]',
        "node2 has no NIC on lan2, where the ping node 192.168.61.1 is",
        "node2",
    ),
    Case(
        "service-nic-missing",
        {"haresources": [("201/24/eth0", "201/24/eth9")]},
        {"haresources": [("201/24/eth0", "201/24/192.168.60.255")]},
        "haresources: node2 192.168.60.201/24/eth9",
        "node1 has no NIC eth9 for 192.168.60.201",
        "node1",
    ),
    Case(
        "stonith-plug-missing",
        {"site.toml": [(', node2 = "outlet2" }', " }")]},
        {"site.toml": [('node2 = "outlet2" }', 'node2 = "node2" }')]},
        'site.toml: plugs = { node1 = "outlet1" }',
        "pdu has no plug for node2: it cannot be fenced",
        "node2",
    ),
    Case(
        "stonith-wrong-plug",
        {"site.toml": [('node2 = "outlet2" }', 'node2 = "ups" }')]},
        {"site.toml": [('node2 = "outlet2" }', 'node2 = "b" }')]},
        'site.toml: plugs = { node1 = "outlet1", node2 = "ups" }',
        "pdu switches ups for node2, which hangs on outlet2",
        "node2",
    ),
    Case(
        "stonith-hits-survivor",
        {
            "site.toml": [
                ('outlet1 = "a"', 'outlet1 = "b"'),
                ('node2 = "outlet2" }', 'node2 = "b" }'),
            ]
        },
        {"site.toml": [('outlet1 = "a"', 'outlet1 = "b"')]},
        'site.toml: plugs = { node1 = "outlet1", node2 = "b" }',
        "pdu switches b for node2, and node1 goes down with it",
        "node1",
    ),
    Case(
        "stonith-on-victims-feed",
        {
            "site.toml": [
                ('on = "lan2"\npower = "ups"\nplugs', 'on = "lan2"\npower = "outlet1"\nplugs')
            ]
        },
        {
            "site.toml": [
                ('on = "lan2"\npower = "ups"\nplugs', 'on = "lan2"\npower = "utility"\nplugs')
            ]
        },
        'site.toml: power = "outlet1"',
        "pdu needs outlet1, as node1 does: without it node2 cannot fence, and takes over nothing",
        "node1",
    ),
    Case(
        "stonith-unreachable",
        {"site.toml": [('nic.eth2 = { on = "lan2", address = "192.168.61.12/24" }\n', "")]},
        {"site.toml": [('kind = "apcmaster"\non = "lan2"\n', 'kind = "apcmaster"\n')]},
        'site.toml: on = "lan2"',
        "node2 has no NIC on lan2, where pdu is",
        "node2",
    ),
    Case(
        "stonith-shares-medium",
        {"ha.cf": [("bcast eth1", "bcast eth2"), ("bcast eth0\n", "")]},
        {"ha.cf": [("bcast eth1", "bcast eth2")]},
        'site.toml: on = "lan2"',
        "Without the switch lan2, node1 and node2 neither hear each other nor fence.",
    ),
    Case(
        "watchdog-nowayout",
        {
            "ha.cf": [("", "watchdog /dev/watchdog\n")],
            "site.toml": [("[node.node2]\n", "[node.node2]\nwatchdog = { nowayout = true }\n")],
        },
        {"site.toml": [("[node.node2]\n", "[node.node2]\nwatchdog = { nowayout = true }\n")]},
        "site.toml: watchdog = { nowayout = true }",
        "/dev/watchdog of node2 has nowayout: a stop of heartbeat reboots it",
        "node2",
    ),
    Case(
        "watchdog-absent",
        {
            "ha.cf": [("", "watchdog /dev/watchdog\n")],
            "site.toml": [("[node.node2]\n", '[node.node2]\nwatchdog = { kind = "none" }\n')],
        },
        {"ha.cf": [("", "watchdog /dev/watchdog\n")]},
        'site.toml: watchdog = { kind = "none" }',
        "Cannot open watchdog device: /dev/watchdog (node2 has none)",
        "node2",
    ),
    Case(
        "initdead-below-boot",
        {
            "site.toml": [
                (
                    '"40s..60s"\nnic.eth0 = { on = "lan", address = "192.168.60.12',
                    '"40s..161s"\nnic.eth0 = { on = "lan", address = "192.168.60.12',
                )
            ]
        },
        {
            "site.toml": [
                (
                    '"40s..60s"\nnic.eth0 = { on = "lan", address = "192.168.60.12',
                    '"40s..160s"\nnic.eth0 = { on = "lan", address = "192.168.60.12',
                )
            ]
        },
        'site.toml: boot = "40s..161s"',
        "node2 may boot 2m1s after node1, whose initdead is 2m",
        "node2",
    ),
    Case(
        "single-point-heartbeat",
        {
            "ha.cf": [("bcast eth1", "bcast eth2")],
            "site.toml": [
                ('power = "ups"\n[switch.cross]', 'power = "b2"\n[switch.cross]'),
                ('ups = "c"', 'ups = "c"\nb2 = "b"'),
                ('outlet2 = "b"', 'outlet2 = "a"'),
            ],
        },
        {"ha.cf": [("bcast eth1", "bcast eth2")]},
        'site.toml: b2 = "b"',
        "Without the feed b, node1 and node2 do not hear each other.",
    ),
    Case(
        "single-point-power",
        {"site.toml": [('outlet1 = "a"', 'outlet1 = "b"')]},
        {"site.toml": [('outlet1 = "a"', 'outlet1 = "ups"')]},
        'site.toml: outlet1 = "b"',
        "Without the feed b, node1 and node2 lose power together.",
    ),
    Case(
        "single-point-ping",
        {"ha.cf": [("ping 192.168.61.1\n", "")]},
        {
            "ha.cf": [
                (
                    "ping 192.168.60.1\nping 192.168.61.1\n",
                    "ping_group g 192.168.60.1 192.168.61.1\n",
                )
            ]
        },
        "site.toml: [switch.lan]",
        "Without the switch lan, no ping node answers: 192.168.60.1.",
    ),
    Case(
        "single-point-disk",
        {"site.toml": [("[disk.web]\n", '[disk.web]\npath = "lan2"\n')]},
        {"site.toml": [("[disk.web]\n", '[disk.web]\npath = "direct"\n')]},
        "site.toml: [switch.lan2]",
        "Without the switch lan2, no node reaches the disk web.",
    ),
)
