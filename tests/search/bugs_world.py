"""Bugs planted in what surrounds the daemon: scripts, agents, devices, watchdog, storage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from hasim.protocol import watchdog
from hasim.world import boot
from hasim.world.acting import Acting
from hasim.world.daemon import DaemonThing
from hasim.world.fencing import Fences
from hasim.world.fencing_records import FenceState
from hasim.world.player import PlayerThing
from hasim.world.scripts import effects, programs
from hasim.world.scripts.shell import Steps
from hasim.world.softdog import WatchdogThing
from tests.conformance.mutants import Mutant, Patch, nothing
from tests.search.bugs_protocol import Made, around

__all__ = [
    "address_never_withdrawn",
    "ages_by_wall_clock",
    "always_running",
    "around_step",
    "done_before_release",
    "generation_not_kept",
    "mach_down_empty",
    "masters_death_unnoticed",
    "never_mounted",
    "never_unmounted",
    "plug_stays_off",
    "plugin_says_done",
    "restart_keeps_groups",
    "shutdone_before_release",
    "signatures_not_checked",
    "start_failure_ignored",
    "started_backwards",
    "stop_failure_ignored",
    "stop_keeps_groups",
    "stopped_backwards",
    "watchdog_never_armed",
    "watchdog_never_fed",
    "watchdog_ten_times",
]


def around_step(name: str) -> Callable[[Callable[[Made], Made]], Mutant]:
    """Plant something in the place of what a step of a script does."""

    def decorate(make: Callable[[Made], Made]) -> Mutant:
        @wraps(make)
        def plant(patch: Patch) -> None:
            patch.setitem(programs.ACTS, name, make(programs.ACTS[name]))  # type: ignore[arg-type]

        return plant

    return decorate


# ---- ResourceManager and helpers ----------------------------------------------------------------


def _turned(text: str) -> str:
    node, *members = text.split()
    return " ".join([node, *reversed(members)])


@around_step("take")
def started_backwards(take: Made) -> Made:
    """A group is acquired from right to left."""

    def backwards(shell: Any, text: str, number: int) -> None:
        take(shell, text if number else _turned(text), number)

    return backwards


@around_step("give")
def stopped_backwards(give: Made) -> Made:
    """A group is released from left to right."""

    def backwards(shell: Any, text: str, number: int) -> None:
        give(shell, _turned(text) if number == len(text.split()) - 2 else text, number)

    return backwards


@around_step("started")
def start_failure_ignored(started: Made) -> Made:
    """The next member is started although one has failed."""

    def onward(shell: Any, text: str, number: int) -> None:
        shell.push(("do", "take", text, number + 1))

    return onward


@around_step("stopped")
def stop_failure_ignored(stopped: Made) -> Made:
    """What does not stop is left as it is; nobody reboots."""

    def onward(shell: Any, text: str, number: int, attempt: int) -> None:
        shell.push(("do", "give", text, number - 1))

    return onward


@around_step("mach_down")
def mach_down_empty(mach_down: Made) -> Made:
    """mach_down says that it has taken over, and takes no group."""

    def idle(shell: Any, peer: str) -> None:
        mach_down(shell, peer)
        shell.job.todo[:] = [s for s in shell.job.todo if s[:2] != ("do", "manage")]

    return idle


@around(programs, "helper")
def done_before_release(helper: Made) -> Made:
    """The giver of a standby says that it is done, and then releases."""

    def hasty(shell: Any, output: Any) -> Steps:
        steps: Steps = helper(shell, output)
        if output.kind == "go_standby" and output.act == "give up":
            *work, (_, gap, *told) = steps
            return [("do", *told), *work, ("exit", gap)]
        return steps

    return hasty


@around(programs, "helper")
def shutdone_before_release(helper: Made) -> Made:
    """A node that stops says that it has given everything up, and then does so."""

    def hasty(shell: Any, output: Any) -> Steps:
        steps: Steps = helper(shell, output)
        if output.kind == "hb_giveup_resources":
            *work, (_, gap, *told) = steps
            return [("do", *told), *work, ("exit", gap)]
        return steps

    return hasty


def _kept(manage: Made, how: str) -> Made:
    """A daemon that ends in this way leaves its groups where they are."""

    def kept(shell: Any, what: str, key: str, caller: str) -> None:
        daemon = shell.node.daemon
        ends = daemon and daemon.master and daemon.master.shutdown.asked == how
        if not (ends and shell.job.kind == "hb_giveup_resources"):
            manage(shell, what, key, caller)

    return kept


@around_step("manage")
def stop_keeps_groups(manage: Made) -> Made:
    """A node that is stopped says that it has given everything up, and has released nothing."""
    return _kept(manage, "stop")


@around_step("manage")
def restart_keeps_groups(manage: Made) -> Made:
    """A daemon that restarts says that it has given everything up, and has released nothing."""
    return _kept(manage, "restart")


# ---- resource scripts ---------------------------------------------------------------------------


def address_never_withdrawn(patch: Patch) -> None:
    """IPaddr stop exits with 0, and the address stays."""
    patch.setattr(effects, "withdraw_address", nothing)


def never_unmounted(patch: Patch) -> None:
    """Filesystem stop exits with 0, and the file system stays mounted."""
    patch.setattr(effects, "unmount", nothing)


def never_mounted(patch: Patch) -> None:
    """Filesystem start exits with 0, and nothing is mounted."""
    patch.setattr(effects, "mount", nothing)


def always_running(patch: Patch) -> None:
    """Status says that everything runs."""
    patch.setattr(effects, "running", lambda *args: True)


# ---- STONITH device -----------------------------------------------------------------------------


def plugin_says_done(patch: Patch) -> None:
    """The plugin says that the node is reset without having switched anything."""
    patch.setattr(FenceState, "mode", property(lambda self: "lie"))


@around(Fences, "_after_off")
def plug_stays_off(after_off: Made) -> Made:
    """A reset switches off and never on again."""

    def off(self: Fences, thing: Any, request: Any, now: int) -> None:
        request.on_due = None
        after_off(self, thing, request, now)

    return off


# ---- watchdog -----------------------------------------------------------------------------------


def watchdog_never_armed(patch: Patch) -> None:
    """The watchdog that ha.cf names is not opened."""
    patch.setattr(Acting, "_open_watchdog", nothing)


def watchdog_never_fed(patch: Patch) -> None:
    """The watchdog is opened and never tickled."""
    patch.setattr(WatchdogThing, "feed", nothing)


@around(watchdog, "watchdog_limit")
def watchdog_ten_times(limit: Made) -> Made:
    """The watchdog waits for ten times the deadtime."""
    return lambda deadtime: limit(10 * deadtime)


# ---- storage, keys, clocks, processes -----------------------------------------------------------


@around(boot, "counted")
def generation_not_kept(counted: Made) -> Made:
    """The generation of a life is not written to disk: the next one has the same."""

    def again(hub: Any, node: Any, daemon: Any, now: int) -> None:
        if node.starts > 1 and node.storage.generation is not None:
            node.storage.generation -= 1
        counted(hub, node, daemon, now)

    return again


class _Everything(frozenset[Any]):
    def __contains__(self, what: object) -> bool:
        return True


@around(boot, "setting")
def signatures_not_checked(setting: Made) -> Made:
    """Every signature is taken for good."""

    def trusting(hub: Any, node: str, daemon: Any) -> Any:
        return replace(setting(hub, node, daemon), accepted=_Everything())

    return trusting


@around(PlayerThing, "_clock")
def ages_by_wall_clock(clock: Made) -> Made:
    """Ages are differences of the wall clock: a step of it makes everything older or younger."""

    def stepped(self: PlayerThing, now: int, action: Any) -> None:
        clock(self, now, action)
        node, amount = str(action.args[0]), int(action.args[1])
        machine = self.machines[node].daemon.machine
        if action.verb == "step" and machine is not None:
            machine.core.quiet_until = 0
            for peer in machine.state.peers.values():
                peer.stamp = None if peer.stamp is None else peer.stamp - amount
                for link in peer.links:
                    link.stamp -= amount

    return stepped


@around(DaemonThing, "_emergency")
def masters_death_unnoticed(emergency: Made) -> Made:
    """The FIFO child does not notice that its master is dead: the children live on."""

    def unmoved(self: DaemonThing, daemon: Any, now: int) -> None:
        daemon.stage_due = None

    return unmoved
