"""ResourceManager: acquiring and releasing one group (semantics 8.1, 8.3, 8.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hasim import events as ev
from hasim.config import Resource, parse_resource
from hasim.world.records import CallState, Step
from hasim.world.scripts.agents import path_of
from hasim.world.scripts.shell import Shell, Steps, later, line

__all__ = ["ACTS", "ATTEMPTS", "call", "manage"]

_RM = "ResourceManager"
#: A stop is tried so often (semantics 8.3).
ATTEMPTS = 11


def manage(shell: Shell, what: str, key: str, caller: str) -> None:
    """Run ``ResourceManager takegroup|givegroup KEY`` and wait for it; nothing without a group."""
    group = shell.groups.find(key)
    if group is None:
        return
    shell.job.result = 0
    said = ev.GroupAcquire if what == "takegroup" else ev.GroupRelease
    first = line(f"group line from {caller}", _RM, said(group.text))
    then: tuple[Step, ...] = ("do", "take", group.text, 0)
    if what == "givegroup":
        then = ("do", "give", group.text, len(group.resources) - 1)
    shell.fork(_RM, [first, then])


def call(key: str, resource: Resource, op: str, mode: str = "shown") -> tuple[Step, ...]:
    """Return the step that calls a resource script."""
    return ("call", key, resource.script, resource.args, resource.text, op, mode)


def _resource(text: str, number: int) -> Resource | None:
    """Return a resource of a group by its number, None beyond the ends."""
    words = text.split()[1:]
    return parse_resource(words[number]) if 0 <= number < len(words) else None


def _member(shell: Shell, text: str, number: int) -> tuple[Resource, CallState]:
    """Return a resource of a group, and the call of its script that has just ended."""
    resource, call_ended = _resource(text, number), shell.job.call
    assert resource is not None
    assert call_ended is not None
    return resource, call_ended


def _missing(shell: Shell, resource: Resource) -> bool:
    return shell.hub.site.script_traits(shell.node.name, resource.script).missing


def _run(key: str, resource: Resource, op: str) -> Steps:
    """Say that a script is run, and run it."""
    words = f"{resource.script} {' '.join(resource.args)} {op}"
    said = ev.ScriptRun(words, path_of(resource.script))
    return [line(key, _RM, said), call("script", resource, op)]


def _failed(shell: Shell, resource: Resource) -> tuple[Step, ...]:
    code = shell.job.call.code if shell.job.call is not None else 1
    path = f"{path_of(resource.script)}/{resource.script}"
    return line("failed line", _RM, ev.ScriptFailed(code, path))


# ---- acquiring ----------------------------------------------------------------------------------


def _take(shell: Shell, text: str, number: int) -> None:
    """Look at the next member of a group, from left to right."""
    resource = _resource(text, number)
    if resource is None:
        return
    if _missing(shell, resource):
        gone = line("failed line", _RM, ev.ScriptMissing(resource.script))
        shell.push(gone, gone, ("do", "give up", text, number))
    else:
        key = "next status" if number else "first status"
        shell.push(call(key, resource, "status"), ("do", "found", text, number))


def _found(shell: Shell, text: str, number: int) -> None:
    """Start the member unless its status call has printed that it runs."""
    resource, found = _member(shell, text, number)
    if found.output == "running":
        shell.push(("do", "take", text, number + 1))
    else:
        shell.push(*_run("run line", resource, "start"), ("do", "started", text, number))


def _started(shell: Shell, text: str, number: int) -> None:
    resource, done = _member(shell, text, number)
    if done.code:
        shell.push(_failed(shell, resource), ("do", "give up", text, number))
    else:
        shell.push(("do", "take", text, number + 1))


def _give_up(shell: Shell, text: str, number: int) -> None:
    """A member does not start: release the whole group, and hand over in half a minute (8.4)."""
    resource = _resource(text, number)
    assert resource is not None
    last = len(text.split()) - 2
    shell.push(
        line("failed next", _RM, ev.GroupFailed(resource.text)),
        line("failed next", _RM, ev.GroupRelease(text)),
        ("do", "give", text, last),
        ("do", "late standby"),
    )


def _late_standby(shell: Shell) -> None:
    """In the background: sleep, then hb_standby; always foreign, whatever has failed."""
    said = line("standby late", "hb_standby", ev.GoingStandby("foreign"))
    shell.fork("hb_standby", [said, later("standby exit", "ask", "foreign", "me")], wait=False)
    shell.job.result = 1


# ---- releasing ----------------------------------------------------------------------------------


def _give(shell: Shell, text: str, number: int) -> None:
    """Stop the next member, from right to left, without looking at its status."""
    resource = _resource(text, number)
    if resource is None:
        return
    key = "next stop line" if _resource(text, number + 1) is not None else "first stop line"
    if _missing(shell, resource):
        gone = line(key, _RM, ev.ScriptMissing(resource.script))
        shell.push(gone, ("do", "give", text, number - 1))
    else:
        shell.push(*_run(key, resource, "stop"), ("do", "stopped", text, number, 1))


def _stopped(shell: Shell, text: str, number: int, attempt: int) -> None:
    """Try again what has not stopped; in the end look whether it really runs (8.3)."""
    resource, done = _member(shell, text, number)
    if not done.code:
        shell.push(("do", "give", text, number - 1))
    elif attempt < ATTEMPTS:
        shell.push(
            _failed(shell, resource),
            line("retry line", _RM, ev.ScriptRetry(resource.text)),
            *_run("next stop line", resource, "stop"),
            ("do", "stopped", text, number, attempt + 1),
        )
    else:
        shell.push(
            _failed(shell, resource),
            call("last status", resource, "status", "silent"),
            ("do", "stuck", text, number),
        )


def _stuck(shell: Shell, text: str, number: int) -> None:
    resource, found = _member(shell, text, number)
    if found.output == "running":
        shell.push(
            line("reboot line", _RM, ev.StopFailed()),
            line("kill line", _RM, ev.KillingUngracefully()),
            later("kill", "kill heartbeat"),
            later("reboot", "ask for reboot"),
            later("reboot off", "reboot"),
        )
    else:
        shell.job.result = 1
        shell.push(
            line("reboot line", _RM, ev.ScriptNotLsb(resource.text)),
            line("failed line", _RM, ev.ScriptMustStop(resource.text)),
            line("failed line", _RM, ev.RebootAvoided()),
            ("do", "give", text, number - 1),
        )


def _kill_heartbeat(shell: Shell) -> None:
    """Kill -9 for everything called heartbeat; the node goes down before anybody could notice."""
    cause = shell.job.cause
    assert cause is not None
    shell.hub.hosts[shell.node.name].killed(shell.now, "all", cause)
    shell.owner.helpers_killed(shell.node.name)


def _ask_for_reboot(shell: Shell) -> None:
    shell.truth(ev.RebootAsked(shell.node.name))


def _reboot(shell: Shell) -> None:
    shell.owner.reboot(shell.node.name, shell.now, shell.job.cause)


#: What steps of ResourceManager may do, by name.
ACTS: Mapping[str, Callable[..., Any]] = {
    "take": _take,
    "found": _found,
    "started": _started,
    "give up": _give_up,
    "late standby": _late_standby,
    "give": _give,
    "stopped": _stopped,
    "stuck": _stuck,
    "kill heartbeat": _kill_heartbeat,
    "ask for reboot": _ask_for_reboot,
    "reboot": _reboot,
    "manage": manage,
}
