"""Wording of a daemon's start (semantics 1.3, 15.2)."""

from __future__ import annotations

from hasim import events as ev
from hasim.catalogue.entry import heartbeat, stands

__all__ = ["ENTRIES"]

_CORE = "/proc/sys/kernel/"
_SUPPORT = "(or equivalent)"

ENTRIES = (
    heartbeat(
        ev.CoreDumpsCouldBeLost,
        "WARN",
        "Core dumps could be lost if multiple dumps occur.",
    ),
    heartbeat(
        ev.CorePatternAdvice,
        "WARN",
        f"Consider setting non-default value in {_CORE}core_pattern {_SUPPORT}"
        " for maximum supportability",
    ),
    heartbeat(
        ev.CoreUsesPidAdvice,
        "WARN",
        f"Consider setting {_CORE}core_uses_pid {_SUPPORT} to 1 for maximum supportability",
    ),
    heartbeat(
        ev.PacemakerSupport,
        "info",
        new="Pacemaker support: false",
        canonical=stands("mcp pacemaker-support"),
        when={"value": "false"},
    ),
    heartbeat(ev.PacemakerSupport, "info", new="Pacemaker support: {value}"),
    heartbeat(
        ev.LoggingDaemonDisabled,
        "WARN",
        "Logging daemon is disabled --enabling logging daemon is recommended",
    ),
    heartbeat(ev.LogEntryMissing, "info", "No log entry found in ha.cf -- use logd"),
    heartbeat(
        ev.InitdeadMayBeSmall,
        "WARN",
        "Initial dead time [{initdead_ms} ms] may be too small!",
        stands(
            "mcp config-warning",
            what="Initial dead time [{initdead_ms} ms] may be too small",
        ),
    ),
    heartbeat(
        ev.InitdeadNote,
        "info",
        "Initial dead time accounts for slow network startup time",
        stands("mcp config-note", what="Initial dead time accounts for slow"),
    ),
    heartbeat(
        ev.InitdeadAdvice,
        "info",
        "It should be >= deadtime and >= 10 seconds",
        stands("mcp config-note", what="It should be >= deadtime"),
    ),
    heartbeat(
        ev.LegacyFailbackDeprecated,
        "WARN",
        "Deprecated 'legacy' auto_failback option selected.",
        stands("mcp config-warning", what="Deprecated 'legacy' auto_failback"),
    ),
    heartbeat(
        ev.LegacyFailbackConvert,
        "WARN",
        "Please convert to 'auto_failback on'.",
        stands("mcp config-warning", what="Please convert to"),
    ),
    heartbeat(
        ev.LegacyFailbackSeeDocs,
        "WARN",
        "See documentation for conversion details.",
        stands("mcp config-warning", what="See documentation for conversion"),
    ),
    heartbeat(ev.Banner, "info", "*" * 26, stands("mcp banner")),
    heartbeat(
        ev.ConfigValidated,
        "info",
        "Configuration validated. Starting heartbeat {version}",
        stands("mcp config-valid version"),
    ),
    heartbeat(ev.ConfigUnopened, "ERROR", "Cannot open config file [{path:inner}]"),
    heartbeat(ev.ConfigUnparsed, "ERROR", "Heartbeat not started: configuration error."),
    heartbeat(ev.AuthConfigUnusable, "ERROR", "Authentication configuration error."),
    heartbeat(ev.MediaMissing, "ERROR", "No heartbeat media defined"),
    heartbeat(ev.NodesMissing, "ERROR", "no nodes defined"),
    heartbeat(ev.LocalNodeMissing, "ERROR", "Current node [{node}] not in configuration!"),
    heartbeat(
        ev.NodesNamedByUname,
        "info",
        "By default, cluster nodes are named by `uname -n` and must be declared with a 'node'"
        " directive in the ha.cf file.",
    ),
    heartbeat(
        ev.DeadtimeTooSmall,
        "ERROR",
        "Dead time [{deadtime}] is too small compared to keeplive [{keepalive}]",
    ),
    heartbeat(
        ev.InitdeadTooSmall,
        "ERROR",
        "Initial dead time [{initdead}] is smaller than deadtime [{deadtime}]",
    ),
    heartbeat(
        ev.PingDeadtimeTooSmall,
        "ERROR",
        "Ping dead time [{deadping}] is too small compared to keeplive [{keepalive}]",
    ),
    heartbeat(
        ev.AutojoinConflict,
        "ERROR",
        "R1 style resource management conflicts with  autojoin set",
    ),
    heartbeat(ev.AutojoinAdvice, "ERROR", "You need either unset autojoin or enable crm"),
    heartbeat(ev.ResourcesUnopened, "ERROR", "Cannot open resources file [{path:inner}]"),
    heartbeat(ev.BadNodename, "ERROR", "Bad nodename in {path} [{node}]"),
    heartbeat(ev.NotStarted, "ERROR", "Configuration error, heartbeat not started."),
    heartbeat(ev.ConfigComplaint, "{level}", "{text:rest}", reads=False),
    heartbeat(
        ev.DaemonVersion, "info", "heartbeat: version {version}", stands("mcp version version")
    ),
    heartbeat(
        ev.NoPreviousGeneration,
        "WARN",
        "No Previous generation - starting at {generation}",
        stands("mcp first-generation"),
    ),
    heartbeat(
        ev.GenerationSet,
        "info",
        "Heartbeat generation: {generation}",
        stands("mcp daemon-up gen=generation"),
    ),
    heartbeat(
        ev.UuidGenerated, "info", new="No uuid found for current node - generating a new uuid."
    ),
    heartbeat(ev.FifoCreated, "info", "Creating FIFO {path}.", stands("mcp fifo-created")),
    heartbeat(ev.RsctmpRecreated, "info", "Removing {directory} failed, recreating."),
    heartbeat(
        ev.TriggerHandlerAdded, "info", "G_main_add_TriggerHandler: Added signal manual handler"
    ),
    heartbeat(
        ev.SignalHandlerAdded,
        "info",
        "G_main_add_SignalHandler: Added signal handler for signal {signal}",
    ),
    heartbeat(
        ev.MediumOpened,
        "info",
        "glib: UDP Broadcast heartbeat started on port {port} ({port}) interface {device}",
        stands("mcp medium-open medium=device", how="bcast"),
        when={"kind": "bcast"},
    ),
    heartbeat(
        ev.MediumClosed,
        "info",
        "glib: UDP Broadcast heartbeat closed on port {port} interface {device} - Status: 1",
        stands("mcp medium-closed medium=device"),
        when={"kind": "bcast"},
    ),
    heartbeat(
        ev.MediumOpened,
        "info",
        "glib: UDP multicast heartbeat started for group {group} port {port} interface {device}"
        " (ttl={ttl} loop={loop})",
        stands("mcp medium-open medium=device", how="mcast"),
        when={"kind": "mcast"},
    ),
    heartbeat(
        ev.MediumOpened,
        "info",
        "glib: ucast: started on port {port} interface {device} to {peer}",
        stands("mcp medium-open medium=device", how="ucast"),
        when={"kind": "ucast"},
    ),
    heartbeat(
        ev.MediumOpened,
        "info",
        "glib: Starting serial heartbeat on tty {device} ({baud} baud)",
        when={"kind": "serial"},
    ),
    *(
        heartbeat(
            ev.UcastOption,
            "info",
            f"glib: ucast: {what}{tail}",
            stands("mcp ucast-option what"),
            when={"what": what},
        )
        for what, tail in (
            ("write socket priority", " set to IPTOS_LOWDELAY on {device}"),
            ("bound send socket", " to device: {device}"),
            ("set SO_REUSEPORT(w)", ""),
            ("set SO_REUSEADDR", ""),
            ("bound receive socket", " to device: {device}"),
            ("set SO_REUSEPORT", ""),
        )
    ),
    heartbeat(
        ev.PingStarted,
        "info",
        "glib: ping heartbeat started.",
        stands("mcp medium-open", how="ping"),
    ),
    heartbeat(
        ev.PingGroupStarted,
        "info",
        "glib: ping group heartbeat started.",
        stands("mcp medium-open", how="ping_group"),
    ),
    heartbeat(
        ev.MemoryLockFailed,
        "ERROR",
        "Cannot lock ourselves into memory:  System limits on locked-in memory are too small.",
    ),
    heartbeat(ev.WatchdogOpened, "notice", "Using watchdog device: {device}"),
    heartbeat(ev.WatchdogUnopened, "ERROR", "Cannot open watchdog device: {device}"),
    heartbeat(ev.DailyStatistics, "info", old="Daily informational memory statistics"),
    heartbeat(ev.DailyStatisticsHarmless, "info", old="These are nothing to worry about."),
)
