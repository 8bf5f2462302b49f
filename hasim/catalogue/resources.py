"""Wording about resources, standby and fencing (semantics 5, 7, 9, 15.2)."""

from __future__ import annotations

from hasim import events as ev
from hasim.catalogue.entry import heartbeat, stands

__all__ = ["ENTRIES"]

ENTRIES = (
    heartbeat(
        ev.NoStonithDevice,
        "WARN",
        "No STONITH device configured.",
        stands("mcp no-fence-device"),
    ),
    heartbeat(
        ev.DisksUnprotected,
        "WARN",
        "Shared disks are not protected.",
        stands("mcp disks-unprotected"),
    ),
    heartbeat(
        ev.AcquiringFrom,
        "info",
        "Resources being acquired from {peer}.",
        stands("mcp acquire-from peer"),
    ),
    heartbeat(
        ev.DeadGaveUp,
        "info",
        "Dead node {peer} gave up resources.",
        stands("mcp dead-gave-up peer"),
    ),
    heartbeat(
        ev.TakeoverCancelled,
        "info",
        "Resource takeover cancelled - shutdown in progress.",
        stands("mcp takeover-cancelled"),
    ),
    heartbeat(
        ev.MachDownDone, "info", "mach_down takeover complete.", stands("mcp mach-down-done")
    ),
    heartbeat(
        ev.InitialAcquisition,
        "info",
        "Initial resource acquisition complete ({reason:rest})",
        stands("mcp initial-acquisition reason"),
    ),
    heartbeat(
        ev.TransitionRemote,
        "info",
        "remote resource transition completed.",
        stands("mcp transition-remote"),
    ),
    heartbeat(
        ev.TransitionLocal,
        "info",
        "local resource transition completed.",
        stands("mcp transition-local"),
    ),
    heartbeat(
        ev.AcquireOwnNone,
        "info",
        "Local Resource acquisition completed. (none)",
        stands("mcp acquire-own-none"),
    ),
    heartbeat(
        ev.AcquireOwnDone,
        "info",
        "Local Resource acquisition completed.",
        stands("helper acquire-own-done"),
    ),
    heartbeat(
        ev.AcquireOwnEmpty,
        "info",
        "No local resources [{path} listkeys {node}] to acquire.",
        stands("helper acquire-own-empty node"),
    ),
    heartbeat(
        ev.BothOwn, "ERROR", "Both machines own {set} resources!", stands("mcp both-own set")
    ),
    *(
        heartbeat(
            ev.NoOneOwns,
            "ERROR",
            f"No one owns {whose}{which} resources!",
            stands("mcp no-one-owns set"),
            when={"set": which},
        )
        for which, whose in (("local", "our "), ("foreign", ""))
    ),
    heartbeat(ev.StartingInState, "ERROR", "Received 'starting' message in state {state}"),
    heartbeat(ev.ResourceInState, "ERROR", "resource message received in state {state}"),
    heartbeat(ev.StartingDuringTakeover, "WARN", "T_STARTING received during takeover."),
    heartbeat(ev.AutoFailbackDelayed, "debug", "Auto failback delayed."),
    heartbeat(ev.QueueWaitsDebug, "debug", "StartNextRemoteRscReq(): child count {count}"),
    heartbeat(ev.NotifyWorldDebug, "debug", "notify_world: setting SIGCHLD Handler to SIG_DFL"),
    heartbeat(
        ev.StandbyAsk,
        "info",
        "{by} wants to go standby [{set}]",
        stands("mcp standby-ask by set"),
    ),
    heartbeat(
        ev.StandbyCan,
        "info",
        "standby: {peer} can take our {set} resources",
        stands("mcp standby-can peer set"),
    ),
    heartbeat(
        ev.StandbyReleased,
        "info",
        "Local standby process completed [{set}].",
        stands("mcp standby-released set"),
    ),
    heartbeat(
        ev.StandbyAcquire,
        "info",
        "standby: acquire [{set}] resources from {peer}",
        stands("mcp standby-acquire set peer"),
    ),
    heartbeat(
        ev.StandbyAcquired,
        "info",
        "Standby resource acquisition done [{set}].",
        stands("mcp standby-acquired set"),
    ),
    heartbeat(
        ev.StandbyOtherDone,
        "info",
        "Other node completed standby takeover of {set} resources.",
        stands("mcp standby-other-done set"),
    ),
    heartbeat(
        ev.StandbyCancelled,
        "info",
        "Cancelling pending standby operation",
        stands("mcp standby-cancel"),
    ),
    heartbeat(
        ev.StandbyTimeout,
        "WARN",
        "No reply to standby request.  Standby request cancelled.",
        stands("mcp standby-timeout"),
    ),
    heartbeat(
        ev.StandbyBusy,
        "WARN",
        "Standby in progress- new request from {by} ignored [{seconds} seconds left]",
        stands("mcp standby-busy by n=seconds"),
    ),
    heartbeat(
        ev.StandbyIgnored,
        "WARN",
        "standby message [{msg}] from {by} ignored.  {why:rest} in flux.",
        stands("mcp standby-ignored msg by why"),
    ),
    heartbeat(
        ev.StandbyError,
        "ERROR",
        "Ignored standby message '{msg:name}' from {by} in state {state}",
        stands("mcp standby-error msg by state"),
    ),
    heartbeat(ev.StandbyUnsupported, "info", "Standby mode only implemented when nice_failback on"),
    heartbeat(
        ev.StandbyWork,
        "info",
        "{act:act} {set} HA resources (standby).",
        stands("helper standby-work act set"),
    ),
    heartbeat(
        ev.StandbyWorkDone,
        "info",
        "{set} HA resource {act} completed (standby).",
        stands("helper standby-work-done set act"),
    ),
    heartbeat(ev.StandbyWorkFailed, "ERROR", "{command:rest} exited with return code {code}"),
    heartbeat(
        ev.FenceAsk,
        "info",
        "Resetting node {peer} with [{device:inner}]",
        stands("helper fence-ask peer"),
    ),
    heartbeat(ev.FenceOk, "info", "node {peer} now reset.", stands("helper fence-ok peer")),
    heartbeat(ev.FenceFailed, "ERROR", "Host {peer} not reset!", stands("helper fence-fail peer")),
    heartbeat(ev.FenceUnable, "ERROR", "Device {device:rest} cannot reset host {peer}."),
    heartbeat(
        ev.FenceRetry,
        "ERROR",
        "STONITH of {peer} failed.  Retrying...",
        stands("mcp fence-retry peer"),
    ),
    heartbeat(
        ev.FencePluginError,
        "ERROR",
        "glib: external_reset_req: '{plugin:name} reset' for host {peer} failed with rc {code}",
        stands("helper fence-plugin-error peer rc=code"),
    ),
    heartbeat(
        ev.FenceCheck,
        "info",
        "Checking status of STONITH device [{device:inner}]",
        stands("helper fence-check"),
    ),
    heartbeat(ev.FenceDeviceBroken, "ERROR", "STONITH device {device:rest} not operational!"),
    heartbeat(ev.FenceStatusFailed, "ERROR", "STONITH status operation failed."),
    heartbeat(ev.FenceStatusNote, "info", "This may mean that the STONITH device has failed!"),
    heartbeat(ev.FenceNull, "info", "glib: Host null-reset: {peer}"),
    heartbeat(ev.FenceSsh, "info", "glib: Initiating ssh-reset on host: {peer}"),
    heartbeat(
        ev.FenceSshFailed,
        "ERROR",
        "glib: still able to ping {peer} after 15 tries, stonith did not work",
    ),
    heartbeat(
        ev.FenceOperatorNeeded,
        "ERROR",
        "glib: OPERATOR INTERVENTION REQUIRED to reset {peer}.",
    ),
    heartbeat(
        ev.FenceOperatorCommand,
        "ERROR",
        'glib: Run "meatclient -c {peer}" AFTER power-cycling the machine.',
    ),
)
