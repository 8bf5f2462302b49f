"""ipfail: who sees more ping nodes keeps the resources (semantics 11).

A pure machine: one process that handles one message after the other.  Whatever it wants to know it
asks the daemon, which costs a wake, and meanwhile it does nothing else: messages that come are put
aside.  Three things end this rest: the answer, the timers of the main loop, the end of a sleep.

The client library reads and handles messages one after the other until none is left or one comes
that ipfail has no use for; then the main loop goes on.  So what was put aside before such a message
is handled at once, and what was put aside after it waits for the next tick or the next message.
"""

from __future__ import annotations

from hasim.protocol.ipfail_rules import (
    CLIENT,
    NEED_STANDBY_SLEEP,
    NO_RESPAWN,
    IpfailOutput,
    IpfailRules,
    IpfailSetting,
    Quit,
)
from hasim.protocol.ipfail_state import IpfailState
from hasim.protocol.messages import Message
from hasim.protocol.outputs import Answer
from hasim.units import SECOND, Micros

__all__ = [
    "CLIENT",
    "NEED_STANDBY_SLEEP",
    "NO_RESPAWN",
    "TICK_PERIOD",
    "Ipfail",
    "IpfailOutput",
    "IpfailSetting",
    "IpfailState",
    "Quit",
]

#: The tick of the main loop.
TICK_PERIOD: Micros = SECOND
_SIGTERM = 15


class Ipfail:
    """One ipfail process.

    Every input returns what the process wants done, in order: lines (``Happened``, whose ``why`` is
    the record behind the first line of a handler, and None for the line before it), requests to
    the daemon, and its end.
    """

    __slots__ = ("rules", "setting", "state")

    def __init__(self, setting: IpfailSetting, state: IpfailState) -> None:
        self.setting = setting
        self.state = state
        self.rules = IpfailRules(setting, state)

    @classmethod
    def boot(cls, setting: IpfailSetting, pid: int) -> Ipfail:
        """Return a process that has just been executed."""
        return cls(setting, IpfailState(setting.name, pid))

    # ---- inputs ---------------------------------------------------------------------------------

    @property
    def deadline(self) -> Micros | None:
        """The end of a sleep; in the main loop the next timer, or 0 if something is unread."""
        state = self.state
        if state.sleep_due is not None:
            return state.sleep_due
        if not self._idle:
            return None
        if state.fresh:
            return 0
        due, tick = state.giveup_due, state.tick_due
        if due is None or (tick is not None and tick < due):
            return tick
        return due

    def started(self, now: Micros) -> list[IpfailOutput]:
        """It signs on, and asks the daemon who manages the resources."""
        self.rules.begin()
        return self._done(now)

    def deliver(self, message: Message) -> None:
        """A message reaches its channel while the process does not run."""
        self.state.fresh.append(message)

    def told(self, now: Micros, message: Message) -> list[IpfailOutput]:
        """A message of the daemon has come."""
        self.state.fresh.append(message)
        self._settle(now)
        return self._done(now)

    def answered(self, now: Micros, answer: Answer) -> list[IpfailOutput]:
        """The daemon has answered a request; any but the one that is waited for is ignored."""
        state = self.state
        if state.waiting is None or state.waiting != answer.request:
            return []
        self._set_aside()
        step, state.step, state.waiting = state.step, "", None
        self.rules.resume(now, step, answer)
        if self._idle:
            inside, state.inside = state.inside, ""
            if inside == "dispatch":
                self._dispatch(now)
            self._settle(now)
        return self._done(now)

    def fire(self, now: Micros) -> list[IpfailOutput]:
        """The deadline has come."""
        state = self.state
        if state.sleep_due is not None:
            if state.sleep_due <= now:
                self._wake_up()
            return self._done(now)
        self._settle(now)
        if self._idle and state.tick_due is not None and state.tick_due <= now:
            state.since, state.tick_due = now, None
            if state.quitting:
                self.rules.quit(0)
                return self._done(now)
            self._dispatch(now)
            self._settle(now)
        if self._idle and state.giveup_due is not None and state.giveup_due <= now:
            self.rules.timeout()
        return self._done(now)

    def terminated(self, now: Micros) -> list[IpfailOutput]:
        """SIGTERM: it ends at its next tick; before it has set its handler, at once."""
        state = self.state
        if not state.signals:
            state.phase = "ended"
            return [Quit(signal=_SIGTERM)]
        state.quitting = True
        if state.sleep_due is not None:
            self._wake_up()
        return self._done(now)

    # ---- the loop -------------------------------------------------------------------------------

    @property
    def _idle(self) -> bool:
        """Return whether the main loop runs: nothing is waited for."""
        state = self.state
        return state.phase == "main" and state.waiting is None and state.sleep_due is None

    def _settle(self, now: Micros) -> None:
        """Dispatch as long as the channel holds something unread."""
        while self.state.fresh and self._idle:
            self._dispatch(now)

    def _dispatch(self, now: Micros) -> None:
        """Handle messages until none is left, or one comes that ipfail has no use for."""
        state = self.state
        state.inside = "dispatch"
        while state.early or state.fresh:
            message = (state.early or state.fresh).pop(0)
            used = self.rules.handle(now, message)
            if not self._idle:
                return
            if not used:
                break
        state.inside = ""

    def _wake_up(self) -> None:
        """The sleep of need_standby is over: compare anew (semantics 11.6)."""
        self.state.sleep_due = None
        self.rules.count("compare")

    def _set_aside(self) -> None:
        """Put aside what lies in the channel before the answer."""
        state = self.state
        if state.fresh:
            state.early += state.fresh
            state.fresh = []

    def _done(self, now: Micros) -> list[IpfailOutput]:
        """Return what has come together."""
        state, rules = self.state, self.rules
        if state.waiting is not None:
            self._set_aside()
        self._arm_tick(now)
        out, rules.out = rules.out, []
        rules.tag = None
        return out

    def _arm_tick(self, now: Micros) -> None:
        """Know the next tick that may have something to do; all others leave no trace.

        One that comes while an answer is waited for is late, and the next follows a period later.
        """
        state = self.state
        if state.phase != "main" or (self._idle and not state.early and not state.quitting):
            state.tick_due = state.tick_due if self._overdue(now) else None
        elif state.tick_due is None:
            state.tick_due = now + TICK_PERIOD - (now - state.since) % TICK_PERIOD

    def _overdue(self, now: Micros) -> bool:
        """Return whether a tick is late: it still has to come, if only to start the count anew."""
        state = self.state
        return state.phase == "main" and state.tick_due is not None and state.tick_due <= now
