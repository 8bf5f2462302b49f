"""Wording about children, clients, stalls, shutdown and restart (semantics 4.8, 6, 15.2)."""

from __future__ import annotations

from hasim import events as ev
from hasim.catalogue.entry import Stands, heartbeat, stands

__all__ = ["ENTRIES"]

_FENCE_EXIT = stands("mcp fence-exit rc=code", peer="{what:last}")
_FENCE_CHECK_EXIT = stands("mcp fence-check-exit rc=code")
_CLIENT_EXIT = stands("mcp client-exit rc=code", name="{what:last}")
_CLIENT_KILLED = stands("mcp client-exit signal", name="{what:last}")
_CORE_KILLED = stands("mcp child-died child=what signal")


def _exited(event: ev.ChildExited) -> Stands | None:
    if event.what.startswith("STONITH "):
        return _FENCE_EXIT
    if event.code:
        return None
    return _FENCE_CHECK_EXIT if event.what == "STONITH-stat" else _CLIENT_EXIT


def _killed(event: ev.ChildKilled) -> Stands:
    return _CORE_KILLED if event.what.startswith("HB") else _CLIENT_KILLED


_OLD_EXIT = "Exiting {what:rest} process {pid} returned rc "
_NEW_EXIT = "Managed {what:rest} process {pid} exited with return code "
_DISPATCH = "{source}: Dispatch function for {what:rest} "

