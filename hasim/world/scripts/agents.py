"""Resource scripts in time: what a call says, changes and exits with (semantics 8.5).

Lines and effects lie at fixed parts of a call's duration: the medians of the recordings.
"""

from __future__ import annotations

from hasim import events as ev
from hasim.units import MS, Micros
from hasim.world.records import CallState, Step
from hasim.world.scripts import effects
from hasim.world.scripts.address import ServiceAddress, service_address
from hasim.world.scripts.shell import Shell, Steps
from hasim.world.scripts.times import call_time

__all__ = ["ANNOUNCEMENTS", "NOT_RUNNING", "WRAPPED", "act", "begin", "call_name", "path_of"]

#: Scripts of heartbeat that wrap an OCF agent and print its result.
WRAPPED = frozenset(
    "AudibleAlarm Delay EvmsSCC Filesystem ICP IPaddr IPaddr2 IPsrcaddr IPv6addr LVM LinuxSCSI "
    "MailTo Raid1 SendArp ServeRAID WAS WinPopup Xinetd apache db2 portblock".split()
)
#: Further scripts of heartbeat's own directory; all others are init scripts.
_OWN = frozenset("drbddisk ldirectord hto-mapfuncs OCF LVSSyncDaemonSwap".split())
#: Exit codes of status where nothing runs: an OCF agent's, and an init script's.
NOT_RUNNING, _STOPPED = 7, 3
#: Packets of gratuitous ARP and the time between two (semantics 8.5).
ANNOUNCEMENTS: dict[str, tuple[int, Micros]] = {
    "IPaddr": (10, 500 * MS),
    "IPaddr2": (5, 200 * MS),
}
_FIRST_ARP: Micros = 6 * MS
#: Process numbers that one call of a script uses up.
_PIDS = {
    "IPaddr start": 118, "IPaddr stop": 60, "IPaddr status": 53,
    "Filesystem start": 70, "Filesystem stop": 155, "Filesystem status": 69,
}  # fmt: skip
#: The agent's own process among those of the call.
_AGENT_PID = {"IPaddr": 25, "Filesystem": 7}


def path_of(script: str) -> str:
    """Return the directory of a script: heartbeat's own, or that of the init scripts."""
    own = script in WRAPPED or script in _OWN or script[:1].isupper()
    return "/etc/ha.d/resource.d" if own else "/etc/init.d"


def call_name(node: str, script: str, args: tuple[str, ...], op: str) -> str:
    """Return the name of the draws of calls of a script, without their number."""
    return f"{node}/{' '.join((script, *args, op))}"


def begin(
    shell: Shell, script: str, args: tuple[str, ...], word: str, op: str, mode: str
) -> CallState:
    """Call a resource script.

    `mode` is ``shown`` or ``silent`` (the caller counts it among its points or not), or ``init``:
    called by the init script, whose output goes to the terminal.
    """
    node, hub = shell.node, shell.hub
    counted = " ".join((script, *args, op))
    node.counts[counted] = number = node.counts.get(counted, 0) + 1
    name = f"{call_name(node.name, script, args, op)}{number}"
    took = call_time(hub, node.name, script, op, args, f"{name}/duration")
    slow = effects.trouble_for(shell, "slow", script, word, op)
    if slow is not None and hub.draws.pinned(f"{name}/duration") is None:
        took += slow.extra_us
    pid = shell.job.pid + number if mode == "init" else shell.pids(_PIDS.get(f"{script} {op}", 3))
    call = CallState(script, args, word, op, name, pid, took)
    shell.truth(ev.ScriptBegan(node.name, script, args, op), pid)
    traits = hub.site.script_traits(node.name, script)
    broken = effects.trouble_for(shell, "fail", script, word, op) is not None
    pinned = hub.draws.pinned(f"{name}/rc")
    if op != "status" and pinned is not None:
        call.code = pinned
    elif broken or op in traits.fails:
        call.code = 1
    if op in traits.hangs:
        shell.push(("never",))
    else:
        shell.push(*_plan(shell, call, mode), ("at", 1000, "end", mode))
    return call


def _plan(shell: Shell, call: CallState, mode: str) -> Steps:
    """Return what happens during a call, in order."""
    script, op = call.script, call.op
    loud = mode != "init"
    wrapped = script in WRAPPED and loud
    if op == "status":
        return [("at", 915, "status", loud)] if not call.code else []
    if call.code:
        return _failing(call) if loud else []
    steps: Steps = []
    if script in ("IPaddr", "IPaddr2"):
        steps = _address_plan(shell, call)
    elif script == "Filesystem":
        steps = _disk_plan(shell, call)
    else:
        steps = [("at", 900, "service")]
    return [*steps, ("at", 960, "result")] if wrapped else steps


def _failing(call: CallState) -> Steps:
    """An operation that fails before it has changed anything."""
    steps: Steps = []
    if call.script == "Filesystem" and len(call.args) > 1:
        if call.op == "start":
            steps = [("at", 565, "mount begun"), ("at", 900, "mount failed")]
        else:
            steps = [("at", 376, "unmount begun"), ("at", 768, "unmount tried"),
                     ("at", 893, "unmount failed")]  # fmt: skip
    return [*steps, ("at", 960, "result")] if call.script in WRAPPED else steps


def _address_plan(shell: Shell, call: CallState) -> Steps:
    if effects.running(shell.node, call.script, call.args, call.word) == (call.op == "start"):
        return []
    if _address(shell, call) is None and call.op == "start":
        call.code = 1
        return []
    if call.op == "stop":
        return [("at", 0, "silence"), ("at", 739, "address off"), ("at", 834, "address down")]
    return [("at", 450, "netmask"), ("at", 733, "configure"), ("at", 777, "address up")]


