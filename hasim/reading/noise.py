"""Lines that are known and tell nothing: start-up chatter, statistics, dumps, traces of the code.

One pattern a line, matched at the beginning of the text; the groups are by who writes them. What is
of the level ERROR or graver is never noise, and a line that tells of trouble is not listed here: it
stays unknown, and `hasim read` shows it. `tests/data/logs/wordings-3.0.6.txt` has the wordings of
3.0.6 that these are made for; patterns under "from memory" are of older versions, as remembered.
"""

from __future__ import annotations

import re

__all__ = ["is_bare_noise", "is_noise", "is_repeated"]

_GRAVE = frozenset({"EMERG", "ALERT", "CRIT", "ERROR", "error"})
_DEBUG_LEVELS = frozenset({"debug", "DEBUG"})

#: Of the libraries, in the log of whatever program uses them.
_LIBRARY = r"""
G_main_add_\w+: Added signal
G_main_IPC_Channel_constructor\(sock=
Core dumps could be lost if
Consider setting .* for maximum supportability
Not possible to enable core dumps
pid \d+ locked in memory\.
Request to set pid \d+ to realtime ignored
Initializing connection to logging daemon failed
log-rotate detected on logfile
'.*' messages logged too often
cl_get_compress_fns: user didn't set compression type
Traditional compression selected
See \S+ for (?:more information|details)
Invoked:
(?:socket_check_poll\(\): )?HUP without input
time_longclock: clock_t wrapped around
MSG: (?:Dumping message with|No message to dump)
MSG\[\d+\] ?: ?\[
(?:clmsg|ipcsocket) ipcmsg allocated=
(?:num_pool_allocated=|nmsgs=|pool: refcount=|ipcmsg: msg_len=|dumping msg stats:)
"""
#: The same, from memory: statistics of 1.2 and 2.x, once a day or at the end.
_STATISTICS = r"""
(?:MSG|REG|RL) ?stats:
(?:hb_stats|cl_malloc stats|RealMalloc stats|Current arena value|ha_malloc stats)\b
(?:Total message count|total (?:real )?malloc bytes)
\w+: registering new connection
"""
#: The daemon while it starts.
_START = r"""
Heartbeat Hg Version:
(?:Enabling|Disabling) logging daemon
logfile and debug file are those specified in logd config file
logd is enabled but (?:logfile|/?debugfile|/?logfacility)\S* is still configured in ha\.cf
AUTH: i=\d+: key =
Auth method \[.*\] doesn't use a key
Enabling Valgrind on
Registered with apphbd as
Continuing to try and register
seed is \d
heartbeat: already running
\S*: udp port \d+ reserved for service
WARNING: directive '\w+' replaced by
(?:An annotated sample|Please copy it to|See also:)
Syntax: \w+ client
(?:Where uidlist|and gidlist) is
One or the other must be specified
the send queue length from heartbeat to client
restart: +(?:i_hold_resources =|assuming|acquiring|local resources already acquired)
"""
#: The same, from memory: 1.2 and 2.x.
_START_OLDER = r"""
Version 2 support:
Neither logfile nor logfacility found
Logging defaulting to
(?:Beginning authentication|Using the default)
(?:See URL:|Cluster status:|Strict resource)
Parameter \w+ .* is obsolete
directive \S+ is deprecated
heartbeat startup (?:complete|delayed)
nice_failback is in effect
Heartbeat (?:MCP|restart) process
Requesting our resources
"""
#: The daemon at work: steps whose outcome another line tells.
_WORK = r"""
AnnounceTakeover\(
(?:hb_signal_giveup_resources|hb_giveup_resources)\(\): current status:
(?:standby: )?(?:other_holds|i_hold)_resources:
hb_send_local_status\(\)
\d+ local resources from \[
go_standby: (?:who:|\(query/action\):)
New standby state:
STATE \d+ => \d+
(?:FIFO message \[type|Writing type \[)
Retransmitting pkt
Rexmit STRING conversion:
Child rereading authentication file
Successful watchdog
(?:hist->|hist information:|hiseq =|cseq =|fromnode =|msg size =)
(?:curr_index=|first_msg_seq =|q->backupQ is NULL)
api_process_request: general message from casual client
"""
#: Plugins: media, and devices whose success the daemon tells by itself.
_PLUGINS = r"""
glib: euid=\d
glib: \S+ pgrp:
glib: See \S+ for details
glib: Someone already listening on port
glib: multicast read process exiting
glib: In CloseGenInterFaceManager
glib: Host (?:is )?being rebooted:
glib: Power restored to host:
glib: Power to (?:MS|NPS) outlet
glib: Successful login to
glib: node Meatware-reset:
glib: Host \S+ ipmilan(?:-reset\.| status OK)
glib: The ipmilan stonith plugin is deprecated
glib: external_run_cmd: '.*' output:
glib: parse config info
"""
#: logd, ccm, apphbd.
_HELPERS = r"""
logd started with
setting (?:log file|debug file|log facility|entity|syslogprefix|(?:send|recv) queue length) to
SIGHUP received, re-opened log files
Waiting for pid=
Exiting write process
Pid \d+ exited
ha_logd already stopped
logd_term_(?:write_)?action:
Log mode \[.*\] assumed to be octal
Hostname:
client (?:\(pid=\d+\) removed from ccm|already initialized)
received SIGTERM, going to shut down
set debug_level to
displaying update information:
leader=\d+\(
\d+:\S+ uptime=
after adding node
ccm_state_sent_memlistreq: directly call
Starting apphbd
\[apphbd\] stopped
Plugin \[.*\] loaded
apphb_client_remove: client
Using watchdog device:
"""
#: ResourceManager and the scripts of rc.d.
_SCRIPTS = r"""
XXXX standby node
\S*ask_resources: nice_failback: acquiring foreign resources
Read the docs and/or source to
If you don't know what this means
"""
#: Resource agents: what is neither an address nor a mount that comes or goes. Routes, ``ip`` and
#: what the commands of LVM say are from memory.
_AGENTS = r"""
(?:eval )?\S*route -n (?:add|del)
\S*ip (?:link set \S+ up|-o -f inet addr show|route delete)
Bringing device \S+ up
killed previously running send_arp
Sleeping until \S+ is released
Checking IP stack
(?:Removing conflicting loopback|Restoring loopback IP Address)
IP status = \w+, IP_CIP=
Gratuitous ARPs are not sent
Adding IPv6 address label
Please convert dotted quad netmask
This resource agent is deprecated
SendArp for \S+ released
No preferred source address defined, nothing to stop
The ip route has been already set
Starting filesystem check on
Checking support for \S+ as
sending signal \w+ to:
\S+ is (?:un)?mounted \((?:stopped|running)\)
Change force_umount from
Unable to find support for \S+ in /proc/filesystems after modprobe, trying again
(?:Activating|Deactivating|Retry deactivating) volume group
LVM Volume \S+ is not available \(stopped\)
(?:Reading all physical volumes|Found volume group "|\d+ logical volume\(s\) in volume group)
(?:Attempting to mark|Stopping) array
running lsof to list
(?:ls -l /sys/block/|setting udev to false)
\S+ not found in /proc/mdstat
\S+ is not a block device$
block device file \S+ missing
Delay (?:already (?:running|stopped)\.|is (?:running OK|stopped))
(?:apache|httpd|MySQL) (?:is )?(?:not running|already (?:running|stopped)|started|stopped)
(?:Attempting graceful stop of|Killing|waiting for) apache
signal \w+ sent to apache children
Using \S+ as HTTPD
Successfully retrieved http header
MySQL (?:monitor succeeded|still hasn't stopped yet|instance running as a replication slave)
Creating (?:PID|socket) dir:
asked xinetd to reload
checking "disable" in
(?:disabling|enabling) in
service \S+ already (?:started|stopped)
setting "disable =
"""

