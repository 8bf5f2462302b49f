"""Wording of ipfail and of the scripts (semantics 8, 11, 15.3)."""

from __future__ import annotations

from hasim import events as ev
from hasim.catalogue.entry import Stands, agent, ipfail, script, stands

__all__ = ["ENTRIES"]

_NETMASK = "netmask {netmask} broadcast {broadcast}"
_RM_RUN = stands("script rm-run call")


def _run(event: ev.ScriptRun) -> Stands | None:
    return _RM_RUN if event.directory.endswith("/resource.d") else None


def _agent(what: str) -> Stands:
    return stands("script agent", what=what)


_RESULT = _agent("{result:rest}")


def _result(event: ev.AgentResult) -> Stands | None:
    known = ("Success", "Running OK", "Resource is stopped")
    return _RESULT if event.result in known else None


_IPFAIL = (
    ipfail(
        ev.IpfailStatus,
        "info",
        "Status update: Node {peer} now has status {status}",
        stands("ipfail ipf-status peer s=status"),
    ),
    ipfail(
        ev.IpfailLink,
        "info",
        "Link Status update: Link {peer:head}/{medium} now has status {status}",
        stands("ipfail ipf-link peer medium s=status"),
    ),
    *(
        ipfail(kind, "info", text, stands(f"ipfail {stand}", **args))
        for kind, text, stand, args in (
            (ev.IpfailNodeAlive, "NS: We are still alive!", "ipf-ns", {"verdict": "alive"}),
            (ev.IpfailNodeDead, "NS: We are dead. :<", "ipf-ns", {"verdict": "dead"}),
            (ev.IpfailDead, "We are dead. :<", "ipf-dead", {}),
            (ev.IpfailAsk, "Asking other side for ping node count.", "ipf-ask", {}),
            (ev.IpfailCheck, "Checking remote count of ping nodes.", "ipf-check", {}),
            (ev.IpfailPingUp, "A ping node just came up.", "ipf-ping-up", {}),
            (
                ev.IpfailTelling,
                "Telling other node that we have more visible ping nodes.",
                "ipf-verdict",
                {"v": "more"},
            ),
            (
                ev.IpfailFewer,
                "Giving up because we have less visible ping nodes.",
                "ipf-verdict",
                {"v": "fewer"},
            ),
            (
                ev.IpfailTold,
                "Giving up because we were told that we have less ping nodes.",
                "ipf-verdict",
                {"v": "told"},
            ),
            (ev.IpfailBalanced, "Ping node count is balanced.", "ipf-verdict", {"v": "balanced"}),
            (
                ev.IpfailFailback,
                "Giving up foreign resources (auto_failback).",
                "ipf-failback",
                {},
            ),
            (ev.IpfailDelay, "Delayed giveup in {seconds} seconds.", "ipf-delay secs=seconds", {}),
            (ev.IpfailAborted, "Aborted delayed giveup ({tag})", "ipf-abort", {}),
            (ev.IpfailNoTimer, "No giveup timer to abort.", "ipf-no-timer", {}),
            (ev.IpfailFire, "giveup() called (timeout worked)", "ipf-fire", {}),
        )
    ),
    ipfail(ev.IpfailNoResources, "ERROR", "No managed resources"),
    ipfail(ev.IpfailLegacy, "ERROR", "auto_failback set to incompatible legacy option."),
    *(
        ipfail(kind, "debug", text)
        for kind, text in (
            (ev.IpfailPid, "PID={pid}"),
            (ev.IpfailSigningIn, "Signing in with heartbeat"),
            (ev.IpfailWeAre, "[We are {node}]"),
            (ev.IpfailTheyAre, "[They are {node}]"),
            (ev.IpfailAutoFailback, "auto_failback -> {value} ({word})"),
            (ev.IpfailFilter, "Setting message filter mode"),
            (ev.IpfailWalk, "Starting node walk"),
            (ev.IpfailClusterNode, "Cluster node: {peer}: status: {status}"),
            (ev.IpfailSignal, "Setting message signal"),
            (ev.IpfailWaiting, "Waiting for messages..."),
            (ev.IpfailJoin, "Got join message from another ipfail client. ({peer})"),
            (ev.IpfailAsked, "Got asked for num_ping."),
            (ev.IpfailFound, "Found ping node {peer}!"),
            (ev.IpfailSent, "Message [{what}] sent."),
            (ev.IpfailSendingDead, "Sending you_are_dead."),
            (ev.IpfailAbortSent, "Abort message sent."),
            (ev.IpfailOtherStable, "Other side is now stable."),
            (ev.IpfailOtherUnstable, "Other side is unstable."),
            (ev.IpfailTimerDestroyed, "giveup timeout has been destroyed."),
            (ev.IpfailTimerOverridden, "Detected existing delay timer, overriding"),
        )
    ),
)

_RM = "ResourceManager"

