"""Mutants of the simulator: wrong laws, patched in from outside, that the comparison must catch.

Each is a function of a :class:`pytest.MonkeyPatch`; nothing in the package knows of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from hasim.protocol import core, liveness, master, receive, resources, shutdown, standby
from hasim.protocol.claims import FOREIGN, LOCAL
from hasim.protocol.ipfail_rules import IpfailRules
from hasim.protocol.outputs import RunHelper, Send
from hasim.protocol.state import MasterState
from hasim.units import SECOND
from hasim.world import ending
from hasim.world.daemon import DaemonThing
from hasim.world.scripts import manager, programs
from hasim.world.wire import Wires

__all__ = ["MUTANTS", "Mutant", "Patch", "constant", "nothing", "step"]

Patch = pytest.MonkeyPatch
Mutant = Callable[[Patch], None]


def constant(module: Any, name: str, value: Any) -> Mutant:
    """What a module has under a name."""

    def mutate(patch: Patch) -> None:
        patch.setattr(module, name, value)

    return mutate


def step(name: str, does: Callable[..., Any]) -> Mutant:
    """What a step of a script does; the player has its own view of the table."""

    def mutate(patch: Patch) -> None:
        patch.setitem(programs.ACTS, name, does)  # type: ignore[arg-type]

    return mutate


def nothing(*args: Any, **names: Any) -> None:
    """Do nothing."""


def _hop_latency_none(patch: Patch) -> None:
    """Packets wake the master."""
    arrive = DaemonThing.arrive

    def woken(self: DaemonThing, medium: int, message: Any) -> None:
        arrive(self, medium, message)
        self._wake(self.hub.kernel.now)

    patch.setattr(DaemonThing, "arrive", woken)


def _requests_at_once(patch: Patch) -> None:
    """A client's request wakes the master: ipfail counts when it hears, not when it is served."""
    request = DaemonThing.request

    def woken(self: DaemonThing, now: int, asked: Any) -> None:
        request(self, now, asked)
        self._wake(now)

    patch.setattr(DaemonThing, "request", woken)


def _deadtime_own(patch: Patch) -> None:
    """The deadtime that a node announces is not taken over."""
    hear = liveness.hear_status

    def deaf(core: Any, now: int, peer: Any, message: Any) -> None:
        hear(core, now, peer, message._replace(deadtime=0))

    patch.setattr(liveness, "hear_status", deaf)


def _last_of_table(pick: Callable[[MasterState], str]) -> Mutant:
    """Links are judged by the limit of another node of the table."""

    def mutate(patch: Patch) -> None:
        boot = master.Master.boot.__func__  # type: ignore[attr-defined]

        def turned(cls: Any, *args: Any, **names: Any) -> Any:
            made = boot(cls, *args, **names)
            peers, name = made.state.peers, pick(made.state)
            peers[name] = peers.pop(name)
            return made

        patch.setattr(master.Master, "boot", classmethod(turned))

    return mutate


def _own_name(state: MasterState) -> str:
    return state.name


def _no_restart_at_heal(patch: Patch) -> None:
    heard = liveness.partition_return

    def calm(core: Any, now: int, peer: Any) -> None:
        heard(core, now, peer)
        core.state.restart_due = None

    patch.setattr(liveness, "partition_return", calm)


def _rest_without_a_second(patch: Patch) -> None:
    rest = ending.rest_of
    patch.setattr(ending, "rest_of", lambda *args: max(0, rest(*args) - SECOND))


def _queue_waits_for_nobody(patch: Patch) -> None:
    """Scripts of the queue run beside other helpers."""

    def at_once(self: core.Core) -> None:
        if self.state.queue:
            self.state.helpers += 1
            self.out.append(self.state.queue.pop(0))

    patch.setattr(core.Core, "start_next_script", at_once)


def _initdead_ignored(patch: Patch) -> None:
    scan = master.scan

    def hasty(core: Any, now: int) -> None:
        told, core.config = core.config, replace(core.config, initdead=core.config.deadtime)
        scan(core, now)
        core.config = told

    patch.setattr(master, "scan", hasty)


def _limits_not_strict(patch: Patch) -> None:
    """An age equal to the limit, as the tick counter reads it, is too old."""

    def older(core: Any, now: int, stamp: int, limit: int) -> bool:
        return bool(core.age(now, stamp) >= limit)

    patch.setattr(liveness, "_older", older)


def _ipfail_delay(keepalives: int, more: int) -> Mutant:
    """The delay of ipfail is not twice the keepalive."""

    def mutate(patch: Patch) -> None:
        delay = IpfailRules._delay

        def other(self: IpfailRules, now: int, what: str) -> None:
            delay(self, now, what)
            assert self.state.giveup_due is not None
            self.state.giveup_due += (keepalives - 2) * self.state.keepalive + more

        patch.setattr(IpfailRules, "_delay", other)

    return mutate


def _claims_kept(patch: Patch) -> None:
    """A node that gives up in a standby drops its claim only afterwards."""

    def go(core: Any, now: int, *, giving: bool, of: str, said: str) -> None:
        if giving:
            core.resources.other_stable = False
            core.run_helper(RunHelper("go_standby", "give up", of, said))
        else:
            core.run_helper(RunHelper("go_standby", "acquire", standby.turned(of), said))

    patch.setattr(standby, "go", go)