ENTRIES = (
    heartbeat(
        ev.ClientStarting,
        "info",
        'Starting child client "{command:quoted}" ({uid},{gid})',
        stands("mcp client-start", name="{command:last}"),
    ),
    heartbeat(
        ev.ClientExec,
        "info",
        'Starting "{command:quoted}" as uid {uid}  gid {gid} (pid {pid})',
        stands("helper client-exec", name="{command:last}"),
    ),
    heartbeat(
        ev.ClientRespawn,
        "ERROR",
        'Respawning client "{command:quoted}":',
        stands("mcp client-respawn", name="{command:last}"),
    ),
    heartbeat(ev.ClientRespawnTooFast, "ERROR", 'Client {command:rest} "respawning too fast"'),
    heartbeat(ev.ClientUnstartable, "ERROR", "Cannot exec {command}: {reason:rest}"),
    heartbeat(ev.ClientDuplicate, "WARN", "duplicate client add request [{command:inner}] [{pid}]"),
    heartbeat(
        ev.ClientUnaddable,
        "ERROR",
        "api_process_registration_msg: cannot add client()",
        when={"command": ""},
    ),
    heartbeat(
        ev.ClientUnaddable,
        "ERROR",
        "api_process_registration_msg: cannot add client({command:rest})",
    ),
    heartbeat(
        ev.ClientUnauthorised,
        "WARN",
        "Client [{command:inner}] pid {pid} failed authorization [{reason:rest}]",
    ),
    heartbeat(ev.ClientAuditDied, "info", "api_audit_clients: client {pid} died"),
    heartbeat(
        ev.ChildExited,
        "info",
        canonical=_exited,
        old=f"{_OLD_EXIT}0.",
        new=f"{_NEW_EXIT}0.",
        when={"code": 0},
    ),
    heartbeat(
        ev.ChildExited,
        "WARN",
        canonical=_exited,
        old=_OLD_EXIT + "{code}.",
        new=_NEW_EXIT + "{code}.",
    ),
    heartbeat(
        ev.ChildKilled,
        "WARN",
        canonical=_killed,
        old="Exiting {what:rest} process {pid} killed by signal {signal}.",
        new="Managed {what:rest} process {pid} killed by signal {signal:signal}.",
    ),
    heartbeat(
        ev.CoreProcessDied,
        "ERROR",
        old="Core heartbeat process died! Restarting.",
        new="Core heartbeat process {child} (pid {pid}) died! Restarting.",
    ),
    heartbeat(
        ev.CommRestart,
        "ERROR",
        new="{child} process died.  Beginning communications restart process for comm channel"
        " {channel}.",
        canonical=stands("mcp comm-restart child channel"),
    ),
    heartbeat(
        ev.CommBothDied,
        "ERROR",
        new="Both comm processes for channel {channel} have died.  Restarting.",
        canonical=stands("mcp comm-both-died channel"),
    ),
    heartbeat(
        ev.CommRestarted,
        "info",
        new="Communications restart succeeded.",
        canonical=stands("mcp comm-restarted"),
    ),
    heartbeat(
        ev.FifoRestart,
        "WARN",
        new="Restarting HBFIFO process.",
        canonical=stands("mcp fifo-restart"),
    ),
    heartbeat(
        ev.EmergencyMasterDied,
        "CRIT",
        "Emergency Shutdown: Master Control process died.",
        stands("helper emergency"),
    ),
    heartbeat(
        ev.EmergencyKilling,
        "CRIT",
        "Killing pid {pid} with SIGTERM",
        stands("helper emergency-kill"),
    ),
    heartbeat(
        ev.EmergencyEnd,
        "CRIT",
        "Emergency Shutdown(MCP dead): Killing ourselves.",
        stands("helper emergency-end"),
    ),
    heartbeat(
        ev.EmergencyTimeout,
        "CRIT",
        "Emergency Shutdown: Attempting to kill everything ourselves",
    ),
    heartbeat(
        ev.DispatchLate,
        "WARN",
        _DISPATCH + "was delayed {delay_ms} ms (> {limit_ms} ms) before being called"
        " (GSource: {address})",
        stands("mcp dispatch-late src=source what ms=delay_ms"),
    ),
    heartbeat(
        ev.DispatchLateNote,
        "info",
        "{source}: started at {started} should have started at {due}",
        stands("mcp dispatch-late-note src=source"),
    ),
    heartbeat(
        ev.DispatchLong,
        "WARN",
        _DISPATCH + "took too long to execute: {took_ms} ms (> {limit_ms} ms) (GSource: {address})",
    ),
    heartbeat(ev.RebootForced, "EMERG", new="Rebooting system.  Reason: {reason:rest}"),
    heartbeat(
        ev.ShutdownUncommunicative,
        "WARN",
        "Shutdown delayed until Communication is up.",
        stands("mcp shutdown-delayed", until="Communication"),
    ),
    heartbeat(
        ev.ShutdownDelayed,
        "WARN",
        "Shutdown delayed until current resource activity finishes.",
        stands("mcp shutdown-delayed", until="current resource activity"),
    ),
    heartbeat(
        ev.ShutdownInProgress,
        "info",
        "Heartbeat shutdown in progress. ({pid})",
        stands("mcp shutdown-begin"),
    ),
    heartbeat(ev.ShutdownUnderway, "info", "Heartbeat shutdown already underway."),
    heartbeat(ev.GiveupBegun, "info", "Giving up all HA resources.", stands("helper giveup-begin")),
    heartbeat(
        ev.GiveupDone, "info", "All HA resources relinquished.", stands("helper relinquished")
    ),
    heartbeat(
        ev.ShutdownNotice,
        "info",
        "Received shutdown notice from '{peer:name}'.",
        stands("mcp shutdown-notice peer"),
    ),
    heartbeat(
        ev.ClientKilling,
        "info",
        "killing {command:rest} process group {pid} with signal {signal}",
        stands("mcp client-kill", name="{command:last}"),
    ),
    heartbeat(ev.ClientNotRunning, "info", "client [{command:inner}] is not running."),
    heartbeat(
        ev.CoreKilling,
        "info",
        "killing {child} process {pid} with signal {signal}",
        stands("mcp core-kill child"),
    ),
    heartbeat(
        ev.CoreExited,
        "info",
        "Core process {pid} exited. {left} remaining",
        stands("mcp core-exit left"),
    ),
    heartbeat(
        ev.ShutdownComplete,
        "info",
        "{node} Heartbeat shutdown complete.",
        stands("mcp shutdown-complete self=node"),
    ),
    heartbeat(
        ev.RestartTriggered,
        "info",
        "Heartbeat restart triggered.",
        stands("mcp restart-triggered"),
    ),
    heartbeat(ev.Restarting, "info", "Restarting heartbeat.", stands("mcp restarting")),
    heartbeat(
        ev.RestartExec,
        "info",
        "Performing heartbeat restart exec.",
        stands("mcp restart-exec"),
    ),
    heartbeat(ev.RestartResources, "info", "Current resources: -R -C {set}"),
    heartbeat(ev.AuthReread, "info", "Rereading authentication file."),
    heartbeat(ev.AuthReparseFailed, "ERROR", "Authentication reparsing error, exiting."),
    heartbeat(
        ev.ConfigUnchanged, "info", "Configuration unchanged.", stands("mcp config-unchanged")
    ),
    heartbeat(
        ev.ReloadCommand,
        "info",
        "Signalling heartbeat pid {pid} to reread config files",
        stands("helper reload-command"),
    ),
)