_SCRIPTS = (
    script(
        "harc",
        ev.RcScriptRun,
        "info",
        canonical=stands("queue run type"),
        old="Running /etc/ha.d/rc.d/{type} {type}",
        new="Running /etc/ha.d//rc.d/{type} {type}",
    ),
    script(
        "ip-request-resp",
        ev.RequestAnswered,
        "",
        "received ip-request-resp {key} OK {ok:yesno}",
        stands("queue resp key", ok="{ok:yesno}"),
    ),
    script(
        "mach_down",
        ev.TakingOver,
        "info",
        "Taking over resource group {key}",
        stands("queue takeover-group key"),
    ),
    script(
        "mach_down",
        ev.MachDownForeign,
        "info",
        canonical=stands("queue mach-down-foreign"),
        old="/usr/lib/heartbeat/mach_down: nice_failback: foreign resources acquired",
        new="/usr/share/heartbeat/mach_down: nice_failback: foreign resources acquired",
    ),
    script(
        "mach_down",
        ev.MachDownComplete,
        "info",
        "mach_down takeover complete for node {peer}.",
        stands("queue mach-down-complete peer"),
    ),
    script(
        "hb_standby",
        ev.GoingStandby,
        "",
        "Going standby [{set}].",
        stands("queue going-standby set"),
    ),
    script(
        _RM,
        ev.GroupAcquire,
        "info",
        "Acquiring resource group: {group:rest}",
        stands("script group-acquire group"),
    ),
    script(
        _RM,
        ev.GroupRelease,
        "info",
        "Releasing resource group: {group:rest}",
        stands("script group-release group"),
    ),
    script(_RM, ev.ScriptRun, "info", "Running {directory}/{call:rest}", _run),
    script(
        _RM,
        ev.ScriptRetry,
        "info",
        "Retrying failed stop operation [{resource:inner}]",
        stands("script rm-retry rsc=resource"),
    ),
    script(
        _RM,
        ev.ScriptFailed,
        "ERROR",
        "Return code {code} from {script}",
        stands("script rm-failed rc=code", rsc="{script:last}"),
    ),
    script(_RM, ev.ScriptMissing, "ERROR", "Cannot locate resource script {script}"),
    script(
        _RM,
        ev.GroupFailed,
        "CRIT",
        "Giving up resources due to failure of {resource}",
        stands("script rm-giveup rsc=resource"),
    ),
    script(
        _RM,
        ev.StopFailed,
        "CRIT",
        "Resource STOP failure. Reboot required!",
        stands("script rm-stop-failure"),
    ),
    script(
        _RM,
        ev.KillingUngracefully,
        "CRIT",
        "Killing heartbeat ungracefully!",
        stands("script rm-kill"),
    ),
    script(
        _RM,
        ev.ScriptNotLsb,
        "ERROR",
        "Resource script for {resource} probably not LSB-compliant.",
    ),
    script(
        _RM,
        ev.ScriptMustStop,
        "WARN",
        "it ({resource}) MUST succeed on a stop when already stopped",
    ),
    script(_RM, ev.RebootAvoided, "WARN", "Machine reboot narrowly avoided!"),
)

_IP, _FS = "IPaddr", "Filesystem"

_AGENTS = (
    agent("", ev.AgentResult, "INFO", " {result:rest}", _result),
    agent("", ev.AgentError, "ERROR", " {result:rest}"),
    agent(
        _IP,
        ev.AddressNetmask,
        "INFO",
        "Using calculated netmask for {address}: {netmask}",
        _agent("Using calculated netmask"),
    ),
    agent(_IP, ev.AddressNic, "INFO", "Using calculated nic for {address}: {nic}"),
    agent(
        _IP,
        ev.AddressBroadcast,
        "DEBUG",
        old="Using calculated broadcast for {address}: {broadcast}",
    ),
    agent(
        _IP,
        ev.AddressConfigure,
        "INFO",
        canonical=_agent("eval ifconfig"),
        old="eval /sbin/ifconfig {alias} {address} " + _NETMASK,
        new="eval ifconfig {alias} {address} " + _NETMASK,
    ),
    agent(
        _IP,
        ev.AddressArp,
        "DEBUG",
        old="Sending Gratuitous Arp for {address} on {alias} [{nic}]",
    ),
    agent(
        _IP,
        ev.AddressUnconfigure,
        "INFO",
        canonical=_agent("ifconfig {alias} down"),
        old="/sbin/ifconfig {alias} {address} down",
        new="ifconfig {alias} down",
    ),
    agent(
        _FS,
        ev.MountBegun,
        "INFO",
        "Running start for {device} on {directory}",
        _agent("Running start for"),
    ),
    agent(_FS, ev.MountPresent, "INFO", "Filesystem {directory} is already mounted."),
    agent(
        _FS,
        ev.MountFailed,
        "ERROR",
        old="Couldn't mount filesystem {device} on {directory}",
        new="Couldn't mount device [{device:inner}] as {directory}",
    ),
    agent(
        _FS,
        ev.UnmountBegun,
        "INFO",
        "Running stop for {device} on {directory}",
        _agent("Running stop for"),
    ),
    agent(
        _FS, ev.UnmountTried, "INFO", "Trying to unmount {directory}", _agent("Trying to unmount")
    ),
    agent(_FS, ev.UnmountDone, "INFO", "unmounted {directory} successfully", _agent("unmounted")),
    agent(
        _FS,
        ev.UnmountBusy,
        "ERROR",
        "Couldn't unmount {directory}; trying cleanup with {signal}",
    ),
    agent(_FS, ev.UnmountSignalled, "INFO", "{some} processes on {directory} were signalled"),
    agent(_FS, ev.UnmountFailed, "ERROR", "Couldn't unmount {directory}, giving up!"),
)

ENTRIES = (*_IPFAIL, *_SCRIPTS, *_AGENTS)