def _takeover_alone(patch: Patch) -> None:
    """The death of the other node does not make a node acquire its own groups."""
    take = resources.take_over

    def alone(core: Any, *args: Any) -> None:
        acquire = resources.acquire_own
        resources.acquire_own = nothing
        try:
            take(core, *args)
        finally:
            resources.acquire_own = acquire

    patch.setattr(resources, "take_over", alone)


def _mach_down_unheard(patch: Patch) -> None:
    claim = resources._own_claim

    def deaf(core: Any, bits: int, info: str, new: str) -> str:
        return claim(core, bits, "" if info == "mach_down" else info, new)

    patch.setattr(resources, "_own_claim", deaf)


def _loopback_in_order(patch: Patch) -> None:
    """What the loop-back sends leaves after the message that caused it: no gap in numbers."""
    send = core.Core.send

    def ordered(self: core.Core, now: int, type_: str, **names: Any) -> None:
        start, told, loopback = len(self.out), [], self.loopback
        self.loopback = lambda message, at: told.append((message, at))
        try:
            send(self, now, type_, **names)
        finally:
            self.loopback = loopback
        assert isinstance(self.out[start], Send)
        for message, at in told:
            loopback(message, at)

    patch.setattr(core.Core, "send", ordered)


def _no_start_inflation(patch: Patch) -> None:
    for module in (core, master, liveness):
        patch.setattr(module, "START_INFLATION", 0)


def _late_standby_at_once(patch: Patch) -> None:
    def at_once(shell: Any) -> None:
        shell.write("ask_resources", body=(("rsc_hold", "foreign"), ("info", "me")))
        shell.job.result = 1

    patch.setitem(programs.ACTS, "late standby", at_once)  # type: ignore[arg-type]


def _failback_in_spite(patch: Patch) -> None:
    """auto_failback off is read as on."""
    init = core.Core.__init__

    def on(self: core.Core, setting: Any, state: Any) -> None:
        init(self, setting, state)
        if self.config.auto_failback == "off":
            self.config = replace(self.config, auto_failback="on")

    patch.setattr(core.Core, "__init__", on)


def _deaths_unheard(patch: Patch) -> None:
    """A dead node's groups are not taken over."""
    patch.setattr(resources, "take_over", nothing)


def _foreign_kept(patch: Patch) -> None:
    """Own groups are acquired whatever the other claims, as if nobody held them."""
    acquire = resources.acquire_own

    def forced(core: Any, now: int, *, force: bool = False) -> None:
        theirs, core.resources.theirs = core.resources.theirs, 0
        mine, core.resources.mine = core.resources.mine, core.resources.mine & FOREIGN
        acquire(core, now, force=True)
        core.resources.theirs, core.resources.mine = theirs, mine | LOCAL

    patch.setattr(resources, "acquire_own", forced)


def _no_ping_answer(patch: Patch) -> None:
    patch.setattr(Wires, "_ping", nothing)


MUTANTS: Mapping[str, Mutant] = {
    "packets wake the master": _hop_latency_none,
    "no RQSTDELAY": constant(resources, "RQSTDELAY", 0),
    "deadtime own instead of announced": _deadtime_own,
    "link limit from the own node": _last_of_table(_own_name),
    "standby reply within 5 s": constant(standby, "REPLY_WITHIN", 5 * SECOND),
    "no restart at heal": _no_restart_at_heal,
    "restart 1 s after heal": constant(liveness, "PARTITION_RESTART", SECOND),
    "restart sleeps D": _rest_without_a_second,
    "script queue waits for nobody": _queue_waits_for_nobody,
    "initdead ignored": _initdead_ignored,
    "limits not strict": _limits_not_strict,
    "late heartbeats are never late": constant(liveness, "_judge_lateness", nothing),
    "ipfail delay 2K + 1 s": _ipfail_delay(2, SECOND),
    "ipfail delay 1K": _ipfail_delay(1, 0),
    "ipfail counts at the event": _requests_at_once,
    "claims kept in a standby": _claims_kept,
    "takeover without own groups": _takeover_alone,
    "mach_down unheard": _mach_down_unheard,
    "no failback": constant(resources, "try_failback", nothing),
    "failback in spite of off": _failback_in_spite,
    "loop-back in order": _loopback_in_order,
    "no inflation at start": _no_start_inflation,
    "no inflation at restart": constant(shutdown, "RESTART_INFLATION", 0),
    "stop tried 5 times": constant(manager, "ATTEMPTS", 5),
    "standby at once after a failed start": _late_standby_at_once,
    "no ARP announced": step("announce", nothing),
    "no takeover": _deaths_unheard,
    "own groups whatever the other claims": _foreign_kept,
    "shutdown steps at once": constant(shutdown, "STEP", 0),
    "failback retried after 5 s": constant(resources, "FAILBACK_RETRY", 5 * SECOND),
    "no answers of ping nodes": _no_ping_answer,
    "gaps not noticed": constant(receive, "_gap", nothing),
}
