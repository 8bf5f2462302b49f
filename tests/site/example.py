"""The site file of the founding cluster, as the formats document gives it."""

EXAMPLE = """\
schema = 1
heartbeat = "2.0.8"                     # behaviour and wording; or "3.0.6"
epoch = "2007-11-26T07:52:21"           # wall clock of a node with offset 0 at t = 0
config = { authkeys_mode = "0600" }
[switch.lan]                            # broadcast domain; one-way latency
latency = "100us..300us"
power = "utility"
[switch.cross]                          # a crossover cable: no power entry
latency = "50us"
[node.node1]
power = "outlet1"
boot = "40s..60s"
heartbeat = "on-boot"                   # or "manual"
clock = { offset = "0s", drift_ppm = 0 }
first_pid = 3688
nic.eth0 = { on = "lan", address = "192.168.60.11/24" }
nic.eth1 = { on = "cross", address = "10.0.0.1/24" }
[node.node2]
power = "outlet2"
boot = "40s..60s"
clock = { offset = "-71.5s" }
first_pid = 2109
nic.eth0 = { on = "lan", address = "192.168.60.12/24" }
nic.eth1 = { on = "cross", address = "10.0.0.2/24" }
[host."192.168.60.1"]                   # ping nodes and outside clients
on = "lan"
power = "utility"
[host.client]
on = "lan"
probes = "192.168.60.200"
[feed]                                  # child = parent
outlet1 = "utility"
outlet2 = "utility"
[disk.web]
seen_as = { node1 = "/dev/sdb5", node2 = "/dev/sdb5" }
path = "direct"
[script]                                # durations; [script.node2] overrides
IPaddr = { start = "0.8s..1.5s", stop = "0.3s..1s", status = "50ms..200ms" }
Filesystem = { start = "0.4s..1s", stop = "0.5s..1s", status = "50ms..200ms" }
harc = "20ms..100ms"
[stonith.pdu]
kind = "apcmaster"
on = "lan"
power = "utility"
plugs = { node1 = "outlet1" }
off = "3s"
reboot = "8s"
[service."192.168.60.200"]              # what is behind the address
recovery = "2s"
"""