#: At level debug alone. Plugins, and calls of functions, whatever they are.
_TRACES = r"""
glib:
\w+\(.*\) ?\{$
\}/\*.*\*/;?$
\s*return \w+;$
"""
_DEBUG_LIBRARY = r"""
G_CH_destroy_int:
G_main_del_IPC_Channel\(
socket_(?:destroy_wait_conn|disconnect): closing socket
(?:Forking temp process|TempProcess(?:Died|Trigger):)
Process \d+ died \(\d+\) but is not tracked
Limiting CPU:
adjusted \w+buf size to
\S+ length \d+ \[
Received but ignored message
Delaying cstatus request
"""
_DEBUG_START = r"""
\d+ max authentication methods
Authentication parsing complete
Found authentication method
Keyfile (?:opened|perms OK)
Outbound signing method is
HA configuration OK
Comparing directive \[
add_option\(
setting env\(
opening \S+ \S+ \(
Set watchdog timer to
Setting max_rexmit_delay to
Starting local status message
(?:FIFO|read child|write) process pid:
Process \[.*\] started pid
Waiting for child processes to start
Initializing resource state to
debug now set to
stat of \S+:
uuid(?:=| is:)
displaying uuid table
(?:make|shutdown)_io_childpair:
"""
_DEBUG_CLIENTS = r"""
\S+ \S+ uid=\S*, gid=
Checking (?:access of:|client authorization)
Creating authentication: uidptr
(?:Idle|RUNNING) Child client
Sign(?:ing client|ing on API client)
Sending API message
api_process_registration_msg\(
api_remove_client_int: removing
api_send_client: client \d+ died
api_heartbeat_monitor: client is
Client (?:pid \d+ died|\S+ \(pid=\d+\) killed)
EOF from client pid
client->gsource =
client_status_msg_queue
one entry added to client_status_msg_queue
delivering client status message
(?:CreateInitialFilter:|FilterNotifications\()
"""
_DEBUG_PACKETS = r"""
(?:Creating|Destroying|destroying the) seq snapshot
(?:Creating|Removing) one entry in seq snapshot
create_seq_snapshot_table: no missing
destroying the seq snapshot
Message (?:0x\w+|allocated):?
Packet authenticated
At max \d+ pkts missing
\d+: missing pkt:
expecting from
it's ackseq=
got msg in process_outbound_packet
add_control_msg_fields:
fifo_child(?: message:|: EOF on FIFO)
should_drop_message: Duplicate packet
rexmit request from node
process_clustermsg: node \[
Status seqno:
PID \d+: Sending local status
polled_input_(?:check|prepare)\(\):
(?:Adding (?:this node|node\(\S+\)) to deletion list|\w+: adding node)
(?:Get a re[pq]nodes|sending reqnodes|nodelist received:)
"""
_DEBUG_RESOURCES = r"""
Auto failback triggered
Calling PerformAutoFailback
PerformQueuedNotifyWorld\(\)
Queueing remote resource request
RscMgmtProc '.*' exited code
StartNextRemoteRscReq\(\) - calling hook
Starting notify process
notify_world: (?:Running|invoking)
Received (?:standby message|T_SHUTDONE)
Sending (?:T_SHUTDONE|hold resources msg|local starting msg|standby \[)
standby message ignored during shutdown
(?:ask_for_resources|go_standby|takeover_from_node|hb_rsc_\w+): \w
process_resources(?:\(\d\))?:
req_our_resources\(
\S+ child process unneeded
Starting \S+ .*(?:start|stop|status)$
\S+ .* done\. RC=\d+$
in \S*req_resource
dont_ask:
"""
_DEBUG_SHUTDOWN = r"""
hb_(?:initiate|mcp_final)_shutdown\(\)
Calling (?:hb_mcp_final_shutdown|localdie)
Shutting down client
shutdown_last_client_child:
(?:Final )?client ".*" died
Exiting from pid
Killing pid \d
Process \d+ processing SIGTERM
All your child process
\d+: Signalling process
Wait for pid \d
pid \d+: (?:received signal|type is)
"""
_DEBUG_HELPERS = r"""
=+ +(?:Starting|Ending)
\s*(?:the following are the members|nodename=|has_quorum=|leader=|status=|transition=)
ccm(?:_\w+: +(?:cookie changed|keepalive=|leader +changed)| on \S+ started)
client: pid =
considering a late join
delivering new membership
dump current membership
joined but not really
membership state: (?:new membership|not primary)
node (?:\d+ =|state \S+ ->)
nodelist update:
(?:quorum changed|quorum is|No quorum selected)
(?:recv|send) msg \S+ (?:from|to)
status of node
(?:total node number is|Total # of Nodes)
version_retry:
we are not in CCM_STATE_JOINED
(?:Cluster node:|Link Status update:|Signing in with|Starting node walk|Waiting for messages)
Setting message (?:filter mode|signal)
(?:PID=|\[We are )
apphb_\w+:
(?:Stopping ha_logd|Writing out \d+ messages)
(?:Client|Deleting) \S+ \(0x
(?:Connecting channel|destroying connection:|one client with)
Got message from \(
Process(?:ed \d+ messages|ing msg from)
(?:invoked:|msg_outdate_rc:|msg_start_outdate:|sending \[start_outdate)
node \S+ found with status
\S+ no message this time
"""