def _disk_plan(shell: Shell, call: CallState) -> Steps:
    if len(call.args) < 2:
        call.code = 2
        return []
    mounted = call.args[1] in shell.node.mounts
    if call.op == "start":
        if mounted:
            return [("at", 565, "mount begun"), ("at", 700, "mounted already")]
        return [("at", 565, "mount begun"), ("at", 915, "mount")]
    begun: Steps = [("at", 376, "unmount begun")]
    if not mounted:
        return begun
    return [*begun, ("at", 768, "unmount tried"), ("at", 807, "unmount"),
            ("at", 893, "unmount done")]  # fmt: skip


def _address(shell: Shell, call: CallState) -> ServiceAddress | None:
    site = shell.hub.site.nodes[shell.node.name]
    return service_address(call.args[0], site) if call.args else None


def act(shell: Shell, what: str, loud: Step) -> None:
    """Let happen what a call has come to."""
    call = shell.job.call
    assert call is not None
    if what == "status":
        _status(shell, call, bool(loud))
    elif what == "result":
        _result(shell, call)
    elif what == "service":
        services = shell.node.services
        if call.op == "start" and call.word not in services:
            services.append(call.word)
        elif call.op == "stop" and call.word in services:
            services.remove(call.word)
    elif what == "silence":
        for masked in _configured(shell, call):
            shell.owner.end_kind(shell.node.name, "arp", masked)
    elif call.script == "Filesystem":
        _disk_act(shell, call, what)
    else:
        _address_act(shell, call, what)


def _instance(call: CallState) -> str:
    first = call.args[0] if call.args else ""
    return first.partition("/")[0] if call.script.startswith("IPaddr") else first


def _say(shell: Shell, call: CallState, event: ev.Event, wrapper: bool = False) -> None:
    pid = call.pid + (1 if wrapper else _AGENT_PID.get(call.script, 2))
    shell.say(call.script, event, pid)


def _status(shell: Shell, call: CallState, loud: bool) -> None:
    """Look whether the resource runs; a site may say that the script lies about it."""
    traits = shell.hub.site.script_traits(shell.node.name, call.script)
    runs = effects.running(shell.node, call.script, call.args, call.word)
    if traits.lies:
        runs = traits.lies == "running"
    call.output = "running" if runs else "stopped"
    if not runs:
        pinned = shell.hub.draws.pinned(f"{call.name}/rc")
        usual = NOT_RUNNING if call.script in WRAPPED else _STOPPED
        call.code = usual if call.script in WRAPPED or pinned is None else pinned
        if call.script not in WRAPPED and pinned is None and traits.stopped_code is not None:
            call.code = traits.stopped_code
    if loud and call.script in WRAPPED:
        said = "Running OK" if runs else "Resource is stopped"
        _say(shell, call, ev.AgentResult(call.script, said, _instance(call)), wrapper=True)


def _result(shell: Shell, call: CallState) -> None:
    if call.code:
        said = "Generic error" if call.code == 1 else "Invalid argument"
        _say(shell, call, ev.AgentError(call.script, said, _instance(call)), wrapper=True)
    else:
        _say(shell, call, ev.AgentResult(call.script, "Success", _instance(call)), wrapper=True)


def _configured(shell: Shell, call: CallState) -> list[str]:
    bare = _instance(call)
    return [a for a in shell.node.addresses if a.partition("/")[0] == bare]


def _address_act(shell: Shell, call: CallState, what: str) -> None:
    speaks = call.script == "IPaddr"
    if what in ("address off", "address down"):
        for masked in _configured(shell, call):
            if what == "address down":
                effects.withdraw_address(shell, masked)
            elif speaks:
                alias, bare = shell.node.addresses[masked], _instance(call)
                _say(shell, call, ev.AddressUnconfigure(alias, bare, bare))
        return
    address = _address(shell, call)
    assert address is not None
    bare, old = address.address, shell.hub.dialect == "2.0.8"
    alias = effects.free_alias(shell.node, address.nic) if speaks else address.nic
    if what == "netmask" and speaks:
        _say(shell, call, ev.AddressNetmask(bare, address.netmask, bare))
        if old:
            _say(shell, call, ev.AddressBroadcast(bare, address.broadcast, bare))
        if not address.given:
            _say(shell, call, ev.AddressNic(bare, address.nic, bare))
    elif what == "configure" and speaks:
        configured = ev.AddressConfigure(alias, bare, address.netmask, address.broadcast, bare)
        _say(shell, call, configured)
    elif what == "address up":
        effects.add_address(shell, address, alias)
        if speaks and old:
            _say(shell, call, ev.AddressArp(bare, alias, address.nic, bare))
        number, period = ANNOUNCEMENTS[call.script]
        waits = [_FIRST_ARP, *[period] * (number - 1)]
        packets: Steps = [("wait", w, "announce", address.masked, alias) for w in waits]
        shell.leave("arp", address.masked, packets)


def _disk_act(shell: Shell, call: CallState, what: str) -> None:
    device, directory, *kind = call.args
    match what:
        case "mount begun":
            _say(shell, call, ev.MountBegun(device, directory, device))
        case "mounted already":
            _say(shell, call, ev.MountPresent(directory, device))
        case "mount":
            effects.mount(shell, device, directory, kind[0] if kind else "")
        case "mount failed":
            _say(shell, call, ev.MountFailed(device, directory, device))
        case "unmount begun":
            _say(shell, call, ev.UnmountBegun(device, directory, device))
        case "unmount tried":
            _say(shell, call, ev.UnmountTried(directory, device))
        case "unmount":
            effects.unmount(shell, directory)
        case "unmount done":
            _say(shell, call, ev.UnmountDone(directory, device))
        case "unmount failed":
            _say(shell, call, ev.UnmountFailed(directory, device))
        case _:
            raise AssertionError(what)
