"""What harc runs, and the master's helpers (semantics 5.3, 5.6, 5.7, 6.2, 7.1, 7.2, 8.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hasim import events as ev
from hasim.config import parse_resource
from hasim.protocol import RunHelper, RunScript
from hasim.world.records import Step
from hasim.world.scripts import manager, stonith
from hasim.world.scripts.shell import Shell, Steps, later, line

__all__ = ["ACTS", "HELPERS", "claimed", "harc", "helper", "init_script", "operator"]

#: Copies of the master that work on resources or a device; killall finds them by their name.
HELPERS = ("req_our_resources", "go_standby", "hb_giveup_resources", *stonith.KINDS)
_MANAGER = {
    "2.0.8": "/usr/lib/heartbeat/ResourceManager",
    "3.0.6": "/usr/share/heartbeat/ResourceManager",
}
_CLAIMS = ("none", "local", "foreign", "all")
#: hb_takeover SET is hb_standby of this set on the other node; failback is none of them (7.1).
_TAKEN = {"all": "all", "local": "foreign", "foreign": "local"}


def harc(output: RunScript) -> Steps:
    """Return the steps of a run of harc: its line, then the rc.d script in the same process."""
    fields = tuple(part for pair in output.body for part in pair)
    said = line("harc line", "harc", ev.RcScriptRun(output.script))
    return [said, ("do", "rc.d", output.script, output.origin, output.status or "", fields)]


def _rc_d(shell: Shell, script: str, origin: str, status: str, fields: tuple[str, ...]) -> None:
    body = dict(zip(fields[::2], fields[1::2], strict=True))
    own = shell.node.name
    plain: tuple[Step, ...] = ("exit", "harc exit")
    worked: tuple[Step, ...] = ("exit", "harc exit after work")
    key = body.get("ipaddr", "")
    if script == "status" and status == "dead" and origin in shell.hub.configs:
        shell.push(("exit", "takeover exit"))
        shell.fork("mach_down", [("do", "mach_down", origin)])
    elif script == "ip-request-resp" and body.get("dest", own) == own:
        answered = ev.RequestAnswered(key, body.get("weown") == "yes")
        answer = line("answer line", "ip-request-resp", answered)
        shell.push(answer, ("do", "manage", "takegroup", key, "harc"), worked)
    elif script == "ip-request" and origin != own:
        status_call = manager.call("request status", parse_resource(key), "status", "silent")
        shell.push(status_call, ("do", "requested", origin, key), worked)
    elif script == "hb_takeover" and origin != own:
        asked = _TAKEN.get(body.get("rsc_hold", ""), "all")
        shell.push(worked)
        said = line("standby line", "hb_standby", ev.GoingStandby(asked))
        shell.fork("hb_standby", [said, later("standby exit", "ask", asked, "me")])
    else:
        shell.push(plain)


def _requested(shell: Shell, origin: str, key: str) -> None:
    """Give a group up that another node asks for, if it runs here (semantics 8.2)."""
    found = shell.job.call
    runs = found is not None and found.output == "running"
    shell.push(("do", "answer request", origin, key, "yes" if runs else "no"))
    if runs:
        manager.manage(shell, "givegroup", key, "harc")


def _answer_request(shell: Shell, origin: str, key: str, owned: str) -> None:
    body = (("ipaddr", key), ("ok", "OK"), ("weown", owned))
    shell.write("ip-request-resp", dest=origin, body=body)


def _mach_down(shell: Shell, peer: str) -> None:
    """Take over every group of a dead node (semantics 5.7)."""
    steps: Steps = []
    for key in shell.groups.listkeys(peer):
        gap = "mach_down next" if steps else "mach_down line"
        steps += [line(gap, "mach_down", ev.TakingOver(key)),
                  ("do", "manage", "takegroup", key, "mach_down")]  # fmt: skip
    gap = "mach_down next" if steps else "mach_down line"
    if not shell.legacy:
        steps.append(line(gap, "mach_down", ev.MachDownForeign()))
        gap = "mach_down end"
    steps += [line(gap, "mach_down", ev.MachDownComplete(peer)), ("do", "taken over")]
    shell.push(*steps)


def _taken_over(shell: Shell) -> None:
    if not shell.legacy:
        shell.write("resource", body=(("rsc_hold", "foreign"), ("info", "mach_down")))


# ---- helpers of the master ----------------------------------------------------------------------


def helper(shell: Shell, output: RunHelper) -> Steps:
    """Return the steps of a forked copy of the master."""
    match output.kind:
        case "req_our_resources":
            return _own_resources(shell, output.legacy_peer)
        case "go_standby":
            return _go_standby(shell, output)
        case "hb_giveup_resources":
            give: Steps = [
                ("do", "manage", "givegroup", key, "helper") for key in shell.groups.allkeys()
            ]
            return [
                line("helper line", "heartbeat", ev.GiveupBegun()),
                *give,
                line("helper done", "heartbeat", ev.GiveupDone()),
                ("exit", "helper exit", "given up"),
            ]
        case kind:
            raise AssertionError(f"no such helper: {kind}")


def _own_resources(shell: Shell, legacy_peer: bool) -> Steps:
    """Ask for every own group that does not run yet (semantics 5.6)."""
    me, steps = shell.node.name, Steps()
    for key in shell.groups.listkeys(me):
        gap = "own next" if steps else "own status"
        steps += [manager.call(gap, parse_resource(key), "status", "silent"),
                  ("do", "own found", key, legacy_peer)]  # fmt: skip
    if steps:
        steps.append(line("own line", "heartbeat", ev.AcquireOwnDone()))
    else:
        empty = ev.AcquireOwnEmpty(_MANAGER[shell.hub.dialect], me)
        steps = [line("own empty", "heartbeat", empty)]
    return [*steps, ("exit", "helper exit", "own done")]


def _own_found(shell: Shell, key: str, legacy_peer: bool) -> None:
    found = shell.job.call
    assert found is not None
    if found.output == "running":
        return
    if legacy_peer:
        shell.write("ip-request", body=(("ipaddr", key),))
    else:
        body = (("ipaddr", key), ("ok", "OK"), ("weown", "yes"))
        shell.write("ip-request-resp", dest=shell.node.name, body=body)


def claimed(shell: Shell) -> str:
    """Return the word for what the master of this life claims, in memory shared with helpers."""
    daemon = shell.node.daemon
    if daemon is None or daemon.boot != shell.job.boot or daemon.master is None:
        return _CLAIMS[0]
    return _CLAIMS[daemon.master.resources.mine]


def _own_done(shell: Shell) -> None:
    body = (
        ("rsc_hold", claimed(shell)),
        ("rtype", "full"),
        ("isstable", "1"),
        ("info", "req_our_resources()"),
    )
    shell.write("resource", body=body)


def _go_standby(shell: Shell, output: RunHelper) -> Steps:
    """Release or acquire a set of groups for a standby (semantics 7.2)."""
    groups, me = shell.groups, shell.node.name
    queries: Mapping[str, Callable[[], tuple[str, ...]]] = {
        "all": groups.allkeys,
        "local": lambda: groups.ourkeys(me),
        "foreign": lambda: groups.otherkeys(me),
    }
    lines = queries[output.set]() if output.set in queries else ()
    giving = output.act == "give up"
    what, done = ("givegroup", "release") if giving else ("takegroup", "acquisition")
    work: Steps = []
    for text in lines:
        work += [("do", "manage", what, text.split()[0], "helper"), ("do", "worked", what, text)]
    return [
        line("helper line", "heartbeat", ev.StandbyWork(output.act, output.set)),
        *work,
        line("helper done", "heartbeat", ev.StandbyWorkDone(output.set, done)),
        ("exit", "helper exit", "ask", output.asked, "done"),
    ]


def _worked(shell: Shell, what: str, text: str) -> None:
    code, shell.job.result = shell.job.result, 0
    if code:
        command = f"{_MANAGER[shell.hub.dialect]} {what} {text}"
        shell.push(line("failed line", "heartbeat", ev.StandbyWorkFailed(command, code)))


def _ask(shell: Shell, asked: str, info: str) -> None:
    shell.write("ask_resources", body=(("rsc_hold", asked), ("info", info)))


def _given_up(shell: Shell) -> None:
    shell.write("shutdone", status="dead")


# ---- commands and the init script ---------------------------------------------------------------


def operator(command: str, share: str) -> Steps:
    """Return the steps of hb_standby or hb_takeover run by hand; they speak to the terminal."""
    if command == "standby":
        asked = "foreign" if share == "failback" else share
        return [later("operator", "ask", asked, "me")]
    return [later("operator", "takeover", share)]


def _takeover(shell: Shell, share: str) -> None:
    shell.write("hb_takeover", body=(("rsc_hold", share),))


def init_script(shell: Shell, wait: int | None) -> Steps:
    """Return the steps of ``ResourceManager verifyallidle`` before the daemon starts (6.8).

    It looks at the key resource of every group; what it says goes to the terminal. `wait` is what
    the daemon then needs to read its configuration, None where that instant is known.
    """
    steps: Steps = []
    for key in shell.groups.allkeys():
        gap = "init next" if steps else "init status"
        steps.append(manager.call(gap, parse_resource(key), "status", "init"))
    if steps and wait is not None:
        steps.append(later("init end", "daemon", wait))
    return steps


def _daemon(shell: Shell, wait: int) -> None:
    """The init script starts the daemon."""
    daemon, job = shell.node.daemon, shell.job
    if daemon is not None and daemon.boot == int(job.origin) and daemon.stage_due is None:
        daemon.stage_due = shell.now + wait
        shell.owner.daemon_forked(shell.node.name)


def _announce(shell: Shell, address: str, alias: str) -> None:
    """Send one packet of gratuitous ARP."""
    cause = shell.truth(ev.AddressAnnounced(shell.node.name, address))
    shell.hub.lan.announce(shell.now, shell.node.name, address, alias, cause)


#: What steps may do, by name.
ACTS: Mapping[str, Callable[..., Any]] = {
    **manager.ACTS,
    **stonith.ACTS,
    "rc.d": _rc_d,
    "requested": _requested,
    "answer request": _answer_request,
    "mach_down": _mach_down,
    "taken over": _taken_over,
    "own found": _own_found,
    "own done": _own_done,
    "worked": _worked,
    "ask": _ask,
    "given up": _given_up,
    "takeover": _takeover,
    "daemon": _daemon,
    "announce": _announce,
}
