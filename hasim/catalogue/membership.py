"""Wording about nodes, links and packets (semantics 3, 4, 12, 15.2)."""

from __future__ import annotations

from hasim import events as ev
from hasim.catalogue.entry import heartbeat, stands

__all__ = ["ENTRIES"]

_LATE = "Late heartbeat: Node {peer}: interval {interval_ms} ms"
_LATE_OVER = stands("mcp late peer ms=interval_ms", over="yes")
_SITE = "http://linux-ha.org/"
_HISTORY = "Message hist queue is filling up ({count} messages in queue)"

ENTRIES = (
    heartbeat(
        ev.LocalStatus,
        "info",
        "Local status now set to: '{status:name}'",
        stands("mcp status-local s=status"),
    ),
    heartbeat(ev.LinkUp, "info", "Link {peer}:{medium} up.", stands("mcp link-up peer medium")),
    heartbeat(
        ev.LinkDead, "info", "Link {peer}:{medium} dead.", stands("mcp link-dead peer medium")
    ),
    heartbeat(
        ev.NodeStatus,
        "info",
        "Status update for node {peer}: status {status}",
        stands("mcp node-status peer s=status"),
    ),
    heartbeat(
        ev.RestartSeen,
        "info",
        "Heartbeat restart on node {peer}",
        stands("mcp restart-seen peer"),
    ),
    heartbeat(ev.NodeDead, "WARN", "node {peer}: is dead", stands("mcp node-dead peer")),
    heartbeat(
        ev.LateHeartbeat,
        "WARN",
        _LATE,
        stands("mcp late peer ms=interval_ms", over="no"),
        when={"over": False},
    ),
    heartbeat(
        ev.LateHeartbeat,
        "CRIT",
        canonical=_LATE_OVER,
        new=f"{_LATE} (> deadtime)",
        when={"over": True},
    ),
    # 2.0.8 does not say whether deadtime has passed too.
    heartbeat(
        ev.LateHeartbeat, "WARN", canonical=_LATE_OVER, old=_LATE, when={"over": True}, reads=False
    ),
    heartbeat(ev.CommUp, "info", "Comm_now_up(): updating status to active", stands("mcp comm-up")),
    heartbeat(ev.NodeListRemoved, "info", "Removing node [{node}] from configuration."),
    heartbeat(ev.DelnodelistDebug, "debug", "get_delnodelist: delnodelist= "),
    heartbeat(
        ev.LostPackets,
        "WARN",
        "{count} lost packet(s) for [{peer}] [{first}:{last}]",
        stands("mcp lost n=count peer"),
    ),
    heartbeat(
        ev.NothingMissing, "info", "No pkts missing from {peer}!", stands("mcp recovered peer")
    ),
    heartbeat(ev.LostALot, "ERROR", "lost a lot of packets!"),
    heartbeat(
        ev.RexmitSeqHigh,
        "WARN",
        "Rexmit of seq {seq} requested. {highest} is max.",
        stands("mcp rexmit-refused"),
    ),
    heartbeat(ev.RexmitFailed, "ERROR", "Cannot rexmit pkt {seq} for {peer}: {reason:rest}"),
    heartbeat(ev.PacketLostForGood, "ERROR", "Irretrievably lost packet: node {peer} seq {seq}"),
    heartbeat(
        ev.ReplayAttack,
        "ERROR",
        "should_drop_message: attempted replay attack [{peer}]? [gen = {gen}, curgen = {known}]",
    ),
    heartbeat(ev.BadNode, "ERROR", "process_status_message: bad node [{peer}] in message"),
    heartbeat(ev.AuthFailed, "WARN", "string2msg_ll: node [{peer}] failed authentication"),
    heartbeat(ev.AuthFailedType, "WARN", "Invalid authentication type [{number}] in message!"),
    heartbeat(
        ev.AuthFailedToken,
        "ERROR",
        "authtoken does not match, authtoken={authtoken}, authstr={authstr}",
        stands("mcp auth-failed", what="authtoken does not match"),
    ),
    heartbeat(
        ev.AuthFailedNetstring,
        "ERROR",
        "netstring authentication failed, s={packet:rest}, autotoken={token:rest}",
        stands("mcp auth-failed", what="netstring authentication failed"),
    ),
    heartbeat(ev.MessageDumped, "ERROR", "MSG: Dumping message with {count} fields"),
    heartbeat(ev.MessageFieldDumped, "ERROR", "MSG[{index}] : [{text:rest}]"),
    heartbeat(ev.MessageEmpty, "ERROR", "msg2string: Message with zero fields"),
    heartbeat(ev.FifoLineDamaged, "WARN", "ha_msg_add_nv_depth: line doesn't contain '='"),
    heartbeat(ev.FifoLineStray, "info", ">>>"),
    heartbeat(ev.FifoMessageDamaged, "ERROR", "NV failure (msgfromsteam): [{text:rest}]"),
    heartbeat(ev.FlowPaused, "info", "all clients are now paused"),
    heartbeat(ev.FlowResumed, "info", "all clients are now resumed"),
    heartbeat(
        ev.FlowControlDisabled, "info", "flow control disabled due to different version heartbeat"
    ),
    heartbeat(ev.HistoryFilling, "WARN", new=_HISTORY, when={"critical": False}),
    heartbeat(ev.HistoryFilling, "ERROR", new=_HISTORY, when={"critical": True}),
    heartbeat(ev.HistoryFilling, "ERROR", old=_HISTORY, when={"critical": False}),
    # 2.0.8 has one level for both.
    heartbeat(ev.HistoryFilling, "ERROR", old=_HISTORY, when={"critical": True}, reads=False),
    heartbeat(
        ev.PartitionReturn,
        "CRIT",
        "Cluster node {peer} returning after partition.",
        stands("mcp partition-return peer"),
    ),
    heartbeat(
        ev.PartitionSeeUrl,
        "info",
        canonical=stands("mcp partition-note", what="For information on cluster partitions"),
        old=f"For information on cluster partitions, See URL: {_SITE}SplitBrain",
        new=f"For information on cluster partitions, See URL: {_SITE}wiki/Split_Brain",
    ),
    heartbeat(
        ev.DeadtimeMayBeSmall,
        "WARN",
        "Deadtime value may be too small.",
        stands("mcp partition-warning"),
    ),
    heartbeat(
        ev.PartitionSeeFaq,
        "info",
        "See FAQ for information on tuning deadtime.",
        stands("mcp partition-note", what="See FAQ for information on tuning"),
    ),
    heartbeat(
        ev.PartitionFaqUrl,
        "info",
        canonical=stands("mcp partition-note", what="URL: "),
        old=f"URL: {_SITE}FAQ#heavy_load",
        new=f"URL: {_SITE}wiki/FAQ#Heavy_Load",
    ),
    heartbeat(ev.NoLocalHeartbeat, "ERROR", "No local heartbeat. Forcing restart."),
    heartbeat(
        ev.SeeUrl,
        "info",
        old=f"See URL: {_SITE}FAQ#no_local_heartbeat",
        new=f"See URL: {_SITE}wiki/FAQ#No_Local_Heartbeat",
    ),
    heartbeat(ev.ClockJumpedBack, "info", "Clock jumped backwards. Compensating."),
    heartbeat(
        ev.SendFailed,
        "ERROR",
        new="glib: {kind}_write: Unable to send HBcomm packet {device} {peer}:{port}"
        " len={length} [-1]: {reason:rest}",
    ),
    heartbeat(
        ev.BcastSendFailed,
        "ERROR",
        old="glib: Unable to send bcast [-1] packet(len={length}): {reason:rest}",
    ),
    heartbeat(
        ev.WriteFailed,
        "ERROR",
        old="write failure on {kind} {device}.: {reason:rest}",
        new="write_child: write failure on {kind} {device}.: {reason:rest}",
    ),
    heartbeat(ev.WriteErrorsSuppressed, "WARN", new="Temporarily Suppressing write error messages"),
    heartbeat(ev.CableUnplugged, "WARN", new="Is a cable unplugged on {kind} {device}?"),
    heartbeat(
        ev.NoWorkingMedia,
        "CRIT",
        new="send_to_all_media: No working comm channels to write to.",
    ),
    heartbeat(
        ev.TimeoutNull,
        "ERROR",
        "Attempt to remove timeout ({tag}) with NULL source",
        stands("mcp timeout-null"),
    ),
)
