"""Which two faults stand for a pair of kinds: on one node, on two, soon after each other or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

from hasim.draws import Draws
from hasim.faults import Cable, Fault, PowerOff, lasting, moved
from hasim.scenario import Simulable
from hasim.search.space import Choice
from hasim.units import Micros

__all__ = ["Pair", "pairs_of"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two faults, the second while the first one lasts; both are mended together.

    Parameters
    ----------
    kinds : tuple of str
        The two kinds, in the order of the space.
    first, second : Choice
        The faults.
    delay : int
        How much later the second one is, in microseconds.
    """

    kinds: tuple[str, str]
    first: Choice
    second: Choice
    delay: Micros

    def schedule(self, at: Micros, duration: Micros) -> tuple[Fault, Fault]:
        """Return the two faults, the first at an instant, both over after a duration."""
        second = lasting(moved(self.second.fault, at + self.delay), duration - self.delay)
        return self.first.make(at, duration), second


def _node_of(choice: Choice, model: Simulable) -> str | None:
    """Return the node that a fault is about; of a feed the one node that alone hangs on it."""
    fault = choice.fault
    target = getattr(fault, "target", None)
    if isinstance(target, Cable):
        return target.node
    if isinstance(fault, PowerOff) and isinstance(target, str):
        fed = [name for name in model.configs if model.site.nodes[name].power == target]
        return target if target in model.configs else fed[0] if len(fed) == 1 else None
    node = getattr(fault, "node", None)
    return node if isinstance(node, str) else None


def pairs_of(
    kinds: Mapping[str, Sequence[Choice]],
    model: Simulable,
    active: str,
    delays: tuple[Micros, Micros],
    seed: int,
) -> Iterator[Pair]:
    """Yield the pairs of faults that stand for each pair of kinds, those of one after another.

    There are up to three. Soon, before anything can be decided: both on the active node; then one
    on the active and one on another node. Later, when what follows from the first is over: the same
    with the parts exchanged. Which fault of its kind it is follows the seed. A kind goes with
    itself where it has two different faults for it.

    Parameters
    ----------
    kinds : mapping
        The kinds with their choices.
    active : str
        The node that serves.
    delays : tuple of int
        Soon and later, in microseconds.
    """
    draws = Draws(seed)
    others = [node for node in model.configs if node != active] or [active]
    where = {choice: _node_of(choice, model) for choices in kinds.values() for choice in choices}

    def pick(kind: str, node: str, stream: str, taken: Choice | None = None) -> Choice | None:
        able = [c for c in kinds[kind] if where[c] in (node, None) and c != taken]
        return able[draws.below(stream, len(able))] if able else None

    for one, two in combinations_with_replacement(kinds, 2):
        soon, later = delays
        plans = (
            (one, two, active, active, soon),
            (one, two, active, others[0], soon),
            (two, one, active, others[0], later),
        )
        seen = set()
        for i, (kind, other, here, there, delay) in enumerate(plans):
            stream = f"pair/{one}/{two}/{i}"
            first = pick(kind, here, f"{stream}/first")
            second = pick(other, there, f"{stream}/second", first)
            if first and second and (first, second, delay) not in seen:
                seen.add((first, second, delay))
                yield Pair((one, two), first, second, delay)