def _any_of(*groups: str) -> re.Pattern[str]:
    lines = [line for group in groups for line in group.strip("\n").split("\n")]
    return re.compile("|".join(lines), re.ASCII)


_NOISE = _any_of(
    _START, _START_OLDER, _WORK, _LIBRARY, _STATISTICS, _PLUGINS, _HELPERS, _SCRIPTS, _AGENTS
)
_DEBUG = _any_of(
    _TRACES, _DEBUG_LIBRARY, _DEBUG_START, _DEBUG_CLIENTS, _DEBUG_PACKETS, _DEBUG_RESOURCES,
    _DEBUG_SHUTDOWN, _DEBUG_HELPERS,
)  # fmt: skip
#: What syslog writes in place of lines that it has written before, in the name of any program.
_REPEATED = re.compile(r"last message repeated \d+ times$|message repeated \d+ times: \[", re.ASCII)
#: Output of scripts that has neither a stamp nor a name: in the debug file of 3.0.6.
_BARE = re.compile(
    r"(?:INFO|ERROR|WARNING|DEBUG|info|debug): .*|SIOC[A-Z]+: .*|umount: .*|mount: .*"
    r"|[\w./-]+: line \d+: .*|ARPING .*|Sent \d+ probes.*|Received \d+ response.*"
    r"|.* last message repeated \d+ times"
    r"|-- (?:Logs begin|Journal begins|Reboot|Boot|No entries).*",
    re.ASCII | re.DOTALL,
)


def is_noise(level: str, text: str) -> bool:
    """Tell whether a line of Heartbeat is known and tells nothing."""
    if level in _GRAVE:
        return False
    if _NOISE.match(text) is not None:
        return True
    return level in _DEBUG_LEVELS and _DEBUG.match(text) is not None


def is_repeated(text: str) -> bool:
    """Tell whether syslog says, in the name of any program, that a line came several times."""
    return _REPEATED.match(text) is not None


def is_bare_noise(text: str) -> bool:
    """Tell whether text without a head is known and tells nothing."""
    return _BARE.fullmatch(text) is not None
