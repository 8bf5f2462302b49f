"""A dialogue with an operator: faults and orders one after the other, each at its time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, ClassVar

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hasim.errors import HasimError
from hasim.faults import (
    Cable,
    Cut,
    Fault,
    Hang,
    Kill,
    PowerOff,
    PowerOn,
    Restore,
    Share,
    Standby,
    Start,
    StonithPort,
    Stop,
    Takeover,
    Thaw,
    moved,
)
from hasim.model import Model
from hasim.monitors import LIVENESS, PROPERTIES
from hasim.run import NodeView, Run, State
from hasim.run.judged import PropertyLike, names_of
from hasim.search import Choice, Space
from hasim.search.phases import end_of, mended
from hasim.testing.assertions import holds
from hasim.testing.schedules import space_of, wanted
from hasim.testing.times import dealt, durations
from hasim.units import MINUTE, Micros, duration_text, micros

__all__ = ["OperatorDialogue", "operator_dialogue"]

#: A dialogue has so many steps, unless the settings of its ``TestCase`` say otherwise.
_STEPS = 10
#: So many runs are kept for the next dialogues, which mostly begin like those before.
_KEPT = 100
#: The first order comes after one of these times: the cluster is up, or on its way.
_BEGINNINGS = ("2m", "30s", "3m", "1m", "10s")
_SHARES: tuple[Share, ...] = ("all", "local", "foreign", "failback")
#: Kinds of faults that are rules of their own; every other one is trouble that passes.
_RULES = ("cut", "cut stonith", "power-off", "kill", "hang", "stop", "standby", "takeover")

_Choose = Callable[["OperatorDialogue"], Sequence[Any]]
_Powered = str | StonithPort


def _of(choose: _Choose) -> st.SearchStrategy[Any]:
    """Return a strategy for one of what the dialogue has to choose from at that moment."""
    return st.runner().flatmap(lambda dialogue: st.sampled_from(choose(dialogue)))


def _some(choose: _Choose) -> Callable[[Any], bool]:
    """Return a precondition: there is something to choose from."""
    return lambda dialogue: bool(choose(dialogue))


_WAIT = st.runner().flatmap(lambda dialogue: dialogue.waits())


class OperatorDialogue(RuleBasedStateMachine):
    """Faults and orders in any sequence, each where it makes sense at that moment.

    A subclass names its ``model``; its ``TestCase`` is the test. After each step the cluster is
    simulated from the beginning to the next one, and every property of safety is judged. At the end
    everything is mended, and it must settle. What may be done depends on the simulated state: only
    a node without a daemon is started, only what is unplugged is plugged in again.

    A subclass may have rules and invariants of its own, which look at `run` and `state` and act
    with :meth:`act`.

    Attributes
    ----------
    model : Model
        The cluster.
    families, kinds : sequence of str or None
        Families and kinds of faults, as those of :func:`hasim.testing.faults`.
    properties, liveness : sequence of str or callable
        What is judged after each step, and once more at the end; without any `liveness` nothing is
        mended.
    seed : int
        Seed of every run.
    schedule : list of Fault
        What has been done so far.
    now : int
        The instant of the next step, in microseconds.
    run : Run
        The run up to now.
    state : State
        The nodes as they are now.

    Notes
    -----
    A step costs a run, a dialogue of ten steps about a second. The ``TestCase`` of a subclass has
    ten steps at most, and does not explain a failure line by line of hasim, which would make
    shrinking several times slower; ``TestCase.settings`` may be set as usual, see
    ``docs/property-tests.md``.
    """

    model: ClassVar[Model]
    families: ClassVar[Sequence[str] | None] = None
    kinds: ClassVar[Sequence[str] | None] = None
    properties: ClassVar[Sequence[PropertyLike]] = tuple(PROPERTIES)
    liveness: ClassVar[Sequence[PropertyLike]] = tuple(LIVENESS)
    seed: ClassVar[int] = 0

    run: Run
    state: State

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        usual = cls.TestCase.settings
        phases = [phase for phase in usual.phases if phase is not Phase.explain]
        cls.TestCase.settings = settings(usual, stateful_step_count=_STEPS, phases=phases)

    def __init__(self) -> None:
        super().__init__()
        if not isinstance(getattr(self, "model", None), Model):
            text = "has no model: write 'model = hasim.load(PATH)' in the class"
            raise HasimError(f"{type(self).__name__} {text}")
        self.space, self.kept = _space(type(self))
        self.schedule: list[Fault] = []
        self.now: Micros = 0
        self.unplugged: list[Cable | StonithPort] = []
        self.switched_off: list[_Powered] = []
        self.hung: list[str] = []
        self._sound = False

    def act(self, *faults: Fault, wait: str | int | float) -> None:
        """Do something now, then let time pass.

        Parameters
        ----------
        *faults : Fault
            What is done; whatever instant a fault has, it is moved to now.
        wait : str or number
            How long until the next step.
        """
        self._sound = False
        self.schedule += [moved(fault, self.now) for fault in faults]
        self.now += micros(wait)
        self.run, self.state = _lived(type(self), tuple(self.schedule), self.now)

    # ---- what there is to choose from -----------------------------------------------------------

    def waits(self) -> st.SearchStrategy[str]:
        """Return a strategy for the time to the next step: the round and the telling ones."""
        longest = max(MINUTE, 2 * max(c.deadtime for c in self.model.configs.values()))
        return durations(self.space, longest).map(duration_text)

    def choices(self, *kinds: str) -> list[Choice]:
        """Return the choices of kinds that begin with one of some words."""
        return [choice for choice in self.kept if choice.kind.startswith(kinds)]

    def _nodes(self, kind: str, fits: Callable[[NodeView], bool]) -> list[str]:
        """Return the nodes that a kind of order can be given to and that fit as they are now."""
        orders = [choice.fault for choice in self.choices(kind)]
        asked = dict.fromkeys(o.node for o in orders if isinstance(o, Stop | Standby))
        return [name for name in asked if fits(self.state.nodes[name])]

    def startable(self) -> list[str]:
        """Return the nodes that run, and on which no daemon does."""
        ended = self.choices("stop", "kill")
        idle = [n.name for n in self.state.nodes.values() if n.daemon is None and _works(n)]
        return idle if ended else []

    def stoppable(self) -> list[str]:
        """Return the nodes whose daemon runs."""
        return self._nodes("stop", lambda node: _works(node) and node.status is not None)

    def active(self) -> list[str]:
        """Return the nodes whose daemon is active, so that it hears orders about resources."""
        return self._nodes("standby", lambda node: _works(node) and node.status == "active")

    def plugged(self) -> list[Cable | StonithPort]:
        """Return the ends of cables that are plugged in."""
        out = []
        for choice in self.choices("cut"):
            match choice.fault:
                case Cut(target=Cable() | StonithPort() as end, direction="both"):
                    out += [end] if end not in self.unplugged else []
        return out

    def powered(self) -> list[_Powered]:
        """Return what can be switched off: nodes, feeds, switches, hosts, STONITH devices."""
        faults = [choice.fault for choice in self.choices("power-off")]
        parts = [fault.target for fault in faults if isinstance(fault, PowerOff)]
        dark = [n.name for n in self.state.nodes.values() if n.power == "off"]
        return [part for part in parts if part not in self.switched_off and part not in dark]

    def dark(self) -> list[_Powered]:
        """Return what can be switched on: what was switched off, or left so by a device."""
        devices = [d for d in self.model.site.stonith.values() if d.action == "off"]
        left = dict.fromkeys(node for d in devices for node in d.plugs)
        off = [name for name in left if self.state.nodes[name].power == "off"]
        return [*self.switched_off, *(name for name in off if name not in self.switched_off)]

    def killable(self) -> list[Kill]:
        """Return the processes of running daemons, each kind as often as any other."""
        kinds: dict[str, list[Kill]] = {}
        for choice in self.choices("kill"):
            match choice.fault:
                case Kill(node=node) as kill if self.state.nodes[node].daemon is not None:
                    kinds.setdefault(choice.kind, []).append(kill)
        return [*dealt(kinds.values())]

    def steady(self) -> list[Hang]:
        """Return what can hang, for ever: nodes that run, and masters that are there."""
        out = []
        for choice in self.choices("hang"):
            match choice.fault:
                case Hang(node=node, process=process) if node not in self.hung:
                    view = self.state.nodes[node]
                    there = _works(view) and (process == "all" or view.status is not None)
                    out += [Hang(0, node, process)] if there else []
        return out

    def troubles(self) -> list[Choice]:
        """Return the faults that pass by themselves."""
        return [choice for choice in self.kept if not _is_rule(choice)]

    def possible(self) -> bool:
        """Tell whether anything can be done now."""
        ways = (self.startable, self.stoppable, self.plugged, self.powered, self.dark)
        more = (self.killable, self.steady, self.troubles)
        broken = self.unplugged or self.hung
        return bool(broken) or any(way() for way in (*ways, *more))

    # ---- what happens ---------------------------------------------------------------------------

    @initialize(wait=st.sampled_from(_BEGINNINGS))
    def begin(self, wait: str) -> None:
        """All nodes are started, and nobody does anything for a while."""
        self.act(wait=wait)

    @precondition(lambda dialogue: not dialogue.possible())
    @rule(wait=_WAIT)
    def look(self, wait: str) -> None:
        """Nobody can do anything at that moment."""
        self.act(wait=wait)

    @precondition(_some(lambda dialogue: dialogue.startable()))
    @rule(node=_of(lambda dialogue: dialogue.startable()), wait=_WAIT)
    def start(self, node: str, wait: str) -> None:
        """Heartbeat is started where it does not run."""
        self.act(Start(self.now, node), wait=wait)

    @precondition(_some(lambda dialogue: dialogue.stoppable()))
    @rule(node=_of(lambda dialogue: dialogue.stoppable()), wait=_WAIT)
    def stop(self, node: str, wait: str) -> None:
        """Heartbeat is stopped where it runs."""
        self.act(Stop(self.now, node), wait=wait)

    @precondition(_some(lambda dialogue: dialogue.active()))
    @rule(node=_of(lambda dialogue: dialogue.active()), share=st.sampled_from(_SHARES), wait=_WAIT)
    def standby(self, node: str, share: Share, wait: str) -> None:
        """A node hands over."""
        self.act(Standby(self.now, node, share), wait=wait)

    @precondition(_some(lambda dialogue: dialogue.active()))
    @rule(node=_of(lambda dialogue: dialogue.active()), share=st.sampled_from(_SHARES), wait=_WAIT)
    def takeover(self, node: str, share: Share, wait: str) -> None:
        """A node takes over."""
        self.act(Takeover(self.now, node, share), wait=wait)

    @precondition(_some(lambda dialogue: dialogue.plugged()))
    @rule(end=_of(lambda dialogue: dialogue.plugged()), wait=_WAIT)
    def unplug(self, end: Cable | StonithPort, wait: str) -> None:
        """A cable is pulled, and stays so."""
        self.unplugged.append(end)
        self.act(Cut(self.now, end), wait=wait)

    @precondition(_some(lambda dialogue: dialogue.unplugged))
    @rule(end=_of(lambda dialogue: dialogue.unplugged), wait=_WAIT)
    def plug(self, end: Cable | StonithPort, wait: str) -> None:
        """A cable is plugged in again."""
        self.unplugged.remove(end)
        self.act(Restore(self.now, end), wait=wait)

    @precondition(_some(lambda dialogue: dialogue.powered()))
    @rule(part=_of(lambda dialogue: dialogue.powered()), wait=_WAIT)
    def switch_off(self, part: _Powered, wait: str) -> None:
        """A part is switched off, and stays so."""
        self.switched_off.append(part)
        self.act(PowerOff(self.now, part), wait=wait)

    @precondition(_some(lambda dialogue: dialogue.dark()))
    @rule(part=_of(lambda dialogue: dialogue.dark()), wait=_WAIT)
    def switch_on(self, part: _Powered, wait: str) -> None:
        """A part is switched on again."""
        if part in self.switched_off:
            self.switched_off.remove(part)
        self.act(PowerOn(self.now, part), wait=wait)

    @precondition(_some(lambda dialogue: dialogue.killable()))
    @rule(process=_of(lambda dialogue: dialogue.killable()), wait=_WAIT)
    def kill(self, process: Kill, wait: str) -> None:
        """A process of a daemon is killed."""
        self.act(process, wait=wait)

    @precondition(_some(lambda dialogue: dialogue.steady()))
    @rule(hang=_of(lambda dialogue: dialogue.steady()), wait=_WAIT)
    def hang(self, hang: Hang, wait: str) -> None:
        """A node or a master stands still, and stays so."""
        self.hung.append(hang.node)
        self.act(hang, wait=wait)

    @precondition(_some(lambda dialogue: dialogue.hung))
    @rule(node=_of(lambda dialogue: dialogue.hung), wait=_WAIT)
    def thaw(self, node: str, wait: str) -> None:
        """It goes on."""
        self.hung.remove(node)
        self.act(Thaw(self.now, node), wait=wait)

    @precondition(_some(lambda dialogue: dialogue.troubles()))
    @rule(trouble=_of(lambda dialogue: dialogue.troubles()), lasts=_WAIT, wait=_WAIT)
    def trouble(self, trouble: Choice, lasts: str, wait: str) -> None:
        """Something goes wrong for a time."""
        self.act(trouble.make(self.now, micros(lasts)), wait=wait)

    @invariant()
    def safe(self) -> None:
        """Every property of safety holds."""
        if self.properties:
            holds(self.run, *self.properties)
        self._sound = True

    # ---- the end --------------------------------------------------------------------------------

    def repairs(self) -> Iterator[Fault]:
        """Yield what mends now all that does not pass by itself."""
        yield from (Restore(self.now, end) for end in self.unplugged)
        yield from (PowerOn(self.now, part) for part in self.switched_off)
        yield from (Thaw(self.now, node) for node in self.hung)

    def teardown(self) -> None:
        """Everything is mended; the cluster must settle."""
        if not (self._sound and self.liveness and self.schedule):
            return
        faults = [*self.schedule, *self.repairs()]
        by_hand = [
            name for name, node in self.model.site.nodes.items() if node.heartbeat != "on-boot"
        ]
        faults += [Start(end_of(faults) + 2 * MINUTE, name) for name in by_hand]
        run = self.model.run(scenario=mended(self.model, faults), seed=self.seed)
        holds(run, *self.properties, *self.liveness)


@lru_cache(_KEPT)
def _lived(
    dialogue: type[OperatorDialogue], schedule: tuple[Fault, ...], until: Micros
) -> tuple[Run, State]:
    """Return the run of a schedule, and the state at its end; shrinking asks again for most."""
    run = dialogue.model.run(schedule, seed=dialogue.seed, until=duration_text(until))
    return run, run.at(duration_text(until - 1))


@cache
def _space(dialogue: type[OperatorDialogue]) -> tuple[Space, tuple[Choice, ...]]:
    """Return the space of a dialogue, and the choices of its kinds."""
    space = space_of(dialogue.model, dialogue.families, dialogue.kinds)
    return space, tuple(c for choices in wanted(space, dialogue.kinds) for c in choices)


def _works(node: NodeView) -> bool:
    return node.power == "on" and not node.hung


def _is_rule(choice: Choice) -> bool:
    return choice.kind.startswith(_RULES) and choice.kind != "cut one way"


def operator_dialogue(
    model: Model,
    *,
    families: str | Iterable[str] | None = None,
    kinds: str | Iterable[str] | None = None,
    properties: Iterable[PropertyLike] | None = None,
    liveness: Iterable[PropertyLike] | None = None,
    seed: int = 0,
) -> type[OperatorDialogue]:
    """Return the class of a dialogue about a model; its ``TestCase`` is a test.

    Parameters
    ----------
    families, kinds : str or iterable of str, optional
        Families and kinds of faults, as those of :func:`hasim.testing.faults`.
    properties, liveness : iterable of str or callable, optional
        What is judged after each step, and at the end; every property of safety and of liveness if
        not given. Without any liveness nothing is mended at the end.
    seed : int
        Seed of every run.

    Raises
    ------
    HasimError
        For a family, kind or property that does not exist, with the nearest that does.

    Examples
    --------
    >>> TestOperator = operator_dialogue(hasim.load("models/webdata")).TestCase
    >>> TestOperator.settings = settings(max_examples=20, stateful_step_count=10, deadline=None)
    """
    families = [families] if isinstance(families, str) else families and tuple(families)
    kinds = [kinds] if isinstance(kinds, str) else kinds and tuple(kinds)
    wanted(space_of(model, families, kinds), kinds)
    safe = tuple(PROPERTIES if properties is None else properties)
    lively = tuple(LIVENESS if liveness is None else liveness)
    names_of([*safe, *lively])
    body = {
        "__doc__": f"A dialogue with the operator of {model.name}.",
        "__module__": __name__,
        "model": model,
        "families": families,
        "kinds": kinds,
        "properties": safe,
        "liveness": lively,
        "seed": seed,
    }
    return type("OperatorDialogue", (OperatorDialogue,), body)
