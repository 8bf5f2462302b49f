"""A case of every rule that speaks the daemon's words."""

from __future__ import annotations

from tests.lint.good import Case

#: Two hundred words that are no directives: more than a file's complaints are shown.
_JUNK = "".join(f"junk{i}\n" for i in range(200))

CASES = (
    Case(
        "file-missing",
        {"authkeys": None},
        {"authkeys": [("", "# nothing else\n")]},
        "authkeys",
        "Cannot open keyfile [./authkeys].  Stop.",
    ),
    Case(
        "more-complaints",
        {"ha.cf": [("", _JUNK)]},
        {"ha.cf": [("", _JUNK[:200])]},
        "ha.cf",
        "more complaints about this file not shown",
    ),
    Case(
        "illegal-directive",
        {"ha.cf": [("keepalive 2", "keepalife 2")]},
        {"ha.cf": [("keepalive 2", "keepalive 2s")]},
        "ha.cf: keepalife 2",
        "Illegal directive [keepalife] in ha.cf",
    ),
    Case(
        "bad-value",
        {"ha.cf": [("keepalive 2", "keepalive 2s")]},
        {"ha.cf": [("keepalive 2", "keepalife 2")]},
        "ha.cf: keepalive 2s",
        "keepalive [2s] is not a time",
    ),
    Case(
        "stonith-invalid",
        {"ha.cf": [("stonith_host * apcmaster pdu", "stonith_host *")]},
        {"ha.cf": [("stonith_host * apcmaster pdu", "stonith_host * apcmaster")]},
        "ha.cf: stonith_host *",
        "Invalid Stonith type []",
    ),
    Case(
        "no-media",
        {
            "ha.cf": [
                ("bcast eth0\n", ""),
                ("bcast eth1\n", ""),
                ("ping 192.168.60.1\n", ""),
                ("ping 192.168.61.1\n", ""),
            ]
        },
        {"ha.cf": [("bcast eth0\n", ""), ("bcast eth1\n", "")]},
        "ha.cf",
        "No heartbeat media defined",
    ),
    Case(
        "no-nodes",
        {"ha.cf": [("node node1 node2\n", "")]},
        {"ha.cf": [("node node1 node2", "node node1 node1")]},
        "ha.cf",
        "no nodes defined",
    ),
    Case(
        "node-not-declared",
        {"node2/ha.cf": [("node node1 node2", "node node1 node3")]},
        {"node2/ha.cf": [("node node1 node2", "node node1 NODE2")]},
        "node2/ha.cf: node node1 node3",
        "Current node [node2] not in configuration!",
        "node2",
    ),
    Case(
        "deadtime-too-small",
        {"ha.cf": [("deadtime 30", "deadtime 4")]},
        {"ha.cf": [("deadtime 30", "deadtime 4001ms")]},
        "ha.cf: deadtime 4",
        "Dead time [4000] is too small compared to keeplive [2000]",
    ),
    Case(
        "initdead-below-deadtime",
        {"ha.cf": [("initdead 120", "initdead 29")]},
        {"ha.cf": [("initdead 120", "initdead 30")]},
        "ha.cf: initdead 29",
        "Initial dead time [29000] is smaller than deadtime [30000]",
    ),
    Case(
        "deadping-too-small",
        {"ha.cf": [("", "deadping 4\n")]},
        {"ha.cf": [("", "deadping 5\n")]},
        "ha.cf: deadping 4",
        "Ping dead time [4000] is too small compared to keeplive [2000]",
    ),
    Case(
        "no-logging",
        {"ha.cf": [("logfacility local0\n", ""), ("use_logd on", "use_logd off")]},
        {"ha.cf": [("logfacility local0\n", "")]},
        "ha.cf: use_logd off",
        "No log entry found in ha.cf -- use logd",
    ),
    Case(
        "autojoin-without-crm",
        {"ha.cf": [("", "autojoin any\n")]},
        {"ha.cf": [("", "autojoin none\n")]},
        "ha.cf: autojoin any",
        "R1 style resource management conflicts with  autojoin set",
    ),
    Case(
        "bad-nodename",
        {"haresources": [("node2 ", "node2.example.org ")]},
        {"haresources": [("node2 ", "NODE2 ")]},
        "haresources: node2.example.org 192.168.60.201/24/eth0",
        "Bad nodename in haresources [node2.example.org]",
    ),
    Case(
        "authkeys-mode",
        {"site.toml": [('"0600"', '"0644"')]},
        {"site.toml": [('"0600"', '"0622"')]},
        "authkeys",
        "Bad permissions on keyfile [authkeys], 600 recommended.",
    ),
    Case(
        "authkeys-invalid",
        {"authkeys": [("1 sha1", "1 sha512")]},
        {"authkeys": [("1 sha1", "1 md5")]},
        "authkeys: 1 sha512 SomethingRandom",
        "Invalid authtype [sha512]",
    ),
    Case(
        "initdead-too-small",
        {
            "ha.cf": [
                ("deadtime 30", "deadtime 5"),
                ("warntime 10\n", ""),
                ("initdead 120", "initdead 9"),
            ]
        },
        {
            "ha.cf": [
                ("deadtime 30", "deadtime 5"),
                ("warntime 10\n", ""),
                ("initdead 120", "initdead 10"),
            ]
        },
        "ha.cf: initdead 9",
        "Initial dead time [9000 ms] may be too small!",
    ),
    Case(
        "legacy-failback",
        {"ha.cf": [("auto_failback on", "auto_failback legacy")]},
        {"ha.cf": [("auto_failback on", "auto_failback off")]},
        "ha.cf: auto_failback legacy",
        "Deprecated 'legacy' auto_failback option selected.",
    ),
    Case(
        "logd-disabled",
        {"ha.cf": [("use_logd on\n", "")]},
        {"ha.cf": [("use_logd on", "use_logd yes")]},
        "ha.cf: logfacility local0",
        "Logging daemon is disabled --enabling logging daemon is recommended",
    ),
    Case(
        "udp-is-bcast",
        {"ha.cf": [("bcast eth1", "udp eth1")]},
        {"ha.cf": [("bcast eth1", "ucast eth1 10.0.0.9")]},
        "ha.cf: udp eth1",
        "WARNING: directive 'udp' replaced by 'bcast'",
    ),
    Case(
        "nice-failback-obsolete",
        {"ha.cf": [("auto_failback on", "nice_failback on")]},
        {"ha.cf": [("auto_failback on", "auto_failback off")]},
        "ha.cf: nice_failback on",
        "nice_failback is obsolete",
    ),
    Case(
        "logd-assumed",
        {"ha.cf": [("logfacility local0\n", ""), ("use_logd on\n", "")]},
        {"ha.cf": [("logfacility local0\n", "")]},
        "ha.cf",
        "No log entry found in ha.cf -- use logd",
    ),
    Case(
        "stray-node-folder",
        {"node3/haresources": []},
        {"node2/haresources": []},
        "config/node3",
        "'node3' is no node of ha.cf; did you mean 'node2'?",
    ),
    Case(
        "ping-not-in-site",
        {"ha.cf": [("ping 192.168.60.1\n", "ping 192.168.60.2\n")]},
        {"ha.cf": [("ping 192.168.60.1\n", "")]},
        'site.toml: [host."192.168.60.1"]',
        "the ping node '192.168.60.2' is no host of this site: it never answers",
    ),
    Case(
        "disk-not-in-site",
        {"site.toml": [('node2 = "/dev/sdb5"', 'node2 = "/dev/sdc5"')]},
        {"site.toml": [("[disk.web]", "[disk.other]")]},
        "site.toml: [disk.web]",
        "no [disk] of this site is seen by node2 as '/dev/sdb5'",
    ),
    Case(
        "stonith-not-in-site",
        {"ha.cf": [("apcmaster pdu", "external/ipmi pdu")]},
        {"ha.cf": [("apcmaster pdu", "ssh node1 node2")]},
        "site.toml: [stonith.pdu]",
        "no [stonith] device of this site has the kind 'external/ipmi', which ha.cf uses",
    ),
    Case(
        "site-mismatch",
        {"ha.cf": [("bcast eth1", "bcast eth3")]},
        {"ha.cf": [("bcast eth1", "bcast eth2")]},
        "site.toml: [node.node1]",
        "node1 has no NIC 'eth3', which ha.cf uses",
    ),
    Case(
        "site-invalid",
        {"site.toml": [("boot =", "boots =")]},
        {"site.toml": [("boot =", "# boot =")]},
        'site.toml: boots = "40s..60s"',
        "unknown key 'boots' in [node.node1]; did you mean 'boot'?",
    ),
)
