"""The master's children that work a STONITH device: their lines, their waiting (semantics 9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hasim import events as ev
from hasim.world.scripts.shell import Shell, Steps, later, line

__all__ = ["ACTS", "BAD_HOST", "KINDS", "NOT_RESET", "answered", "check", "device_id", "reset"]

#: Kinds of processes: a reset, and a check of the device.
KINDS = ("stonith", "stonith-stat")
#: What a child exits with: the device does not know the node, or anything else went wrong.
BAD_HOST, NOT_RESET = 100, 1
_RESULTS = {0: "OK", BAD_HOST: "badhost"}
_EXTERNAL = "external/"


def _kind(shell: Shell) -> str:
    device = shell.hub.configs[shell.node.name].stonith
    assert device is not None
    return device.type


def device_id(kind: str) -> str:
    """Return how the daemon names a device of a type; an external plugin's name ends its line."""
    if kind.startswith(_EXTERNAL):
        return f"{kind.removeprefix(_EXTERNAL)} STONITH device\n"
    return f"{kind} STONITH device"


def _external(shell: Shell) -> bool:
    return _kind(shell).startswith(_EXTERNAL)


def reset(shell: Shell, peer: str) -> Steps:
    """Return the steps of the child that resets a node."""
    asked = ev.FenceAsk(peer, device_id(_kind(shell)))
    return [line("fence line", "heartbeat", asked), later("fence request", "fence", peer)]


def check(shell: Shell) -> Steps:
    """Return the steps of the child that asks the device for its status."""
    said = ev.FenceCheck(device_id(_kind(shell)))
    gap = "check external" if _external(shell) else "check exit"
    return [line("fence line", "heartbeat", said), later(gap, "checked")]


def _checked(shell: Shell) -> None:
    if not shell.hub.fences.status(shell.node.name):
        shell.job.result = NOT_RESET
        broken = ev.FenceDeviceBroken(device_id(_kind(shell)))
        shell.push(line("fence failed", "heartbeat", broken))


def _fence(shell: Shell, peer: str) -> None:
    """Say what the plugin says first, and hand the request to the device."""
    said: Mapping[str, tuple[ev.Event, ...]] = {
        "null": (ev.FenceNull(peer),),
        "ssh": (ev.FenceSsh(peer),),
        "meatware": (ev.FenceOperatorNeeded(peer), ev.FenceOperatorCommand(peer)),
    }
    for event in said.get(_kind(shell), ()):
        shell.say("heartbeat", event)
    shell.hub.fences.request(shell.now, shell.job, peer)


def answered(shell: Shell, peer: str, code: int) -> None:
    """The device has answered, or cannot be asked: say what came of it, tell the others, exit."""
    external, plugin = _external(shell), _kind(shell).removeprefix(_EXTERNAL)
    gap = "plugin line" if external else "fence answer"
    steps: Steps = []
    if code == 0:
        steps.append(line(gap, "heartbeat", ev.FenceOk(peer)))
    elif code == BAD_HOST:
        unable = ev.FenceUnable(device_id(_kind(shell)), peer)
        steps.append(line("fence answer", "heartbeat", unable))
    else:
        if external:
            steps.append(line(gap, "heartbeat", ev.FencePluginError(plugin, peer, code)))
        elif plugin == "ssh":
            steps.append(line(gap, "heartbeat", ev.FenceSshFailed(peer)))
        steps.append(line("fence failed", "heartbeat", ev.FenceFailed(peer)))
    shell.push(*steps, ("exit", "fence exit", "fence told", peer, _RESULTS.get(code, "bad")))


def _told(shell: Shell, peer: str, result: str) -> None:
    """Tell every node what came of it (recorded: read at the exit of the child)."""
    shell.write("stonith", body=(("node", peer), ("result", result)))


#: What steps of these children may do, by name.
ACTS: Mapping[str, Callable[..., Any]] = {
    "checked": _checked,
    "fence": _fence,
    "fence told": _told,
}
